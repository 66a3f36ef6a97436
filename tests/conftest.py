from tests.servers import database, kafka, postgres, s3, servers

__all__ = ["database", "kafka", "postgres", "s3", "servers"]

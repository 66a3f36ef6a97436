import gc

from tests.servers import database, kafka, postgres, s3, servers

__all__ = ["database", "kafka", "postgres", "s3", "servers"]


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not look at it again and again (an
    eighth of the fast tests' time).
    """
    gc.freeze()

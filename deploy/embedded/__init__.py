"""The local stack: PostgreSQL, SeaweedFS (S3) and Apache Kafka from wheels, the development
issuer, the mail sink, the services.
"""

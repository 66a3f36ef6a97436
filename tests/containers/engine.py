"""Servers from a Docker engine, through testcontainers: each started when first asked for, gone
with the run (decision 28).

The images are the public ones; where an engine may not pull, `KAOHE_TEST_POSTGRES_IMAGE`,
`…_KAFKA_IMAGE`, `…_S3_IMAGE` name others that are started and configured in the same way.
"""

import os
from functools import cached_property
from typing import Any
from uuid import uuid4

from deploy.embedded.process import reserve

IMAGES = {"POSTGRES": "postgres:18", "KAFKA": "apache/kafka:4.3.1", "S3": "minio/minio:latest"}


def asked() -> bool:
    return os.environ.get("KAOHE_TEST_CONTAINERS") == "1"


def image(server: str) -> str:
    return os.environ.get(f"KAOHE_TEST_{server}_IMAGE") or IMAGES[server]


class Containers:
    """What tests.servers.Embedded is without an engine."""

    def __init__(self) -> None:
        self._started: list[Any] = []

    @property
    def endpoints(self) -> "Containers":
        return self

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    @cached_property
    def postgres(self) -> str:
        from testcontainers.community.postgres import PostgresContainer

        settings = "-c max_connections=200"
        made = PostgresContainer(
            image("POSTGRES"),
            username="kaohe",
            password=uuid4().hex,
            dbname="postgres",
            driver=None,
        )
        return str(self._start(made.with_command(settings)).get_connection_url())

    @cached_property
    def kafka(self) -> str:
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy

        port = reserve()  # it tells clients where it is, so it must know beforehand
        settings = {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        }
        made = (
            DockerContainer(image("KAFKA"))
            .with_bind_ports(9092, port)
            .waiting_for(LogMessageWaitStrategy("Kafka Server started"))
        )
        for name, value in settings.items():
            made = made.with_env(name, value)
        self._start(made)
        return f"127.0.0.1:{port}"

    @cached_property
    def s3(self) -> dict[str, str]:
        from testcontainers.community.minio import MinioContainer

        found = self._start(
            MinioContainer(image("S3"), access_key="kaohe", secret_key=uuid4().hex)
        ).get_config()
        return {
            "endpoint": f"http://{found['endpoint']}",
            "access_key": found["access_key"],
            "secret_key": found["secret_key"],
        }

    def stop(self) -> None:
        for each in self._started:
            each.stop()

    def _start(self, made: Any) -> Any:
        self._started.append(made)
        return made.start()

"""Servers from outside: `KAOHE_POSTGRES`, `KAOHE_KAFKA`, `KAOHE_S3`, `KAOHE_ISSUER` take the place
of the stack's own.
"""

import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.embedded.process import StackError

# then the names of a service's own settings: SECURITY_PROTOCOL, SASL_MECHANISM, CA_PEM, …
KAFKA = "KAOHE_KAFKA__"
SERVERS = "KAOHE_SERVERS"


@dataclass(frozen=True)
class Outside:
    postgres: str | None
    kafka: str | None
    s3: str | None
    issuer: str | None

    @property
    def s3_parts(self) -> tuple[str, str, str]:
        """Endpoint, access key, secret key of `http(s)://key:secret@host:port`."""
        url = urlsplit(self.s3 or "")
        if not (url.scheme in ("http", "https") and url.username and url.password and url.hostname):
            raise StackError(
                "KAOHE_S3 应写作 http(s)://key:secret@host:port",
                "KAOHE_S3 must look like http(s)://key:secret@host:port",
            )
        return (
            f"{url.scheme}://{url.hostname}:{url.port or (443 if url.scheme == 'https' else 80)}",
            url.username,
            url.password,
        )


@dataclass(frozen=True)
class Servers:
    """Where a step that prepares them finds them."""

    postgres: str  # the administrator's DSN
    kafka: str
    s3: Mapping[str, str]
    owns_postgres: bool  # the stack's own, which serves nobody else
    owns_kafka: bool

    @property
    def environment(self) -> dict[str, str]:
        return {SERVERS: json.dumps(asdict(self))}

    @classmethod
    def told(cls) -> Self:
        return cls(**json.loads(os.environ[SERVERS]))


def outside() -> Outside:
    return Outside(
        *(os.environ.get(f"KAOHE_{name}") or None for name in ("POSTGRES", "KAFKA", "S3", "ISSUER"))
    )


def kafka_settings() -> dict[str, str]:
    """How to get into an outside Kafka, in the names of a service's settings:
    `KAFKA__SASL_USERNAME` and so on.
    """
    return {
        name.removeprefix("KAOHE_"): value
        for name, value in os.environ.items()
        if name.startswith(KAFKA)
    }


def kafka_security() -> dict[str, Any]:
    """The same as aiokafka's arguments."""
    given = {name.removeprefix("KAFKA__"): value for name, value in kafka_settings().items()}
    for name in [name for name in given if name.endswith("_FILE")]:
        given[name.removesuffix("_FILE")] = Path(given.pop(name)).read_text().strip()
    protocol = given.get("SECURITY_PROTOCOL", "PLAINTEXT")
    names = {
        "SASL_MECHANISM": "sasl_mechanism",
        "SASL_USERNAME": "sasl_plain_username",
        "SASL_PASSWORD": "sasl_plain_password",
    }
    found: dict[str, Any] = {"security_protocol": protocol} | {
        names[key]: value for key, value in given.items() if key in names
    }
    if protocol.endswith("SSL"):
        found["ssl_context"] = ssl.create_default_context(cafile=given.get("CA_PEM"))
        if "CERTIFICATE_PEM" in given:
            found["ssl_context"].load_cert_chain(given["CERTIFICATE_PEM"], given.get("KEY_PEM"))
    return found


def dsn(admin: str, user: str, password: str, database: str) -> str:
    """The admin's DSN, at the same hosts, for another user and database."""
    url = urlsplit(admin)
    return urlunsplit(
        url._replace(netloc=f"{user}:{quote(password)}@{hosts(admin)}", path=f"/{database}")
    )


def hosts(dsn: str) -> str:
    """One or several: `host1:5432,host2:5432`."""
    return urlsplit(dsn).netloc.rpartition("@")[2]


def in_database(admin: str, database: str) -> str:
    return urlunsplit(urlsplit(admin)._replace(path=f"/{database}"))

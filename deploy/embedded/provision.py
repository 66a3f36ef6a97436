"""What the services find: a database with three roles each, the keys' database, topics, buckets.
Every step may be repeated.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
from aiokafka.errors import KafkaError
from minio import Minio
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from deploy.embedded.places import PORTAL, SERVICES, Home
from deploy.embedded.process import StackError, write_private
from deploy.kafka import manifest
from deploy.kafka.cluster import ClusterError, cluster
from deploy.kafka.planning import Step, topic_steps
from libs.events import keyring
from libs.events.signatures import RecordKey, Signatory, Signer, told


def dsn(admin: str, user: str, password: str, database: str) -> str:
    """The admin's DSN for another user and database."""
    url = urlsplit(admin)
    return urlunsplit(
        url._replace(
            netloc=f"{user}:{quote(password)}@{url.hostname}:{url.port or 5432}",
            path=f"/{database}",
        )
    )


def in_database(admin: str, database: str) -> str:
    return urlunsplit(urlsplit(admin)._replace(path=f"/{database}"))


async def databases(admin: str, services: Iterable[str], secrets: Mapping[str, str]) -> None:
    """For each service a database owned by `<service>_owner`, written by `<service>`, read by
    `<service>_reader`.
    """
    with reaching(
        f"PostgreSQL at {urlsplit(admin).hostname}:{urlsplit(admin).port or 5432}", "KAOHE_POSTGRES"
    ):
        connection = await asyncpg.connect(admin, timeout=10)
    try:
        for service in services:
            for role in (f"{service}_owner", service, f"{service}_reader"):
                await _role(connection, role, secrets[role])
            await _database(connection, service)
            await _role(connection, f"{service}_keys", secrets[f"{service}_keys"])
        await _role(connection, "keys_owner", secrets["keys_owner"])
        await _database(connection, "keys")
    finally:
        await connection.close()
    for service in services:
        await _execute(
            dsn(admin, f"{service}_owner", secrets[f"{service}_owner"], service),
            (
                f"GRANT USAGE ON SCHEMA public TO {service}_reader",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {service}_reader",
                (
                    f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "
                    f"{service}_reader"
                ),
            ),
        )
    grants = [f"GRANT SELECT, INSERT ON subject_keys TO {service}_keys" for service in services]
    await _execute(
        dsn(admin, "keys_owner", secrets["keys_owner"], "keys"), (keyring.SCHEMA, *grants)
    )


async def portal_database(admin: str, secrets: Mapping[str, str]) -> None:
    """The portal's own small one, for sessions."""
    connection = await asyncpg.connect(admin, timeout=10)
    try:
        for role in (f"{PORTAL}_owner", PORTAL):
            await _role(connection, role, secrets[role])
        await _database(connection, PORTAL)
    finally:
        await connection.close()


async def signatories(admin: str, home: Home) -> None:
    """The public keys of all services' records, made once. A log that is older than its key has
    records that nobody signed, up to its end as it is now.
    """
    if home.signatories.exists():
        return
    known: dict[str, Signatory] = {}
    for service in SERVICES:
        signer = Signer(service, bytes.fromhex(home.secrets[f"records_{service}"]))
        end = await _end_of_log(in_database(admin, service))
        known[service] = Signatory([RecordKey(signer.public_key)], signed_from=end + 1)
    write_private(home.signatories, told(known))


async def _end_of_log(dsn: str) -> int:
    """The last position; 0 where there is no log yet."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('events')") is None:
            return 0
        return int(await connection.fetchval("SELECT coalesce(max(position), 0) FROM events"))
    finally:
        await connection.close()


async def topics(bootstrap: str, security: Mapping[str, Any], *, is_own: bool) -> None:
    """Those of deploy/kafka that are missing. Settings that differ are put right on a broker of the
    stack's own; on any other that is the operator's `topics apply`.
    """
    with reaching(f"Kafka at {bootstrap}", "KAOHE_KAFKA"):
        async with cluster(bootstrap, security) as there:
            for step in await topic_steps(there, manifest.topics(), replication=1):
                if step.take and (is_own or step.is_missing):
                    await _taken(step)


async def _taken(step: Step) -> None:
    assert step.take
    try:
        await step.take()
    except ClusterError as error:
        raise StackError(
            f"无法建立消息主题：请检查本客户端是否有权建立（{step.difference}）",
            f"a topic could not be made ({error}): may this client create topics?",
        ) from error


async def buckets(endpoint: str, access_key: str, secret_key: str, names: Iterable[str]) -> None:
    url = urlsplit(endpoint)
    client = Minio(
        endpoint=url.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=url.scheme == "https",
        region="us-east-1",
    )
    with reaching(f"S3 at {endpoint}", "KAOHE_S3"):
        for name in names:
            if not await asyncio.to_thread(client.bucket_exists, bucket_name=name):
                await asyncio.to_thread(client.make_bucket, bucket_name=name)


@contextmanager
def reaching(what: str, setting: str) -> Iterator[None]:
    """A server that cannot be reached is said in one sentence, without what was sent to it."""
    try:
        yield
    except (
        OSError,
        TimeoutError,
        KafkaError,
        asyncpg.PostgresError,
        MinioException,
        HTTPError,
    ) as error:
        raise StackError(
            f"无法使用 {what}：请检查 {setting}，或取消设置以使用自带的服务",
            f"{what} does not take us ({type(error).__name__}): check {setting}, or unset it "
            f"for the stack's own",
        ) from None


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str) -> None:
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    await connection.execute(
        f"{'ALTER' if known else 'CREATE'} ROLE {name} LOGIN PASSWORD '{password}'"
    )


async def _database(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"GRANT {name}_owner TO CURRENT_USER")
        await connection.execute(f"CREATE DATABASE {name} OWNER {name}_owner")
    await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC")
    roles = await connection.fetch(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", _guests(name)
    )
    for row in roles:
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {row['rolname']}")


def _guests(database: str) -> list[str]:
    return (
        [f"{service}_keys" for service in SERVICES]
        if database == "keys"
        else [database, f"{database}_reader"]
    )


async def _execute(dsn: str, statements: Iterable[str]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()

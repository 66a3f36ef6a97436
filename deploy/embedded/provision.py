"""What the services find: a database with three roles each (decision 55), the keys' database,
topics, buckets. Every step may be repeated.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from aiokafka.errors import KafkaError
from minio import Minio
from minio.commonconfig import Filter
from minio.error import MinioException
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from urllib3.exceptions import HTTPError

from deploy.embedded.outside import dsn, hosts, in_database
from deploy.embedded.places import PORTAL, SERVICES, Home
from deploy.embedded.process import StackError, said, write_private
from deploy.kafka import manifest
from deploy.kafka.cluster import ClusterError, cluster
from deploy.kafka.planning import Step, topic_steps
from libs.chassis.process.rights import TABLE, close_catalogue, settle
from libs.events import keyring
from libs.events.hosts import REFUSALS, connect
from libs.events.pools import Connection
from libs.events.signatures import RecordKey, Signatory, Signer, told


async def databases(admin: str, services: Collection[str], secrets: Mapping[str, str]) -> None:
    """For each service a database owned by `<service>_owner`, written by `<service>`, read by
    `<service>_reader`, whose old commands `<service>_retention` forgets; for all of them one of
    keys, each with a role of its own there.
    """
    with reaching(f"PostgreSQL at {hosts(admin)}", "KAOHE_POSTGRES"):
        connection = await connect(admin, timeout=10)
        await connection.close()
    for service in services:
        names = {"owner": f"{service}_owner", "writer": service, "reader": f"{service}_reader"}
        names |= {kind: f"{service}_{kind}" for kind in ("scoped", "retention")}
        await database(admin, service, names, secrets)
    await keys_database(admin, "keys", services, secrets)


async def keys_database(
    admin: str, name: str, services: Iterable[str], secrets: Mapping[str, str]
) -> None:
    """With its table: each service's role of keys adds keys, and changes none."""
    users = [f"{service}_keys" for service in services]
    await database(admin, name, {"owner": f"{name}_owner"}, secrets)
    connection = await connect(admin)
    try:
        for user in users:
            await _role(connection, user, "keys", secrets[user])
    finally:
        await connection.close()
    owner = dsn(admin, f"{name}_owner", secrets[f"{name}_owner"], name)
    connection = await connect(owner)
    try:
        await connection.execute(keyring.SCHEMA)
        await settle(connection, "keys", keys=users)
    finally:
        await connection.close()


async def portal_database(admin: str, secrets: Mapping[str, str]) -> None:
    """The portal's own small one, for sessions."""
    await database(admin, PORTAL, {"owner": f"{PORTAL}_owner", "writer": PORTAL}, secrets)


async def close_others(admin: str) -> None:
    """No role connects to a database that is not its own; for a server that serves nobody else."""
    connection = await connect(admin, timeout=10)
    try:
        for name in ("postgres", "template1"):
            await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC")
    finally:
        await connection.close()


async def database(
    admin: str, name: str, roles: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    """A database and its roles, named by what they are in rights.toml. What they may do there the
    migration step says; here is what only the server's administrator can.
    """
    connection = await connect(admin, timeout=10)
    try:
        for kind, role in roles.items():
            if kind != "scoped":
                await _role(connection, role, kind, secrets[role])
        if scoped := roles.get("scoped"):
            await _scoped(connection, scoped, roles["writer"])
        await _database(connection, name, roles["owner"])
    finally:
        await connection.close()
    connection = await connect(in_database(admin, name))
    try:
        if not await close_catalogue(connection, roles["owner"]):
            said(f"{name}: advisory locks and large objects stay open to every role of the server")
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
    connection = await connect(dsn, timeout=10)
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


QUARANTINE = "quarantine"  # how the name of a bucket ends that clients write to
# what nobody completed is gone the next day, whoever forgot it
FORGOTTEN = LifecycleConfig(
    [
        Rule(
            status="Enabled",
            rule_filter=Filter(prefix=""),
            rule_id="forgotten uploads",
            expiration=Expiration(days=1),
        )
    ]
)


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
            if name.endswith(QUARANTINE):
                await asyncio.to_thread(client.set_bucket_lifecycle, name, FORGOTTEN)


@contextmanager
def reaching(what: str, setting: str) -> Iterator[None]:
    """A server that cannot be reached is said in one sentence, without what was sent to it."""
    try:
        yield
    except (*REFUSALS, TimeoutError, KafkaError, MinioException, HTTPError) as error:
        raise StackError(
            f"无法使用 {what}：请检查 {setting}，或取消设置以使用自带的服务",
            f"{what} does not take us ({type(error).__name__}): check {setting}, or unset it "
            f"for the stack's own",
        ) from None


async def _role(connection: Connection, name: str, kind: str, password: str) -> None:
    """With its bounds; those that this administrator may not set are left out."""
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    bounds = dict(TABLE["roles"][kind])
    await connection.execute(
        f"{'ALTER' if known else 'CREATE'} ROLE {name} LOGIN PASSWORD '{password}' "
        f"CONNECTION LIMIT {bounds.pop('connections')}"
    )
    for setting, value in bounds.items():
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"ALTER ROLE {name} SET {setting} = '{value}'")


async def _scoped(connection: Connection, name: str, writer: str) -> None:
    """A role that nobody signs in as: the one that serves becomes it for a question."""
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f"CREATE ROLE {name} NOLOGIN")
    await connection.execute(f"GRANT {name} TO {writer} WITH INHERIT FALSE, SET TRUE")


async def _database(connection: Connection, name: str, owner: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"GRANT {owner} TO CURRENT_USER")
        await connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
    await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC")

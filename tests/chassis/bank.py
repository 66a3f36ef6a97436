"""The books service at work on real servers: databases, topics and buckets of its own."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr

from deploy.embedded import provision
from libs.chassis.process.settings import (
    Auth,
    Http,
    Kafka,
    Keyring,
    ObjectStore,
    Records,
    ScopedDatabase,
    ServiceSettings,
)
from libs.chassis.run import application, open_runtime
from libs.chassis.service.runtime import Runtime
from libs.events import keyring
from libs.events.effects import Effects
from libs.events.envelope import topic_of
from libs.events.signatures import told
from libs.events.store import listen, notify
from tests.chassis.books import service
from tests.chassis.issuer import URL, FakeIssuer
from tests.chassis.ledgers import client, enterprise_id
from tests.patience import PATIENCE
from tests.servers import S3, fresh_database
from tests.signing import seed_of, signatory_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Bank:
    runtime: Runtime
    admin: str  # DSN of the database's owner
    source: str  # the service whose topic tells the clock
    sign_in: Callable[..., httpx.AsyncClient]

    @property
    def name(self) -> str:
        return self.runtime.service.name

    async def events(self, type: str = "") -> list[asyncpg.Record]:
        query = "SELECT * FROM events WHERE type LIKE $1 ORDER BY position"
        return list(await self.runtime.pool.fetch(query, f"%{type}"))


def a_name(prefix: str) -> str:
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(8))


@asynccontextmanager
async def made(
    postgres: str, kafka: str, s3: S3, folder: Path
) -> AsyncIterator[tuple[ServiceSettings, str, str]]:
    """Everything the service finds, its settings, the owner's DSN, and the name of the service
    whose topic tells the clock.
    """
    name, source, password = a_name("books"), a_name("teller"), secrets.token_hex(8)
    await _topics(kafka, topic_of(name), topic_of(source))
    await provision.buckets(s3.endpoint, s3.access_key, s3.secret_key, (name, f"{name}-quarantine"))
    for key in ("master", "person"):
        (folder / key).write_text(secrets.token_hex(32))
    (folder / "records").write_text(seed_of(name).hex())
    services = {each: signatory_of(each) for each in (name, source)}
    (folder / "signatories").write_text(told(services))
    async with fresh_database(postgres) as owner, fresh_database(postgres) as keys:
        await _do(owner, f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        await _do(keys, keyring.SCHEMA)
        url = urlsplit(owner)
        writer = urlunsplit(
            url._replace(netloc=f"{name}:{password}@{url.hostname}:{url.port or 5432}")
        )
        try:
            yield (
                ServiceSettings(
                    service=name,
                    profile="dev",
                    db=ScopedDatabase(dsn=SecretStr(writer), owner_dsn=SecretStr(owner)),
                    kafka=Kafka(bootstrap=kafka),
                    s3=ObjectStore(
                        endpoint=s3.endpoint,
                        access_key=SecretStr(s3.access_key),
                        secret_key=SecretStr(s3.secret_key),
                        bucket=name,
                        quarantine=f"{name}-quarantine",
                    ),
                    auth=Auth(issuer=URL),
                    keyring=Keyring(
                        dsn=SecretStr(keys),
                        master_key_file=folder / "master",
                        person_key_file=folder / "person",
                    ),
                    records=Records(key_file=folder / "records", known_file=folder / "signatories"),
                    http=Http(),
                ),
                owner,
                source,
            )
        finally:
            await _do(owner, f"DROP OWNED BY {name}; DROP ROLE {name}")


@asynccontextmanager
async def opened(
    settings: ServiceSettings, admin: str, source: str, effects: Sequence[Effects] = ()
) -> AsyncIterator[Bank]:
    """The service with all its tasks, answering in this process."""
    async with AsyncExitStack() as stack:
        made = replace(service(settings.service, source), effects=lambda _: effects)
        runtime = await open_runtime(made, settings, stack)
        issuer = FakeIssuer()
        app = application(runtime, issuer.client())
        tasks = [
            asyncio.create_task(each)
            for each in (
                runtime.log.run(),
                runtime.worker.run(),
                listen(settings.db.dsn.get_secret_value(), runtime.log),
                notify(runtime.pool, runtime.log),
                runtime.follow_clock(runtime.clock),  # type: ignore[arg-type]
            )
        ]
        try:
            yield Bank(
                runtime,
                admin,
                source,
                lambda role, **claims: client(app, issuer.token(role, **claims)),
            )
        finally:
            for task in tasks:
                task.cancel()
            for ended in await asyncio.gather(*tasks, return_exceptions=True):
                with suppress(asyncio.CancelledError):
                    if isinstance(ended, BaseException):
                        raise ended


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` finds, as soon as it finds something."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await look()):
            await asyncio.sleep(0.02)
        return found


async def _topics(bootstrap: str, *names: str) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        await client.create_topics([NewTopic(name, 1, 1) for name in names])
    finally:
        await client.close()


async def _do(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def away(bank: Bank) -> AsyncIterator[None]:
    """The database takes no connection of the service, and has lost those there were."""
    await _do(bank.admin, f"ALTER ROLE {bank.name} CONNECTION LIMIT 0")
    await _do(
        bank.admin,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{bank.name}'",
    )
    try:
        yield
    finally:
        await _do(bank.admin, f"ALTER ROLE {bank.name} CONNECTION LIMIT -1")


def new_enterprise() -> tuple[str, UUID]:
    """A credit code that no other test uses, and the enterprise's id."""
    uscc = "9141" + secrets.token_hex(7).upper()
    return uscc, enterprise_id(uscc)

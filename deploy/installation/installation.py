"""The installation that an operator's command is about: the services whose settings stand in the
environment, as those services have them (`ENTERPRISE_DB__DSN` …); where none do, the clone's own
stack.

Beside them: `ENTERPRISE_DB__OWNER_DSN` for `recover`, `backup` and `restore`, for these two
`KAOHE_KEYS_OWNER_DSN` and `PORTAL_DB__OWNER_DSN` as well; `KAOHE_SCRATCH_DSN`, an empty database,
for `replay`; `KAOHE_ISSUER_CLIENT`, an administrator's `id:secret`, for `legacy`. Any of them may
come from a file: `KAOHE_SCRATCH_DSN_FILE=/run/secrets/scratch`.
"""

import importlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from pydantic import SecretStr, ValidationError

from deploy.embedded.outside import in_database
from deploy.embedded.places import SERVICES
from deploy.embedded.process import StackError
from deploy.installation.places import endpoints
from deploy.installation.tokens import access_token
from libs.chassis.process.settings import (
    ServiceSettings,
    is_encrypted,
    load,
    load_migration,
    read_keys,
    said_of,
)
from libs.chassis.replicas.clock import FollowedClock
from libs.chassis.run import NotMigrated, open_runtime
from libs.chassis.service.runtime import Runtime
from libs.events.keyring import MasterKeys
from libs.events.pools import Connection

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


@dataclass(frozen=True)
class Installation:
    """`services`: by name, the variables of each that the environment does not have; `admin`: who
    may make databases beside theirs, if anybody.
    """

    services: Mapping[str, Mapping[str, str]]
    admin: str | None = None
    issuer_client: str | None = None
    keys: str | None = None  # who owns the keys' database
    portal: str | None = None

    @property
    def is_of_the_stack(self) -> bool:
        """Whose servers the clone's own supervisor tells of."""
        return self.admin is not None

    def settings(self, service: str) -> ServiceSettings:
        """As the service itself has them. Raises StackError for what is missing or wrong."""
        try:
            with _environment(self.services[service], owner_of(service)):
                return load(service)
        except (ValidationError, OSError) as error:
            said = said_of(service, error) if isinstance(error, ValidationError) else str(error)
            raise StackError(f"{service} 的设置不全", f"settings of {service}: {said}") from None

    @asynccontextmanager
    async def opened(self, only: Sequence[str] = ()) -> AsyncIterator[dict[str, Runtime]]:
        """The services, or some of them, as their processes have them, by name, with their own
        roles and rights and by their clock, doing nothing. Raises StackError where settings or
        tables are missing.
        """
        async with AsyncExitStack() as stack:
            found = {}
            for name in only or self.services:
                service = importlib.import_module(f"services.{name}.main").SERVICE
                try:
                    the = found[name] = await open_runtime(service, self.settings(name), stack)
                except NotMigrated as error:
                    raise StackError(
                        f"{name} 的数据表还没有迁移，请先运行 ./kaohe migrate {name}",
                        f"{name} lacks {error}: run ./kaohe migrate {name} first",
                    ) from None
                if isinstance(the.clock, FollowedClock):
                    await the.see_clock(the.clock)
            yield found

    def owner_dsn(self, service: str) -> str:
        """Of who owns the service's tables. Raises StackError where nobody says who that is."""
        try:
            with _environment(self.services[service]):
                return load_migration(service).db.owner_dsn.get_secret_value()
        except ValidationError as error:
            raise StackError(
                f"需要 {service} 数据表所有者的连接",
                f"this is an act of the tables' owner: {said_of(service, error)}",
            ) from None

    def others(self) -> dict[str, str]:
        """Of who owns the databases that no service has to itself: keys, and the portal's if it is
        told. Raises StackError where nobody says who owns the keys.
        """
        keys = _given("KAOHE_KEYS_OWNER_DSN") or self.keys
        if not keys:
            raise StackError(
                "需要密钥库所有者的连接：请设置 KAOHE_KEYS_OWNER_DSN",
                "this is an act of the keys' owner: set KAOHE_KEYS_OWNER_DSN",
            )
        portal = _given("PORTAL_DB__OWNER_DSN") or self.portal
        return {"keys": keys} | ({"portal": portal} if portal else {})

    def must_be_whole(self) -> None:
        """Every service with its owner, and the databases beside theirs. Raises StackError with the
        variables that are missing.
        """
        if self.is_of_the_stack:
            return
        named = [
            f"{name.upper()}_DB__{whose}" for name in SERVICES for whose in ("DSN", "OWNER_DSN")
        ]
        named += ["KAOHE_KEYS_OWNER_DSN", "PORTAL_DB__OWNER_DSN"]
        if missing := ", ".join(each for each in named if not _given(each)):
            raise StackError(
                f"备份不完整，没有备份：缺少设置 {missing}",
                f"nothing was backed up, as something would be left out: set {missing} (or the "
                f"…_FILE of each)",
            )

    def masters(self) -> MasterKeys:
        """One file for all services. Raises as `settings`."""
        return MasterKeys(partial(read_keys, self._file_of_masters))

    def count_of_masters(self) -> int:
        """Different ones in the file. Raises as `settings`."""
        return len(set(read_keys(self._file_of_masters)))

    @property
    def _file_of_masters(self) -> Path:
        return self.settings(next(iter(self.services))).keyring.master_key_file

    @asynccontextmanager
    async def owned(self, service: str) -> AsyncIterator[Connection]:
        """As the owner of the service's tables. Raises as `owner_dsn`."""
        connection = await asyncpg.connect(self.owner_dsn(service))
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Connection]:
        """An empty database for as long as it is needed. Raises StackError for one that holds
        anything, or where there is none.
        """
        if given := _given("KAOHE_SCRATCH_DSN"):
            async with _emptied(given) as connection:
                yield connection
        elif self.admin:
            async with _made(self.admin) as connection:
                yield connection
        else:
            raise StackError(
                "重放需要一个空数据库：请设置 KAOHE_SCRATCH_DSN",
                "replaying needs an empty database to build in: set KAOHE_SCRATCH_DSN",
            )

    def token(self, role: str) -> str:
        """Of whoever acts as an operator. Raises StackError where the issuer gives none."""
        issuer = self.settings("enterprise").auth.issuer
        client = _given("KAOHE_ISSUER_CLIENT") or self.issuer_client
        return access_token({"issuer": issuer, "issuer_client": client}, role)


def installation() -> Installation:
    """Raises StackError where the environment has no service's settings and no stack is up."""
    named = [name for name in SERVICES if either(f"{name.upper()}_DB__DSN") & os.environ.keys()]
    return Installation({name: {} for name in named}) if named else of_stack(endpoints())


def of_stack(told: Mapping[str, Any]) -> Installation:
    """That of a local stack."""
    settings = {
        name: place["settings"] | {owner_of(name)[0]: place["owner"]}
        for name, place in told["services"].items()
    }
    keys, portal = told.get("keys"), told["portal"].get("owner")
    return Installation(settings, told["postgres"], told["issuer_client"], keys, portal)


def owner_of(service: str) -> Sequence[str]:
    """Names of the variables that say by which DSN its tables are owned: no service is given it."""
    return sorted(either(f"{service.upper()}_DB__OWNER_DSN"))


def either(name: str) -> Set[str]:
    """A variable's name, and that of the one that names a file with its value."""
    return {name, f"{name}_FILE"}


def _given(name: str) -> str | None:
    """What a variable says, or the file that its twin names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name) or None


def retention_dsns() -> dict[str, str]:
    """By service, of the role that forgets old commands: `ENTERPRISE_RETENTION_DSN`, else the local
    stack's. Raises StackError for one of production without TLS.
    """
    named = {name: _given(f"{name.upper()}_RETENTION_DSN") for name in SERVICES}
    if given := {name: dsn for name, dsn in named.items() if dsn}:
        for name, dsn in given.items():
            if os.environ.get(f"{name.upper()}_PROFILE") != "dev" and not is_encrypted(
                SecretStr(dsn)
            ):
                raise StackError(
                    f"{name} 的数据库连接没有加密", f"{name}: not in production, a DSN without TLS"
                )
        return given
    return {name: place["retention"] for name, place in endpoints()["services"].items()}


@contextmanager
def _environment(settings: Mapping[str, str], without: Sequence[str] = ()) -> Iterator[None]:
    """With these variables and without those; afterwards as it was."""
    before = dict(os.environ)
    os.environ.update(settings)
    for name in without:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@asynccontextmanager
async def _made(admin: str) -> AsyncIterator[Connection]:
    """Made beside the services' own, and dropped."""
    name = f"replay_{uuid4().hex[:12]}"
    owner = await asyncpg.connect(admin)
    try:
        await owner.execute(f"CREATE DATABASE {name}")
        await owner.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        # tables come and go
        connection = await asyncpg.connect(in_database(admin, name), statement_cache_size=0)
        try:
            yield connection
        finally:
            await connection.close()
            await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()


@asynccontextmanager
async def _emptied(dsn: str) -> AsyncIterator[Connection]:
    """Empty before, and afterwards: a DSN that was mistaken costs nobody a table."""
    connection = await asyncpg.connect(dsn, statement_cache_size=0)
    try:
        if await connection.fetchval(TABLES):
            name = urlsplit(dsn).path.lstrip("/")
            raise StackError(
                f"数据库 {name} 不是空的，没有动它", f"database {name} is not empty: left alone"
            )
        try:
            yield connection
        finally:
            await connection.execute(EMPTY)
    finally:
        await connection.close()

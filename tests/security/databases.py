"""A service's database with the roles that provisioning and migration make, on a real server."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from deploy.embedded import provision
from deploy.embedded.outside import dsn, in_database
from libs.chassis.process.migrations import migrate
from libs.chassis.process.rights import DatabaseKind, allowed
from libs.events.projection import Projection
from services.enterprise.main import SERVICE

VERBS = {
    "DATABASE": ("CONNECT", "CREATE", "TEMPORARY"),
    "SCHEMA": ("USAGE", "CREATE"),
    "TABLE": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "FUNCTION": ("EXECUTE",),
}
THINGS = """
SELECT 'DATABASE', datname, datname, false FROM pg_database WHERE datname = current_database()
UNION ALL
SELECT 'SCHEMA', nspname, nspname, false FROM pg_namespace WHERE nspname IN ('public', 'building')
UNION ALL
SELECT 'TABLE', relname, oid::regclass::text, relforcerowsecurity FROM pg_class
WHERE relnamespace::regnamespace::text IN ('public', 'building') AND relkind IN ('r', 'v', 'm')
UNION ALL
SELECT 'FUNCTION', proname, oid::regprocedure::text, false FROM pg_proc
WHERE pronamespace::regnamespace::text IN ('public', 'building')
"""
KINDS = ("owner", "writer", "reader", "retention", "stranger")


@dataclass(frozen=True)
class Place:
    """`name`: of the database and of its writer; `stranger`: a role of the server that no line of
    the table knows.
    """

    admin: str
    name: str
    secrets: dict[str, str]

    def role(self, kind: str) -> str:
        return self.name if kind == "writer" else f"{self.name}_{kind}"

    def dsn(self, kind: str, database: str = "") -> str:
        role = self.role(kind)
        return dsn(self.admin, role, self.secrets[role], database or self.name)

    @property
    def keys(self) -> str:
        """The name of the database of keys."""
        return f"{self.name}_keyring"

    @property
    def owners(self) -> str:
        return in_database(self.admin, self.name)

    @property
    def projections(self) -> list[Projection]:
        return SERVICE.projections


async def do(dsn: str, *statements: str) -> Any:
    """What the last one answers."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        for statement in statements:
            answer = await connection.fetchval(statement)
        return answer
    finally:
        await connection.close()


async def cells(dsn: str, database: DatabaseKind, roles: Mapping[str, str]) -> dict[str, bool]:
    """Every role × thing × verb, asked of the live catalogue: whether it is as rights.toml says.
    `roles`: what each is there, by its name.
    """
    found: dict[str, bool] = {}
    connection = await asyncpg.connect(dsn)
    try:
        for kind, name, full, is_walled in await connection.fetch(THINGS):
            wanted = allowed(database, f"{kind} {name}", is_walled)
            for role, of in roles.items():
                for verb in VERBS[kind]:
                    asked = f"SELECT has_{kind.lower()}_privilege($1, $2, $3)"
                    has = await connection.fetchval(asked, role, full, verb)
                    found[f"{role}: {verb} on {kind} {full}"] = has == (
                        verb in wanted.get(of, "").split()
                    )
        return found
    finally:
        await connection.close()


@contextmanager
def place(postgres: str) -> Iterator[Place]:
    """Gone afterwards with its roles."""
    name = f"svc_{secrets.token_hex(5)}"
    others = ("owner", "reader", "keys", "retention", "stranger")
    roles = [name, *(f"{name}_{each}" for each in others)]
    roles.append(f"{name}_keyring_owner")
    made = Place(postgres, name, {role: secrets.token_hex(8) for role in roles})
    asyncio.run(_make(made))
    try:
        yield made
    finally:
        asyncio.run(_forget(made, roles))


async def _make(made: Place) -> None:
    names = {kind: made.role(kind) for kind in ("owner", "writer", "reader", "scoped", "retention")}
    await provision.database(made.admin, made.name, names, made.secrets)
    await provision.keys_database(made.admin, made.keys, [made.name], made.secrets)
    stranger = made.role("stranger")
    await do(made.admin, f"CREATE ROLE {stranger} LOGIN PASSWORD '{made.secrets[stranger]}'")
    await migrate(made.dsn("owner"), made.name, SERVICE.migrations, SERVICE.projections)


async def _forget(made: Place, roles: list[str]) -> None:
    for database in (made.name, made.keys):
        await do(made.admin, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    for role in (*roles, made.role("scoped")):
        await do(made.admin, f"DROP ROLE IF EXISTS {role}")

"""The roles of the running system: all services, the portal, the keys."""

from pathlib import Path

import asyncpg
import pytest

from deploy.embedded.outside import in_database
from deploy.embedded.places import PORTAL, SERVICES
from libs.chassis.process.rights import DatabaseKind
from tests.journeys.conftest import System
from tests.security.databases import cells

pytestmark = [pytest.mark.servers, pytest.mark.slow]
DATABASES: dict[str, DatabaseKind] = {
    **dict.fromkeys(SERVICES, "service"),
    "keys": "keys",
    PORTAL: "portal",
}
SUFFIXES = ("", "_owner", "_reader", "_keys", "_scoped", "_retention")
ROLES = [
    *(f"{service}{suffix}" for service in SERVICES for suffix in SUFFIXES),
    *("keys_owner", PORTAL, f"{PORTAL}_owner"),
]


def admin(system: System) -> str:
    return str(system.told["postgres"])


def kind_in(database: str, role: str) -> str:
    """What a role is there; of another's role, what nobody is."""
    if database == "keys":
        return "keys" if role.endswith("_keys") else "another's"
    own = {"": "writer", "_reader": "reader", "_scoped": "scoped", "_retention": "retention"}
    return {f"{database}{suffix}": kind for suffix, kind in own.items()}.get(role, "another's")


@pytest.mark.parametrize("database", DATABASES)
async def test_every_role_has_what_the_table_says_in_every_database(
    system: System, database: str
) -> None:
    roles = {role: kind_in(database, role) for role in ROLES if role != f"{database}_owner"}
    found = await cells(in_database(admin(system), database), DATABASES[database], roles)
    assert [cell for cell, is_right in found.items() if not is_right] == []


async def test_no_role_connects_to_what_is_nobodys(system: System) -> None:
    connection = await asyncpg.connect(admin(system))
    try:
        for database in ("postgres", "template1"):
            for role in ROLES:
                asked = "SELECT has_database_privilege($1, $2, 'CONNECT')"
                assert not await connection.fetchval(asked, role, database), (role, database)
    finally:
        await connection.close()


def test_no_process_runs_with_the_dsn_of_an_owner(system: System) -> None:
    """Nor with the administrator's. It was in the environment of every service."""
    found = {
        name: [
            variable.partition("=")[0]
            for variable in Path(f"/proc/{pid}/environ").read_text().split("\0")
            if "_owner:" in variable or "postgresql://kaohe:" in variable
        ]
        for name, pid in system.told["pids"].items()
    }
    assert {name: variables for name, variables in found.items() if variables} == {}
    assert found.keys() >= {*SERVICES, PORTAL}

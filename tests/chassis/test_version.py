"""What runs here, and in which state its database is: told to everybody, of nobody."""

import re
from importlib import import_module
from typing import Any

import pytest

from deploy.cli.contracts import stored
from deploy.embedded.places import existing_services
from libs.chassis.http.version import ServiceVersion, schema_numbers
from tests.chassis.bank import Bank, away, until
from tests.contracts.documents import openapi


async def version(bank: Bank) -> dict[str, Any]:
    client = bank.sign_in("ENT_CLERK", org="91410100MA3X1B2C3D")
    del client.headers["Authorization"]
    answer = await client.get("/version")
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.servers
async def test_it_tells_commit_contracts_and_the_databases_state(
    the_bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_COMMIT", "9192c11")
    monkeypatch.setenv("KAOHE_BUILD", "17")
    told = await version(the_bank)
    assert (told["service"], told["commit"], told["build"]) == (the_bank.name, "9192c11", "17")
    assert (told["api"], told["topic"]) == ("/api/v1", f"kaohe.{the_bank.name}.v1")
    assert (told["database"]["migrated"], told["database"]["missing"]) == (True, [])
    lists = {each.name: each.version for each in the_bank.runtime.service.projections}
    assert told["database"]["lists"] == lists


@pytest.mark.servers
async def test_a_migration_that_is_not_made_is_named(the_bank: Bank) -> None:
    pool, name = the_bank.runtime.pool, "leader"
    wanted = the_bank.runtime.service.migrations
    assert name in dict(wanted)
    object.__setattr__(the_bank.runtime.service, "tables", "CREATE TABLE more (id int);")
    try:
        told = (await version(the_bank))["database"]
    finally:
        object.__setattr__(the_bank.runtime.service, "tables", "")
    assert (told["migrated"], told["missing"]) == (False, ["tables"])
    assert not await pool.fetchval("SELECT to_regclass('more')")


@pytest.mark.servers
async def test_while_the_database_is_away_it_tells_the_rest(the_bank: Bank) -> None:
    async with away(the_bank):
        told = await version(the_bank)
    assert (told["database"], told["service"]) == (None, the_bank.name)

    async def back() -> bool:
        return (await version(the_bank))["database"] is not None

    assert await until(back)


@pytest.mark.parametrize("name", existing_services())
def test_it_stands_in_the_document_and_says_the_number_of_each_schema(name: str) -> None:
    operation = openapi(name)["paths"]["/version"]["get"]
    assert operation["security"] == []
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert re.fullmatch("[0-9a-f]{40}", ServiceVersion.model_validate(example).commit)
    service = import_module(f"services.{name}.main").SERVICE
    own = {each.TOPIC: each.SCHEMA for each in stored(service) if each.TOPIC.startswith(name)}
    assert schema_numbers(name) == own

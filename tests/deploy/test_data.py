"""What the commands about data promise: replayed, parked, redriven, recovered, imported."""

import asyncio
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest

from deploy.demo import people
from tests.deploy.clone import Clone

pytestmark = [pytest.mark.servers, pytest.mark.slow]
COLUMNS = "position, stream_id, version, type, owner, data, meta, recorded_at"


def ask(clone: Clone, service: str, *statements: str) -> list[Any]:
    """As the superuser of the stack; what the last statement answers."""

    async def answer() -> list[Any]:
        admin = str(json.loads((clone.home / "endpoints.json").read_text())["postgres"])
        connection = await asyncpg.connect(admin.removesuffix("postgres") + service)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return [tuple(row) for row in await connection.fetch(statements[-1])]
        finally:
            await connection.close()

    return asyncio.run(answer())


@pytest.fixture(scope="module")
def used(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """With some history in enterprise and review."""
    offers = tmp_path_factory.mktemp("legacy") / "offers.json"
    uscc = people.credit_code(Random(1))
    content = people.information(Random(1), uscc, "郑州示范建筑设计有限公司")
    offer = {
        "uscc": uscc,
        "legacy_id": "5-1",
        "filed_on": "2023-05-01",
        "migrated": True,
        "content": content,
    }
    offers.write_text(json.dumps([offer]))
    clone.run("legacy", "import", str(offers))
    clone.run("clock", "advance", "1d")
    return clone


def test_legacy_data_is_offered_and_a_bad_file_is_told(used: Clone, tmp_path: Path) -> None:
    assert ask(used, "enterprise", "SELECT type FROM events")[0] == (
        "enterprise.LegacyFiling.LegacyFilingOffered",
    )
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    assert "cannot be read as a JSON list" in used.refused("legacy", "import", str(bad))


def test_every_read_model_is_the_same_again_from_log_and_topic(used: Clone) -> None:
    report = json.loads(used.run("replay", "--check", "--json"))
    assert {log["service"] for log in report["logs"]} == set(used.status["services"])
    assert all(each["equal"] for each in (*report["logs"], *report["views"]))
    assert "there is no read model nothing" in used.refused("replay", "--view", "nothing")


def test_a_read_model_that_something_else_has_changed_is_found(used: Clone) -> None:
    ask(used, "enterprise", "UPDATE clock SET offset_seconds = offset_seconds + 1", "SELECT 1")
    said = used.fails("replay", "--check")
    assert "DIFFERS" in said
    assert re.search(r"log review, position \d+, field clock\[id=1\]\.offset_seconds", said)
    ask(used, "enterprise", "UPDATE clock SET offset_seconds = offset_seconds - 1", "SELECT 1")
    assert "DIFFERS" not in used.run("replay", "--check")


def test_a_parked_fact_is_shown_and_applied_when_redriven(used: Clone) -> None:
    reader = ask(used, "review", "SELECT name FROM readers WHERE name LIKE '%clock%'")[0][0]
    last = "(SELECT max(position) FROM events WHERE type = 'review.Reference.ClockSet')"
    copy = (
        f"INSERT INTO parked SELECT '{reader}', {COLUMNS}, 'planted' FROM events WHERE position "
        f"= {last}"
    )
    ask(used, "review", copy, "SELECT 1")
    assert "planted" in used.fails("parked")
    assert used.status["parked"] == 1
    assert "1 facts are parked" in used.fails("replay", "--check")
    assert "1 applied, 0 still parked" in used.run("redrive")
    assert "0 parked" in used.run("parked")


def elsewhere(used: Clone, tmp_path: Path, *services: str, **more: str) -> Clone:
    """Without a stack of its own, given these services' settings as the services have them."""
    told = json.loads((used.home / "endpoints.json").read_text())["services"]
    settings: dict[str, str] = {}
    for name in services or told:
        settings |= told[name]["settings"]
    return Clone(tmp_path / "elsewhere", **settings, **more)


def scratch(used: Clone) -> str:
    """A DSN of a new, empty database."""
    ask(used, "postgres", "DROP DATABASE IF EXISTS scratch", "CREATE DATABASE scratch", "SELECT 1")
    admin = str(json.loads((used.home / "endpoints.json").read_text())["postgres"])
    return admin.removesuffix("postgres") + "scratch"


def test_operators_commands_need_no_stack_but_the_services_settings(
    used: Clone, tmp_path: Path
) -> None:
    there = elsewhere(used, tmp_path, KAOHE_SCRATCH_DSN=scratch(used))
    report = json.loads(there.run("replay", "--check", "--json"))
    assert report == json.loads(used.run("replay", "--check", "--json"))
    assert "0 parked" in there.run("parked")
    assert "0 applied, 0 still parked" in there.run("redrive")
    assert "nothing was lost" in there.run("recover")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert ask(used, "scratch", tables) == [(0,)]


def test_of_one_service_alone_a_neighbours_facts_come_from_the_topic(
    used: Clone, tmp_path: Path
) -> None:
    there = elsewhere(used, tmp_path, "enterprise", KAOHE_SCRATCH_DSN=scratch(used))
    said = there.run("replay", "--check")
    assert re.search(r"enterprise\.lists .* live = log = topic", said)
    assert re.search(r"of review +live = topic", said)
    assert "review " not in said.partition("enterprise.lists")[0]


def test_a_database_that_holds_something_is_not_built_in(used: Clone, tmp_path: Path) -> None:
    there = elsewhere(used, tmp_path, "enterprise", KAOHE_SCRATCH_DSN=scratch(used))
    ask(used, "scratch", "CREATE TABLE precious (id int)", "SELECT 1")
    assert "database scratch is not empty" in there.refused("replay", "--check")
    assert ask(used, "scratch", "SELECT * FROM precious") == []
    without = elsewhere(used, tmp_path, "enterprise")
    assert "set KAOHE_SCRATCH_DSN" in without.refused("replay", "--check")


def test_what_is_missing_of_the_settings_is_told_by_name(used: Clone, tmp_path: Path) -> None:
    told = json.loads((used.home / "endpoints.json").read_text())["services"]
    dsn = told["enterprise"]["settings"]["ENTERPRISE_DB__DSN"]
    said = Clone(tmp_path / "lacking", ENTERPRISE_DB__DSN=dsn).refused("parked")
    assert "ENTERPRISE_KAFKA Field required" in said
    assert dsn not in said


def test_one_owners_facts_or_one_fact_are_redriven_in_their_order(used: Clone) -> None:
    reader = ask(used, "review", "SELECT name FROM readers WHERE name LIKE '%clock%'")[0][0]
    owner, first, second = "11111111-1111-4111-8111-111111111111", 900_001, 900_002
    for position in (first, second):
        fact = (
            f"INSERT INTO parked SELECT '{reader}', {position}, stream_id, version, type, "
            f"'{owner}', data, meta, recorded_at, 'planted' FROM events WHERE type = "
            f"'review.Reference.ClockSet' ORDER BY position DESC LIMIT 1"
        )
        ask(used, "review", fact, "SELECT 1")
    assert f"{reader}:{first}" in used.fails("parked")
    assert f"{reader}:{first} of the same owner" in used.refused(
        "redrive", "--one", f"{reader}:{second}"
    )
    stranger = owner.replace("1111-4", "1112-4")
    assert "nothing of that name is parked" in used.refused("redrive", "--one", stranger)
    assert "1 applied, 1 still" in used.fails("redrive", "--one", f"{reader}:{first}")
    assert "1 applied, 0 still" in used.run("redrive", "--one", owner)
    assert "neither an owner's id nor" in used.refused("redrive", "--one", "someone")


def test_the_lost_tail_of_a_log_comes_back_from_its_topic(used: Clone, tmp_path: Path) -> None:
    everything = f"SELECT {COLUMNS} FROM events ORDER BY position"
    before = ask(used, "review", everything)
    lose = (
        "ALTER TABLE events DISABLE TRIGGER USER",
        "DELETE FROM events WHERE position > 1",
        "ALTER TABLE events ENABLE TRIGGER USER",
    )
    ask(used, "review", *lose, "SELECT 1")
    used.kill(used.status["services"]["review"]["pids"]["api"])
    used.waits_until(lambda: ask(used, "review", "SELECT * FROM closed") != [])
    assert not used.status["services"]["review"]["ready"]
    shown = used.fails("recover")  # nobody is there who could agree
    assert "lost positions 2 to" in shown
    assert len(ask(used, "review", everything)) == 1
    there = elsewhere(used, tmp_path)
    assert "REVIEW_DB__OWNER_DSN" in there.refused("recover", "--yes")
    assert f"{len(before) - 1} events brought back" in used.run("recover", "--yes")
    used.waits_until(lambda: used.well)
    assert ask(used, "review", everything) == before
    assert "nothing was lost" in used.run("recover")

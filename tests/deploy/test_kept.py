"""The drill (decision 66): a backup under load, everything destroyed, restored, and filled from the
topics; then once more, with the topics gone too.
"""

import asyncio
import json
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from deploy.embedded.process import StackError
from deploy.installation.tokens import access_token
from libs.events.kafka import Bus, KafkaSettings
from libs.events.records import StoredEvent
from tests.chaos import actors, evidence
from tests.deploy.clone import Clone
from tests.deploy.test_data import ask
from tests.journeys.conftest import Silent

pytestmark = [pytest.mark.servers, pytest.mark.slow]
EVENTS = "SELECT position, stream_id, version, type, owner, data, meta, recorded_at FROM events"
HEADS = """
SELECT (SELECT coalesce(max(position), 0) FROM events), (SELECT coalesce(max(position), 0)
FROM relays WHERE route = 'kaohe.' || current_database() || '.v1')
"""
LOOKS = 8  # in which nothing changes
KEYS = "SELECT subject, number FROM subject_keys"
NAMES = "甲乙丙丁"


def told_by(clone: Clone) -> dict[str, Any]:
    return dict(json.loads((clone.home / "endpoints.json").read_text()))


def actor(clone: Clone, role: str, **claims: str) -> actors.Patient:
    told = told_by(clone)
    urls = {name: service["url"] for name, service in told["services"].items()}
    return actors.Patient(role, access_token(told, role, **claims), urls, Silent())


@dataclass
class Filer:
    """Files people without a pause, until told to stop; what was acknowledged is kept."""

    clerk: actors.Clerk

    def __post_init__(self) -> None:
        self._enough, self._some = threading.Event(), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._work)
        self.failed: BaseException | None = None

    def _work(self) -> None:
        try:
            for number in range(10_000):
                self.clerk._file(f"示范{NAMES[number % len(NAMES)]}")
                self._some.release()
                if self._enough.is_set():
                    return
        except BaseException as error:
            self.failed = error
            self._some.release()

    def __enter__(self) -> "Filer":
        self._thread.start()
        return self

    def files(self, count: int) -> None:
        """Waits until so many more are acknowledged."""
        for _ in range(count):
            self._some.acquire()
            assert self.failed is None, self.failed

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()
        assert self.failed is None, self.failed


@dataclass(frozen=True)
class Kept:
    """What there was before everything was destroyed."""

    clone: Clone
    backup: Path
    clerk: actors.Clerk
    logs: dict[str, list[Any]]
    keys: set[Any]
    shredded: str

    @property
    def people(self) -> dict[str, str]:
        return self.clerk.people


@pytest.fixture(scope="module")
def kept(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A backup that was made while people were filed, and filings after it; whoever is shredded
    was at its time not yet.
    """
    path = tmp_path_factory.mktemp("kept") / "backup"
    clerk = actors.clerk(
        lambda role, **claims: actor(clone, role, **claims), Random(7), "郑州示范设计有限公司"
    )
    clerk.prepare()
    shredded = "99999999-9999-4999-8999-999999999999"
    ask(clone, "keys", f"INSERT INTO subject_keys VALUES ('{shredded}', 1, 'x')", "SELECT 1")
    with Filer(clerk) as filer:
        filer.files(2)
        said = clone.run("backup", str(path))
        assert "appends waited" in said
        assert "MISSING" not in said
        filer.files(3)
    officer = actors.Officer(actor(clone, "CITY_OFFICER", city="410100", user="o"), 0, 1)
    for case in actors.listed(officer.actor, "review", "/cases", state="WAITING")[:3]:
        officer._decide(case["id"])
    come_to_rest(clone)
    ask(clone, "keys", f"DELETE FROM subject_keys WHERE subject = '{shredded}'", "SELECT 1")
    assert "keys" in clone.run("backup", str(path), "--keys")
    logs = {name: ask(clone, name, f"{EVENTS} ORDER BY 1") for name in told_by(clone)["services"]}
    return Kept(clone, path, clerk, logs, set(ask(clone, "keys", KEYS)), shredded)


def come_to_rest(clone: Clone) -> None:
    """All that was said is told, applied everywhere, and answered."""
    seen: list[Any] = []

    def quiet() -> bool:
        seen.append([standing(clone, name) for name in told_by(clone)["services"]])
        well = all(head == told and ready for head, told, ready in seen[-1])
        return well and seen[-LOOKS:] == [seen[-1]] * LOOKS

    clone.waits_until(quiet)


def standing(clone: Clone, service: str) -> tuple[int, int, bool]:
    """Of a log, of its relay, and whether the service is ready."""
    ((head, told),) = ask(clone, service, HEADS)
    try:
        url = told_by(clone)["services"][service]["url"]
        return head, told, httpx.get(f"{url}/health/ready", timeout=5).is_success
    except httpx.HTTPError:
        return head, told, False


def destroyed(clone: Clone, *parts: str) -> None:
    """The servers come up empty; the operator's key files are elsewhere."""
    clone.run("down")
    for part in parts:
        shutil.rmtree(clone.home / part)
    clone.run("up", "--servers")


@pytest.fixture(scope="module")
def restored(kept: Kept) -> Kept:
    destroyed(kept.clone, "pg", "s3")
    said = kept.clone.run("restore", str(kept.backup))
    assert "computed for a million" in said
    assert "LOST, made after the backup: the key" not in said
    kept.clone.run("up")
    come_to_rest(kept.clone)
    return kept


def test_logs_are_as_they_were_and_nothing_is_said_twice(restored: Kept) -> None:
    for name, events in restored.logs.items():
        assert ask(restored.clone, name, f"{EVENTS} ORDER BY 1") == events, name
    review = [StoredEvent(*row) for row in restored.logs["review"]]
    opened = evidence.by(review, lambda each: each.payload["case"], "review.Case.CaseOpened")
    assert len(opened) == len(restored.clerk.sent)
    assert set(opened.values()) == {1}


def test_every_list_is_what_log_and_topic_make(restored: Kept) -> None:
    report = json.loads(restored.clone.run("replay", "--check", "--json"))
    assert all(each["equal"] for each in (*report["logs"], *report["views"])), report


def test_personal_data_and_scans_are_read_again(restored: Kept) -> None:
    clerk = actor(restored.clone, "ENT_CLERK", org=restored.clerk.enterprise.uscc)
    assert len(restored.people) >= 5
    for id in restored.people.values():
        found = clerk.get("personnel", f"/people/{id}")
        assert str(found["content"]["name"]).startswith("示范"), found
    for each in restored.clerk.scans:
        assert clerk.get("personnel", f"/scans/{each['scan']}/pages")["pages"] >= 1


def test_who_was_shredded_after_the_backup_stays_so(restored: Kept) -> None:
    assert set(ask(restored.clone, "keys", KEYS)) == restored.keys
    assert ask(restored.clone, "keys", "SELECT subject::text FROM shredded_subjects") == [
        (restored.shredded,)
    ]


def heads_of(backup: Path) -> dict[str, int]:
    manifest = json.loads((backup / "manifest.json").read_text())
    return {name: each["head"] for name, each in manifest["services"].items()}


def test_to_a_named_position_what_came_after_is_given_up_on_topics_too(restored: Kept) -> None:
    clone, heads = restored.clone, heads_of(restored.backup)
    assert "stop the services first" in clone.refused("restore", str(restored.backup))
    destroyed(clone, "pg", "s3")
    ends = heads | {"personnel": heads["personnel"] + 1}
    clone.run("restore", str(restored.backup), "--yes", "--to", f"personnel:{ends['personnel']}")
    for name, events in restored.logs.items():
        assert ask(clone, name, f"{EVENTS} ORDER BY 1") == events[: ends[name]], name
    bus = Bus(KafkaSettings(told_by(clone)["kafka"]))
    assert len(restored.logs["personnel"]) > ends["personnel"]
    assert asyncio.run(bus.end("kaohe.personnel.v1")) == 0  # its relay tells it again


def test_without_its_topics_the_state_is_that_of_the_backup(restored: Kept) -> None:
    """Last: brokers are lost too. Topics are made anew from the logs, and everybody goes on."""
    clone, heads = restored.clone, heads_of(restored.backup)
    destroyed(clone, "pg", "s3", "kafka")
    clone.run("restore", str(restored.backup))
    assert "has events" in clone.refused("restore", str(restored.backup))
    clone.run("up")
    restored.clerk._file("示范戊")
    come_to_rest(clone)
    for name, events in restored.logs.items():
        found = ask(clone, name, f"{EVENTS} ORDER BY 1")
        assert found[: heads[name]] == events[: heads[name]], name
    report = json.loads(clone.run("replay", "--check", "--json"))
    assert all(each["equal"] for each in (*report["logs"], *report["views"])), report
    first, *_, gone, new = restored.people.values()
    clerk = actor(clone, "ENT_CLERK", org=restored.clerk.enterprise.uscc)
    for id in (first, new):
        assert str(clerk.get("personnel", f"/people/{id}")["content"]["name"]).startswith("示范")
    with pytest.raises(StackError, match="404"):  # filed after the backup, told on what is lost
        clerk.get("personnel", f"/people/{gone}")

"""A restore looks at topics and brokers before it replaces anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from aiokafka.errors import KafkaConnectionError

from deploy.embedded.process import StackError
from deploy.installation.installation import Installation
from deploy.keeping import restore, topics
from libs.events.codec import canonical
from libs.events.envelope import KafkaRecord, to_record, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import Bus
from libs.events.records import StoredEvent
from libs.events.signatures import RecordKey, Signatories, Signatory, Signer
from tests.deploy.test_restore_ends import MANIFEST

HEAD = MANIFEST.services["personnel"].head
SIGNER = Signer("personnel", b"s" * 32)
KNOWN = Signatories({"personnel": Signatory([RecordKey(SIGNER.public_key)])})


def told(position: int) -> KafkaRecord:
    """On the topic of personnel, signed."""
    meta = {"id": UUID(int=position), "correlation": UUID(int=1), "causation": None}
    event = StoredEvent(
        position=position,
        stream=UUID(int=2),
        version=position,
        type="personnel.Person.PersonFiled",
        owner=UUID(int=3),
        data=b"{}",
        meta=canonical(
            meta | {"command": None, "trace": "", "schema": 1, "references": {}},
        ),
        recorded_at=datetime(2026, 11, 29, tzinfo=UTC),
    )
    return SIGNER.signed(to_record("personnel", event, "https://personnel.example"), event)


@dataclass
class Topics:
    """What the brokers have: topics that are not named are empty."""

    records: dict[str, list[KafkaRecord]] = field(default_factory=dict)
    away: bool = False
    replaced: list[str] = field(default_factory=list)  # databases

    async def end(self, topic: str) -> int:
        if self.away:
            raise Unavailable("Kafka", f"topic {topic} (KafkaConnectionError)")
        return len(self.records.get(topic, []))

    async def rest(self, topic: str, _: int) -> AsyncIterator[list[KafkaRecord]]:
        yield self.records.get(topic, [])

    def has_of_personnel(self, *positions: int) -> None:
        self.records[topic_of("personnel")] = [told(each) for each in positions]

    async def topics(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return wanted


class Here:
    """An installation of which nothing but its topics can be wrong."""

    services: dict[str, dict[str, str]] = {}  # noqa: RUF012
    is_of_the_stack = False

    def settings(self, _: str) -> Any:
        class Settings:
            kafka = None

            class records:  # noqa: N801
                known_file = Path(__file__)

        return Settings


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> Topics:
    there = Topics()

    async def stands(*_: Any, **__: Any) -> None:
        """Nothing is wrong."""

    async def replaced(_: Any, name: str, *__: Any) -> None:
        there.replaced.append(name)
        raise StackError("到此为止", "so far and no further")

    @asynccontextmanager
    async def cluster(bootstrap: str, _: Any) -> AsyncIterator[Topics]:
        if bootstrap == "nobody":
            raise KafkaConnectionError
        yield there

    monkeypatch.setattr(restore, "read", lambda _: MANIFEST)
    for name in ("verify", "_same_installation", "_same_code"):
        monkeypatch.setattr(restore, name, lambda *_: None)
    monkeypatch.setattr(restore, "_nobody_there", stands)
    monkeypatch.setattr(restore, "_restored", replaced)
    monkeypatch.setattr(topics, "bus", lambda *_: there)
    monkeypatch.setattr(topics, "signatories", lambda _: KNOWN)
    monkeypatch.setattr(topics, "cluster", cluster)
    monkeypatch.setenv("KAOHE_KAFKA", "brokers")
    return there


async def restored(to: dict[str, int] | None) -> None:
    place = cast(Installation, Here())
    await restore.restore(place, Path("backup"), over=True, to=to)


async def test_a_position_on_the_topic_is_gone_to(brokers: Topics) -> None:
    brokers.has_of_personnel(*range(1, HEAD + 3))
    with pytest.raises(StackError, match="so far"):
        await restored({"personnel": HEAD + 2})
    assert brokers.replaced == ["personnel"]


async def test_a_position_beyond_the_topic_changes_nothing(brokers: Topics) -> None:
    brokers.has_of_personnel(*range(1, HEAD + 3))
    with pytest.raises(StackError, match=f"nothing was changed: .* ends at {HEAD + 2}"):
        await restored({"personnel": HEAD + 3})
    assert not brokers.replaced


async def test_a_position_behind_a_gap_changes_nothing(brokers: Topics) -> None:
    brokers.has_of_personnel(HEAD + 1, HEAD + 3)
    with pytest.raises(StackError, match=f"nothing was changed: .* ends at {HEAD + 1}"):
        await restored({"personnel": HEAD + 3})
    assert not brokers.replaced


async def test_what_the_service_did_not_sign_does_not_count() -> None:
    there = Topics()
    there.has_of_personnel(HEAD + 1)
    there.records[topic_of("personnel")].append(replace(told(HEAD + 2), headers=()))
    assert await topics.reached(cast(Bus, there), "personnel", KNOWN, HEAD) == HEAD + 1


@pytest.mark.parametrize("to", [None, {}, {"personnel": HEAD}])
async def test_topics_that_cannot_be_read_change_nothing(
    to: dict[str, int] | None, brokers: Topics
) -> None:
    brokers.away = True
    with pytest.raises(StackError, match="nothing was changed: personnel cannot read"):
        await restored(to)
    assert not brokers.replaced


async def test_topics_can_only_be_given_up_where_somebody_says_where_they_are(
    brokers: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAOHE_KAFKA")
    with pytest.raises(StackError, match=r"nothing was changed: .* set KAOHE_KAFKA"):
        await restored({})
    assert not brokers.replaced


async def test_brokers_that_are_away_change_nothing(
    brokers: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_KAFKA", "nobody")
    with pytest.raises(StackError, match="nothing was changed: no way to the brokers"):
        await restored({})
    assert not brokers.replaced


async def test_a_topic_that_the_brokers_lack_changes_nothing(
    brokers: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(_: Any) -> dict[str, Any]:
        return {}

    monkeypatch.setattr(brokers, "topics", none)
    with pytest.raises(StackError, match=r"nothing was changed: .* no topic .*kaohe\.personnel"):
        await restored({})
    assert not brokers.replaced

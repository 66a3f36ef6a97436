"""`topics plan|apply` beside a cluster: what is refused before it is asked, and what is said."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.cli.__main__ import app_for
from deploy.kafka import manifest
from deploy.kafka.cluster import Entry, Operation, Pattern, Permission, TopicState


@dataclass
class Kept:
    """A cluster as the manifest has it, with so many replicas."""

    replication: int

    async def topics(self, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, TopicState]:
        return {
            name: TopicState(1, self.replication, settings, settings)
            for name, settings in wanted.items()
        }

    async def entries(self, topic: str) -> list[Entry]:
        return [
            Entry(
                topic,
                Pattern.LITERAL,
                f"User:{each.principal}",
                "*",
                Operation[each.operation],
                Permission.ALLOW,
            )
            for each in manifest.grants()
            if each.topic == topic
        ]


def said(command: str, replication: int) -> int:
    words = ["topics", command, "--replication", str(replication)]
    return int(app_for(words)(words, result_action="return_value"))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept(replication=1)

    @asynccontextmanager
    async def cluster(bootstrap: str, security: Mapping[str, Any]) -> AsyncIterator[Kept]:
        yield made

    monkeypatch.setenv("KAOHE_KAFKA", "broker:9092")
    monkeypatch.setattr("deploy.cli.topics.cluster", cluster)
    return made


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize("replication", [0, -3])
def test_a_topic_of_no_replica_is_refused(
    command: str, replication: int, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        said(command, replication)
    assert ended.value.code == 2
    assert "--replication" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_each_topic_with_another_number_of_replicas_is_named(
    command: str, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(command, 3) == 1
    told = capsys.readouterr().out
    assert all(f"{name}: replication is 1, must be 3" in told for name in manifest.topics())


def test_a_cluster_as_it_is_wanted_is_said_to_be_so(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.replication = 3
    assert said("plan", 3) == 0
    assert "as in deploy/kafka" in capsys.readouterr().out

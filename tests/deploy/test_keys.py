"""Whose keys are renewed has to be said; what was wrapped anew, and by how many master keys, is."""

import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from deploy.cli import __main__ as cli
from deploy.cli import keys, replay
from deploy.keeping.keys import Progress
from libs.events.keyring import MasterKeys

OLD, NEW = b"o" * 32, b"n" * 32
SUBJECT = UUID("99999999-9999-4999-8999-999999999999")


@dataclass
class Here:
    """An installation whose file of master keys holds these; ten keys are wrapped by the last."""

    file: list[bytes] = field(default_factory=lambda: [OLD])
    renewed: list[tuple[datetime, Collection[UUID] | None]] = field(default_factory=list)

    def masters(self) -> MasterKeys:
        return MasterKeys(lambda: self.file)

    def count_of_masters(self) -> int:
        return len(self.file)

    async def rewrap(self, *_: Any) -> AsyncIterator[Progress]:
        yield Progress(10, 10 if len(self.file) > 1 else 0)

    async def renew(
        self, _: Any, masters: MasterKeys, before: datetime, subjects: Collection[UUID] | None
    ) -> AsyncIterator[Progress]:
        self.renewed.append((before, subjects))
        yield Progress(1, 1)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    made = Here()

    @asynccontextmanager
    async def owned(_: Any) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(keys, "installation", lambda: made)
    monkeypatch.setattr(keys, "_owned", owned)
    monkeypatch.setattr(keys, "rewrapped", made.rewrap)
    monkeypatch.setattr(keys, "renewed", made.renew)
    return made


def run(*words: str) -> int:
    sys.argv = ["kaohe", *words]
    return cli.main()


@pytest.mark.parametrize(
    "words", [(), ("--all", str(SUBJECT)), ("--all", "--before", "2026-01-01")]
)
def test_nobody_s_key_is_renewed_unless_it_is_said_whose(
    words: tuple[str, ...], here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("keys", "renew", *words) == 1
    assert "没有改动" in (said := capsys.readouterr().err)
    assert "nothing was changed: say whose keys" in said
    assert not here.renewed


def test_keys_of_all_of_old_ones_and_of_some_are_renewed(here: Here) -> None:
    assert run("keys", "renew", "--all") == 0
    assert run("keys", "renew", "--before", "2026-01-01") == 0
    assert run("keys", "renew", str(SUBJECT)) == 0
    assert [subjects for _, subjects in here.renewed] == [None, None, [SUBJECT]]
    assert here.renewed[1][0] == datetime(2026, 1, 1, tzinfo=UTC)


def test_where_there_is_one_master_key_there_is_nothing_to_wrap(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("keys", "rewrap") == 0
    said = capsys.readouterr().out
    assert said.startswith("master keys in the file: 1;")
    assert "只有一个主密钥" in said
    assert "only one master key is known, nothing to do" in said


def test_by_a_second_one_all_are_wrapped_anew(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    here.file = [NEW, OLD]
    assert run("keys", "rewrap") == 0
    said = capsys.readouterr().out
    assert said.startswith("master keys in the file: 2;")
    assert "done: 10 keys, 10 wrapped anew" in said
    assert "nothing to do" not in said


def test_a_master_key_of_another_time_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrapped = MasterKeys(lambda: [OLD]).wrapped((SUBJECT, 1), b"k" * 32)

    async def opened(*_: Any) -> None:
        MasterKeys(lambda: [NEW]).unwrapped((SUBJECT, 1), wrapped)

    monkeypatch.setattr(replay, "installation", lambda: None)
    monkeypatch.setattr(replay, "_replay", opened)
    assert run("replay", "--check") == 1
    said = capsys.readouterr().err
    assert said.startswith("kaohe: 有密封的数据打不开")
    assert "lacks the one of its time" in said
    assert "Traceback" not in said

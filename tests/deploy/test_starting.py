"""A child of the stack is waited for as long as it works, and its own words are shown."""

import os
import sys
from pathlib import Path
from signal import SIGTERM

import pytest

from deploy.embedded import process
from deploy.embedded.process import Server, StackError, Waited


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("deploy.embedded.process.time.monotonic", made)
    return made


def test_a_child_that_works_is_waited_for_however_slow_it_is(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    waited = Waited("review")
    for second in range(1, int(process.LONGEST), 30):
        clock.now = second
        assert waited.in_vain(second, 0) == ""
    assert "waiting for review, 31 s so far" in capsys.readouterr().out


def test_a_child_that_does_nothing_is_given_up_with_the_limit_and_the_remedy(clock: Clock) -> None:
    waited = Waited("review")
    assert waited.in_vain(7, 0) == ""
    clock.now = process.STANDSTILL + 1
    why = waited.in_vain(7, 0)
    assert f"{process.STANDSTILL:.0f} s" in why
    assert "run the command again" in why


def test_a_child_that_works_for_ever_is_given_up_in_the_end(clock: Clock) -> None:
    waited = Waited("review")
    clock.now = process.LONGEST + 1
    assert "did not answer within 900 s" in waited.in_vain(1, 1)


async def test_of_a_child_that_ends_its_own_lines_are_shown_not_those_of_its_last_start(
    tmp_path: Path,
) -> None:
    for name in ("log", "run"):
        (tmp_path / name).mkdir()
    server = Server(tmp_path, "child", SIGTERM, 5.0)
    server.log.write_text("words of yesterday\n")

    async def never() -> bool:
        return False

    code = "import sys; print('port taken'); sys.exit(3)"
    with pytest.raises(StackError) as failed:
        await server.start([sys.executable, "-c", code], {}, never)
    assert "exit 3" in str(failed.value)
    assert "port taken" in str(failed.value)
    assert "yesterday" not in str(failed.value)


def test_a_process_at_work_is_seen_to_work() -> None:
    before = process.worked(os.getpid())
    while process.worked(os.getpid()) == before:
        sum(range(1_000_000))
    assert process.worked(os.getpid()) > before

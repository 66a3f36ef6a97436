"""Whatever a command is told, and whatever state the stack is in: one sentence in both languages,
an exit status, no traceback.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.cli import __main__ as cli
from deploy.cli import demo, stack
from deploy.embedded.children import Children
from deploy.embedded.outside import outside
from deploy.embedded.places import Home
from deploy.installation import places

NONSENSE = (
    ("migrate",),
    ("migrate", "nobody"),
    ("clock", "advance", "999999w"),
    ("clock", "advance", "ten days"),
    ("clock", "set", "2024-99-99"),
    ("clock", "set", "yesterday"),
    ("token", "--role", "NOPE"),
    ("token", "--role", "ENT_CLERK"),
    ("legacy", "import", "missing.json"),
    ("legacy", "import", "{folder}/no.json"),
    ("legacy", "import", "{folder}/text.json"),
    ("legacy", "import", "{folder}/texts.json"),
    ("replay",),
    ("replay", "--view", "nothing.such"),
    ("bench", "nothing"),
    ("check", "--quick", "nothing"),
    ("authority", "misbehave", "x"),
    ("reset",),
    ("backup", "{folder}"),
    ("restore", "{folder}"),
    ("restore", "{folder}/text.json"),
)
ASKING = (
    ("status",),
    ("clock", "show"),
    ("clock", "set", "2024-09-03"),
    ("token", "--role", "AUDITOR"),
    ("parked",),
    ("redrive",),
    ("recover",),
    ("replay", "--check"),
    ("backup", "{folder}/new"),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A stack that was never up."""
    made = Home(tmp_path / "home")
    made.make()
    for module in (places, stack, demo):
        monkeypatch.setattr(module, "HOME", made)
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123
    (tmp_path / "no.json").write_text("{")
    (tmp_path / "text.json").write_text('"offers"')
    (tmp_path / "texts.json").write_text('["offer"]')
    return made


@pytest.fixture
def supervised(home: Home) -> Iterator[Home]:
    """Somebody holds the lock: it is starting, or up."""
    with (home.path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(str(os.getpid()))
        lock.flush()
        yield home


@pytest.fixture
def recovering() -> Iterator[str]:
    """PostgreSQL after a kill: it answers that it is starting up."""
    server = socket.create_server(("127.0.0.1", 0))
    message = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                if len(connection.recv(1024)) == 8:  # SSL?
                    connection.sendall(b"N")
                    connection.recv(1024)
                connection.sendall(b"E" + struct.pack("!I", len(message) + 4) + message)

    threading.Thread(target=answer, daemon=True).start()
    yield f"127.0.0.1:{server.getsockname()[1]}"
    server.close()


def told(home: Home, postgres: str = "") -> None:
    """What an earlier start wrote of where everything is; nobody is there, but PostgreSQL at its
    address, where one is given.
    """
    found = Children(home, outside()).endpoints()
    text = json.dumps(found | {"supervisor": {"pid": os.getpid(), "restarts": 0}, "pids": {}})
    if postgres:
        text = text.replace(urlsplit(found["postgres"]).netloc.rpartition("@")[2], postgres)
        text = text.replace('/keys"', '/keys?sslmode=disable"')
    home.tell(json.loads(text))


POPEN = subprocess.Popen


class Outcome:
    def __init__(self, status: int, out: str, error: str) -> None:
        self.status, self.out, self.error = status, out, error

    @property
    def is_one_sentence_in_both_languages(self) -> bool:
        zh, _, en = self.error.removeprefix("kaohe: ").partition(" / ")
        said = not zh.isascii() and bool(en.strip())
        return self.error.startswith("kaohe: ") and said and "Traceback" not in self.error


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    sys.argv = ["kaohe", *arguments]
    capsys.readouterr()
    try:
        status = cli.main()
    except SystemExit as ended:  # of the parser: it says what it takes
        status = int(ended.code or 0)
        return Outcome(status, "", "kaohe: 用法 / usage")
    found = capsys.readouterr()
    return Outcome(status, found.out, found.err)


@pytest.mark.parametrize("command", NONSENSE, ids=" ".join)
def test_nonsense_is_refused_in_one_sentence_whether_the_stack_is_up_or_not(
    command: tuple[str, ...], home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run(capsys, *(each.format(folder=tmp_path) for each in command))
    assert outcome.status
    assert outcome.is_one_sentence_in_both_languages, outcome.error


@pytest.mark.parametrize("command", [*NONSENSE, *ASKING], ids=" ".join)
def test_a_stack_that_is_starting_is_said_to_be(
    command: tuple[str, ...], supervised: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if command == ("reset",):
        return  # it would end whoever holds the lock
    outcome = run(capsys, *(each.format(folder=tmp_path) for each in command))
    assert outcome.status
    assert outcome.is_one_sentence_in_both_languages, outcome.error
    if command in ASKING:
        assert "正在启动" in outcome.error


@pytest.mark.parametrize("state", ["away", "recovering"])
@pytest.mark.parametrize("command", [*NONSENSE, *ASKING], ids=" ".join)
def test_servers_that_are_away_or_recover_are_said_to_be(
    command: tuple[str, ...],
    state: str,
    supervised: Home,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    if command == ("reset",):
        return
    told(supervised, request.getfixturevalue(state) if state == "recovering" else "")
    outcome = run(capsys, *(each.format(folder=tmp_path) for each in command))
    if command == ("status",):
        assert outcome.status == 0
        assert "NOT READY" in outcome.out
        return
    assert outcome.status
    assert outcome.is_one_sentence_in_both_languages, outcome.error


def test_a_file_that_cannot_be_used_is_named_and_no_server_is_blamed(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run(capsys, "backup", f"{tmp_path}/{'a' * 300}")
    assert outcome.status == 1
    assert outcome.is_one_sentence_in_both_languages, outcome.error
    assert "aaa: File name too long" in outcome.error
    assert "status" not in outcome.error


def test_up_waits_for_a_start_that_is_under_way(
    supervised: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (supervised.path / "log" / "supervisor.log").write_text("postgres 1.0 s\n")
    looks = iter([None, None])

    def soon(_: Home) -> int:
        if next(looks, "up") == "up":
            supervised.tell({"supervisor": {"pid": os.getpid()}, "services": {}})
        return os.getpid()

    monkeypatch.setattr(stack, "running", soon)
    monkeypatch.setattr("deploy.installation.clocks.first", lambda _: None)
    outcome = run(capsys, "up")
    assert (outcome.status, outcome.out) == (0, "postgres 1.0 s\n")


def test_ctrl_c_during_up_takes_the_supervisor_along(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*_: Any, **__: Any) -> subprocess.Popen[bytes]:
        begun.append(POPEN(["sleep", "600"]))
        return begun[0]

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("subprocess.Popen", begin)
    monkeypatch.setattr(stack, "_follow", interrupted)
    outcome = run(capsys, "up")
    assert outcome.status == 130
    assert outcome.is_one_sentence_in_both_languages
    assert begun[0].poll() is not None


def test_status_as_json_is_one_document_while_servers_are_away(
    supervised: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    told(supervised)
    outcome = run(capsys, "status", "--json")
    assert json.loads(outcome.out)["clock"] is None

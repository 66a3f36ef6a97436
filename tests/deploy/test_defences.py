"""docs/security.md is as its data say, and every test that they name is there."""

from pathlib import Path
from typing import Any

from deploy.cli import defences
from tests.servers import ROOT

HELD = {"threat": "1: a", "defence": "b", "result": "held"}


def told(*tests: str) -> dict[str, Any]:
    return {"defences": [{**HELD, "tests": list(tests)}], "open": []}


def test_every_test_that_it_names_is_there_and_every_defence_has_one() -> None:
    found = defences.read(ROOT)
    assert len(found["defences"]) > 30
    assert defences.missing(found, ROOT) == []


def test_a_test_that_went_away_is_missed(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("async def test_one() -> None: ...\n")
    for good in ("test_a.py", "test_a.py::test_one"):
        assert defences.missing(told(good), tmp_path) == []
    for gone in ("test_b.py", "test_a.py::test_two", "test_a.py::test_on"):
        assert defences.missing(told(gone), tmp_path) == [gone]
    assert defences.missing(told(), tmp_path) == ["1: a"]


def test_a_row_says_what_its_data_say() -> None:
    row = defences.drawn({"defences": [{**HELD, "tests": ["t.py"], "note": "n"}], "open": []})
    assert "| 1: a | b | `t.py`: n | held |" in row

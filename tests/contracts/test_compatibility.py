"""What is released stays as it is, and each schema reads whatever its predecessors wrote."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deploy.cli import contracts, releases
from deploy.embedded.process import StackError
from tests.contracts.compatibility import understands, versions
from tests.contracts.documents import documents

DOCUMENTS = documents()
SENT = "events/enterprise.Enterprise.FilingSent/v2.schema.json"


def text(path: str) -> str:
    return DOCUMENTS.get(path) or releases.text(contracts.FOLDER, path) or ""


def test_no_released_schema_was_edited_or_removed() -> None:
    now = {
        path: releases.digest(releases.text(contracts.FOLDER, path) or "")
        for path in releases.released(contracts.FOLDER)
    }
    assert now == releases.released(contracts.FOLDER)


def test_the_code_writes_each_released_schema_as_it_was_released() -> None:
    assert releases.broken(contracts.FOLDER, DOCUMENTS) == [], (
        "give the event class the next SCHEMA number"
    )


def test_each_schema_reads_what_its_predecessor_wrote() -> None:
    every = {path for path in DOCUMENTS if path.startswith("events/")} | releases.released(
        contracts.FOLDER
    ).keys()
    for kind, paths in versions(every).items():
        for old, new in pairwise(paths):
            assert understands(text(old), text(new)), (
                f"{kind}: {Path(new).name} cannot read what was stored under {Path(old).name}"
            )


def changed(change: Callable[[dict[str, Any]], Any]) -> str:
    schema = json.loads(DOCUMENTS[SENT])
    change(schema)
    return json.dumps(schema)


def test_a_new_field_that_may_be_missing_is_understood() -> None:
    assert understands(
        DOCUMENTS[SENT],
        changed(lambda s: s["properties"].update(note={"type": "string", "default": ""})),
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda s: (
                s["required"].append("name_en")
                or s["properties"].update(name_en={"type": "string"})
            ),
            id="newly required",
        ),
        pytest.param(
            lambda s: s["properties"].pop("receipt_no") and s["required"].remove("receipt_no"),
            id="removed",
        ),
        pytest.param(lambda s: s["properties"]["round"].update(type="string"), id="retyped"),
        pytest.param(lambda s: s["properties"]["receipt_no"].update(maxLength=10), id="narrowed"),
        pytest.param(
            lambda s: s["$defs"]["CertificateItem"]["properties"].pop("grade"),
            id="removed further inside",
        ),
    ],
)
def test_a_change_that_old_events_do_not_survive_is_found(
    change: Callable[[dict[str, Any]], Any],
) -> None:
    assert not understands(DOCUMENTS[SENT], changed(change))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """contracts/ of its own, with a first release."""
    monkeypatch.setattr(contracts, "FOLDER", tmp_path)
    monkeypatch.setattr(contracts, "documents", lambda: DOCUMENTS)
    assert contracts.contracts(release=True) == 0
    return tmp_path


def test_a_release_only_adds(folder: Path) -> None:
    first = releases.released(folder)
    assert first.keys() == {path for path in DOCUMENTS if path.startswith("events/")}
    assert contracts.contracts(release=True) == 0
    assert releases.released(folder) == first


def test_a_released_schema_is_not_written_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_code = DOCUMENTS | {
        SENT: changed(lambda s: s["properties"].update(note={"type": "string", "default": ""}))
    }
    monkeypatch.setattr(contracts, "documents", lambda: changed_code)
    with pytest.raises(StackError, match="next SCHEMA number"):
        contracts.contracts()
    assert (folder / SENT).read_text() == DOCUMENTS[SENT]


def test_a_released_schema_stays_when_the_code_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SENT.replace("/v2.", "/v3.")
    gone_on = {path: text for path, text in DOCUMENTS.items() if path != SENT} | {
        second: DOCUMENTS[SENT]
    }
    monkeypatch.setattr(contracts, "documents", lambda: gone_on)
    assert contracts.contracts() == 0
    assert (folder / SENT).exists()
    assert (folder / second).exists()
    assert contracts.differing(gone_on) == []


def test_an_edited_release_is_told(folder: Path) -> None:
    (folder / SENT).write_text("{}")
    with pytest.raises(ValueError, match="released and changed"):
        releases.release(folder)

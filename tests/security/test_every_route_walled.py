"""The second wall behind every address there is, so also behind those that are added: with the
first one off (`Reach`, `Scope`) an enterprise is answered about another's as about what is not
there (decision 55).
"""

from collections.abc import Iterator

import pytest

from libs.chassis.identity.access import Reach, Scope
from tests.http.http_client import Asker
from tests.http.operations import Operation, operations
from tests.http.scene import scene
from tests.portal.in_memory import read_models
from tests.portal.read_models import InstallationOnPostgres, ReadModels
from tests.security.test_access_matrix import Cell, Matrix

__all__ = ["read_models"]
pytestmark = [pytest.mark.servers, pytest.mark.slow]
EVERYBODYS = {"read_roster"}  # of a campaign, which is the province's: one's own line of it


def read_by_clerks() -> Iterator[Operation]:
    """Where their rights end at their own enterprise."""
    for each in operations():
        row = each.row("ENT_CLERK")
        if each.method == "GET" and row and row["relation"] == "own enterprise":
            yield each


def test_with_the_first_wall_off_no_address_shows_what_is_anothers(
    read_models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked by its owner first, so that the processes have it at hand."""
    read_models.empty()
    at = InstallationOnPostgres(read_models)
    sides = scene(at)
    foreign, matrix = sides["foreign"], Matrix(Asker(at, at), sides)
    theirs = Matrix(Asker(at, at), {"own": foreign})

    async def everybody(*_: object) -> bool:
        return True

    monkeypatch.setattr(Reach, "_covers", everybody)
    monkeypatch.setattr(Scope, "equal", lambda *_, **__: [])
    faults = []
    for each in read_by_clerks():
        own, there = Cell(each, "ENT_CLERK", "own"), Cell(each, "ENT_CLERK", "foreign")
        told, answer = theirs._ask(own), matrix._ask(there)
        hidden = answer.status_code == 404 or each.id in EVERYBODYS or not there.has_target
        names = foreign.uscc in answer.text or foreign.enterprise.name in answer.text
        if told.status_code != 200 or not hidden or names:
            faults.append(f"{each}: {told.status_code}, {answer.status_code} {answer.text[:300]}")
    assert not faults, "\n".join(faults)

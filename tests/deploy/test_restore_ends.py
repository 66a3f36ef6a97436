"""Where each log shall end that is restored to a named position."""

from typing import Any

import pytest

from deploy.cli.keeping import _positions
from deploy.embedded.process import StackError
from deploy.keeping.folder import Manifest, SavedObjects, SavedService
from deploy.keeping.restore import _ends


def saved(head: int) -> SavedService:
    given: dict[str, Any] = {"last_leaf": "", "migrations": {}, "lists": {}, "tables": {}}
    return SavedService(folder="x", head=head, **given)


MANIFEST = Manifest(
    format=1,
    made_at="",
    commit="",
    keys_of={},
    services={"personnel": saved(10), "review": saved(20)},
    others={},
    objects=SavedObjects(count=0, missing=()),
    files={},
)


def test_what_is_not_named_stays_as_the_backup_has_it() -> None:
    assert _ends(MANIFEST, {"personnel": 12}) == {"personnel": 12, "review": 20}
    assert _ends(MANIFEST, {}) == {"personnel": 10, "review": 20}


@pytest.mark.parametrize("to", [{"personnel": 9}, {"projects": 1}])
def test_a_position_before_the_backup_needs_an_older_one(to: dict[str, int]) -> None:
    with pytest.raises(StackError, match="nothing was changed"):
        _ends(MANIFEST, to)


def test_positions_are_named_by_service() -> None:
    assert _positions(["personnel:12", "backup"]) == {"personnel": 12}
    for wrong in ("personnel", "personnel:", "personnel:x", "nobody:3", "12"):
        with pytest.raises(StackError, match="is no SERVICE:POSITION"):
            _positions([wrong])

"""Values: changed by making another."""

import dataclasses

import pytest

from libs.events.value import replace
from libs.filing.filing import Filing, Status, Type
from tests.given import id_of


def test_replacing_makes_what_the_standard_library_makes_and_leaves_the_value() -> None:
    drafted: Filing[object] = Filing(id_of("filing"), Type.ENT_INIT, "F-1", None)  # type: ignore[type-var]
    before = dict(vars(drafted))
    sent = replace(drafted, status=Status.SENT, round=1)
    assert sent == dataclasses.replace(drafted, status=Status.SENT, round=1)
    assert (sent.status, sent.round, sent.filing_no) == (Status.SENT, 1, "F-1")
    assert vars(drafted) == before
    with pytest.raises(dataclasses.FrozenInstanceError):
        sent.round = 2  # type: ignore[misc]

"""What the authority changes of the reference data, and the development clock."""

from libs.events.testing import given
from libs.events.value import Act, Actor
from services.review.reference.domain import Reference
from tests.given import AT

ACT = Act(by=Actor(user="sys_admin", role="SYS_ADMIN"), at=AT)
MAILBOX = {"code": "410100", "packet": {"mailbox": "filing@example.com"}}

clock = Reference.ReferenceBegun(act=ACT, kind="clock")
units = Reference.ReferenceBegun(act=ACT, kind="reporting_unit")
moved = Reference.ClockSet(act=ACT, offset_seconds=86400)
changed = Reference.ReferenceChanged(act=ACT, kind="reporting_unit", items=(MAILBOX,))


def test_the_clock_is_moved() -> None:
    given(Reference, clock).when(Reference.set_clock, ACT, 86400).then(moved)


def test_a_clock_that_stands_there_already_is_not_moved() -> None:
    given(Reference, clock, moved).when(Reference.set_clock, ACT, 86400).then()


def test_only_what_differs_is_changed() -> None:
    same, other = MAILBOX, {"code": "410200", "packet": {"mailbox": "other@example.com"}}
    given(Reference, units).when(Reference.change, ACT, (MAILBOX,)).then(changed)
    given(Reference, units, changed).when(Reference.change, ACT, (same, other)).then(
        Reference.ReferenceChanged(act=ACT, kind="reporting_unit", items=(other,))
    )

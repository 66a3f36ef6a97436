"""Personnel renders what a packet asks for: each form has one outcome."""

from libs.events.testing import given
from services.personnel.papers.domain import Papers, Wanted
from tests.packets.given import ACT, ENTERPRISE, FIRST, PACKET, SECOND, part

ASKED = Papers.FormsAsked(
    act=ACT,
    packet=PACKET,
    enterprise=ENTERPRISE,
    filings=(Wanted(filing=FIRST, round=1), Wanted(filing=SECOND, round=2)),
)
RENDERED = Papers.FormRendered(act=ACT, packet=PACKET, filing=FIRST, part=part())
FAILED = Papers.FormNotRendered(act=ACT, packet=PACKET, filing=SECOND, reason="KeyError")


def test_a_form_that_is_rendered_is_told_to_its_packet() -> None:
    given(Papers, ASKED).when(Papers.rendered, ACT, FIRST, part()).then(RENDERED)


def test_a_form_that_cannot_be_rendered_does_not_stop_the_others() -> None:
    given(Papers, ASKED).when(Papers.fail, ACT, SECOND, "KeyError").then(FAILED)
    given(Papers, ASKED, FAILED).when(Papers.rendered, ACT, FIRST, part()).then(RENDERED)


def test_a_form_has_one_outcome() -> None:
    given(Papers, ASKED, RENDERED).when(Papers.rendered, ACT, FIRST, part()).then()
    given(Papers, ASKED, FAILED).when(Papers.rendered, ACT, SECOND, part()).then()

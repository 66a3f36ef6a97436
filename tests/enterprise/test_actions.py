"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from libs.events.testing import given
from services.enterprise.information.domain import Enterprise
from services.enterprise.packets.domain import Packet
from tests.enterprise.test_enterprise import FILING, drafted, registered, saved
from tests.given import clerk
from tests.packets.given import UNIT, built
from tests.use_cases import uncalled, use_cases

CASES = use_cases("enterprise")
BEGINS = "begins something: there is no item yet that could offer it"
BY_EFFECT = "nobody asks for it: an effect tells what came of the packet"
OFFERED_NOWHERE = {
    "register": BEGINS,
    "offer_legacy": BEGINS,
    "build_packet": BEGINS,
    "take_part": BY_EFFECT,
    "tell_mailed": BY_EFFECT,
    "tell_failed": BY_EFFECT,
}
ADDING = "add_filing"  # a command of the room of filings, offered by the page

enterprise = given(Enterprise, registered, saved, drafted).aggregate
packet = given(Packet, built()).aggregate


def commanded(room: str) -> set[str]:
    return {case.action for case in CASES if case.room == room and case.action}


def test_the_page_offers_what_its_commands_do_and_to_add_a_filing() -> None:
    assert set(enterprise.actions_on_page(clerk(), None)) == commanded("information") | {ADDING}


def test_a_filing_offers_what_its_commands_do_and_nothing_else() -> None:
    offered = enterprise.actions_on(enterprise.filing(FILING), saving=[], sending=[])
    assert set(offered) == commanded("filings") - {ADDING}


def test_a_packet_offers_what_its_commands_do_and_nothing_else() -> None:
    assert set(packet.actions(UNIT)) == commanded("packets")


def test_what_no_item_offers_is_listed_with_the_reason() -> None:
    assert {case.name for case in CASES if case.action is None} == set(OFFERED_NOWHERE)


def test_every_command_is_called() -> None:
    silent = uncalled("enterprise")
    assert not silent, f"no route, policy or effect calls {silent} of commands.py"

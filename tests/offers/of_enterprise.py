"""An enterprise's page, each of its filings, its packets."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from libs.events.testing import given
from libs.filing.content.enterprise import Information
from libs.filing.filing import Status, Type
from services.enterprise.information.domain import Enterprise
from services.enterprise.information.offer import LegacyOffer
from services.enterprise.packets.domain import MOST_MAILED, Addressee, Packet
from tests.enterprise import test_enterprise as the
from tests.enterprise import test_first_filing as first
from tests.given import clerk
from tests.offers.offer import READ, Offer
from tests.packets import given as packets

BEGUN = (the.registered, the.saved, the.drafted)
CHANGE_SAVED = Enterprise.FilingSaved(
    act=clerk(), filing=the.OTHER, status=Status.SAVED, content=the.CORRECTED
)
CHANGE_SENT = the.sent(
    filing=the.OTHER, type=Type.ENT_CHANGE, content=the.CORRECTED, base_version=1
)
CHANGED = the.approved.model_copy(
    update={"filing": the.OTHER, "type": Type.ENT_CHANGE, "filed_version": 2}
)
SUPERSEDED = Enterprise.FilingSuperseded(act=clerk(), filing=the.FILING, superseded_by=the.OTHER)
FETCHED = Enterprise.LegacyFilingFetched(
    act=clerk(),
    legacy_id="5-001",
    filed_on=the.OFFER.filed_on,
    sha256="5" * 64,
    information=the.PAGE,
)
FILINGS: dict[str, tuple[Any, ...]] = {
    "drafted": BEGUN,
    "saved": the.SENT[:-1],
    "fetched after the saving": (*the.SENT[:-1], FETCHED),
    "sent": the.SENT,
    "opened": (*the.SENT, the.opened),
    "returned": (*the.SENT, the.opened, the.returned),
    "withdrawn": (*the.SENT, the.withdrawn),
    "rejected": (*the.SENT, the.opened, first.rejected),
    "given up": (*BEGUN, first.voided),
    "filed": the.FILED,
    "change drafted": (*the.FILED, the.changing),
    "change saved": (*the.FILED, the.changing, CHANGE_SAVED),
    "change sent": (*the.FILED, the.changing, CHANGE_SAVED, CHANGE_SENT),
    "changed": (*the.FILED, the.changing, CHANGE_SAVED, CHANGE_SENT, CHANGED, SUPERSEDED),
    "two begun": (*BEGUN, first.second, first.second_saved),
    **{
        f"two begun, one {status}": (*BEGUN, first.second, first.second_saved, *past)
        for status, past in first.FIRST.items()
    },
    "two sent": (*the.SENT, first.second, first.second_saved, the.sent(filing=the.OTHER)),
}
PAGES: dict[str, tuple[Any, ...]] = {"registered": (the.registered,), **FILINGS}
OFFERS = {
    "offered": the.OFFER,
    "not migrated": LegacyOffer("5-001", the.OFFER.filed_on, False, "5" * 64, the.PAGE),
    "unknown to 5.0": None,
}
LARGE = packets.arrived(size_bytes=MOST_MAILED)
FORM = packets.arrived()
PACKETS: dict[str, tuple[Any, ...]] = {
    "built": (packets.built(),),
    "incomplete": (
        packets.built(),
        Packet.PartFailed(act=packets.ACT, filing=packets.FIRST, reason="no font"),
    ),
    "ready": (packets.built(), FORM),
    "too large": (packets.built(), LARGE),
    "mailing": (packets.built(), FORM, packets.asked()),
    "mailed": (packets.built(), FORM, packets.asked(), packets.mailed()),
    "failed": (packets.built(), FORM, packets.asked(), packets.failed()),
}


def pages() -> Iterator[Offer]:
    for story, past in PAGES.items():
        for kind, offer in OFFERS.items():
            enterprise = given(Enterprise, *past).aggregate
            type = Type.ENT_CHANGE if enterprise.filed else Type.ENT_INIT
            yield Offer(
                f"page: {story}, {kind}",
                "filed" if enterprise.filed else "not filed",
                enterprise,
                enterprise.actions_on_page(clerk(), offer),
                _acts_on_page(offer, type),
            )


def _acts_on_page(offer: LegacyOffer | None, type: Type) -> dict[str, Any]:
    return {
        "save": lambda e: e.save_information(clerk(), e.page or Information()),
        "import_legacy": lambda e: e.fetch_legacy(clerk(), offer, True),
        "add_filing": lambda e: e.add_filing(clerk(), first.THIRD, type, "N"),
    }


def filings() -> Iterator[Offer]:
    for story, past in FILINGS.items():
        enterprise = given(Enterprise, *past).aggregate
        for id, current in enterprise.filings.items():
            content = enterprise.content_of(current) or Information()
            yield Offer(
                f"{current.type} {current.status}: {story}",
                current.status,
                enterprise,
                enterprise.actions_on(
                    current,
                    saving=enterprise.findings_before_saving_filing(current, content, clerk()),
                    sending=enterprise.findings_before_sending(current, clerk()),
                ),
                _acts_on_filing(id),
            )


def _acts_on_filing(id: UUID) -> dict[str, Any]:
    return {
        "save": lambda e: e.save_filing(clerk(), id, None),
        "send": lambda e: e.send_filing(clerk(), id, "R", READ),
        "withdraw": lambda e: e.ask_withdrawal(clerk(), id),
        "discard": lambda e: e.void_filing(clerk(), id),
    }


def mailings() -> Iterator[Offer]:
    for story, past in PACKETS.items():
        for to in (packets.UNIT, packets.NOWHERE):
            packet = given(Packet, *past).aggregate
            yield Offer(
                f"packet: {story}, {'mailbox' if to.mailbox else 'no mailbox'}",
                packet.state,
                packet,
                packet.actions(to),
                _acts_on_packet(to),
            )


def _acts_on_packet(to: Addressee) -> dict[str, Any]:
    return {"mail": lambda p: p.ask_mail(clerk(), to, packets.MESSAGE)}

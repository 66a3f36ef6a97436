"""A packet: what goes in, when it is whole, when it may be mailed, and that it is one message
however often it is tried.
"""

from email import message_from_bytes
from email.policy import SMTP

import pytest

from libs.events.testing import facts, given
from libs.filing.catalogue import texts_of
from libs.filing.filing import Status, Type
from libs.papers.archive import File
from services.enterprise.packets.assembly import Assembled, message
from services.enterprise.packets.domain import (
    MOST_BYTES,
    TOO_LARGE,
    Packet,
    RequestedFiling,
    State,
    findings_before_building,
)
from tests.packets.given import (
    ACT,
    ENTERPRISE,
    FIRST,
    MESSAGE,
    NAME,
    NOWHERE,
    PACKET,
    RECEIPT,
    SECOND,
    UNIT,
    USCC,
    arrived,
    asked,
    built,
    enclosed,
    failed,
    mailed,
    part,
)

TWO = (enclosed(), enclosed(SECOND, "personnel", Type.PER_INIT))


def packet(*past: Packet.Event) -> Packet:
    found: Packet = given(Packet, *past).aggregate
    return found


@pytest.mark.parametrize("status", [Status.SENT, Status.REVIEWING, Status.APPROVED])
def test_what_lies_with_the_authority_may_go_into_a_packet(status: Status) -> None:
    assert findings_before_building((RequestedFiling(enclosed(), status),)) == []


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {Status.SENT, Status.REVIEWING, Status.APPROVED})
)
def test_what_does_not_is_refused_by_its_number(status: Status) -> None:
    (found,) = findings_before_building(
        (RequestedFiling(TWO[0], Status.SENT), RequestedFiling(TWO[1], status))
    )[:1]
    assert found.pointer == "/filings/1"
    assert TWO[1].filing_no in texts_of(found).zh


def test_a_packet_is_built_of_filings_and_belongs_to_the_enterprise() -> None:
    made = Packet.build(ACT, PACKET, ENTERPRISE, uscc=USCC, name=NAME, unit=UNIT.unit, filings=TWO)
    assert (made.id, made.owner) == (PACKET, ENTERPRISE)
    assert made.waiting == {FIRST, SECOND}
    assert [facts(each) for each in made.collect_events()] == [facts(built(*TWO))]


def test_a_packet_waits_until_each_owner_has_rendered_its_form() -> None:
    assert packet(built(*TWO), arrived(FIRST)).state is State.PREPARING
    assert packet(built(*TWO), arrived(FIRST), arrived(SECOND)).state is State.READY


def test_a_form_that_arrives_twice_counts_once() -> None:
    given(Packet, built(*TWO), arrived(FIRST)).when(Packet.take, ACT, FIRST, part()).then()
    given(Packet, built(*TWO), arrived(FIRST)).when(Packet.take, ACT, SECOND, part()).then(
        arrived(SECOND)
    )


def test_a_form_that_nobody_asked_for_is_not_taken() -> None:
    given(Packet, built()).when(Packet.take, ACT, SECOND, part()).then()


def test_a_form_that_cannot_be_made_leaves_the_packet_incomplete() -> None:
    missed = Packet.PartFailed(act=ACT, filing=FIRST, reason="KeyError")
    given(Packet, built()).when(Packet.miss, ACT, FIRST, "KeyError").then(missed)
    given(Packet, built(), missed).when(Packet.ask_mail, ACT, UNIT, MESSAGE).then_refused("STATE")
    assert packet(built(), missed).state is State.INCOMPLETE


def test_a_packet_takes_no_more_bytes_than_may_be_in_one() -> None:
    large = Packet.PartFailed(act=ACT, filing=SECOND, reason=TOO_LARGE)
    rest = MOST_BYTES - 1000
    given(Packet, built(*TWO), arrived(FIRST)).when(Packet.take, ACT, SECOND, part(rest)).then(
        arrived(SECOND, rest)
    )
    given(Packet, built(*TWO), arrived(FIRST)).when(Packet.take, ACT, SECOND, part(rest + 1)).then(
        large
    )
    (found,) = packet(built(*TWO), arrived(FIRST), large).findings_before_opening()
    assert "512 MB" in texts_of(found).zh


def test_a_whole_packet_is_mailed_to_the_unit_under_its_subject() -> None:
    given(Packet, built(), arrived()).when(Packet.ask_mail, ACT, UNIT, MESSAGE).then(asked())


def test_the_subject_names_the_first_receipt_and_how_many_there_are() -> None:
    assert (
        packet(built(*TWO)).subject_for(UNIT)
        == "【备案】郑州示范建筑设计有限公司-410100-20240902-7K3M9QXZ等2件"
    )


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028"])
def test_a_name_that_was_filed_with_a_line_end_is_mailed_in_one_line(end: str) -> None:
    """Names are cleaned on entry; those in logs may be older."""
    older = built().model_copy(update={"name": f"郑州示范{end}设计"})
    assert packet(older).subject_for(UNIT) == f"【备案】郑州示范 设计-{RECEIPT}"
    attempt = asked().model_copy(update={"subject": f"【备案】郑州示范{end}设计"})
    cover = File("封面.html", "text/html", b"")
    mail = message(packet(older, arrived(), attempt), Assembled(cover, cover))
    assert str(mail["Subject"]) == "【备案】郑州示范 设计"


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?b?5pS/5bqc?=",  # 政府, in the words of a header
        "郑州 =?utf-8?q?=E6=94=BF?= 设计",
        "Zhengzhou <a@b.example>, Design",
        "郑" * 150,
    ],
)
def test_a_name_is_one_whole_in_the_header_of_a_mail(name: str) -> None:
    attempt = asked().model_copy(update={"subject": f"【备案】{name}"})
    cover = File("封面.html", "text/html", b"")
    mail = message(packet(built(), arrived(), attempt), Assembled(cover, cover))
    mail["From"] = "kaohe@localhost"
    arrived_mail = message_from_bytes(mail.as_bytes(policy=SMTP), policy=SMTP)
    raw = mail.as_bytes(policy=SMTP).split(b"\r\n\r\n")[0].decode("ascii")
    assert str(arrived_mail["Subject"]) == f"【备案】{name}"
    assert name.encode() not in mail.as_bytes(policy=SMTP)
    assert "\r\nBcc" not in raw
    assert max(len(line) for line in raw.split("\r\n")) <= 78


@pytest.mark.parametrize(
    ("past", "case"),
    [
        ((built(),), "packet_preparing"),
        ((built(), arrived(), asked()), "packet_mailing"),
        ((built(), arrived(), asked(), mailed()), "packet_mailed"),
    ],
)
def test_mailing_is_refused_with_the_reason_of_its_state(
    past: tuple[Packet.Event, ...], case: str
) -> None:
    (found,) = packet(*past).findings_before_mailing(UNIT)
    assert dict(found.facts)["case"] == case
    given(Packet, *past).when(Packet.ask_mail, ACT, UNIT, MESSAGE).then_refused("STATE")


def test_without_a_mailbox_the_refusal_names_the_unit_in_both_languages() -> None:
    given(Packet, built(), arrived()).when(Packet.ask_mail, ACT, NOWHERE, MESSAGE).then_refused(
        "STATE"
    )
    words = texts_of(packet(built(), arrived()).findings_before_mailing(NOWHERE)[0])
    assert "郑州市" in words.zh
    assert "Zhengzhou" in words.en


def test_a_mail_over_25_mb_is_refused_and_all_reasons_are_given_at_once() -> None:
    largest = (25 * 1024 * 1024 - 64 * 1024) * 57 // 78
    given(Packet, built(), arrived(size_bytes=largest)).when(
        Packet.ask_mail, ACT, UNIT, MESSAGE
    ).then(asked())
    given(Packet, built(), arrived(size_bytes=largest + 100)).when(
        Packet.ask_mail, ACT, NOWHERE, MESSAGE
    ).then_refused("STATE", "STATE")


def test_what_failed_may_be_tried_again_as_the_same_message() -> None:
    given(Packet, built(), arrived(), asked(), failed()).when(
        Packet.ask_mail, ACT, UNIT, "<2@kaohe>"
    ).then(asked(MESSAGE))


def test_an_outcome_is_told_once() -> None:
    given(Packet, built(), arrived(), asked()).when(Packet.mailed, ACT, "ef" * 32, 1000).then(
        mailed()
    )
    given(Packet, built(), arrived(), asked(), mailed()).when(
        Packet.mailed, ACT, "ef" * 32, 1000
    ).then()
    given(Packet, built(), arrived(), asked(), failed()).when(
        Packet.fail, ACT, "UNREACHABLE"
    ).then()


def test_every_attempt_stays_to_be_seen() -> None:
    tried = packet(built(), arrived(), asked(), failed(), asked(), mailed())
    assert [(each.reason, each.version) for each in tried.attempts] == [
        ("UNREACHABLE", 3),
        (None, 5),
    ]
    assert tried.state is State.MAILED

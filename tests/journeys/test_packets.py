"""Chapter 3 on the whole system: what two services hold of the filings is one mail at the
authority, however often it is asked for.
"""

import os
import signal
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from json import loads
from random import Random
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from deploy.demo import packet, staff
from deploy.demo.stage import API, DemoUser, RequestRefused
from tests.journeys.conftest import System
from tests.journeys.test_races import registered

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SCHOOL = "<b>示范</b>大学"


class Sent:
    """An enterprise that sent its own filing and a person's."""

    def __init__(self, system: System) -> None:
        random = Random(31)
        self.enterprise = registered(system, random)
        self.enterprise.fill_in()
        path = self.enterprise.add("ENT_INIT")
        self.enterprise.save(path)
        receipt = self.enterprise.send(path)["receipt_no"]
        self.staff = staff.Staff(self.enterprise.clerk, self.enterprise.uscc, random)
        self.person = self.staff.add("赵示范", None, "ARCH", school=SCHOOL)
        found = self.staff.file([self.person])["sent"][0]
        self.filings, self.receipts = (
            [path.rpartition("/")[2], found["filing"]],
            [receipt, found["receipt_no"]],
        )
        self.packets = packet.Packets(self.enterprise.clerk, self.enterprise.id)


@pytest.fixture(scope="module")
def sent(system: System) -> Sent:
    return Sent(system)


@pytest.fixture
def admin(system: System) -> DemoUser:
    return system.actor("SYS_ADMIN")


def mails(system: System, message_id: str) -> list[dict[str, Any]]:
    return [
        each
        for each in httpx.get(f"{system.told['mail']['http']}/messages").json()
        if each["message_id"] == message_id
    ]


def opened(system: System, name: str) -> EmailMessage:
    raw = httpx.get(f"{system.told['mail']['http']}/messages/{name}").content
    return message_from_bytes(raw, policy=policy.default)


@contextmanager
def without_mail(system: System) -> Iterator[None]:
    """The sink is dead, and nobody starts it again meanwhile."""
    told = system.told
    os.kill(told["supervisor"]["pid"], signal.SIGSTOP)
    try:
        os.kill(told["pids"]["mail"], signal.SIGKILL)
        yield
    finally:
        os.kill(told["supervisor"]["pid"], signal.SIGCONT)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def mailbox(sent: Sent, admin: DemoUser, address: str | None, packet_id: str) -> dict[str, Any]:
    packet.enter_mailbox(admin, address)
    found: dict[str, Any] = sent.packets.clerk.wait(
        "the address", lambda: (now := sent.packets.read(packet_id))["to"] == address and now
    )
    return found


def test_without_a_mailbox_mailing_is_refused_and_names_the_unit(
    sent: Sent, admin: DemoUser
) -> None:
    built = sent.packets.build(sent.filings)
    shown = mailbox(sent, admin, None, built["id"])
    with pytest.raises(RequestRefused) as refused:
        sent.packets.mail(built["id"])
    assert refused.value.problem["status"] == 409
    assert "郑州市" in refused.value.problem["errors"][0]["zh"]
    assert "Zhengzhou" in refused.value.problem["errors"][0]["en"]
    assert shown["allowed_actions"] == [
        {"action": "mail", "allowed": False, "reasons": refused.value.problem["errors"]}
    ]
    assert sent.packets.read(built["id"])["state"] == "READY"


def test_a_packet_of_both_services_is_one_mail_with_cover_forms_and_scans(
    system: System, sent: Sent, admin: DemoUser
) -> None:
    built = sent.packets.build(sent.filings)
    shown = mailbox(sent, admin, packet.MAILBOX, built["id"])
    assert shown["subject"] == f"【备案】{sent.enterprise.name}-{sent.receipts[0]}等2件"
    assert shown["notice"]["url"] == "http://kjks.zzcea.com/newscenter/shownews.aspx?nid=32042"
    sent.packets.mail(built["id"])
    mailed = sent.packets.waits_for(built["id"], "MAILED")
    (line,) = mails(system, mailed["message_id"])
    assert (line["to"], line["subject"]) == (packet.MAILBOX, shown["subject"])
    cover, archive = opened(system, line["name"]).iter_attachments()
    assert cover.get_filename() in ("封面.pdf", "封面.html")
    assert archive.get_filename() == f"备案审核资料-{sent.receipts[0]}.zip"
    with ZipFile(BytesIO(archive.get_content())) as opened_archive:
        files = {name: opened_archive.read(name) for name in opened_archive.namelist()}
    assert {part["name"] for part in shown["parts"]} <= files.keys()
    for part in (each for each in shown["parts"] if each["sha256"]):
        assert sha256(files[part["name"]]).hexdigest() == part["sha256"]
    form = files[f"02-人员信息备案-{sent.receipts[1]}/备案表.html"].decode()
    assert "&lt;b&gt;示范&lt;/b&gt;大学" in form
    assert all(receipt in files["封面.html"].decode() for receipt in sent.receipts)
    assert sum("/扫描件/" in name for name in files) == 4 + 5


def test_a_mailed_packet_is_not_mailed_again_and_no_filing_changes(
    sent: Sent, admin: DemoUser
) -> None:
    built = sent.packets.build(sent.filings)
    mailbox(sent, admin, packet.MAILBOX, built["id"])
    sent.packets.mail(built["id"])
    sent.packets.waits_for(built["id"], "MAILED")
    with pytest.raises(RequestRefused) as refused:
        sent.packets.mail(built["id"])
    assert refused.value.problem["status"] == 409
    filing = sent.enterprise.state(f"{sent.enterprise.path}/filings/{sent.filings[0]}")
    assert (filing["status"], filing["round"]) == ("SENT", 1)


def test_while_the_mail_server_is_away_the_failure_is_shown_and_a_retry_delivers_once(
    system: System, sent: Sent, admin: DemoUser
) -> None:
    built = sent.packets.build(sent.filings)
    mailbox(sent, admin, packet.MAILBOX, built["id"])
    with without_mail(system):
        sent.packets.mail(built["id"])
        failed = sent.packets.waits_for(built["id"], "MAIL_FAILED")
    assert [(each["outcome"], each["reason"]) for each in failed["attempts"]] == [
        ("MAIL_FAILED", "UNREACHABLE")
    ]
    sent.packets.clerk.wait("the sink", lambda: answers(f"{system.told['mail']['http']}/messages"))
    sent.packets.mail(built["id"])
    mailed = sent.packets.waits_for(built["id"], "MAILED")
    assert mailed["message_id"] == failed["message_id"]
    assert len(mails(system, mailed["message_id"])) == 1
    assert [each["outcome"] for each in mailed["attempts"]] == ["MAIL_FAILED", "MAILED"]


def test_the_clerk_may_download_the_packet_and_that_is_written_down(
    system: System, sent: Sent
) -> None:
    built = sent.packets.build(sent.filings)
    answer = httpx.get(
        f"{system.urls['enterprise']}{API}/packets/{built['id']}/document",
        headers={"Authorization": f"Bearer {sent.packets.clerk.token}"},
    )
    assert ZipFile(BytesIO(answer.content)).testzip() is None
    log = system.actor("AUDITOR").get(
        "enterprise", "/events", after=int(built["version"]), limit=1000
    )["items"]
    reads = [
        loads(b64decode(each["data"]))
        for each in log
        if each["type"] == "chassis.Reading.PersonalDataRead"
    ]
    assert {built["id"], sent.person} <= set(
        next(each for each in reads if each["operation"] == "read_packet_document")["subjects"]
    )


def test_what_was_not_sent_and_what_is_foreign_stay_out_of_a_packet(
    system: System, sent: Sent
) -> None:
    draft = sent.enterprise.clerk.do(
        "POST",
        "personnel",
        "/filings",
        {"type": "PER_INIT", "people": [sent.staff.add("钱示范", None, "STRU")]},
    )
    with pytest.raises(RequestRefused) as refused:
        sent.packets.build([*sent.filings, draft["filings"][0]["id"]])
    assert refused.value.problem["status"] == 409
    assert refused.value.problem["errors"][0]["pointer"] == "/filings/2"
    other = registered(system, Random(32), "郑州另一设计有限公司")
    for filing in sent.filings:
        with pytest.raises(RequestRefused) as refused:
            packet.Packets(other.clerk, other.id).build([filing])
        assert refused.value.problem["status"] == 404
    built = sent.packets.build(sent.filings)
    with pytest.raises(RequestRefused) as refused:
        packet.Packets(other.clerk, other.id).read(built["id"])
    assert refused.value.problem["status"] == 404

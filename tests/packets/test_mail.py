"""Mail to a server that is there, that refuses, that is not there; reference data laid over what
was shipped.
"""

import asyncio
import socket
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from libs.chassis.process.mail import NotMailed, Reason, SmtpPost
from libs.chassis.process.settings import Mail
from libs.chassis.replicas.reference import merged


class Server:
    def __init__(self, answer: str) -> None:
        self.answer, self.arrived = answer, 0

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802  named by aiosmtpd
        self.arrived += self.answer.startswith("250")
        return self.answer


class Recipients(Server):
    """Says so before it is given the message, as relays do."""

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802
        return self.answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


def mail() -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"], message["Message-ID"] = (
        "beian@zhengzhou.example",
        "【备案】",
        "<1@kaohe>",
    )
    message.set_content("报送")
    return message


async def sent_to(server: Server, port: int) -> None:
    controller = Controller(server, hostname="127.0.0.1", port=port)
    await asyncio.to_thread(controller.start)
    try:
        await SmtpPost(Mail(host="127.0.0.1", port=port)).send(mail())
    finally:
        await asyncio.to_thread(controller.stop)


async def test_a_server_that_takes_it_has_it(port: int) -> None:
    server = Server("250 OK")
    await sent_to(server, port)
    assert server.arrived == 1


@pytest.mark.parametrize("kind", [Server, Recipients])
@pytest.mark.parametrize(
    ("answer", "reason"), [("552 too large", Reason.REFUSED), ("451 later", Reason.UNREACHABLE)]
)
async def test_a_server_that_does_not_take_it_is_told_apart_from_one_that_is_busy(
    port: int, kind: type[Server], answer: str, reason: Reason
) -> None:
    with pytest.raises(NotMailed) as failed:
        await sent_to(kind(answer), port)
    assert failed.value.reason is reason


async def test_a_server_that_is_away_is_said_to_be(port: int) -> None:
    with pytest.raises(NotMailed) as failed:
        await SmtpPost(Mail(host="127.0.0.1", port=port)).send(mail())
    assert failed.value.reason is Reason.UNREACHABLE


async def test_an_installation_without_mail_says_so() -> None:
    with pytest.raises(NotMailed) as failed:
        await SmtpPost(None).send(mail())
    assert failed.value.reason is Reason.NOT_CONFIGURED


def test_what_was_changed_lies_over_what_was_shipped_field_by_field() -> None:
    shipped = {"code": "410100", "zh": "郑州市", "packet": {"mailbox": None, "notice_site": "网"}}
    assert merged(shipped, {"code": "410100", "packet": {"mailbox": "a@b"}}) == {
        "code": "410100",
        "zh": "郑州市",
        "packet": {"mailbox": "a@b", "notice_site": "网"},
    }
    assert merged({"packet": None}, {"packet": {"mailbox": "a@b"}}) == {
        "packet": {"mailbox": "a@b"}
    }
    assert merged(shipped, {}) == shipped

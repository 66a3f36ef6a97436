"""An operator's smarthost: it takes letters from whoever signs in over TLS, and has no mailbox of
`nobody`. `python3 smarthost.py PEM` is one at port 587, which tells each letter as a line of JSON.
"""

import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "kaohe@smarthost", "not^for:others"
LARGEST = 64 * 2**20


@dataclass(frozen=True)
class Letter:
    """As it arrived."""

    by: str  # who signed in
    sender: str
    to: tuple[str, ...]
    id: str
    attachments: tuple[str, ...]


class Mailboxes:
    def __init__(self, take: Callable[[Letter], None]) -> None:
        self._take = take

    async def handle_RCPT(  # noqa: N802  named by aiosmtpd
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        names = tuple(str(part.get_filename()) for part in message.iter_attachments())
        to, id = tuple(envelope.rcpt_tos), str(message["message-id"])
        self._take(Letter(session.auth_data, envelope.mail_from, to, id, names))
        return "250 OK"


def signed_in(_server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=said == known, auth_data=said.login.decode())


@contextmanager
def smarthost(pem: Path, host: str, port: int, take: Callable[[Letter], None]) -> Iterator[None]:
    """Whoever has the certificate of `pem` and takes letters."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pem)
    controller = Controller(
        Mailboxes(take),
        hostname=host,
        port=port,
        tls_context=tls,
        require_starttls=True,
        auth_required=True,
        authenticator=signed_in,
        data_size_limit=LARGEST,
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def told(letter: Letter) -> None:
    sys.stdout.write(json.dumps(asdict(letter)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with smarthost(Path(sys.argv[1]), "0.0.0.0", 587, told):
        threading.Event().wait()

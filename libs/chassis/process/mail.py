"""Mail: one message to one server. Whoever asks again with the same Message-ID asks for the same
message (decision 21).
"""

import ssl
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

import aiosmtplib

from libs.chassis.process.settings import Mail

SMTP_TIMEOUT = 20.0  # seconds for each answer of the server


class Reason(StrEnum):
    NOT_CONFIGURED = "NOT_CONFIGURED"  # this installation has no mail server
    UNREACHABLE = "UNREACHABLE"
    REFUSED = "REFUSED"  # permanent rejection (5xx)


class NotMailed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Post(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken it. Raises NotMailed; then it may have been taken all
        the same.
        """


class SmtpPost:
    def __init__(self, settings: Mail | None) -> None:
        self._settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Returns once the server has taken the message. Raises NotMailed with the reason."""
        if (settings := self._settings) is None:
            raise NotMailed(Reason.NOT_CONFIGURED)
        message["From"] = settings.sender
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                timeout=SMTP_TIMEOUT,
                username=settings.username or None,  # one may be said to be none
                password=settings.password.get_secret_value() if settings.password else None,
                use_tls=settings.security == "TLS",
                start_tls=settings.security == "STARTTLS",
                tls_context=_trusting(settings),
            )
        except aiosmtplib.SMTPResponseException as error:
            raise NotMailed(_reason(error.code)) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise NotMailed(_reason(*(each.code for each in error.recipients))) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotMailed(Reason.UNREACHABLE) from error


def _reason(*codes: int) -> Reason:
    """Of the server's answers: one that is for good decides."""
    return Reason.UNREACHABLE if all(400 <= code < 500 for code in codes) else Reason.REFUSED


def _trusting(settings: Mail) -> ssl.SSLContext | None:
    return (
        ssl.create_default_context(cafile=str(settings.ca_pem) if settings.ca_pem else None)
        if settings.security
        else None
    )

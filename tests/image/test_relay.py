"""The mail relay of compose.yaml, from Debian's packages as base.sh puts them together, started as
compose starts it: as nobody, on a root that cannot be written, without a right.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from deploy.embedded.process import reserve
from deploy.image import material
from deploy.installation.places import ROOT
from libs.chassis.process.mail import NotMailed, Reason, SmtpPost
from libs.chassis.process.settings import Mail
from tests.image.engine import CONFINED, docker, inspected
from tests.image.smarthost import PASSWORD, USER, Letter, smarthost
from tests.image.test_image import USER as NOBODY
from tests.patience import PATIENCE

pytestmark = pytest.mark.image
IMAGE = "kaohe/build"
CODE = "/opt/kaohe/code"
OURS = "kaohe@kaohe.test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets; their certificates are good for `localhost`."""
    found = material.Folder(tmp_path_factory.mktemp("secrets"))
    found.once("smarthost_password", lambda: PASSWORD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(material.SERVERS, "mail", ("mail", ("localhost",)))
        material.made(found, ("localhost",))
    found.path.chmod(0o500)
    os.chown(found.path, NOBODY, NOBODY)
    return found.path


@contextmanager
def relay(folder: Path, tmp_path: Path, **settings: str) -> Iterator[int]:
    """Its port."""
    config = tmp_path / "exim4.conf"
    config.write_bytes((ROOT / "deploy/image/exim.conf").read_bytes())
    config.chmod(0o444)
    port = reserve()
    given = {
        "MAIL_DOMAIN": "kaohe.test",
        "MAIL_LISTENS": f"127.0.0.1.{port}",
        "SMARTHOST_USER": USER,
        "SMARTHOST_CA": "/run/secrets/ca",
        "PYTHONPATH": CODE,
    } | settings
    mounts = {
        folder: "/run/secrets",
        config: "/etc/exim4/exim4.conf",
        ROOT / "deploy": f"{CODE}/deploy",
        ROOT / "libs": f"{CODE}/libs",
    }
    started = docker(
        *("run", "-d", *CONFINED, "--user", f"{NOBODY}:{NOBODY}"),
        *("--tmpfs", f"/data:uid={NOBODY}"),
        *(part for name, value in given.items() for part in ("-e", f"{name}={value}")),
        *(part for here, there in mounts.items() for part in ("-v", f"{here}:{there}:ro")),
        *(IMAGE, "python3", "-m", "deploy.image.servers", "mail"),
    )
    try:
        answers(port, started)
        yield port
    finally:
        docker("rm", "-f", started)


def answers(port: int, container: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 3).close()
        except OSError:
            is_up = inspected(container)["State"]["Running"] and time.monotonic() < end
            assert is_up, docker("logs", container)
            time.sleep(0.2)
        else:
            return


@contextmanager
def mailing(folder: Path, tmp_path: Path, **settings: str) -> Iterator[tuple[int, list[Letter]]]:
    """The relay's port, and what has arrived at the smarthost that it was given."""
    arrived: list[Letter] = []
    port = reserve()
    with smarthost(folder / "proxy_pem", "127.0.0.1", port, arrived.append):
        named = settings.pop("SMARTHOST", "localhost:{port}").format(port=port)
        with relay(folder, tmp_path, SMARTHOST=named, **settings) as listens:
            yield listens, arrived


def post(folder: Path, port: int, **other: str | None) -> SmtpPost:
    """As the service enterprise has it."""
    given = {
        "host": "localhost",
        "sender": OURS,
        "security": "STARTTLS",
        "username": "kaohe",
        "password": (folder / "mail_password").read_text(),
        "ca_pem": folder / "ca",
    }
    return SmtpPost(Mail.model_validate(given | {"port": port} | other))


def packet(to: str = "beian@zhengzhou.example") -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"], message["Message-ID"] = to, "【备案】", "<1@kaohe>"
    message.set_content("报送")
    message.add_attachment(os.urandom(2**20), "application", "zip", filename="备案审核资料.zip")
    return message


async def refused(found: SmtpPost, message: EmailMessage | None = None) -> Reason:
    with pytest.raises(NotMailed) as failed:
        await found.send(message or packet())
    return failed.value.reason


async def test_a_packet_leaves_by_the_smarthost_and_by_nobody_elses_word(
    folder: Path, tmp_path: Path
) -> None:
    with mailing(folder, tmp_path) as (port, arrived):
        await post(folder, port).send(packet())
        (letter,) = arrived
        assert (letter.by, letter.sender, letter.id) == (USER, OURS, "<1@kaohe>")
        assert letter.to == ("beian@zhengzhou.example",)
        assert letter.attachments == ("备案审核资料.zip",)
        for other in (
            {"username": ""},
            {"password": "guessed"},
            {"security": None},
            {"security": None, "username": None},
            {"sender": "minister@henan.example"},
        ):
            await refused(post(folder, port, **other))
        assert arrived == [letter]


async def test_what_the_smarthost_answers_is_what_the_service_hears(
    folder: Path, tmp_path: Path
) -> None:
    with mailing(folder, tmp_path) as (port, arrived):
        found = post(folder, port)
        assert await refused(found, packet("nobody@zhengzhou.example")) is Reason.REFUSED
        assert not arrived


@pytest.mark.parametrize(
    "settings",
    [
        {"SMARTHOST": ""},
        {"SMARTHOST": "localhost:1"},
        {"SMARTHOST": "127.0.0.1:{port}"},
        {"SMARTHOST_CA": "/etc/ssl/certs/ca-certificates.crt"},
    ],
    ids=["none is named", "it is away", "it has another name", "a stranger vouches for it"],
)
async def test_without_a_smarthost_that_is_known_nothing_leaves(
    settings: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    with mailing(folder, tmp_path, **settings) as (port, arrived):
        assert await refused(post(folder, port)) is Reason.UNREACHABLE
        assert not arrived

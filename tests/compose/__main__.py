"""deploy/compose.yaml, profile `full` or the one that is named, started whole and used; by command,
beside a Docker engine that has kaohe/kaohe and kaohe/servers (deploy/image). With an engine of its
own, as root:

    ENGINE_BRIDGE=yes deploy/image/engine.sh sh -c 'deploy/image/base.sh /var/cache/kaohe/base &&
        deploy/image/build.sh && deploy/image/build.sh --servers &&
        .venv/bin/python -m tests.compose [small]'

A clerk signs in at Keycloak and files, an officer approves; a packet of it is mailed and arrives at
the smarthost; the backup job runs. In `full` moreover a broker is killed and another filing goes
through; the primary is killed, the standby promoted by the runbook's command, and a third goes
through; what stood before stands. Status 1, and what is not so, otherwise. It takes 6 GB of memory.
"""

import asyncio
import logging
import signal
import ssl
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from aiokafka.errors import KafkaError

from deploy.demo import filing, packet, people
from deploy.demo.stage import Teller
from deploy.embedded.places import SERVICES
from deploy.installation.places import ROOT
from libs.events.errors import Unavailable
from libs.events.kafka import Bus, KafkaSettings
from tests.compose.installation import DOMAIN, HTTPS, CheckFailed, Installation
from tests.compose.names import lead_here
from tests.compose.people import PORTAL, Account, SignedIn, browser

INBOX, FOREIGN = "kaohe.authority.inbox.v1", "kaohe.enterprise.v1"
DOORS = ",".join(f"kafka.{DOMAIN}:{port}" for port in (19093, 19094, 19095))


class Play:
    """An enterprise and its officer, at the installation."""

    def __init__(self, installation: Installation) -> None:
        self._ca = installation.secrets / "ca"
        self._uscc = people.credit_code(Random())
        self._accounts = {
            "clerk": Account("clerk", "ENT_CLERK", {"org": self._uscc}),
            "officer": Account("officer", "CITY_OFFICER", {"city": "410100"}),
            "admin": Account("administrator", "SYS_ADMIN", {}),
        }
        admin = (installation.secrets / "keycloak_admin").read_text()
        with browser(self._ca) as client:
            for each in self._accounts.values():
                each.made(client, admin)
        self._officer = filing.Officer(self._signed_in("officer"))
        clerk = self._signed_in("clerk")
        self.enterprise = filing.make(clerk, Random(), "郑州示范建筑设计有限公司", self._uscc)

    def _signed_in(self, name: str) -> SignedIn:
        services = {each: f"https://{each}.{DOMAIN}" for each in SERVICES}
        account = self._accounts[name]
        return SignedIn(
            name,
            account.signs_in(self._ca),
            services,
            Teller(),
            browser(self._ca),
            signs_in=lambda: account.signs_in(self._ca),
            since=time.monotonic(),
        )

    def begins(self) -> str:
        """Registered, filled in with scans, filed, approved."""
        self.enterprise.register()
        return self._approved(filing.first_filing(self.enterprise))

    def mails(self, sent: str) -> dict[str, Any]:
        """The packet of what was sent, once the relay has answered."""
        packet.enter_mailbox(self._signed_in("admin"))
        packets = packet.Packets(self.enterprise.clerk, self.enterprise.id)
        built = packets.waits_for_address(packets.build([sent.rpartition("/")[2]])["id"])
        packets.mail(built["id"])
        return packets.waits_for(built["id"], "MAILED", "MAIL_FAILED")

    def changes(self, telephone: str) -> str:
        return self._approved(self.enterprise.change(office_phone=telephone))

    def _approved(self, sent: str) -> str:
        self._officer.decide(self._officer.open(sent), "PASS", "审核通过")
        self.enterprise.waits_for(sent, "APPROVED")
        return sent


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the installation goes with it
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it says each refusal a hundred times
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        path = Path(folder) / "secrets"
        try:
            with lead_here(DOMAIN, {443: HTTPS}):
                checked(Installation(path, *(sys.argv[1:] or ["full"])))
        except CheckFailed as failed:
            print(f"FAILED {failed}")
            return 1
    return 0


def checked(installation: Installation) -> None:
    began = time.monotonic()

    def told(what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)

    with installation.up():
        told(f"{installation.count()} containers are well")
        play = Play(installation)
        sent = play.begins()
        told("a clerk of Keycloak filed, an officer approved")
        the_packet_arrives(installation, play.mails(sent))
        told("a packet left by the relay and arrived at the smarthost")
        the_portal_is_there(installation)
        services_are_where_their_events_say(installation)
        asyncio.run(the_authority_has_its_door(installation))
        told("the portal sends people to Keycloak; the authority came in by its certificate")
        if installation.profile == "full":
            servers_fail(installation, play, sent, told)
        installation.compose("--profile", "jobs", "run", "--rm", "backup")
        told("everything was backed up by the job")


def servers_fail(
    installation: Installation, play: Play, first: str, told: Callable[[str], None]
) -> None:
    sent = [first]
    installation.compose("kill", "kafka2")
    sent.append(play.changes("0371-60000001"))
    told("one broker of three was killed: filed and approved without it")
    installation.compose("up", "-d", "--no-deps", "kafka2")
    promoted(installation)
    told("the primary was killed and the standby promoted")
    sent.append(play.changes("0371-60000002"))
    told("filed and approved on the promoted standby")
    states = [play.enterprise.state(each)["status"] for each in sent]
    if states != ["SUPERSEDED", "SUPERSEDED", "APPROVED"]:  # each change takes its place
        raise CheckFailed(f"of {sent} the states are {states}")
    told("what was approved before still stands, superseded in its turn")
    joined(installation)
    told("the old primary came back as the standby of the new one")


def the_packet_arrives(installation: Installation, mailed: dict[str, Any]) -> None:
    arrived = [each["id"] for each in installation.letters()]
    if mailed["state"] != "MAILED" or arrived != [mailed["message_id"]]:
        raise CheckFailed(f"{mailed['message_id']} is {mailed['state']}; arrived: {arrived}")


def promoted(installation: Installation) -> None:
    """As docs/runbook.md has it."""
    installation.compose("kill", "postgres1")
    installation.compose("rm", "--force", "--stop", "--volumes", "postgres1")
    installation.compose("exec", "-T", "postgres2", *PROMOTE)


PROMOTE = ("python3", "-m", "deploy.image.servers", "promote")


def joined(installation: Installation) -> None:
    installation.volume_removed("postgres1")
    installation.compose("up", "-d", "postgres1", KAOHE_POSTGRES1_FOLLOWS="postgres2")
    installation.becomes_well()


def the_portal_is_there(installation: Installation) -> None:
    with browser(installation.secrets / "ca") as client:
        page = client.get(f"{PORTAL}/login")
        if page.status_code != 200:
            raise CheckFailed(f"the portal answers {page.status_code}")
        sent = client.get(f"{PORTAL}/login/start?next=/")
        if not sent.headers.get("Location", "").startswith(f"https://id.{DOMAIN}/realms/kaohe"):
            raise CheckFailed(f"the portal sends nobody to Keycloak: {sent.status_code}")


def services_are_where_their_events_say(installation: Installation) -> None:
    """Schemas are there for everybody, figures for nobody."""
    with browser(installation.secrets / "ca") as client:
        for name in SERVICES:
            service, schemas = f"https://{name}.{DOMAIN}", ROOT / "contracts" / "events"
            schema = next(schemas.glob(f"{name}.*/v*.json")).relative_to(ROOT)
            wanted = {f"/{schema}": 200, "/%6detrics": 404, "/metrics": 404}
            for path, code in wanted.items():
                if (found := client.get(f"{service}{path}").status_code) != code:
                    raise CheckFailed(f"{service}{path} answers {found}, not {code}")


async def the_authority_has_its_door(installation: Installation) -> None:
    """It reads what is for it, and nothing else."""
    tls = ssl.create_default_context(cafile=installation.secrets / "ca")
    tls.load_cert_chain(installation.secrets / "authority_pem")
    bus = Bus(KafkaSettings(DOORS, security={"security_protocol": "SSL"}, tls=tls))
    await bus.end(INBOX)
    try:
        await bus.end(FOREIGN)
    except (KafkaError, Unavailable):
        return
    raise CheckFailed(f"the authority reads {FOREIGN}")


if __name__ == "__main__":
    sys.exit(main())

"""A real broker with SCRAM, mTLS and an authorizer, which lets nobody in by default."""

import asyncio
import os
import signal
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.embedded.kafka import start_command
from deploy.embedded.process import Server, reserve
from deploy.kafka import manifest

ADMIN = "admin"
TEMPLATE = Path(manifest.__file__).with_name("secured.properties.template")


class Certificates:
    """A certificate authority of its own, in a folder: `ca.pem`, and one file a name."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        folder.mkdir()
        self._name = _named("ca")
        made = self._draft(self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.ca.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> Path:
        """Key and certificate, for both ends of a connection."""
        key, path = ec.generate_private_key(ec.SECP256R1()), self.folder / f"{name}.pem"
        made = (
            self._draft(_named(name), key)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False
            )
            .add_extension(
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
                ),
                False,
            )
            .sign(self._key, hashes.SHA256())
        )
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + made.public_bytes(Encoding.PEM)
        )
        return path

    def _draft(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class SecuredBroker:
    """Services and readers come in by password, the authority by certificate."""

    client_port: int
    partner_port: int
    certificates: Certificates
    passwords: dict[str, str]

    def bootstrap(self, principal: str) -> str:
        return f"127.0.0.1:{self.client_port if principal in self.passwords else self.partner_port}"

    def security(self, principal: str) -> dict[str, Any]:
        """aiokafka's arguments."""
        tls = ssl.create_default_context(cafile=str(self.certificates.ca))
        if principal not in self.passwords:
            tls.load_cert_chain(self.certificates.issue(principal))
            return {"security_protocol": "SSL", "ssl_context": tls}
        return {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": principal,
            "sasl_plain_password": self.passwords[principal],
            "ssl_context": tls,
        }


@asynccontextmanager
async def secured(home: Path, principals: Iterable[str]) -> AsyncIterator[SecuredBroker]:
    """`principals`: who has a password."""
    for name in ("log", "run"):
        (home / name).mkdir()
    certificates = Certificates(home / "certs")
    certificates.issue("broker")
    passwords = {name: token_urlsafe(12) for name in (ADMIN, *principals)}
    port, controller, partner, internal = (reserve() for _ in range(4))
    command = await asyncio.to_thread(
        start_command,
        home,
        port,
        controller,
        TEMPLATE,
        [f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in passwords.items()],
        partner_port=partner,
        internal_port=internal,
        certs=certificates.folder,
    )
    broker = SecuredBroker(port, partner, certificates, passwords)
    server = Server(home, "kafka", signal.SIGTERM, 15.0)
    await server.start(command, os.environ, lambda: _answers(broker))
    try:
        yield broker
    finally:
        await server.stop()


async def _answers(broker: SecuredBroker) -> bool:
    """Both doors; they open last, one after the other."""
    try:
        for port in (broker.client_port, broker.partner_port):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
    except OSError:
        return False
    return True

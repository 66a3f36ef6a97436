"""`python -m deploy.image.material FOLDER [HOST...]`: the files that compose and Kubernetes mount
as secrets, each made once and then kept: passwords, DSNs, keys, certificates of an authority of its
own. HOSTs: at which the proxy is reached, the brokers' for the authority among them. What an
operator has already he puts there first: an authority's certificate (`ca`) with its `ca_key`.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.embedded.places import PORTAL, SERVICES
from deploy.embedded.process import StackError
from libs.events.signatures import RecordKey, Signatory, Signer, told

USER = 10001  # of the images
HOSTS = tuple(f"{name}.kaohe.test" for name in ("portal", "id", "s3", "kafka", *SERVICES))
DATABASE = "postgres1:5432,postgres2:5432"
QUERY = "sslmode=require&target_session_attrs=primary"
PRINCIPALS = (*SERVICES, PORTAL, "auditor", "admin")
SERVERS = {  # certificates: the name that stands in them, and the hosts
    "kafka": ("broker", ("kafka1", "kafka2", "kafka3")),
    "postgres": ("postgres", ("postgres1", "postgres2")),
    "mail": ("mail", ("mail",)),
    "authority": ("authority", ()),
}
USAGE = "usage: python -m deploy.image.material FOLDER [HOST...]"


class Folder:
    """Of secrets; what is there stays as it is."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path

    def once(self, name: str, make: Callable[[], str]) -> str:
        path = self.path / name
        if not path.exists():
            new = self.path / f".{name}.new"
            new.write_text(make())
            new.chmod(0o400)  # production refuses keys that others may read
            if os.geteuid() == 0:
                os.chown(new, USER, USER)
            new.rename(path)
        return path.read_text()

    def has(self, *names: str) -> bool:
        return all((self.path / name).exists() for name in names)

    def password(self, name: str) -> str:
        return self.once(name, lambda: secrets.token_urlsafe(24))


def made(folder: Folder, hosts: Sequence[str]) -> None:
    """Raises StackError for an authority that cannot sign."""
    _certificates(folder, hosts)
    _databases(folder)
    _keys(folder)
    users = {name: folder.password(f"{name}_kafka") for name in PRINCIPALS}
    folder.once("kafka_users", lambda: "\n".join(_scram(*each) for each in users.items()))
    identity = {
        "name": "kaohe",
        "credentials": [
            {
                "accessKey": folder.password("s3_access"),
                "secretKey": folder.password("s3_secret"),
            }
        ],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    folder.once("s3_identities", lambda: json.dumps({"identities": [identity]}))
    for name in ("keycloak_admin", "keycloak_database", "mail_password", "replication", "weed"):
        folder.password(name)
    folder.once("smarthost_password", str)  # the operator's own; none, for one that asks for none


def _databases(folder: Folder) -> None:
    def dsn(user: str, database: str) -> str:
        word = folder.password(f"{user}_password")
        return folder.once(
            f"{user}_dsn", lambda: f"postgresql://{user}:{word}@{DATABASE}/{database}?{QUERY}"
        )

    word = folder.password("kaohe_password")
    folder.once("kaohe_dsn", lambda: f"postgresql://kaohe:{word}@{DATABASE}/postgres?{QUERY}")
    for name in SERVICES:
        for user in (name, *(f"{name}_{kind}" for kind in ("owner", "reader", "retention"))):
            dsn(user, name)
        dsn(f"{name}_keys", "keys")
    dsn("keys_owner", "keys")
    dsn(PORTAL, PORTAL)
    dsn(f"{PORTAL}_owner", PORTAL)


def _keys(folder: Folder) -> None:
    for name in ("master_key", "person_key", "session_key"):
        folder.once(name, lambda: secrets.token_hex(32))
    known = {}
    for service in SERVICES:
        seed = folder.once(f"{service}_records_key", lambda: secrets.token_hex(32))
        known[service] = Signatory([RecordKey(Signer(service, bytes.fromhex(seed)).public_key)])
    folder.once("signatories", lambda: told(known))


def _scram(name: str, word: str) -> str:
    """As Kafka's StorageTool takes a user, without the password."""
    salt, rounds = secrets.token_bytes(16), 8192
    salted = hashlib.pbkdf2_hmac("sha512", word.encode(), salt, rounds)
    parts = f'salt="{_text(salt)}",saltedpassword="{_text(salted)}"'
    return f"SCRAM-SHA-512=[name={name},iterations={rounds},{parts}]"


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _certificates(folder: Folder, hosts: Sequence[str]) -> None:
    brokers, inside = SERVERS["kafka"]
    doors = {"proxy": ("proxy", tuple(hosts)), "kafka": (brokers, (*inside, *hosts))}
    wanted = {f"{file}_pem": each for file, each in (SERVERS | doors).items()}
    if not folder.has("ca", *wanted):  # else nothing is signed: its key may be kept elsewhere
        key, authority = _authority(folder)
        for file, (name, names) in wanted.items():
            folder.once(file, partial(_issued, key, authority, name, names))
    # whom services believe of the issuer and of the object store; brokers believe `ca` alone
    folder.once("trusted", (folder.path / "ca").read_text)


def _authority(folder: Folder) -> tuple[ec.EllipticCurvePrivateKey, x509.Name]:
    """Its key and name. Raises StackError for a certificate that is not of this key."""
    if folder.has("ca") and not folder.has("ca_key"):
        raise StackError(
            "有 ca 而没有它的 ca_key：无法用它签发证书",
            "there is a ca without its ca_key: nothing can be signed by it",
        )
    key_text = folder.once("ca_key", lambda: _pem(ec.generate_private_key(ec.SECP256R1())))
    key = load_pem_private_key(key_text.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise StackError("ca_key 应为椭圆曲线私钥", "ca_key must be a key on an elliptic curve")
    for each in x509.load_pem_x509_certificates(folder.once("ca", partial(_own, key)).encode()):
        if each.public_key() == key.public_key():
            return key, each.subject
    raise StackError("ca 不是 ca_key 的证书", "ca is no certificate of ca_key")


def _own(key: ec.EllipticCurvePrivateKey) -> str:
    """The authority's certificate, by itself."""
    subject = _named("Kaohe")
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    return _signed(_draft(subject, key, subject).add_extension(constraints, critical=True), key)


def _issued(
    key: ec.EllipticCurvePrivateKey, authority: x509.Name, name: str, names: Sequence[str]
) -> str:
    own = ec.generate_private_key(ec.SECP256R1())
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    draft = _draft(_named(name), own, authority)
    draft = draft.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        draft = draft.add_extension(alternatives, critical=False)
    return _pem(own) + _signed(draft, key)


def _draft(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: x509.Name
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    begun = builder.not_valid_before(now - timedelta(days=1))
    return begun.not_valid_after(now + timedelta(days=730))


def _signed(draft: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> str:
    return draft.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def main() -> int:
    folder, *hosts = sys.argv[1:] or ("-",)
    if folder.startswith("-"):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    os.umask(0o027)
    try:
        made(Folder(Path(folder)), tuple(hosts) or HOSTS)
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The header `kaohe-signature: Ed25519; 410100/2024-1; <base64>`: algorithm, office and key id,
signature over the exact value bytes.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from libs.events.curve import is_key

HEADER = "kaohe-signature"
# another algorithm gets another name; what it does not know the service refuses
ED25519 = "Ed25519"
FORM = re.compile(
    rb"([A-Za-z0-9-]{1,32}); ([0-9]{6})/([A-Za-z0-9._-]{1,64}); ([A-Za-z0-9+/]{1,2048}={0,2})"
)


@dataclass(frozen=True)
class Signature:
    algorithm: str
    office: str
    key_id: str
    value: bytes

    @property
    def header(self) -> tuple[str, bytes]:
        return (
            HEADER,
            (
                f"{self.algorithm}; {self.office}/{self.key_id}; {b64encode(self.value).decode()}"
            ).encode(),
        )


def signature_of(headers: Iterable[tuple[str, bytes | None]]) -> Signature | None:
    """Exactly one, in exactly one spelling: whoever changes a character of it has another
    signature.
    """
    given = [value for name, value in headers if name == HEADER]
    if len(given) != 1 or not given[0]:
        return None
    signature = _read(given[0])
    return signature if signature and signature.header[1] == given[0] else None


def _read(header: bytes) -> Signature | None:
    if not (parts := FORM.fullmatch(header)):
        return None
    algorithm, office, key_id = (part.decode() for part in parts.groups()[:3])
    try:
        return Signature(algorithm, office, key_id, b64decode(parts[4], validate=True))
    except ValueError:
        return None


def statement(office: str, key_id: str, issuer: str, public_key: str) -> bytes:
    """What the holder of a key signs with it, so that it may be registered (proof of
    possession): for this office, under this id.
    """
    return "\n".join(("kaohe-authority-key", office, key_id, issuer, public_key)).encode()


def verifies(public_key: str, signature: bytes, value: bytes) -> bool:
    """Never by a key under which anything would: an older log may have one."""
    key = b64decode(public_key)
    if not is_key(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, value)
    except (InvalidSignature, ValueError):
        return False
    return True

"""Signatures of records: a service's relay signs each record with the service's own key (Ed25519,
RFC 8032); whoever reads its topic verifies before anything else (decision 54).

The header `kaohe-record-signature: Ed25519; <key id>; <base64>` covers the topic and the leaf hash
of the log's proof: position, stream, version, type, owner, recorded_at, meta and data.
"""

import json
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from libs.events.envelope import SIGNATURE, UNREADABLE, KafkaRecord, from_record, topic_of
from libs.events.records import StoredEvent

ALGORITHM = "Ed25519"
KNOWN = 4096  # signatures that are remembered: several readers of a process hear the same record


class Untrusted(Exception):
    """A record that its service did not publish; says why."""


@dataclass(frozen=True)
class RecordKey:
    """A service's public key; `until`: the last position that it signed, None while it is used."""

    public_key: bytes
    until: int | None = None

    @property
    def id(self) -> str:
        return key_id(self.public_key)


@dataclass(frozen=True)
class Signatory:
    """A service by its keys; records below `signed_from` are from before records were signed."""

    keys: Sequence[RecordKey]
    signed_from: int = 1


class Signer:
    """Signs what one service publishes. `seed`: the 32 bytes of its private key."""

    def __init__(self, service: str, seed: bytes) -> None:
        self._topic, self._key = topic_of(service), Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()

    def signed(self, record: KafkaRecord, event: StoredEvent) -> KafkaRecord:
        """The record of this event, with its signature."""
        made = self._key.sign(_message(self._topic, event))
        text = f"{ALGORITHM}; {key_id(self.public_key)}; {b64encode(made).decode()}"
        return replace(record, headers=(*record.headers, (SIGNATURE, text.encode())))


class Signatories:
    """The services whose records are read here, by name, and how each is known."""

    def __init__(self, known: Mapping[str, Signatory]) -> None:
        self._signatories = known
        self._verified: OrderedDict[bytes, None] = OrderedDict()

    def event(self, service: str, record: KafkaRecord) -> StoredEvent:
        """The log's row, byte for byte, as the service published it. Raises Untrusted."""
        try:
            event = from_record(record)
            well_formed = event.position > 0 and event.version > 0 and bool(event.id)
        except UNREADABLE as error:
            raise Untrusted(f"malformed ({type(error).__name__})") from error
        if not well_formed:
            raise Untrusted("malformed (position or version)")
        signatory = self._signatories.get(service) or Signatory(())
        if not any(name == SIGNATURE for name, _ in record.headers):
            if event.position >= signatory.signed_from:
                raise Untrusted("unsigned")
        else:
            self._verify(signatory, topic_of(service), event, record)
        return event

    def _verify(
        self, signatory: Signatory, topic: str, event: StoredEvent, record: KafkaRecord
    ) -> None:
        try:
            algorithm, id, signature = record.header(SIGNATURE).split("; ")
            value = b64decode(signature, validate=True)
        except UNREADABLE as error:
            raise Untrusted("malformed (signature)") from error
        key = next((each for each in signatory.keys if each.id == id), None)
        if algorithm != ALGORITHM or key is None:
            raise Untrusted("signed with a key that is not known")
        if key.until is not None and event.position > key.until:
            raise Untrusted("signed with a key after its last position")
        message = _message(topic, event)
        mark = sha256(key.public_key + value + message).digest()
        if mark in self._verified:
            return
        try:
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(value, message)
        except InvalidSignature as error:
            raise Untrusted("its signature does not fit") from error
        self._verified[mark] = None
        if len(self._verified) > KNOWN:
            self._verified.popitem(last=False)


def key_id(public_key: bytes) -> str:
    """Sixteen hexadecimal digits of the key's SHA-256."""
    return sha256(public_key).hexdigest()[:16]


def signatories(text: str) -> Signatories:
    """From the file that an installation hands its services (JSON): `{"<service>": {"signed_from":
    1, "keys": [{"public_key": "<base64>", "until": null}]}}`. Raises ValueError, KeyError,
    TypeError for anything else.
    """
    return Signatories(
        {
            service: Signatory(
                [RecordKey(_public(key["public_key"]), key.get("until")) for key in told["keys"]],
                int(told["signed_from"]),
            )
            for service, told in orjson.loads(text).items()
        }
    )


def told(known: Mapping[str, Signatory]) -> str:
    """The file's text; see `signatories`."""
    return json.dumps(
        {
            service: {
                "signed_from": each.signed_from,
                "keys": [
                    {"public_key": b64encode(key.public_key).decode(), "until": key.until}
                    for key in each.keys
                ],
            }
            for service, each in known.items()
        },
        indent=2,
    )


def _public(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a public key has 32 bytes")
    return key


def _message(topic: str, event: StoredEvent) -> bytes:
    return b"\n".join((b"kaohe record", topic.encode(), event.leaf))

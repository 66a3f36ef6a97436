"""What is kept of a scan: what it shows, in its format, and as evidence what was uploaded. Both lie
encrypted under its subject's key; only the first is ever handed out.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag

from libs.chassis.scans.objects import Objects
from libs.chassis.scans.parser.pool import Parser
from libs.chassis.scans.scan import Scan, Stored
from libs.events.clock import Ids
from libs.events.errors import Lost
from libs.events.keyring import KeyRing
from libs.events.personal import Sealer


class Storage(Protocol):
    """What this room works with, of the resources of a service."""

    @property
    def keyring(self) -> KeyRing: ...

    @property
    def objects(self) -> Objects: ...

    @property
    def parser(self) -> Parser: ...

    @property
    def ids(self) -> Ids: ...


@dataclass(frozen=True)
class Kept:
    stored: Stored  # built anew by the parser
    original: Stored | None  # None: what is stored is what was uploaded


async def keep(the: Storage, scan: Scan, shown: bytes, original: bytes) -> Kept:
    """Puts both away. Raises Unavailable."""
    sealer = (await the.keyring.sealers([scan.subject]))[scan.subject]
    return Kept(
        original=await _put(the, sealer, _evidence(scan), original),
        stored=await _put(the, sealer, str(scan.id), shown),
    )


async def remove(the: Storage, kept: Kept) -> None:
    """What no event names."""
    for each in (kept.stored, kept.original):
        if each:
            await the.objects.remove(each.object, each.object_version)


async def stored_bytes(the: Storage, scan: Scan) -> bytes:
    """In clear, for a parser: of a scan that was completed before anything was built anew these
    are as they were uploaded. Raises Lost.
    """
    assert scan.stored
    return await _opened(the, scan, scan.stored, str(scan.id))


async def harmless_bytes(the: Storage, scan: Scan) -> bytes:
    """In clear, for people: what the parser built anew, now if it had not been. Raises Lost,
    Unacceptable, Unavailable.
    """
    data = await stored_bytes(the, scan)
    return data if scan.original else await the.parser.clean(scan.mime, data)


async def evidence(the: Storage, scan: Scan) -> bytes:
    """As it was uploaded, for whoever examines it; no route answers it. Raises Lost."""
    if scan.original is None:
        return await stored_bytes(the, scan)
    return await _opened(the, scan, scan.original, _evidence(scan))


async def _put(the: Storage, sealer: Sealer, bound_to: str, data: bytes) -> Stored:
    name = str(the.ids.new())
    version = await the.objects.put(name, sealer.encrypt(bound_to, data))
    return Stored(
        object=name,
        object_version=version,
        key_number=sealer.number,
        sha256=sha256(data).hexdigest(),
        size_bytes=len(data),
    )


async def _opened(the: Storage, scan: Scan, stored: Stored, bound_to: str) -> bytes:
    opener = await the.keyring.opener([(scan.subject, stored.key_number)])
    sealed = await the.objects.get(stored.object, stored.object_version)
    try:
        return opener.decrypt(scan.subject, stored.key_number, bound_to, sealed)
    except (InvalidTag, ValueError) as error:  # other bytes than were put there
        raise Lost(stored.object) from error


def _evidence(scan: Scan) -> str:
    """Under another name, so that one is never opened as the other."""
    return f"{scan.id}/original"

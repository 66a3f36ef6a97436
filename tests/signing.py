"""Keys of records for tests: a service's follows from its name, so that processes agree."""

from hashlib import sha256

from libs.events.signatures import RecordKey, Signatories, Signatory, Signer


def seed_of(service: str) -> bytes:
    return sha256(service.encode()).digest()


def signer_of(service: str) -> Signer:
    return Signer(service, seed_of(service))


def signatory_of(service: str, signed_from: int = 1) -> Signatory:
    return Signatory([RecordKey(signer_of(service).public_key)], signed_from)


def known(*services: str, signed_from: int = 1) -> Signatories:
    return Signatories({each: signatory_of(each, signed_from) for each in services})

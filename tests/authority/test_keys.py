"""Which keys an office may have registered: those that somebody holds the secret of."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from pydantic import ValidationError

from libs.events.curve import P, is_key
from services.review.authority.schemas import NewKey
from services.review.authority.signature import statement, verifies

# of order 1, 2, 4, 4, 8 …, and encodings of them that are not the one there is
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


YEAR = {
    "valid_from": datetime(2024, 1, 1, tzinfo=UTC),
    "valid_to": datetime(2025, 1, 1, tzinfo=UTC),
}


def registered(key: bytes, **also: str) -> NewKey:
    body = {"issuer": "zz-jw", "public_key": b64encode(key).decode(), **also}
    return NewKey.model_validate(body | YEAR)


def mixed(key: bytes) -> bytes:
    """The same key with a point of order 2 added to it: (-x, -y)."""
    number = int.from_bytes(key, "little")
    y, odd = number & (1 << 255) - 1, number >> 255
    return ((P - y) | (1 - odd) << 255).to_bytes(32, "little")


def test_under_the_neutral_point_a_signature_that_nobody_made_verifies() -> None:
    """Why a key without a secret is refused; and one that a log has already verifies nothing."""
    neutral = bytes.fromhex(SMALL[0])
    forged = neutral + bytes(32)  # R = A, S = 0
    for said in (b"a", b"b"):
        Ed25519PublicKey.from_public_bytes(neutral).verify(forged, said)
        assert not verifies(b64encode(neutral).decode(), forged, said)


@pytest.mark.parametrize("key", SMALL)
def test_a_key_of_small_order_is_not_registered(key: str) -> None:
    with pytest.raises(ValidationError):
        registered(bytes.fromhex(key))


def test_nor_one_that_is_no_point_or_lies_beside_the_subgroup() -> None:
    keys = [Ed25519PrivateKey.generate().public_key().public_bytes_raw() for _ in range(20)]
    assert all(is_key(each) for each in keys)
    assert not any(is_key(mixed(each)) for each in keys)
    assert not any(is_key(each) for each in (bytes([2]) + bytes(31), b"\xff" * 32, keys[0][:31]))
    for each in keys:
        assert registered(each).public_key == b64encode(each).decode()


def test_a_key_is_registered_by_who_holds_its_secret() -> None:
    key, thief = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    named = b64encode(public).decode()
    said = statement("410100", "2024-1", "zz-jw", named)

    def against(proof: str | None, code: str = "410100", *, needed: bool = True) -> list[str]:
        body = registered(public, **({"proof": proof} if proof else {}))
        found = body.findings_about_proof(code, "2024-1", needed=needed)
        return [each.pointer for each in found]

    proof = b64encode(key.sign(said)).decode()
    assert against(proof) == []
    assert against(None, needed=False) == []
    for wrong in (None, "?", b64encode(thief.sign(said)).decode(), proof[:-4] + "AAAA"):
        assert against(wrong) == ["/proof"]
    assert against(proof, "410200") == ["/proof"]  # of another office

"""An object that the store has lost, or has other bytes for: the answer is a problem of storage,
and nobody is shown anything else.
"""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from deploy.demo import scans
from libs.chassis.scans.scan import Scan
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation

NAME, PDF = "enterprise", "application/pdf"
Damage = Callable[[bytes, bytes], bytes | None]
DAMAGES: dict[str, Damage] = {
    "lost": lambda own, other: None,
    "emptied": lambda own, other: b"",
    "cut off": lambda own, other: own[:-1],
    "swapped": lambda own, other: other,
    "a bit turned": lambda own, other: bytes([own[0] ^ 1]) + own[1:],
    "in clear": lambda own, other: scans.pdf("ENT_AUDIT", "forged"),
}


@pytest.fixture
def firm() -> Iterator[Firm]:
    with Installation(NAME) as at:
        yield Firm(at)


def uploaded(firm: Firm, text: str) -> str:
    data = scans.pdf("ENT_AUDIT", text)
    return firm.clerk.upload(NAME, "ENT_AUDIT", data, PDF)["scan"]


def place(firm: Firm, scan: str) -> tuple[str, str]:
    found = firm.at.run(firm.at[NAME].application.read(Scan, UUID(scan)))
    assert found.stored
    return next(key for key in firm.at.setting.buckets if key[1] == found.stored.object)


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_answer_is_a_problem_of_storage(firm: Firm, damage: str) -> None:
    scan, other, buckets = uploaded(firm, "own"), uploaded(firm, "other"), firm.at.setting.buckets
    own = place(firm, scan)
    left = DAMAGES[damage](buckets[own], buckets[place(firm, other)])
    if left is None:
        del buckets[own]
    else:
        buckets[own] = left
    for path in (f"/scans/{scan}", f"/scans/{scan}/pages", f"/scans/{scan}/pages/1"):
        answer = firm.at.run(firm.at[NAME].ask(firm.clerk.token, "GET", path))
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "storage")
        assert answer.headers["Retry-After"]
    assert firm.clerk.get(NAME, f"/scans/{other}/pages")["pages"] >= 1

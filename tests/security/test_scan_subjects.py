"""Whose a scan is: of one's own enterprise, or of one of its own items, and it stands nowhere
else.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import scans
from deploy.demo.stage import RequestRefused
from tests.in_memory.firm import Firm
from tests.in_memory.installation import ALL, Installation

TYPES = {
    "enterprise": "ENT_LICENSE",
    "personnel": "PER_LABOUR",
    "projects": "CON_KEY",
    "assessment": "ASM_PERF",
    "review": "RECT_REPORT",
}
PDF = "application/pdf"


@pytest.fixture(scope="module")
def firms() -> Iterator[tuple[Firm, Firm]]:
    with Installation(*ALL) as at:
        found = Firm(at, 1), Firm(at, 2, "郑州2号设计有限公司")
        for firm in found:
            firm.file()
            firm.hire()
        yield found


def ask(firm: Firm, service: str, subject: str) -> Any:
    data = scans.pdf(TYPES[service], firm.uscc)
    body = {"size": len(data), "mime": PDF, "sha256": sha256(data).hexdigest()}
    body |= {"scan_type": TYPES[service], "subject": subject}
    return firm.clerk.do("POST", service, "/uploads", body)


@pytest.mark.parametrize("service", ALL)
def test_a_scan_is_nobody_elses(firms: tuple[Firm, Firm], service: str) -> None:
    firm, other = firms
    foreign = [str(other.id), *other.staff.people.values(), str(uuid4())]
    before = len(firm.at[service].log.records)
    for subject in foreign:
        with pytest.raises(RequestRefused, match="422"):
            ask(firm, service, subject)
    assert len(firm.at[service].log.records) == before
    assert ask(firm, service, str(firm.id))["scan"]


def test_a_scan_is_of_ones_own_person_or_contract(firms: tuple[Firm, Firm]) -> None:
    firm, _ = firms
    (person, *_) = firm.staff.people.values()
    contract = firm.performance().contract("示范住宅楼")
    assert ask(firm, "personnel", person)["scan"]
    assert ask(firm, "projects", contract)["scan"]
    with pytest.raises(RequestRefused, match="422"):  # a person is no item of this service
        ask(firm, "projects", person)


def test_a_scan_of_one_person_does_not_stand_in_another(firms: tuple[Firm, Firm]) -> None:
    firm, _ = firms
    one, other = list(firm.staff.people.values())[:2]
    data = scans.pdf("PER_LABOUR", "one")
    of_one = firm.clerk.upload("personnel", "PER_LABOUR", data, PDF, one)
    of_firm = firm.clerk.upload("personnel", "PER_LABOUR", data, PDF)
    known = firm.clerk.get("personnel", f"/people/{other}")

    body = {"type": "PER_CHANGE", "people": [other]}
    (filing,) = firm.clerk.do("POST", "personnel", "/filings", body)["filings"]
    others = [e for e in known["content"]["scans"] if e["scan_type"] != "PER_LABOUR"]

    def save(scan: dict[str, str]) -> Any:
        content = known["content"] | {"scans": [*others, scan]}
        path = f"/filings/{filing['id']}/content"
        return firm.clerk.do("PUT", "personnel", path, content, version=filing["version"])

    with pytest.raises(RequestRefused, match="FORMAT"):
        save(of_one)
    assert save(of_firm)

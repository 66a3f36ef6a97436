"""Whose an identity document is, in an enterprise and before all others, while a filed person's
number is changed (domain book 5.2).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from deploy.demo import people, staff
from libs.events import claims
from libs.events.application import Command, UnitOfWork
from libs.events.commands import use_case
from libs.filing.identifiers import mask
from services.personnel.people import documents
from services.personnel.people.domain.person import Person
from tests.given import clerk
from tests.in_memory.firm import Firm
from tests.in_memory.installation import Installation
from tests.personnel.test_commands import NAME, do, findings, reviewing, rules_against, written
from tests.personnel.test_in_memory import version

WHO, SECOND = staff.NAMES[:2]


@pytest.fixture
def alone() -> Iterator[Installation]:
    with Installation(NAME) as made:
        yield made


@pytest.fixture
def firm(alone: Installation) -> Firm:
    """With one filed person, who is registered."""
    made = Firm(alone)
    number = staff.number(made.random, "STR2")
    (sent,) = made.staff.file([made.staff.add(WHO, number, "STRU")])["sent"]
    reviewing(made, sent["filing"]).decide("PASS")
    return made


@pytest.fixture
def other(alone: Installation) -> Firm:
    return Firm(alone, 2, "河南示例工程设计有限公司")


def filed(firm: Firm) -> dict[str, Any]:
    content: dict[str, Any] = firm.clerk.get(NAME, f"/people/{firm.staff.people[WHO]}")["content"]
    return content


def numbers(firm: Firm) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document that is filed, and the one that is to take its place."""
    old = {"id_type": "1", "id_no": filed(firm)["id_no"]}
    day = date.fromisoformat(filed(firm)["birth_date"])
    return old, old | {"id_no": people.id_number(firm.random, day)}


def born(document: dict[str, Any]) -> dict[str, Any]:
    """With what follows from the number left to it."""
    return document | {"birth_date": None, "sex": None}


def change(firm: Firm, document: dict[str, Any]) -> str:
    return firm.staff.change(WHO, **document)


def sent(firm: Firm, filing: str) -> None:
    assert firm.staff.send([filing])["refused"] == []


def adding(firm: Firm, document: dict[str, Any]) -> list[str]:
    """What is against adding somebody with this document."""
    return rules_against(firm, "/people", document)


def test_the_document_of_a_change_is_kept_here_as_soon_as_it_is_saved(firm: Firm) -> None:
    old, new = numbers(firm)
    change(firm, new)
    assert (adding(firm, old), adding(firm, new)) == (["P07"], ["P07"])


def test_a_change_that_is_given_up_or_refused_leaves_the_document_free(firm: Firm) -> None:
    for end in ("void", "FAIL"):
        old, new = numbers(firm)
        filing = change(firm, new)
        if end == "void":
            do(firm, "POST", f"/filings/{filing}:void", version=version(firm, filing))
        else:
            sent(firm, filing)
            reviewing(firm, filing).decide(end)
        assert adding(firm, old) == ["P07"]
        assert adding(firm, new) == []


def test_an_approved_change_moves_the_claims_to_the_new_document_in_the_same_append(
    firm: Firm, other: Firm
) -> None:
    old, new = numbers(firm)
    filing = change(firm, new)
    sent(firm, filing)
    before = written(firm)
    reviewing(firm, filing).decide("PASS")
    told = [each.removeprefix(f"{NAME}.") for each in firm.at[NAME].types[before:]]
    assert sorted(each for each in told if "Reading" not in each) == [
        "Claim.ClaimFreed",  # of the enterprise before all others
        "Claim.ClaimFreed",  # here
        "Person.FilingApproved",
        "Person.FilingSuperseded",
    ]
    assert adding(firm, new) == ["P07"]
    assert adding(firm, old) == []
    (filing,) = other.staff.begin([other.staff.add(SECOND, None, "ARCH", **born(new))])
    assert findings(other, filing) == ["P06"]
    (filing,) = other.staff.begin([other.staff.add(SECOND, None, "ARCH", **born(old))])
    assert findings(other, filing) == []


def test_ones_own_registration_is_nobody_elses_under_the_new_document(firm: Firm) -> None:
    _, new = numbers(firm)
    filing = change(firm, new)
    assert "P13" not in findings(firm, filing)
    sent(firm, filing)
    reviewing(firm, filing).decide("PASS")
    later = firm.staff.change(WHO, post="总工程师")
    assert "P13" not in findings(firm, later)


def test_the_list_shows_the_new_document_once_it_is_filed(firm: Firm) -> None:
    _, new = numbers(firm)
    filing = change(firm, new)
    sent(firm, filing)
    (row,) = (each for each in firm.at[NAME].rows("filings") if str(each["id"]) == filing)
    assert row["sent_as"]["id_no"] == mask(new["id_no"])


# Logs of earlier versions


@use_case()
async def as_before(work: UnitOfWork, id: UUID, taken: str | None, freed: str) -> Person:
    """What the enterprise held of the person's documents before changes were followed."""
    person = await work.load(Person, id)
    holder = claims.Holder(enterprise=person.owner, subject=id)
    await claims.free(work, documents.HERE, f"{person.owner}/{freed}", id)
    if taken:
        key = f"{person.owner}/{taken}"
        await claims.take(work, documents.HERE, key, person.owner, holder)
    return person


def earlier(firm: Firm, freed: dict[str, Any], taken: dict[str, Any] | None = None) -> None:
    service, id = firm.at[NAME], UUID(firm.staff.people[WHO])

    def key(document: dict[str, Any]) -> str:
        return service.keyring.digest(document["id_type"], document["id_no"])

    held = key(taken) if taken else None
    firm.at._runner.run(as_before(service.application, Command(clerk()), id, held, key(freed)))


def test_a_document_that_somebody_else_here_has_meanwhile_stays_theirs(firm: Firm) -> None:
    old, new = numbers(firm)
    filing = change(firm, new)
    sent(firm, filing)
    earlier(firm, freed=new)
    assert adding(firm, new) == []
    reviewing(firm, filing).decide("PASS")
    assert firm.clerk.get(NAME, f"/filings/{filing}")["status"] == "APPROVED"
    assert (adding(firm, new), adding(firm, old)) == (["P07"], [])


def test_claims_that_stayed_on_an_old_document_move_with_the_persons_next_act(firm: Firm) -> None:
    old, new = numbers(firm)
    filing = change(firm, new)
    sent(firm, filing)
    reviewing(firm, filing).decide("PASS")
    earlier(firm, freed=new, taken=old)
    assert adding(firm, old) == ["P07"]
    firm.staff.change(WHO, post="总工程师")
    assert (adding(firm, old), adding(firm, new)) == ([], ["P07"])

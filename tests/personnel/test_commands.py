"""What clerks do with people and their filings, in memory: what is refused, what is done once, and
what the rules know from elsewhere.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.demo import people, scans, staff
from deploy.demo.stage import RequestRefused
from libs.events.codec import LIMIT
from libs.published import enterprise
from tests.given import clerk, id_of, officer
from tests.in_memory.authority import Authority
from tests.in_memory.firm import Firm
from tests.in_memory.installation import CITY, Installation
from tests.personnel import test_staffing
from tests.personnel.test_actions import OF_FILING, OF_PERSON
from tests.personnel.test_in_memory import version

NAME = "personnel"
INCOMPLETE, NOT_FOUND = {"name": "示范甲"}, (404, ["NOT_FOUND"])
FIRST, SECOND = staff.NAMES[:2]


@pytest.fixture
def alone() -> Iterator[Installation]:
    with Installation(NAME) as made:
        yield made


@pytest.fixture
def firm(alone: Installation) -> Firm:
    return Firm(alone)


@pytest.fixture
def other(alone: Installation) -> Firm:
    return Firm(alone, 2, "河南示例工程设计有限公司")


def do(firm: Firm, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    return firm.clerk.do(method, NAME, path, body, **more)


def refused(firm: Firm, path: str, body: Any) -> tuple[int, list[str]]:
    """The status, and the rules that were broken."""
    with pytest.raises(RequestRefused) as found:
        do(firm, "POST", path, body)
    problem = found.value.problem
    return problem["status"], [each["rule"] for each in problem["errors"]]


def rules_against(firm: Firm, path: str, body: Any) -> list[str]:
    """The rules that a command breaks; none: it is done."""
    try:
        do(firm, "POST", path, body)
    except RequestRefused as error:
        return [each["rule"] for each in error.problem["errors"]]
    return []


def add(firm: Firm, name: str = FIRST) -> str:
    """A person who can be sent: their id."""
    return firm.staff.add(name, None, "ARCH")


def begin(firm: Firm, *people: str) -> list[str]:
    """Initial filings of these people, saved."""
    return firm.staff.begin(list(people))


def incomplete(firm: Firm) -> str:
    """A person who cannot be sent: their id."""
    return str(do(firm, "POST", "/people", INCOMPLETE)["id"])


def findings(firm: Firm, filing: str) -> list[str]:
    checked = do(firm, "POST", "/filings:check", {"filings": [filing]})
    return [each["rule"] for each in checked["findings"]]


def reviewing(firm: Firm, filing: str) -> Authority:
    person = firm.clerk.get(NAME, f"/filings/{filing}")["person"]
    return Authority(firm.at, NAME, "person_filing", person, firm.id, filing)


def twice(firm: Firm, path: str, body: Any) -> list[httpx.Response]:
    """The answers to one command that is sent twice with the same key."""
    headers = {"Authorization": f"Bearer {firm.clerk.token}", "Idempotency-Key": "once"}
    url = f"http://{NAME}/api/v1{path}"
    return [firm.clerk.client.post(url, json=body, headers=headers) for _ in range(2)]


def written(firm: Firm) -> int:
    return len(firm.at[NAME].log.records)


# People


def test_what_may_be_done_with_a_person_is_said_by_check(firm: Firm) -> None:
    checked = do(firm, "POST", f"/people/{incomplete(firm)}:check")
    allowed = {each["action"]: each["allowed"] for each in checked["allowed_actions"]}
    assert allowed.keys() == OF_PERSON
    assert (allowed["add_filing"], allowed["download"]) == (True, False)


def test_what_a_number_says_is_filled_in_on_every_way_in(firm: Firm) -> None:
    born = date(1980, 1, 1)
    said = {"birth_date": str(born), "sex": "1"}

    def number() -> dict[str, Any]:
        while True:
            found = people.id_number(firm.random, born)
            if int(found[16]) % 2:
                return {"id_type": "1", "id_no": found}

    def shown(path: str) -> dict[str, Any]:
        content = firm.clerk.get(NAME, path)["content"]
        return {name: content[name] for name in said}

    path = f"/people/{do(firm, 'POST', '/people', number())['id']}"
    assert shown(path) == said
    do(firm, "PUT", path, number(), version=firm.clerk.get(NAME, path)["version"])
    assert shown(path) == said
    (filing,) = begin(firm, path.rpartition("/")[2])
    content = number() | dict.fromkeys(said)
    do(firm, "PUT", f"/filings/{filing}/content", content, version=version(firm, filing))
    assert shown(f"/filings/{filing}") == said


def test_a_document_is_one_persons_until_they_are_saved_with_another(firm: Firm) -> None:
    one, another = (
        {"id_type": "1", "id_no": people.id_number(firm.random, date(1980, 1, 1))} for _ in "12"
    )
    first = do(firm, "POST", "/people", one)
    assert refused(firm, "/people", one) == (422, ["P07"])
    do(firm, "PUT", f"/people/{first['id']}", another, version=first["version"])
    assert do(firm, "POST", "/people", one)["id"] != first["id"]


def test_a_registration_number_is_one_persons_in_all_enterprises(firm: Firm, other: Firm) -> None:
    number = staff.number(firm.random, "STR2")
    firm.staff.add(FIRST, number, "STRU")
    with pytest.raises(RequestRefused, match="P13"):
        other.staff.add(SECOND, number, "STRU")


# Filings are begun


def test_filings_are_begun_for_all_or_for_nobody(firm: Firm) -> None:
    free, waiting = incomplete(firm), add(firm)
    firm.staff.file([waiting])
    before = written(firm)
    body = {"type": "PER_INIT", "people": [free, waiting]}
    assert refused(firm, "/filings", body) == (409, ["P28"])
    assert written(firm) == before


def test_begun_twice_with_one_key_they_are_the_same_filings(firm: Firm) -> None:
    people = [incomplete(firm), incomplete(firm)]
    first, again = twice(firm, "/filings", {"type": "PER_INIT", "people": people})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert [each["person"] for each in first.json()["filings"]] == people
    assert [each["name"] for each in first.json()["filings"]] == [INCOMPLETE["name"]] * 2


@pytest.mark.parametrize("type", ["PER_INIT", "PER_CHANGE"])
def test_who_is_named_twice_is_shown_where(firm: Firm, type: str) -> None:
    one, another = incomplete(firm), incomplete(firm)
    before = written(firm)
    with pytest.raises(RequestRefused) as found:
        do(firm, "POST", "/filings", {"type": type, "people": [one, another, one]})
    problem = found.value.problem
    assert problem["status"] == 422
    assert [each["pointer"] for each in problem["errors"]] == ["/people/2"]
    assert written(firm) == before


def test_nobody_elses_people_are_filed(firm: Firm, other: Firm) -> None:
    body = {"type": "PER_INIT", "people": [incomplete(firm), incomplete(other)]}
    assert refused(firm, "/filings", body) == NOT_FOUND


# Filings are sent


def test_what_may_be_done_with_a_filing_is_said_by_check(firm: Firm) -> None:
    (filing,) = begin(firm, add(firm))
    checked = do(firm, "POST", "/filings:check", {"filings": [filing]})
    allowed = {each["action"]: each["allowed"] for each in checked["allowed_actions"]}
    assert allowed.keys() == OF_FILING
    assert (allowed["send"], allowed["withdraw"]) == (True, False)


def test_a_faulty_filing_never_stops_the_others(firm: Firm) -> None:
    faulty, right = begin(firm, incomplete(firm), add(firm))
    batch = firm.staff.send([faulty, right])
    assert [each["filing"] for each in batch["sent"]] == [right]
    named = [(each["filing"], each["name"]) for each in batch["refused"]]
    assert named == [(faulty, INCOMPLETE["name"])]


@pytest.mark.slow
def test_a_thousand_are_begun_and_sent_at_once_each_told_by_name(firm: Firm) -> None:
    names = [f"示范{chr(0x4E00 + n)}" for n in range(999)]
    people = [str(do(firm, "POST", "/people", {"name": each})["id"]) for each in names]
    begun = begin(firm, *people, add(firm))
    batch = firm.staff.send(begun)
    assert [each["name"] for each in batch["sent"]] == [FIRST]
    assert [each["name"] for each in batch["refused"]] == names
    parts = [each for each in firm.at[NAME].log.records if ".Batch" in each.type]
    assert len(parts) > 10
    assert max(len(each.data) for each in parts) < LIMIT
    again = begun + begun[:1]
    assert refused(firm, "/filings:send", {"filings": again}) == (422, ["FORMAT"])


def test_what_stands_against_each_is_told_at_their_place(firm: Firm) -> None:
    one, free, another = add(firm), incomplete(firm), add(firm, SECOND)
    firm.staff.file([one, another])
    with pytest.raises(RequestRefused) as found:
        do(firm, "POST", "/filings", {"type": "PER_INIT", "people": [one, free, another]})
    told = [(each["rule"], each["pointer"]) for each in found.value.problem["errors"]]
    assert [each for each in told if each[0] == "P28"] == [
        ("P28", "/people/0"),
        ("P28", "/people/2"),
    ]


def test_where_none_can_be_sent_nothing_is_written(firm: Firm) -> None:
    (filing,) = begin(firm, incomplete(firm))
    before = written(firm)
    assert firm.staff.send([filing])["sent"] == []
    assert written(firm) == before


def test_what_lies_with_the_authority_keeps_its_receipt_and_is_not_sent_again(firm: Firm) -> None:
    first = firm.staff.file([add(firm)])["sent"]
    assert firm.staff.send([first[0]["filing"]])["sent"] == first
    assert firm.at[NAME].types.count("Person.FilingSent") == 1


def test_what_came_back_is_sent_again_under_its_receipt(firm: Firm) -> None:
    (first,) = firm.staff.file([add(firm)])["sent"]
    authority = reviewing(firm, first["filing"])
    authority.pointer = "/mobile"
    authority.decide("RETURN")
    path = f"/people/{firm.staff.people[FIRST]}"
    person = firm.clerk.get(NAME, path)
    corrected = person["content"] | {"mobile": people.mobile(firm.random)}
    do(firm, "PUT", path, corrected, version=person["version"])
    assert firm.staff.send([first["filing"]])["sent"] == [first | {"round": 2}]


def test_what_was_decided_is_not_sent_again(firm: Firm) -> None:
    (sent,) = firm.staff.file([add(firm)])["sent"]
    reviewing(firm, sent["filing"]).decide("PASS")
    (found,) = firm.staff.send([sent["filing"]])["refused"]
    assert [each["rule"] for each in found["findings"]] == ["E24"]


def test_a_sending_that_is_repeated_has_the_same_answer(firm: Firm) -> None:
    faulty, right = begin(firm, incomplete(firm), add(firm))
    first, again = twice(firm, "/filings:send", {"filings": [faulty, right]})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert [each["filing"] for each in first.json()["sent"]] == [right]


def test_one_filing_of_another_enterprise_keeps_all_from_being_sent(
    firm: Firm, other: Firm
) -> None:
    filings = [*begin(firm, add(firm)), *begin(other, incomplete(other))]
    assert refused(firm, "/filings:send", {"filings": filings}) == NOT_FOUND
    assert "Person.FilingSent" not in firm.at[NAME].types


def test_a_person_whom_another_enterprise_has_sent_is_free_when_the_filing_is_given_up(
    firm: Firm, other: Firm
) -> None:
    (sent,) = firm.staff.file([add(firm)])["sent"]
    known = firm.clerk.get(NAME, f"/people/{firm.staff.people[FIRST]}")["content"]
    (found,) = other.joins(known)["refused"]
    (finding,) = found["findings"]
    assert (finding["rule"], firm.enterprise.name in finding["zh"]) == ("P06", True)
    reviewing(firm, sent["filing"]).decide("RETURN")
    assert findings(other, found["filing"]) == ["P06"]
    void = f"/filings/{sent['filing']}:void"
    do(firm, "POST", void, version=version(firm, sent["filing"]))
    assert findings(other, found["filing"]) == []


# The authority reads


def test_the_authority_reads_what_was_sent_round_by_round(alone: Installation, firm: Firm) -> None:
    city = alone.actor("CITY_OFFICER", city=CITY)
    (filing,) = begin(firm, add(firm))
    path = f"/filings/{filing}"
    with pytest.raises(RequestRefused, match="404"):
        city.get(NAME, path)
    firm.staff.send([filing])
    read = city.get(NAME, path)
    assert (read["content"]["name"], read["round"], read["findings"]) == (FIRST, 1, [])
    assert city.get(NAME, path, round=1) == read
    with pytest.raises(RequestRefused, match="404"):
        city.get(NAME, path, round=2)


def test_the_authority_is_told_of_scans_that_somebody_else_has_too(
    alone: Installation, firm: Firm
) -> None:
    data = scans.jpeg("PER_PHOTO", f"{firm.uscc} {add(firm, FIRST)}")
    photo = firm.clerk.upload(NAME, "PER_PHOTO", data, "image/jpeg")
    path = f"/people/{add(firm, SECOND)}"
    person = firm.clerk.get(NAME, path)
    others = [each for each in person["content"]["scans"] if each["scan_type"] != "PER_PHOTO"]
    content = person["content"] | {"scans": [*others, photo]}
    do(firm, "PUT", path, content, version=person["version"])
    (sent,) = firm.staff.file([firm.staff.people[SECOND]])["sent"]
    read = alone.actor("CITY_OFFICER", city=CITY).get(NAME, f"/filings/{sent['filing']}")
    assert [each["rule"] for each in read["findings"]] == ["P19"]


# What the enterprise has had approved


def approve(firm: Firm, content: dict[str, Any]) -> None:
    """The enterprise's own filing, by the authority."""
    names = {"name": firm.enterprise.name, "supervising_city_code": CITY}
    filing = {"filing": id_of("enterprise filing"), "round": 1, **names}
    numbers = {"type": "ENT_INIT", "filing_no": "N-1", "receipt_no": "R-1", "uscc": firm.uscc}
    sent = enterprise.WholeFilingSent(act=clerk(), content=content, **filing, **numbers)
    approved = enterprise.FilingApproved(
        act=officer(), decision=id_of("decision"), filed_version=1, **filing
    )
    for fact in (sent, approved):
        firm.at.hear(NAME, fact, firm.id)


@pytest.mark.parametrize(("relation", "counts"), [("BRANCH", True), ("SUBSIDIARY", False)])
def test_a_registration_with_an_approved_branch_counts_as_ones_own(
    firm: Firm, relation: str, counts: bool
) -> None:
    branch = people.credit_code(firm.random)
    row = {"type": "STR2", "cert_no": "S2", "registered_enterprise_uscc": branch}
    person = do(firm, "POST", "/people", INCOMPLETE | {"registrations": [row]})
    (filing,) = begin(firm, person["id"])
    assert "P12" in findings(firm, filing)
    approve(firm, {"subsidiaries": [{"uscc": branch, "relation": relation}]})
    assert ("P12" not in findings(firm, filing)) == counts


def test_a_licence_that_would_lack_who_leaves_is_named(firm: Firm) -> None:
    nobody_to_spare = (*staff.GRADE_C, (None, "ELEC"))
    team = staff.hire(firm.staff, firm.random, nobody_to_spare)
    for each in firm.staff.file(team)["sent"]:
        reviewing(firm, each["filing"]).decide("PASS")
    release = firm.staff.release(staff.NAMES[len(team) - 1], date(2024, 9, 1))
    assert findings(firm, release) == []
    (certificate,) = test_staffing.holding().listed
    approve(firm, {"certificates": [certificate.model_dump(mode="json")]})
    assert findings(firm, release) == ["P23"]


# Forms for packets


def test_a_packet_asks_for_forms_of_what_this_service_keeps_only(
    alone: Installation, firm: Firm
) -> None:
    (sent,) = firm.staff.file([add(firm)])["sent"]
    filing = UUID(sent["filing"])
    for number, services in enumerate((("enterprise",), ("enterprise", NAME)), start=1):
        enclosed = tuple(
            enterprise.Enclosed(filing=filing, service=each, round=1) for each in services
        )
        packet = enterprise.PacketBuilt(act=clerk(), packet=UUID(int=number), filings=enclosed)
        alone.hear(NAME, packet, packet.packet, firm.id)
    (asked,) = (each for each in alone[NAME].log.records if each.type.endswith("FormsAsked"))
    assert asked.payload["packet"] == str(UUID(int=2))
    assert asked.payload["filings"] == [{"filing": sent["filing"], "round": 1}]

"""Rights by relation: who had a hand in what was sent never decides it; a level is an office and
a role together; names are read by those who are written down, and masked for auditors.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.demo import filing
from deploy.demo.stage import RequestRefused
from tests.in_memory.firm import Firm
from tests.in_memory.installation import PROVINCE, ActorInMemory, Installation
from tests.security.test_only_sent import OnPostgres

SERVICES = ("enterprise", "personnel", "review")
SENDER = "ent_clerk"  # the login of every firm's clerk in memory


@pytest.fixture
def at() -> Iterator[Installation]:
    with Installation(*SERVICES) as made:
        yield made


def opens(officer: Any, sent: str) -> Any:
    case = officer.case(sent, 1)
    return officer.actor.do("POST", "review", f"/cases/{case['id']}:open")


def sent_by(at: Installation, saver: str = "") -> tuple[Firm, str]:
    """An enterprise whose first filing is sent, and its path; saved by another of its clerks."""
    firm = Firm(at)
    page = firm.enterprise
    if not saver:
        return firm, filing.first_filing(page)
    page.fill_in()
    path = page.add("ENT_INIT")
    page.clerk = at.actor("ENT_CLERK", saver, org=firm.uscc)
    page.save(path)
    page.clerk = firm.clerk
    page.send(path)
    return firm, path


def test_who_sent_a_filing_does_not_decide_it_with_another_token(at: Installation) -> None:
    _, path = sent_by(at)
    with pytest.raises(RequestRefused, match="409"):
        opens(at.officer(SENDER), path)
    assert opens(at.officer("somebody"), path)["state"] == "TAKEN"


def test_nor_does_who_saved_it(at: Installation) -> None:
    _, path = sent_by(at, "saver")
    with pytest.raises(RequestRefused, match="409"):
        opens(at.officer("saver"), path)
    assert opens(at.officer("somebody"), path)["state"] == "TAKEN"


def test_nor_does_the_person_behind_them_where_the_issuer_says_who_it_is(at: Installation) -> None:
    firm = Firm(at)
    firm.enterprise.clerk = at.actor("ENT_CLERK", SENDER, org=firm.uscc, person="p-7")
    path = filing.first_filing(firm.enterprise)
    for claims in ({"person": "p-7"}, {"act_for": SENDER}):
        same = at.officer("second-login")
        same.actor = at.actor("CITY_OFFICER", "second-login", city="410100", **claims)
        with pytest.raises(RequestRefused, match="409"):
            opens(same, path)


def test_nor_do_they_decide_what_was_sent_of_a_person(at: Installation) -> None:
    firm = Firm(at)
    firm.file()
    (sent,) = firm.staff.file([firm.staff.add("赵示范", None, "ARCH")])["sent"]
    with pytest.raises(RequestRefused, match="409"):
        opens(at.officer(SENDER), f"/filings/{sent['filing']}")


@pytest.mark.parametrize(
    ("role", "city"),
    [
        ("CITY_OFFICER", PROVINCE),
        ("CITY_LEAD", PROVINCE),
        ("PROV_OFFICER", "410100"),
        ("PROV_LEAD", "410100"),
    ],
)
def test_a_role_of_one_level_is_nothing_in_an_office_of_the_other(
    at: Installation, role: str, city: str
) -> None:
    firm, path = sent_by(at)
    actor = at.actor(role, "moved", city=city)
    for service, read in (
        ("enterprise", firm.enterprise.path),
        ("enterprise", f"{firm.enterprise.path}/history"),
        ("review", "/cases?limit=5"),
    ):
        with pytest.raises(RequestRefused, match="403"):
            actor.get(service, read)
    case = at.officer().case(path, 1)
    with pytest.raises(RequestRefused, match="403"):
        actor.do("POST", "review", f"/cases/{case['id']}:open")


def test_an_office_of_another_level_in_the_token_gives_no_level(at: Installation) -> None:
    _, path = sent_by(at)
    officer = at.officer("city")
    officer.actor = at.actor("PROV_OFFICER", "city", city=PROVINCE, office="410100")
    with pytest.raises(RequestRefused, match="V01"):
        opens(officer, path)


# Names


@pytest.fixture
def listing(postgres: str) -> Iterator[Installation]:
    with OnPostgres(postgres) as made:
        yield made


def staffed(at: Installation) -> Firm:
    firm = Firm(at)
    firm.file()
    firm.hire()
    return firm


def listed(actor: ActorInMemory, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = actor.get("personnel", path)["items"]
    return found


@pytest.mark.servers
def test_auditors_see_lists_as_masked_as_items(listing: Installation) -> None:
    firm = staffed(listing)
    masked = {f"{name[0]}{'*' * (len(name) - 1)}" for name in firm.staff.people}
    for path in ("/people", "/filings"):
        assert {each["name"] for each in listed(listing.actor("AUDITOR"), path)} == masked


@pytest.mark.servers
def test_a_list_of_names_that_an_officer_reads_is_written_down(listing: Installation) -> None:
    firm, log = staffed(listing), listing["personnel"].log
    for path in ("/people", "/filings"):
        before = len(log.records)
        assert listed(listing.actor("CITY_OFFICER", city="410100"), path)
        (noted,) = log.records[before:]
        assert noted.type.endswith("PersonalDataRead")
        assert noted.owner == firm.id
        assert all(id.encode() in noted.data for id in firm.staff.people.values())
        assert listed(firm.clerk, path)
        assert len(log.records) == before + 1  # one's own are no news to anybody


def test_a_check_names_no_other_enterprise(at: Installation) -> None:
    """Whether somebody is filed elsewhere is told, where is told to whoever sends them."""
    first, second = Firm(at, 1, "先备案设计有限公司"), Firm(at, 2, "后备案设计有限公司")
    for firm in (first, second):
        firm.file()
    person = first.staff.add("赵示范", None, "ARCH")
    first.staff.file([person])
    known = first.clerk.get("personnel", f"/people/{person}")["content"]
    known = {name: each for name, each in known.items() if name != "scans"}
    added = second.clerk.do("POST", "personnel", "/people", known)
    body = {"type": "PER_INIT", "people": [added["id"]]}
    (begun,) = second.clerk.do("POST", "personnel", "/filings", body)["filings"]
    checked = second.clerk.do("POST", "personnel", "/filings:check", {"filings": [begun["id"]]})
    told = [each for each in checked["findings"] if each["rule"] == "P06"]
    assert told
    assert "先备案" not in str(checked)
    assert "another enterprise" in told[0]["en"]

"""The access table once more, through sessions of the portal: every address that names something
of an enterprise, for each role, on what is its own, another's, not there, and what was only saved.
What the table hides is hidden there too, and a button that is not on one's page does nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from services.portal.pages import ROUTER
from tests.http.operations import Operation, operations
from tests.http.scene import OWN, PROVINCE, scene
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.read_models import InstallationOnPostgres, ReadModels
from tests.security.test_access_matrix import ROLES, Cell
from tests.security.test_only_sent import Canary

pytestmark = [pytest.mark.servers, pytest.mark.slow]
Ids = Mapping[tuple[str, str], Mapping[str, str]]
WHOSE = ("own", "foreign", "missing", "saved")

# what a page's script asks for, by a number that stands on the page
LOOKS = {"/people/{kind}/{filing:uuid}/state", "/assessment/{id:uuid}/state"}


@dataclass(frozen=True)
class Source:
    """Whose names stand in an address: the collection of a service, and the operation by which
    its item is read.
    """

    service: str
    collection: str
    read: str

    @property
    def operation(self) -> Operation:
        found = (each for each in operations() if each.service == self.service)
        return next(each for each in found if each.id == self.read)


RECORD = Source("assessment", "records", "read_record")
PERSON = Source("personnel", "people", "read_person")
ENTERPRISE = Source("enterprise", "enterprises", "read_enterprise")
PERSON_FILING = Source("personnel", "filings", "read_filing")
FILING = Source("enterprise", "enterprises", "read_filing")
SOURCES = (  # by the beginning of an address, the longest first
    ("/people/{kind}/{filing", PERSON_FILING),
    ("/people/{kind}/{id", PERSON_FILING),
    ("/people/{id", PERSON),
    ("/enterprise/{kind}/{", FILING),
    ("/enterprises/{id", ENTERPRISE),
    ("/assessment/{id", RECORD),
    ("/packets/{id", Source("enterprise", "packets", "read_packet")),
    ("/contracts/{id", Source("projects", "contracts", "read_contract")),
    ("/projects/{id", Source("projects", "projects", "read_project")),
    ("/cases/by-person/{filing", PERSON_FILING),
    ("/cases/{id", Source("review", "cases", "read_case")),
    ("/conclusions/{record", Source("review", "conclusions", "read_conclusion")),
    ("/rectifications/{id", Source("review", "rectifications", "read_rectification")),
    ("/scans/{service}/{scan", Source("personnel", "scans", "read_scan_pages")),
)
# everybody's who may see any: of no enterprise, or (the log, a batch) looked for and not named;
# a draft is one's own session's, whatever it is about
OF_NOBODY = re.compile(
    r"/(campaigns|publicities|reference|results|choices|v|language|audit|drafts)/"
    r"|/(enterprise|people)/{kind}$|/people/{kind}/receipts/"
)


@dataclass(frozen=True)
class Page:
    route: APIRoute
    source: Source

    @property
    def posts(self) -> bool:
        return "POST" in (self.route.methods or ())

    def address(self, ids: Ids) -> str:
        """With the names that there are, and made-up ones for the rest."""
        known = ids.get((self.source.service, self.source.collection), {})
        id = next((known[each] for each in ("packet", "filing", "id") if each in known), None)
        if self.source is not FILING and "id" in known:
            id = known["id"]
        fixed = {"service": self.source.service, "number": "1", "n": "1", "step": "people"}
        kind = {"kind": "changes" if "change" in known else "filings"}
        values = {**known, **fixed, **kind, **({"id": id} if id else {})}
        path = re.sub(
            r"{(\w+)(:\w+)?}", lambda name: values.get(name[1]) or str(uuid4()), self.route.path
        )
        asked = self.route.dependant.query_params
        needed = {
            each.alias: uuid4() if each.field_info.annotation is UUID else 1
            for each in asked
            if each.field_info.is_required()
        }
        return f"{path}?{urlencode(needed)}" if needed else path

    def hides(self, role: str, whose: str) -> bool:
        """What the table says of whoever asks the service for it."""
        operation = self.source.operation
        if whose != "saved" or self.source is ENTERPRISE:  # a firm is there, whatever it saved
            return Cell(operation, role, whose.replace("saved", "own")).expected is not None
        row = operation.row(role)
        return row is None or row["view"] in ("sent", "expert")


def pages() -> list[Page]:
    """Raises AssertionError for an address of which nobody said whose names stand in it."""
    found, unknown = [], []
    for route in cast(list[APIRoute], ROUTER.routes):
        if "{" not in route.path or OF_NOBODY.match(route.path):
            continue
        sources = [source for start, source in SOURCES if route.path.startswith(start)]
        found += [Page(route, sources[0])] if sources else []
        unknown += [] if sources else [route.path]
    assert not unknown, unknown
    return found


class Sessions:
    """Somebody of each role, and everything that addresses can name."""

    def __init__(self, portal: PortalInMemory) -> None:
        self._portal = portal
        sides = scene(cast(Any, portal.services))
        self.own, self.foreign = sides["own"], sides["foreign"]
        canary = Canary(portal.services, self.own)
        canary.sing()
        saved = {key: {**ids} for key, ids in canary.ids.items()}
        saved["enterprise", "enterprises"]["change"] = ""
        self.ids: dict[str, Ids] = {
            "own": self.own.ids,
            "foreign": self.foreign.ids,
            "missing": {},
            "saved": saved,
        }
        self.visitors = {role: self._visitor(role) for role in ROLES}

    def _visitor(self, role: str) -> VisitorInMemory:
        group = role.partition("_")[0]
        claims = {"ENT": {"org": self.own.uscc}, "CITY": {"city": OWN}, "PROV": {"city": PROVINCE}}
        return self._portal.visitor("" if role == "PUBLIC" else role, **claims.get(group, {}))

    @property
    def written(self) -> list[str]:
        """Of every service, but that somebody read something."""
        logs = self._portal.services.services.values()
        types = [each.type for service in logs for each in service.log.records]
        return [each for each in types if not each.endswith("PersonalDataRead")]

    @cached_property
    def acts(self) -> dict[str, set[str]]:
        """The acts of buttons, as anybody's page shows them, by the address that they post to."""
        found: dict[str, set[str]] = {}
        reading = [page for page in pages() if not page.posts]
        for page in reading:
            for role in ("ENT_CLERK", "CITY_LEAD", "PROV_LEAD"):
                for whose in ("own", "saved"):
                    visitor = self.visitors[role]
                    visitor.open(page.address(self.ids[whose]))
                    for button in visitor.all("//button[@name='_act']") if visitor.page else []:
                        found.setdefault(page.route.path, set()).add(button.get("value"))
        return found


@pytest.fixture(scope="module")
def sessions(read_models: ReadModels) -> Sessions:
    read_models.empty()
    return Sessions(PortalInMemory(InstallationOnPostgres(read_models)))


def hidden(visitor: VisitorInMemory, role: str) -> bool:
    if role == "PUBLIC":
        return visitor.path.startswith("/login") or visitor.status in (403, 404)
    return visitor.status in (403, 404)


def cells(*, posts: bool, hidden: bool = True) -> Iterator[tuple[Page, str, str]]:
    """Those that the table hides, or shows."""
    for page in pages():
        for role in ROLES if page.posts is posts else ():
            for whose in WHOSE:
                if page.hides(role, whose) is hidden:
                    yield page, role, whose


def test_what_the_table_hides_no_session_opens(sessions: Sessions) -> None:
    faults, before = [], sessions.written
    for page, role, whose in cells(posts=False):
        visitor = sessions.visitors[role]
        visitor.open(path := page.address(sessions.ids[whose]))
        if not hidden(visitor, role):
            faults.append(f"{role} on {whose}: {path} {visitor.status} {visitor.text[:80]}")
    assert faults == [], "\n".join(faults)
    assert sessions.written == before


def test_what_the_table_shows_comes_or_is_refused(sessions: Sessions) -> None:
    """Whoever may read what a page is about may type its address; somebody finds the page."""
    faults, answers = [], dict[str, set[int]]()
    for page, role, whose in cells(posts=False, hidden=False):
        visitor = sessions.visitors[role]
        path = page.address(sessions.ids[whose])
        try:
            visitor.open(path)
        except Exception as error:
            faults.append(f"{role} on {whose}: {path} {error!r}")
            continue
        answers.setdefault(page.route.path, set()).add(visitor.status)
        if visitor.status not in (200, 403, 404):
            faults.append(f"{role} on {whose}: {path} {visitor.status} {visitor.text[:80]}")
    assert faults == [], "\n".join(faults)
    never = {path for path, found in answers.items() if 200 not in found}
    assert never - LOOKS == set()


def test_what_the_table_hides_no_session_changes(sessions: Sessions) -> None:
    faults, before = [], sessions.written
    for page, role, whose in cells(posts=True):
        visitor = sessions.visitors[role]
        for act in sorted(sessions.acts.get(page.route.path, set())) or ["save"]:
            path = page.address(sessions.ids[whose])
            sent = {"_csrf": visitor.session.csrf, "_act": act, "_version": "1"}
            visitor.post(path, sent)
            if not hidden(visitor, role) or sessions.written != before:
                faults.append(f"{role} on {whose}: {act} {path} {visitor.status}")
                before = sessions.written
    assert faults == [], "\n".join(faults)

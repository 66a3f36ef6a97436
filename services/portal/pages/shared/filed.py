"""What was filed, as its own pages need it besides the form: which service keeps it, which states
it has, and what it is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from services.portal.pages.shared.own import own_enterprise
from services.portal.web.visit import Visit

MENUS = {
    ("enterprise", "filings"): "M2",
    ("enterprise", "changes"): "M3",
    ("people", "filings"): "M5",
    ("people", "changes"): "M6",
}
RECORD = "M9"
EDITABLE = ("DRAFT", "SAVED", "RETURNED", "WITHDRAWN", "GENERATED")


@dataclass(frozen=True)
class Filed:
    """`item`: as its owner answered it; `here`: its page; `menu`: the manual's page, none for an
    officer; `form`: what its content is; `case`: where it lies before an officer.
    """

    service: str
    path: str
    form: str
    here: str
    menu: str
    item: Mapping[str, Any]
    case: Mapping[str, Any] | None = None

    @property
    def is_record(self) -> bool:
        return self.service == "assessment"

    @property
    def no(self) -> str:
        return str(self.item["record_no" if self.is_record else "filing_no"])

    @property
    def approved(self) -> int | None:
        """The approved version that it changes, of a first filing the one that it became."""
        number: int | None = self.item.get("base_version") or self.item.get("filed_version")
        return number

    @property
    def is_open(self) -> bool:
        """Whether its enterprise may still change what will be sent next."""
        return bool(self.menu) and self.item["status"] in EDITABLE

    def states(self, visit: Visit) -> dict[str, str]:
        """What can be compared, by the state's name, in the order in which they came about."""
        found: dict[str, str] = {}
        if self.approved:
            found["approved"] = visit("备案第 %(number)s 版") % {"number": self.approved}
        for number in range(1, self.item.get("generations", 0) + 1 if self.menu else 1):
            found[f"generation:{number}"] = visit("第 %(number)s 次生成") % {"number": number}
        for number in range(1, self.item["round"] + 1):
            found[f"round:{number}"] = visit("第 %(number)s 次报送") % {"number": number}
        if self.is_open and (not self.is_record or self.item["generations"]):
            found["draft"] = visit("现在（未发送）")
        return found

    def last_two(self, visit: Visit) -> tuple[str, str] | None:
        """What is worth comparing first: now or the last round, with the round before it or the
        approved version.
        """
        states = [each for each in self.states(visit) if not self._passed_over(each)]
        return (states[-2], states[-1]) if len(states) > 1 else None

    def _passed_over(self, state: str) -> bool:
        """A first filing is not compared with what it became; of a record that was sent not what
        was generated on the way, of another only that.
        """
        if state == "approved":
            return not self.item.get("base_version")
        if self.item["round"]:
            return state.startswith("generation:")
        return self.is_record and state == "draft"


async def filing_of(visit: Visit, room: str, kind: str, id: str, **asked: Any) -> Filed:
    """A filing of the visitor's enterprise, or of one of its people. Raises HTTPException where
    there is no such page.
    """
    if (room, kind) not in MENUS:
        raise HTTPException(404)
    service, path, form = "personnel", f"/filings/{id}", "person"
    if room == "enterprise":
        if (own := await own_enterprise(visit)) is None:
            raise HTTPException(404)
        service, path, form = "enterprise", f"/enterprises/{own['id']}/filings/{id}", "enterprise"
    item = (await visit.api.get(service, path, **asked)).body
    here = f"/{room}/{kind}/{id}"
    return Filed(service, path, _form(form, item), here, MENUS[room, kind], item)


async def record_of(visit: Visit, id: str, **asked: Any) -> Filed:
    """A record of the visitor's enterprise."""
    path = f"/records/{id}"
    item = (await visit.api.get("assessment", path, **asked)).body
    return Filed("assessment", path, "record", f"/assessment/{id}", RECORD, item)


async def of_case(visit: Visit, id: str) -> Filed:
    """What lies before an officer, as they may see it."""
    case = (await visit.api.get("review", f"/cases/{id}")).body
    service, path, form = place_of(case)
    item = (await visit.api.get(service, path)).body
    return Filed(service, path, _form(form, item), f"/cases/{id}", "", item, case)


def place_of(case: Mapping[str, Any]) -> tuple[str, str, str]:
    """Service, path and form of what a case is about."""
    if case["filing"] is None:
        return "assessment", f"/records/{case['subject_id']}", "record"
    if case["type"].startswith("ENT_"):
        path = f"/enterprises/{case['enterprise']}/filings/{case['filing']}"
        return "enterprise", path, "enterprise"
    return "personnel", f"/filings/{case['filing']}", "person"


def _form(form: str, item: Mapping[str, Any]) -> str:
    return "release" if item.get("type") == "PER_RELEASE" else form

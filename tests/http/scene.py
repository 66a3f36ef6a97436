"""Two enterprises in two cities, each with everything that a path can name: filed, staffed,
assessed, judged, told to mend.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import uuid4

from deploy.demo import assessment, filing, packet, people, performance, scans, staff
from deploy.demo.stage import DemoUser
from libs.events.value import SHANGHAI
from libs.filing.reference import code_list
from tests.http.operations import operations
from tests.in_memory.installation import Installation

OWN, FOREIGN, PROVINCE = "410100", "410200", "410000"
YEAR = {
    "year": 2024,
    "title": "2024年度动态考核",
    "submission_window": ["2024-01-01", "2024-12-31"],
}
START = datetime(2024, 9, 2, 9, tzinfo=SHANGHAI)


class Side:
    """An enterprise of one city, and its authority. `ids`: what path parameters name, by service
    and collection.
    """

    def __init__(self, at: Installation, city: str, campaign: str) -> None:
        self.at, self.city, self.random = at, city, Random()
        self.uscc = people.credit_code(self.random)
        self.clerk = at.actor("ENT_CLERK", org=self.uscc)
        self.officer = at.officer(city=city)
        self.enterprise = filing.make(
            self.clerk, self.random, f"{city}示范建筑设计有限公司", self.uscc
        )
        self.staff = staff.Staff(self.clerk, self.uscc, self.random)
        self.campaign, self.ids = campaign, dict[tuple[str, str], dict[str, str]]()
        self._file()
        self._hire()
        self._assess()

    def note(self, service: str, collection: str, **ids: Any) -> None:
        self.ids[service, collection] = {name: str(id) for name, id in ids.items()}

    @property
    def named(self) -> dict[str, str]:
        """What bodies name."""
        return {
            "uscc": self.uscc,
            "person": self.person,
            "filing": self.person_filing,
            "campaign": self.campaign,
            "record": self.record.id,
            "contract": self.ids["projects", "contracts"]["id"],
            "case": self.ids["review", "cases"]["id"],
        }

    def _file(self) -> None:
        firm = self.enterprise
        firm.page["basic"] |= {
            "city_code": self.city,
            "county_code": f"{self.city[:4]}05",
            "supervising_city_code": self.city,
        }
        place = {"uscc": self.uscc, "name": firm.name, "supervising_city_code": self.city}
        firm.id = self.clerk.do("POST", "enterprise", "/enterprises", place)["id"]
        firm.fill_in()
        path = firm.add("ENT_INIT")
        firm.save(path)
        firm.send(path)
        self.officer.decide(self.officer.open(path), "PASS", "")
        firm.waits_for(path, "APPROVED")
        self.filing = path.rpartition("/")[2]
        self._type("enterprise", "enterprise", firm.id, firm.page)
        self.note("enterprise", "enterprises", id=firm.id, filing=self.filing, n=1)
        self._note_scan("enterprise", firm.page)
        body = {
            "uscc": self.uscc,
            "legacy_id": "5-1",
            "filed_on": "2023-05-01",
            "migrated": True,
            "content": {},
        }
        legacy = self.at.actor("SYS_ADMIN").do("POST", "enterprise", "/legacy-filings", body)
        self.note("enterprise", "legacy-filings", id=legacy["id"])

    def _hire(self) -> None:
        person = self.staff.add("赵示范", None, "ARCH")
        sent = self.staff.file([person])["sent"][0]["filing"]
        case = self.officer.open(sent)
        self.officer.decide(case, "PASS", "")
        self.staff.waits_for(sent, "APPROVED")
        self.person, self.person_filing = person, sent
        packets = packet.Packets(self.clerk, self.enterprise.id)
        self.note("enterprise", "packets", packet=packets.build([self.filing, sent])["id"])
        self.note("personnel", "people", id=person, n=1)
        self.note("personnel", "filings", filing=sent)
        self.note("review", "cases", id=case["id"])
        content = self.clerk.get("personnel", f"/people/{person}")["content"]
        self._note_scan("personnel", content)
        self._type("personnel", "person", person, content)

    def _type(self, service: str, form: str, id: str, content: Mapping[str, Any]) -> None:
        """A draft, which is not saved."""
        self.clerk.do("PUT", service, f"/drafts/{form}/{id}", {"content": content})
        self.note(service, "drafts", form=form, id=id)

    def _note_scan(self, service: str, content: Mapping[str, Any]) -> None:
        """One that was sent, or will be."""
        scan = content["scans"][0]["scan"]
        self.note(service, "uploads", scan=scan)
        self.note(service, "scans", scan=scan, n=1)

    def _upload(self, service: str, type: str) -> dict[str, str]:
        return self.clerk.upload(service, type, scans.pdf(type, self.uscc), "application/pdf")

    def _assess(self) -> None:
        made = performance.Performance(
            self.clerk, self.enterprise.id, self.uscc, self.enterprise.name, [self.person], ""
        ).placeholder()
        contract = made["contract"]
        self.note("projects", "contracts", id=contract["id"])
        content = contract["content"] | {"scans": [self._upload("projects", "CON_KEY")]}
        self.clerk.do(
            "PUT",
            "projects",
            f"/contracts/{contract['id']}",
            content,
            version=contract["version"],
        )
        self._note_scan("projects", content)
        self._type("projects", "contract", contract["id"], content)
        self.note(
            "projects",
            "projects",
            id=made["project"]["id"],
            stage=made["project"]["stages"][0]["id"],
        )
        self.record = assessment.DemoRecord(self.clerk, self.uscc)
        seen = (
            ("enterprise", self.enterprise.path),
            ("personnel", f"/people/{self.person}"),
            ("projects", f"/projects/{made['project']['id']}"),
        )
        self.record.start(self.campaign, ",".join(self.clerk.position(*each) for each in seen))
        self.record.fill_in([made["project"]["id"]])
        self.record.generate()
        self.record.send()
        step = self.record.now["steps"]["performance"]
        self._note_scan("assessment", step["performances"][0])
        self.note("assessment", "campaigns", id=self.campaign)
        self._type("assessment", "record", f"{self.record.id}-people", {"people": [self.person]})
        self.note("assessment", "records", id=self.record.id, step="people")
        self.note("review", "conclusions", record=self.record.id)

    def judge(self, province: assessment.Reviewer, chief: assessment.Reviewer) -> None:
        city, lead = (self.at.reviewer(role, self.city) for role in ("CITY_OFFICER", "CITY_LEAD"))
        assessment.review(self.record, city, lead, province, chief, "FAIL")
        path = f"/conclusions/{self.record.id}"
        chief.actor.wait(
            "review to hear of it", lambda: chief.actor.get("review", path)["status"] == "CONCLUDED"
        )

    def order(self, chief: DemoUser, day: date, publicity: str) -> None:
        """责令限期整改."""
        self.note("review", "publicities", id=publicity, objection=publicity)
        self.note("review", "results", record_no=self.record.now["record_no"])
        body = {
            "record": self.record.id,
            "notice_date": str(day),
            "deadline": str(day + timedelta(days=60)),
            "shortfalls": [{"item": "技术人员", "need": "10人", "have": "1人"}],
        }
        ordered = chief.do("POST", "review", "/rectifications", body)
        self.note("review", "rectifications", id=ordered["id"])
        scan = self._upload("review", "RECT_REPORT")
        self._note_scan("review", {"scans": [scan]})
        path = f"/rectifications/{ordered['id']}:report"
        report = {"text": "已整改", "scans": [scan["scan"]]}
        self.clerk.do("POST", "review", path, report, version=ordered["version"])


Scene = Mapping[str, Side]


@cache
def scene(at: Installation) -> Scene:
    """`own` and `foreign`. Days pass in it; then the clock stands where it stood."""
    at.setting.clock.at = START
    province, chief = (at.reviewer(role) for role in ("PROV_OFFICER", "PROV_LEAD"))
    campaign = province.actor.do("POST", "assessment", "/campaigns", YEAR)
    province.actor.do(
        "POST", "assessment", f"/campaigns/{campaign['id']}:open", version=campaign["version"]
    )
    own, foreign = (Side(at, city, campaign["id"]) for city in (OWN, FOREIGN))
    for side in (own, foreign):
        side.judge(province, chief)
    opened = chief.actor.do(
        "POST", "review", "/publicities", {"records": [own.record.id, foreign.record.id]}
    )
    after = date.fromisoformat(opened["last_day"]) + timedelta(days=1)
    at.pass_to(after)
    chief.actor.do(
        "POST", "review", f"/publicities/{opened['id']}:announce", version=opened["version"]
    )
    for side in (own, foreign):
        side.order(chief.actor, after, opened["id"])
    at.setting.clock.at = START
    _shared(at.actor("SYS_ADMIN"))
    return {"own": own, "foreign": foreign}


KEY = f"m-{uuid4().hex[:8]}"
SHARED = {
    ("review", "reference"): {"kind": "currency"},
    ("review", "forms"): {"name": "person"},
    ("review", "codelists"): {"name": "currency"},
    ("review", "offices"): {"code": "411000", "key_id": KEY},
}


def _shared(admin: DemoUser) -> None:
    """Reference data that was changed, to what it was; an office with a key."""
    item = code_list("currency").item("156").model_dump(mode="json", include={"code", "zh", "en"})
    admin.do("PUT", "review", "/reference/currency", {"items": [item]})
    key = next(each.body for each in operations() if each.id == "register_key")
    admin.do("PUT", "review", f"/offices/411000/keys/{KEY}", key)

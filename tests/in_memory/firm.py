"""Enterprises as the demo's clerks fill them in, and their authority, in memory."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from deploy.demo import assessment, filing, people, performance, scans, staff
from libs.filing.identifiers import enterprise_id
from libs.published import enterprise
from tests.given import clerk
from tests.in_memory.installation import CITY, Installation

Team = Sequence[tuple[str | None, str]]
TEAM: Team = ((None, "ARCH"), (None, "STRU"))


class Firm:
    def __init__(
        self, at: Installation, seed: int = 1, name: str = "郑州示范建筑设计有限公司"
    ) -> None:
        self.at, self.random = at, Random(seed)
        self.uscc = people.credit_code(self.random)
        self.clerk = at.actor("ENT_CLERK", org=self.uscc)
        self.enterprise = filing.make(self.clerk, self.random, name, self.uscc)
        self.staff = staff.Staff(self.clerk, self.uscc, self.random)
        self.record = assessment.DemoRecord(self.clerk, self.uscc)
        self.placeholder = ""  # id of the project of 暂无业绩
        if "enterprise" in at.services:
            self.enterprise.register()
        else:
            self._is_told_of()

    @property
    def id(self) -> UUID:
        return enterprise_id(self.uscc)

    def _is_told_of(self) -> None:
        """The enterprise service, which is not there, has said that it is registered."""
        name, self.enterprise.id = self.enterprise.name, str(self.id)
        fact = enterprise.EnterpriseRegistered(
            act=clerk(), uscc=self.uscc, name=name, supervising_city_code=CITY
        )
        for service in self.at.services:
            self.at.hear(service, fact, self.id)

    def file(self) -> str:
        """Its first filing, approved: its path."""
        officer, path = self.at.officer(), filing.first_filing(self.enterprise)
        officer.decide(officer.open(path), "PASS", "")
        self.enterprise.waits_for(path, "APPROVED")
        return path

    def hire(self, team: Team = TEAM) -> list[str]:
        """Two people, approved: ids of their filings."""
        found = self.staff.file(staff.hire(self.staff, self.random, team))
        staff.approve(self.staff, self.at.officer(), found)
        return [str(each["filing"]) for each in found["sent"]]

    def leaves(self, name: str) -> None:
        """Released, approved."""
        officer, release = self.at.officer(), self.staff.release(name, date(2024, 9, 1))
        self.staff.send([release])
        officer.decide(officer.open(release), "PASS", "")
        self.staff.waits_for(release, "APPROVED")

    def joins(self, known: dict[str, Any]) -> dict[str, Any]:
        """The same person is added here and sent for filing: what became of the sending."""
        scans = [
            self.staff.scan(type, kind, known["name"], self.enterprise.id)
            for type, kind in staff.SCANS.items()
            if type != "PER_REG"
        ]
        content = known | {"scans": scans, "registrations": []}
        added = self.clerk.do("POST", "personnel", "/people", content)
        return self.staff.file([added["id"]])

    def performance(self) -> performance.Performance:
        page = self.clerk.get("enterprise", self.enterprise.path)["information"]
        item = page["certificates"][0]["items"][0]["id"]
        return performance.Performance(
            self.clerk,
            self.enterprise.id,
            self.uscc,
            self.enterprise.name,
            list(self.staff.people.values()),
            str(item),
            self.random,
        )

    def project(self) -> str:
        """With a contract and a stage: it can be chosen."""
        made = self.performance()
        id = made.project(made.contract("示范学校教学楼"), "示范学校教学楼")
        made.stage(id)
        return id

    def make_record(self, campaign: str, projects: list[str]) -> None:
        """Filled in and generated."""
        self.record.start(campaign, "enterprise/1")
        self.record.fill_in(projects)
        self.record.generate()


def filed(at: Installation) -> Firm:
    """With two people, everything approved."""
    made = Firm(at)
    made.file()
    made.hire()
    return made


def approve(at: Installation, filing: str) -> None:
    """What was sent, at the city."""
    officer = at.officer()
    officer.decide(officer.open(filing), "PASS", "")


def open_campaign(at: Installation) -> str:
    return assessment.open_campaign(at.reviewer("PROV_OFFICER").actor)


def review(at: Installation, firm: Firm, result: str) -> None:
    city, lead = at.reviewer("CITY_OFFICER"), at.reviewer("CITY_LEAD")
    province, chief = at.reviewer("PROV_OFFICER"), at.reviewer("PROV_LEAD")
    assessment.review(firm.record, city, lead, province, chief, result)


def passed(at: Installation) -> Firm:
    """Its record has been reviewed; nothing is published."""
    at.pass_to(date(2024, 9, 2))
    firm = Firm(at, 9)
    firm.file()
    firm.hire(((None, "ARCH"), ("STR2", "STRU")))
    project = firm.project()
    firm.make_record(open_campaign(at), [project])
    firm.record.send()
    review(at, firm, "PASS")
    return firm


def publish(at: Installation, firms: Sequence[Firm], status: str = "CLOSED") -> None:
    def pass_to(day: str) -> None:
        at.pass_to(date.fromisoformat(day) + timedelta(days=1))

    records = [each.record for each in firms]
    assessment.publish(at.reviewer("PROV_OFFICER"), records, pass_to, status)


def order_rectification(at: Installation, firm: Firm) -> str:
    """Of an announced fail: the path of the rectification."""
    officer, today = at.reviewer("PROV_OFFICER").actor, at.setting.clock.at.date()
    order = {
        "record": firm.record.id,
        "notice_date": str(today),
        "deadline": str(today + timedelta(days=60)),
        "shortfalls": [{"item": "建筑工程乙级", "need": "注册建筑师 3 人", "have": "1 人"}],
    }
    return f"/rectifications/{officer.do('POST', 'review', '/rectifications', order)['id']}"


def report_rectification(firm: Firm, path: str) -> None:
    data = scans.pdf("RECT_REPORT", firm.uscc)
    scan = firm.clerk.upload("review", "RECT_REPORT", data, "application/pdf")
    body = {"text": "已补充注册建筑师一名", "scans": [scan["scan"]]}
    version = firm.clerk.get("review", path)["version"]
    firm.clerk.do("POST", "review", f"{path}:report", body, version=version)

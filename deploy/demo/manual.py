"""The operator's manual from first form to announced result, played by two enterprises: one that
filed in 5.0 and has new contracts, one that is new and has none (暂无业绩).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from deploy.demo import assessment, filing, packet, people, performance, staff
from deploy.demo.stage import DemoUser, Teller

NAMES = ("郑州示范建筑设计有限公司", "河南示例工程设计有限公司")
CITY, PROVINCE = "410100", "410000"

Hire = Callable[..., DemoUser]  # name, role, claims


@dataclass
class Firm:
    """One enterprise with everything its clerk looks after."""

    enterprise: filing.DemoEnterprise
    staff: staff.Staff
    filed: list[str]  # ids of its people
    filings: list[str]  # ids of what it has sent, for chapter 3


@dataclass
class Manual:
    """`pass_to` lets development time pass to a day; `by_topic` has one case decided by the
    authority's own system.
    """

    hire: Hire
    teller: Teller
    random: Random
    mail_url: str
    pass_to: Callable[[date], None]
    by_topic: Callable[[dict[str, Any]], None]

    def play(self) -> None:
        self.officer = filing.Officer(self.hire("郑州市审核员", "CITY_OFFICER", city=CITY))
        self.admin = self.hire("系统管理员", "SYS_ADMIN")
        firms = self.firms = self._enterprises()
        self._people(firms)
        self._packet(firms[0])
        self.projects = self._performance(firms)
        self.reviewers = self._reviewers()
        self._assessment(self.reviewers)

    def _enterprises(self) -> list[Firm]:
        self.teller.chapter("一、企业基本信息填写及备案")
        old, new = (self._firm(name) for name in NAMES)
        _offer(self.admin, old.enterprise)
        old.enterprise.register()
        old.enterprise.fetch()
        old.filings.append(filing.play(old.enterprise, self.officer))
        grade_c(new.enterprise.page)
        new.enterprise.register()
        path = filing.first_filing(new.enterprise)
        self.by_topic(self.officer.case(path, 1))
        new.enterprise.waits_for(path, "APPROVED")
        self.teller.note("主管部门系统经消息主题出具意见，企业信息已备案")
        return [old, new]

    def _firm(self, name: str) -> Firm:
        uscc = people.credit_code(self.random)
        clerk = self.hire(f"{name}经办人", "ENT_CLERK", org=uscc)
        return Firm(
            filing.make(clerk, self.random, name, uscc),
            staff.Staff(clerk, uscc, self.random),
            [],
            [],
        )

    def _people(self, firms: list[Firm]) -> None:
        self.teller.chapter("二、技术人员填写及备案")
        for firm, team in zip(firms, (staff.GRADE_B, staff.GRADE_C), strict=True):
            firm.filings += staff.play(firm.staff, self.officer, self.random, team)
            firm.filed += firm.staff.people.values()

    def _packet(self, firm: Firm) -> None:
        self.teller.chapter("三、备案审核资料")
        packet.play(
            packet.Packets(firm.enterprise.clerk, firm.enterprise.id),
            self.admin,
            firm.filings[:4],
            self.mail_url,
        )

    def _performance(self, firms: list[Firm]) -> list[str]:
        """One project of each: a real one, and 暂无业绩."""
        self.teller.chapter("四、动态考核企业业绩录入")
        first, second = (
            performance.Performance(
                f.enterprise.clerk,
                f.enterprise.id,
                f.enterprise.uscc,
                f.enterprise.name,
                f.filed,
                _item(f),
                self.random,
            )
            for f in firms
        )
        return [performance.play(first), str(second.placeholder()["project"]["id"])]

    def _reviewers(self) -> assessment.Reviewers:
        return assessment.Reviewers(
            city=assessment.Reviewer(self.officer.actor),
            lead=assessment.Reviewer(self.hire("郑州市负责人", "CITY_LEAD", city=CITY)),
            province=assessment.Reviewer(self.hire("省复核员", "PROV_OFFICER", city=PROVINCE)),
            chief=assessment.Reviewer(self.hire("省厅负责人", "PROV_LEAD", city=PROVINCE)),
        )

    def _assessment(self, by: assessment.Reviewers) -> None:
        self.teller.chapter("五、动态考核数据生成、发送与审核")
        campaign = assessment.open_campaign(by.province.actor)
        records = self.records = [
            assessment.DemoRecord(firm.enterprise.clerk, firm.enterprise.uscc)
            for firm in self.firms
        ]
        for record, firm, project in zip(records, self.firms, self.projects, strict=True):
            record.start(campaign, seen(firm, project))
            record.fill_in(
                [project],
                months=assessment.MONTHS[:2] if record is records[0] else assessment.MONTHS,
            )
            record.generate()
            record.send()
        assessment.return_and_correct(records[0], by.city)
        for record, result in zip(records, ("PASS", "BASIC"), strict=True):
            assessment.review(record, by.city, by.lead, by.province, by.chief, result)
        assessment.publish(by.province, records, lambda day: self.pass_to(date.fromisoformat(day)))


def grade_c(page: dict[str, Any]) -> None:
    """The second firm holds the same licence at a lower grade."""
    page["certificates"][0]["items"][0]["grade"] = "C"


def _item(firm: Firm) -> str:
    page: Mapping[str, Any] = firm.enterprise.clerk.get("enterprise", firm.enterprise.path)[
        "information"
    ]
    return str(page["certificates"][0]["items"][0]["id"])


def seen(firm: Firm, project: str) -> str:
    """Positions at which everything of the firm is approved and saved."""
    clerk = firm.enterprise.clerk
    staffed = max(
        (clerk.position("personnel", f"/people/{id}") for id in firm.filed),
        key=lambda at: int(at.partition("/")[2]),
    )
    return ",".join(
        (
            clerk.position("enterprise", firm.enterprise.path),
            staffed,
            clerk.position("projects", f"/projects/{project}"),
        )
    )


def _offer(admin: DemoUser, enterprise: filing.DemoEnterprise) -> None:
    body = {
        "uscc": enterprise.uscc,
        "legacy_id": f"5-{enterprise.uscc[-6:]}",
        "filed_on": str(date(2023, 5, 1)),
        "migrated": True,
        "content": {key: value for key, value in enterprise.page.items() if key != "certificates"},
    }
    admin.do("POST", "enterprise", "/legacy-filings", body, says="导入5.0备案数据，供企业获取")

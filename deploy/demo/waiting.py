"""After the manual: what is left under way, so that whoever signs in finds work of their own."""

from collections.abc import Sequence

from deploy.demo import assessment, staff
from deploy.demo.filing import DemoEnterprise, Officer
from deploy.demo.manual import Firm, Manual, seen

SECOND = {
    "title": "2024年度勘察设计企业资质动态考核（第二批）",
    "submission_window": ["2024-09-02", "2024-11-29"],
}
NEXT_YEAR = {
    "year": 2025,
    "title": "2025年度勘察设计企业资质动态考核",
    "as_of_date": "2025-08-31",
    "submission_window": ["2025-09-01", "2025-10-31"],
    "contract_period": ["2024-01-01", "2025-08-31"],
    "si_months": ["2025-06", "2025-07", "2025-08"],
}


def leave_waiting(manual: Manual) -> None:
    """With each of those who took part in the manual."""
    manual.teller.chapter("六、留待办理的事项")
    old, new = manual.firms
    leave_records(manual.reviewers, manual.firms, manual.projects)
    leave_returned(old.enterprise, manual.officer)
    leave_people(old.staff, new.staff)


def leave_records(by: assessment.Reviewers, firms: Sequence[Firm], projects: Sequence[str]) -> None:
    """One with the experts, one with the city's lead; a campaign that the province has to open."""
    campaign = assessment.open_campaign(by.province.actor, **SECOND)
    first, second = records = [
        assessment.DemoRecord(firm.enterprise.clerk, firm.enterprise.uscc) for firm in firms
    ]
    for record, firm, project in zip(records, firms, projects, strict=True):
        record.start(campaign, seen(firm, project))
        record.fill_in([project])
        record.generate()
        record.send()
        by.city.decide(by.city.open(record, "CITY"), "PASS", "市级初审：通过，待负责人签发")
    by.lead.sign(first)
    first.waits_for("CITY_PASSED")
    case = by.province.open(first, "PROV")
    by.province.decide(case, "ESCALATE", "提请专家评审", comment="业绩规模请专家核定")
    by.chief.hand_over(by.chief.case(first, "EXPERT"), "expert-1", "请核定业绩规模")
    by.lead.case(second, "CITY", ("OPINION",))
    assessment.plan_campaign(by.province.actor, NEXT_YEAR)


def leave_returned(enterprise: DemoEnterprise, officer: Officer) -> None:
    """A change of the enterprise, which its clerk has to correct."""
    filing = enterprise.change(business_address="郑州市金水区示范路6号")
    item = {
        "pointer": "/basic/business_address",
        "reason": "R01",
        "text": "经营地址与营业执照不一致，请核对",
    }
    officer.decide(officer.open(filing), "RETURN", "退回补正：经营地址与营业执照不一致", [item])
    enterprise.waits_for(filing, "RETURNED")


def leave_people(old: staff.Staff, new: staff.Staff) -> None:
    """Two filings that wait for the city, and a change that is saved and not sent."""
    old.send([old.change(staff.NAMES[2], post="总工程师")])
    electrical = staff.number(new.random, "ELEC_D")
    new.file([new.add(staff.NAMES[6], electrical, "ELEC")])
    new.change(staff.NAMES[1], post="结构所所长")

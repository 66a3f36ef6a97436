"""A record from its sending to the announced result, reviewed through the portal's pages alone:
city, its lead, province, experts, inspectors, conclusion, publicity, rectification.
"""

from dataclasses import dataclass, field

import pytest

from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
CITY, PROVINCE = "410100", "410000"


@dataclass
class Sent:
    """A record that was sent, and who may do something with it."""

    portal: PortalInMemory
    firm: Firm
    visitors: dict[str, VisitorInMemory] = field(default_factory=dict)

    def one(self, role: str, user: str = "") -> VisitorInMemory:
        """Each visits with a browser of their own."""
        if (name := user or role) not in self.visitors:
            city = {} if role == "EXPERT" else {"city": PROVINCE if "PROV" in role else CITY}
            self.visitors[name] = self.portal.visitor(role, user, **city)
        return self.visitors[name]

    def at(self, role: str, user: str = "") -> VisitorInMemory:
        """At the record's case."""
        visitor = self.one(role, user)
        rows = self.portal.services["review"].rows("cases")
        [case] = (each for each in rows if str(each["subject_id"]) == self.firm.record.id)
        visitor.open(f"/cases/{case['id']}")
        return visitor

    def passed_by_city(self) -> None:
        officer = self.at("CITY_OFFICER")
        officer.press("受理")
        officer.press("通过")
        self.at("CITY_LEAD").press("签发初审意见")

    def passed_by_province(self) -> None:
        officer = self.at("PROV_OFFICER")
        officer.press("受理")
        officer.press("通过")

    def concluded(self, result: str, reason: str = "经人工核定") -> None:
        """Proposed, approved."""
        officer = self.at("PROV_OFFICER")
        officer.press("拟定结论", {"result": result, "override_reason": reason})
        self.at("PROV_LEAD").press("批准结论")


def sent_record(portal: PortalInMemory) -> Sent:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    firm.record.send()
    return Sent(portal, firm)


def test_the_city_sees_what_was_sent_and_its_lead_signs(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    assert "已发送" in officer.text
    assert "测算结论：不合格" in officer.text
    assert "缺 8 类" in officer.text
    assert "示范学校教学楼" in officer.text
    assert "资质“建筑行业(建筑工程)乙级”人员不足：一级注册建筑师应2人，实0人" in officer.text
    officer.press("受理")
    assert "市级初审中" in officer.text
    officer.press("通过")
    assert "已出意见，待负责人签发" in officer.text
    lead = sent.at("CITY_LEAD")
    lead.press("签发初审意见")
    assert "初审完成" in lead.text

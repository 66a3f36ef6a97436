"""What `./kaohe demo` leaves under way: whoever signs in afterwards finds work of their own."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from deploy.demo.manual import Firm, Manual
from deploy.demo.stage import DemoUser
from deploy.demo.waiting import leave_waiting
from tests.in_memory.installation import Silent
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


class ManualInMemory(Manual):
    """Chapter 3 is left out: in memory nobody takes mail."""

    def __init__(self, portal: PortalInMemory) -> None:
        at = portal.services

        def hire(name: str, role: str, **claims: str) -> DemoUser:
            return at.actor(role, **claims)

        def pass_to(day: date) -> None:
            at.pass_to(day + timedelta(days=1))

        super().__init__(hire, Silent(), Random(3), "", pass_to, self._decided)

    def _decided(self, case: dict[str, Any]) -> None:
        opened = self.officer.actor.do("POST", "review", f"/cases/{case['id']}:open")
        self.officer.decide(opened, "PASS", "")

    def _packet(self, firm: Firm) -> None:
        pass


@pytest.fixture
def firms(portal: PortalInMemory) -> list[Firm]:
    manual = ManualInMemory(portal)
    manual.play()
    leave_waiting(manual)
    return manual.firms


def awaits(portal: PortalInMemory, role: str, **claims: str) -> str:
    """The rows of 要办的事."""
    visitor: VisitorInMemory = portal.visitor(role, **claims)
    visitor.open("/")
    return " ".join(visitor.texts("//section[@aria-labelledby='h-todo']//tbody/tr"))


def test_every_account_finds_something_to_do(portal: PortalInMemory, firms: list[Firm]) -> None:
    old, new = (awaits(portal, "ENT_CLERK", org=firm.enterprise.uscc) for firm in firms)
    assert "企业信息变更备案管理" in old
    assert "退回补正" in old
    assert "保存不是报送，主管部门还看不到" in new
    at_city = awaits(portal, "CITY_OFFICER", city="410100")
    assert "人员信息备案 · 第 1 次报送，待" in at_city
    assert "人员信息变更备案 · 第 1 次报送，待" in at_city
    assert "初审意见，待签发" in awaits(portal, "CITY_LEAD", city="410100")
    for role in ("PROV_OFFICER", "PROV_LEAD"):
        assert "考核批次已编制，尚未开始填报" in awaits(portal, role, city="410000")
    assert "动态考核 · 第 1 次报送，待" in awaits(portal, "EXPERT", user="expert-1")

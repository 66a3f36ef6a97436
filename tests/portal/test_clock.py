"""One clock: the portal's day is the day of the services, which development may set."""

from datetime import date

import pytest

from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory

pytestmark = [pytest.mark.servers]


def test_the_top_bar_shows_the_day_of_the_services(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/")
    assert clerk.texts("//p[@class='today']") == ["2024-09-02 星期一 北京时间"]
    portal.services.pass_to(date(2024, 9, 14))
    clerk.open("/")
    assert clerk.texts("//p[@class='today']") == ["2024-09-14 星期六 北京时间"]


def test_a_draft_of_this_morning_is_told_by_the_hour(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/contracts/new")
    [draft] = clerk.all("//input[@name='_draft']/@value")
    [csrf] = clerk.all("//form//input[@name='_csrf']/@value")[:1]
    clerk.post(f"/drafts/{draft}", {"_csrf": csrf, "/name": "示范学校教学楼"})
    clerk.open("/contracts/new")
    assert "草稿 09:00 已自动保存" in clerk.text

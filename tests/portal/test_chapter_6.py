"""After chapter 5 at the screen: a record that was sent is reviewed by city and province, its
result concluded, published and announced, through the portal's pages alone.
"""

from asyncio import to_thread
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from urllib.parse import quote

import pytest

from deploy.cli import clocks
from deploy.demo import assessment, filing, people, staff
from deploy.demo.performance import Performance
from libs.events.value import SHANGHAI
from tests.journeys.conftest import System
from tests.portal.conftest import Browsers, Visitor
from tests.portal.test_accessibility import wrong

pytestmark = [pytest.mark.servers, pytest.mark.slow]
START = datetime(2024, 9, 2, 9, tzinfo=SHANGHAI)
NAME = "郑州审核示范设计有限公司"


@pytest.fixture
def system_in_window(system: System) -> Iterator[System]:
    """On a day on which records are sent."""
    clocks.set_clock(system.told, START)
    yield system
    clocks.set_clock(system.told, START)


async def test_a_record_is_reviewed_concluded_published_and_announced(
    system_in_window: System, browsers: Browsers
) -> None:
    record = sent_record(system_in_window)
    city, lead = await signed_in(browsers, "city_officer/410100", "city_lead/410100")
    await to_case(city, record, "WAITING")
    assert "测算结论：不合格" in await city.reads()
    assert "示范学校教学楼" in await city.reads()
    await keeps_nobody_out(city)
    await city.press("受理")
    await keeps_nobody_out(city)
    await city.press("通过")
    await until(city, "已出意见，待负责人签发")
    await to_case(lead, record, "OPINION")
    await lead.press("签发初审意见")
    await until(lead, "初审完成")

    province, chief = await signed_in(browsers, "prov_officer/410000", "prov_lead/410000")
    await to_case(province, record, "WAITING")
    await province.press("受理")
    await province.press("通过")
    await province.page.select_option("#result", "BASIC")
    await province.press("拟定结论")
    assert "V06" in await province.reads(".summary")
    await province.page.fill("#override", "标准数值暂定，经人工核定")
    assert await province.page.input_value("#result") == "BASIC"
    await keeps_nobody_out(province)
    await province.press("拟定结论")
    assert "待负责人批准" in await province.reads()
    await to_case(chief, record, "OPINION")
    await chief.press("批准结论")
    await until(chief, "结论已批准，可以公示")

    for path in ("/campaigns", "/campaigns/new", "/publicities", "/rectifications"):
        await chief.open(path)
        await keeps_nobody_out(chief)
    await chief.open("/conclusions?state=CONCLUDED")
    await keeps_nobody_out(chief)
    await chief.page.check(f'input[name="record"][value="{record.id}"]')
    await chief.press("公示所选结论")
    assert "已公示，至" in await chief.reads(".banner-ok")
    assert NAME in await chief.reads("tbody")
    assert "V07" in await chief.reads("#why-announce")
    await keeps_nobody_out(chief)
    await the_days_pass(system_in_window, chief)
    await chief.press("公告考核结果")
    assert "已公告，结论生效" in await chief.reads(".banner-ok")
    await until(chief, "已公告")
    assert record.waits_for("CLOSED")["result"] == "BASIC"


async def keeps_nobody_out(visitor: Visitor) -> None:
    """In both languages."""
    assert await wrong(visitor) == [], visitor.page.url
    here = visitor.page.url.removeprefix(visitor.url)
    if await visitor.page.locator(".summary").count() == 0:  # a refused form is not asked again
        await visitor.open(f"/language/en?next={quote(here)}")
        assert await wrong(visitor) == [], visitor.page.url
        await visitor.open(f"/language/zh?next={quote(here)}")


def sent_record(system: System) -> assessment.DemoRecord:
    """An enterprise, its staff and a project are filed; its clerk has sent."""
    random = Random()
    uscc = people.credit_code(random)
    clerk = system.actor("ENT_CLERK", org=uscc)
    officer = filing.Officer(system.actor("CITY_OFFICER", city="410100"))
    enterprise = filing.make(clerk, random, NAME, uscc)
    enterprise.register()
    path = filing.first_filing(enterprise)
    officer.decide(officer.open(path), "PASS", "")
    enterprise.waits_for(path, "APPROVED")
    team = staff.Staff(clerk, uscc, random)
    staff.approve(team, officer, team.file(staff.hire(team, random, staff.GRADE_C[:2])))
    hired = list(team.people.values())
    page = clerk.get("enterprise", enterprise.path)["information"]
    item = str(page["certificates"][0]["items"][0]["id"])
    done = Performance(clerk, enterprise.id, uscc, NAME, hired, item, random)
    project = done.project(done.contract("示范学校教学楼"), "示范学校教学楼")
    done.stage(project)
    record = assessment.DemoRecord(clerk, uscc)
    campaign = assessment.open_campaign(system.actor("PROV_OFFICER", city="410000"))
    seen = [clerk.position("enterprise", enterprise.path)]
    seen.append(clerk.position("projects", f"/projects/{project}"))
    staffed = (clerk.position("personnel", f"/people/{id}") for id in hired)
    seen.append(max(staffed, key=lambda at: int(at.partition("/")[2])))
    record.start(campaign, ",".join(seen))
    record.fill_in([project])
    record.generate()
    record.send()
    return record


async def signed_in(browsers: Browsers, *accounts: str) -> list[Visitor]:
    """One browser each."""
    found = [await browsers.visitor() for _ in accounts]
    for visitor, account in zip(found, accounts, strict=True):
        await visitor.sign_in(account=account)
    return found


async def to_case(visitor: Visitor, record: assessment.DemoRecord, state: str) -> None:
    """As soon as the record's case lies in this state in the visitor's queue."""
    row = visitor.page.locator("tr", has_text=record.now["record_no"])
    more = visitor.page.get_by_role("link", name="下一页")
    await visitor.open(f"/cases?state={state}")
    while not await row.count():
        if await more.count():
            await more.click()
        else:
            await visitor.open(f"/cases?state={state}")
    await row.locator("a").first.click()


async def until(visitor: Visitor, words: str) -> None:
    """What was done has reached the other service and come back."""
    while words not in await visitor.reads():
        await visitor.page.wait_for_timeout(100)
        await visitor.page.reload()


async def the_days_pass(system: System, visitor: Visitor) -> None:
    """The last day of the publicity is over."""
    over = await visitor.reads('.tblock div:has(dt:text-is("公示至")) dd')
    day = date.fromisoformat(over.strip()) + timedelta(days=1)
    morning = datetime.combine(day, time(9), SHANGHAI)
    await to_thread(clocks.set_clock, system.told, morning)
    await visitor.page.reload()

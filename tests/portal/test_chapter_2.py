"""Chapter 2 of the manual at the screen: two people are saved, filed and sent at once; one of them
lacks a scan, is told by name, corrected and sent again.
"""

from pathlib import Path
from random import Random

import pytest

from deploy.demo import people, scans, staff
from deploy.demo.filing import Officer, first_filing, make
from tests.journeys.conftest import System
from tests.portal.conftest import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
NEEDED = ("PER_ID", "PER_PHOTO", "PER_DIPLOMA", "PER_LABOUR", "PER_TITLE")
COMPLETE, LACKING = "全示范", "缺示范"


async def test_of_two_people_sent_at_once_one_is_refused_by_name_and_mended(
    system: System, browsers: Browsers, tmp_path: Path
) -> None:
    uscc = filed_enterprise(system)
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await save(clerk, COMPLETE, uscc, tmp_path, NEEDED)
    lacking = await save(clerk, LACKING, uscc, tmp_path, NEEDED[1:])

    await clerk.open("/people/filings")
    for name in (COMPLETE, LACKING):
        await clerk.page.get_by_label(f"选择{name}", exact=True).check()
    await clerk.press("添加")
    await choose_all(clerk)
    await clerk.press("保存")
    await choose_all(clerk)
    await clerk.press("在线发送")
    told = await clerk.reads('section[aria-labelledby="h-res"]')
    assert "1 人已发送，1 人没有发送" in told
    assert f"P18\n\n{LACKING}" in told or f"P18\n{LACKING}" in told

    await clerk.open(lacking)
    await attach(clerk, "PER_ID", uscc, tmp_path)
    await clerk.page.locator("[data-save]").click()
    await clerk.open("/people/filings")
    await clerk.page.get_by_role("link", name=LACKING).last.click()
    await clerk.press("保存")
    await clerk.press("在线发送")
    assert "已发送，回执号" in await clerk.reads(".banner-ok")


def filed_enterprise(system: System) -> str:
    """Its credit code."""
    random = Random()
    uscc = people.credit_code(random)
    enterprise = make(system.actor("ENT_CLERK", org=uscc), random, "郑州人员设计有限公司", uscc)
    enterprise.register()
    filing = first_filing(enterprise)
    officer = Officer(system.actor("CITY_OFFICER", city="410100"))
    officer.decide(officer.open(filing), "PASS", "通过")
    enterprise.waits_for(filing, "APPROVED")
    return uscc


async def save(
    clerk: Visitor, name: str, uscc: str, folder: Path, attached: tuple[str, ...]
) -> str:
    """Path of the person's page."""
    await clerk.open("/people/new")
    await clerk.fill_in(staff.person(Random(), name, uscc, None, "ARCH"))
    for scan_type in attached:
        await attach(clerk, scan_type, f"{uscc} {name}", folder)
    await clerk.page.locator("[data-save]").click()
    await clerk.page.wait_for_url("**/people/*-*")
    return clerk.page.url.removeprefix(clerk.url)


async def attach(clerk: Visitor, scan_type: str, whose: str, folder: Path) -> None:
    is_pdf = staff.SCANS[scan_type] == "pdf"
    file = folder / f"{scan_type}-{whose}.{'pdf' if is_pdf else 'jpg'}"
    file.write_bytes((scans.pdf if is_pdf else scans.jpeg)(scan_type, whose))
    await clerk.attach(scan_type, file)


async def choose_all(clerk: Visitor) -> None:
    for box in await clerk.page.locator('input[name="filing"]').all():
        await box.check()

"""Chapter 1 of the manual at the screen: 企业基本信息 from an empty form to a filed version, with a
return and its correction.
"""

from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import people, scans
from tests.portal.conftest import Browsers, KeyboardVisitor, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
WAYS: dict[str, dict[str, Any]] = {
    "mouse": {},
    "keyboard": {"kind": KeyboardVisitor},
    "no scripts": {"java_script_enabled": False},
}
NEEDED = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID", "ENT_AUDIT")


@pytest.mark.parametrize("way", WAYS)
async def test_a_new_enterprise_files_and_corrects_what_was_returned(
    browsers: Browsers, tmp_path: Path, way: str
) -> None:
    uscc, name = people.credit_code(Random()), f"郑州门户{uuid4().hex[:6]}建筑设计有限公司"
    clerk = await browsers.visitor(**WAYS[way])
    await clerk.sign_in(uscc=uscc)
    await register(clerk, name)
    await fill_in_and_save(clerk, uscc, name, tmp_path, focused=way != "no scripts")

    await clerk.open("/enterprise/filings")
    await clerk.press("添加")
    await clerk.press("保存")
    assert "已保存，尚未发送" in await clerk.reads()
    await clerk.press("在线发送")
    assert "已发送，回执号 410100-" in await clerk.reads(".banner-ok")

    officer = await browsers.visitor(**WAYS[way])
    await officer.sign_in(account="city_officer/410100")
    await take(officer, name)
    await send_back(officer)
    await until(clerk, "退回补正")

    await correct(clerk)
    await clerk.press("在线发送")
    assert "已发送" in await clerk.reads(".banner-ok")
    await take(officer, name)
    await officer.press("其余均无误")
    await officer.press("通过")
    await until(clerk, "审核通过")
    await clerk.open("/enterprise")
    assert "第 1 版" in await clerk.reads(".tblock")


async def take(officer: Visitor, name: str) -> None:
    """受理 of the case, as soon as it has arrived."""
    while not await found(officer, name):
        await officer.page.wait_for_timeout(100)
    await officer.press("受理")
    assert "审核中" in await officer.reads("h1")


async def found(officer: Visitor, name: str) -> bool:
    """Whether the case stands in the queue, on whichever of its pages; then it is open."""
    await officer.open("/cases?state=WAITING")
    while True:
        case = officer.page.get_by_role("link", name=name)
        if await case.count():
            await officer.push(case.first)
            return True
        more = officer.page.get_by_role("link", name="下一页")
        if not await more.count():
            return False
        await officer.push(more)


async def send_back(officer: Visitor) -> None:
    """One item: a remark without a reason is refused, and stays on the page."""
    case = officer.page.url.removeprefix(officer.url)
    item = officer.page.locator("#f-basic-registered_address")
    await item.locator("[value=return]").focus()
    await officer.page.keyboard.press("Space")
    await officer.press("填写退回意见")
    await officer.set(item.locator("textarea"), "与营业执照不一致")
    await officer.press("退回补正")
    assert await officer.page.locator(".summary").count() == 1
    assert await item.locator("textarea").input_value() == "与营业执照不一致"
    await officer.set(item.locator("select"), "R01")
    await officer.press("退回补正")
    assert "退回补正" in await officer.reads(".banner-ok")
    await officer.open(case)
    assert "注册地址：与营业执照不一致" in await officer.reads(".banner-warn")


async def register(clerk: Visitor, name: str) -> None:
    await clerk.open("/enterprise")
    await clerk.set(clerk.page.locator("#name"), name)
    await clerk.set(clerk.page.locator("#unit"), "410100")
    await clerk.press("注册")
    assert "尚未填写" in await clerk.reads("h1")


async def fill_in_and_save(
    clerk: Visitor, uscc: str, name: str, folder: Path, *, focused: bool
) -> None:
    page = people.information(Random(), uscc, name)
    page["basic"] = {k: v for k, v in page["basic"].items() if k != "uscc"}
    page["basic"]["contact_mobile"] = "1390000000"  # a digit is missing
    await clerk.fill_in(page)
    for scan_type in NEEDED:
        file = folder / f"{scan_type}.jpg"
        file.write_bytes(scans.jpeg(scan_type, uscc))
        await clerk.attach(scan_type, file)
    await save(clerk)
    assert "手机号" in await clerk.reads(".summary")
    if focused:
        assert await clerk.page.locator(":focus").get_attribute("class") == "summary"
    await clerk.type("/basic/contact_mobile", "13900000000")
    await save(clerk)
    assert "已保存，尚未发送" in await clerk.reads(".banner-warn")
    scan = clerk.page.locator(".slot a").first
    kept = await clerk.page.request.get(f"{clerk.url}{await scan.get_attribute('href')}/file")
    assert (kept.status, kept.headers["content-type"]) == (200, "image/jpeg")
    assert (await kept.body()).startswith(b"\xff\xd8\xff")


async def save(clerk: Visitor) -> None:
    await clerk.push(clerk.page.locator("[data-save]"))
    await clerk.page.wait_for_load_state()


async def correct(clerk: Visitor) -> None:
    """Only what was returned can be typed in."""
    await clerk.page.reload()
    assert "与营业执照不一致" in await clerk.reads()
    typed = clerk.page.locator('main [name^="/basic/"]:not([readonly]):not([type=hidden])')
    assert [await each.get_attribute("name") for each in await typed.all()] == [
        "/basic/registered_address"
    ]
    await clerk.type("/basic/registered_address", "郑州市金水区示范路2号")
    await save(clerk)
    assert (
        await clerk.page.input_value('[name="/basic/registered_address"]')
        == "郑州市金水区示范路2号"
    )


async def until(clerk: Visitor, state: str) -> None:
    """The page says so, as soon as the services have told each other."""
    for _ in range(100):
        await clerk.page.reload()
        if state in await clerk.reads("h1"):
            return
        await clerk.page.wait_for_timeout(100)
    raise AssertionError(f"never {state}: {await clerk.reads('h1')}")

"""What a clerk does at the screen, step by step, in the manual's words."""

import time
from pathlib import Path
from random import Random

from playwright.async_api import Locator

from deploy.demo import people, scans, staff
from tests.patience import PATIENCE
from tests.portal.visitor import Visitor

OF_ENTERPRISE = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID", "ENT_AUDIT")
OF_PERSON = ("PER_ID", "PER_PHOTO", "PER_DIPLOMA", "PER_LABOUR", "PER_TITLE")
CHOSEN = 'tbody [type=checkbox][name$="_id"]'


async def save(clerk: Visitor) -> None:
    await clerk.push(clerk.page.locator("[data-save]"))


async def until(visitor: Visitor, words: str, at: str = "main") -> None:
    """What was done has reached the other service and come back."""
    end = time.monotonic() + PATIENCE
    while words not in await visitor.reads(at):
        assert time.monotonic() < end, f"never {words}: {await visitor.reads()}"
        await visitor.page.wait_for_timeout(100)
        await visitor.page.reload()


async def register(clerk: Visitor, name: str) -> None:
    await clerk.open("/enterprise")
    await clerk.set(clerk.page.locator("#name"), name)
    await clerk.set(clerk.page.locator("#unit"), "410100")
    await clerk.press("注册")
    assert "尚未填写" in await clerk.reads("h1")


async def fill_in(clerk: Visitor, uscc: str, name: str, folder: Path) -> None:
    """企业基本信息 with its scans; a digit of the mobile number is missing."""
    page = people.information(Random(), uscc, name)
    page["basic"] = {k: v for k, v in page["basic"].items() if k != "uscc"}
    page["basic"]["contact_mobile"] = "1390000000"
    await clerk.fill_in(page)
    for scan_type in OF_ENTERPRISE:
        file = folder / f"{scan_type}.jpg"
        file.write_bytes(scans.jpeg(scan_type, uscc))
        await clerk.attach(scan_type, file)


async def save_refused_then_saved(clerk: Visitor, *, focused: bool = True) -> None:
    """`focused`: the summary of what is wrong takes the focus."""
    await save(clerk)
    assert "手机号" in await clerk.reads(".summary")
    if focused:
        assert await clerk.page.locator(":focus").get_attribute("class") == "summary"
    await clerk.type("/basic/contact_mobile", "13900000000")
    await save(clerk)
    assert "已保存，尚未发送" in await clerk.reads(".banner-warn")


async def scan_is_kept(clerk: Visitor) -> None:
    """The first scan of the page can be fetched as a picture."""
    scan = clerk.page.locator(".slot a").first
    kept = await clerk.page.request.get(f"{clerk.url}{await scan.get_attribute('href')}/file")
    assert (kept.status, kept.headers["content-type"]) == (200, "image/jpeg")
    assert (await kept.body()).startswith(b"\xff\xd8\xff")


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
    typed = clerk.page.locator('[name="/basic/registered_address"]')
    assert await typed.input_value() == "郑州市金水区示范路2号"


async def send(clerk: Visitor) -> None:
    await clerk.press("在线发送")
    assert "已发送，回执号" in await clerk.reads(".banner-ok")


async def add_person(
    clerk: Visitor, name: str, uscc: str, folder: Path, attached: tuple[str, ...] = OF_PERSON
) -> str:
    """Path of the person's page."""
    await clerk.open("/people/new")
    await clerk.fill_in(staff.person(Random(), name, uscc, None, "ARCH"))
    for scan_type in attached:
        await attach_of_person(clerk, scan_type, f"{uscc} {name}", folder)
    await save(clerk)
    await clerk.page.wait_for_url("**/people/*-*")
    return clerk.page.url.removeprefix(clerk.url)


async def attach_of_person(clerk: Visitor, scan_type: str, whose: str, folder: Path) -> None:
    is_pdf = staff.SCANS[scan_type] == "pdf"
    file = folder / f"{scan_type}-{whose}.{'pdf' if is_pdf else 'jpg'}"
    file.write_bytes((scans.pdf if is_pdf else scans.jpeg)(scan_type, whose))
    await clerk.attach(scan_type, file)


async def tick_all(at: Locator) -> None:
    for box in await at.all():
        await box.check()


async def contract(clerk: Visitor, name: str, uscc: str, leader: str) -> None:
    await clerk.push(clerk.page.get_by_role("link", name="添加", exact=True))
    content = {
        "contract_no": f"HT-{Random().randrange(10**6)}",
        "name": f"{name}设计合同",
        "contract_type": "200",
        "client_name": "示范建设单位",
        "client_uscc": people.credit_code(Random()),
        "contractor_name": "郑州门户设计有限公司",
        "contractor_uscc": uscc,
        "amount_wan": "128.5",
        "scope": "全过程设计",
        "signed_on": "2024-01-15",
        "project_leader_person_id": leader,
    }
    await clerk.fill_in(content)
    await save(clerk)
    assert "已保存" in await clerk.reads("h1")


async def project(clerk: Visitor, name: str) -> None:
    """Of the contract that is open; it cannot be chosen yet, and the page says so."""
    await clerk.push(clerk.page.get_by_role("link", name="添加项目"))
    content = {
        "name": name,
        "project_type": "01",
        "function": "P1",
        "nature": "001",
        "province": "410000",
        "city": "410100",
        "county": "410105",
        "scale": "M",
    }
    await clerk.fill_in(content)
    await clerk.page.select_option('[name="/qualification_item_used"]', index=1)
    await save(clerk)
    assert "现在还不能选作动态考核业绩" in await clerk.reads(".banner-warn")


async def add_stage(clerk: Visitor, leader: str, stage: str) -> None:
    await clerk.push(clerk.page.get_by_role("link", name="添加阶段"))
    started = {"stage": stage, "status": "1", "started_on": "2024-03-01"}
    part = {"person_id": leader, "role": "PM"}
    await clerk.fill_in({**started, "participants": [part]})
    await save(clerk)
    assert "可选作业绩" in await clerk.reads("h1")


async def begin(clerk: Visitor, campaign: str) -> None:
    """添加 of this campaign's record."""
    await clerk.open("/assessment")
    row = clerk.page.locator("li", has_text=campaign)
    await clerk.push(row.get_by_role("button", name="添加"))


async def next_step(clerk: Visitor) -> None:
    await clerk.press("保存，下一步")


async def attach(clerk: Visitor, scan_type: str, folder: Path) -> None:
    """To every slot of this type; of proofs one for all months."""
    slots = await clerk.page.locator(f'[name^="_file:{scan_type}:"]').all()
    for number, slot in enumerate(slots[:1] if scan_type == "SI_PROOF" else slots):
        file = folder / f"{scan_type}-{number}.pdf"
        file.write_bytes(scans.pdf(scan_type, f"示范 {number}"))
        await slot.set_input_files(str(file))


async def insured(clerk: Visitor, folder: Path) -> None:
    """社保证明: everybody, all months, one file."""
    await clerk.press("全部已缴")
    await attach(clerk, "SI_PROOF", folder)
    await next_step(clerk)


async def send_record(clerk: Visitor) -> None:
    """Every warning is confirmed; pressed before that it is refused."""
    await clerk.push(clerk.page.get_by_role("link", name="发送", exact=True))
    await clerk.press("确认发送")
    assert "A25" in await clerk.reads(".summary")
    await tick_all(clerk.page.locator('input[name="read"]'))
    await clerk.press("确认发送")
    assert "发送成功，动态考核报送工作已完成" in await clerk.reads(".banner-ok")

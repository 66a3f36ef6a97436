"""Chapter 5 of the manual at the screen: a record is added and chosen step by step, the project
that cannot be chosen is mended by its link; generated, changed, generated again, its warnings
confirmed, sent. Who has no contract says so with 暂无业绩.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Locator

from deploy.cli import clocks
from deploy.demo import scans
from libs.events.value import SHANGHAI
from tests.journeys.conftest import System
from tests.portal.conftest import Browsers, Visitor
from tests.portal.test_accessibility import wrong
from tests.portal.test_chapter_2 import filed_enterprise
from tests.portal.test_chapter_4 import contract, filed_person, project, save

pytestmark = [pytest.mark.servers, pytest.mark.slow]
START = datetime(2024, 9, 2, 9, tzinfo=SHANGHAI)
MEND = "去“项目阶段及项目参与人员”添加并保存"


@pytest.fixture
def campaign(system: System) -> Iterator[str]:
    """Its title: it is the first day on which records are taken."""
    clocks.set_clock(system.told, START)
    province, title = system.actor("PROV_OFFICER", city="410000"), f"动态考核 {uuid4().hex[:6]}"
    made = province.do("POST", "assessment", "/campaigns", {"year": 2024, "title": title})
    province.do("POST", "assessment", f"/campaigns/{made['id']}:open", version=made["version"])
    yield title
    clocks.set_clock(system.told, START)


async def test_a_record_is_chosen_mended_generated_again_and_sent(
    system: System, browsers: Browsers, campaign: str, tmp_path: Path
) -> None:
    uscc = filed_enterprise(system)
    leader = filed_person(system, uscc)
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await clerk.open("/assessment")
    assert "A05" in await of(clerk, campaign).inner_text()  # before 添加, which is dashed
    assert await wrong(clerk) == []
    await contract(clerk, uscc, leader)
    await project(clerk)
    await add_stage(clerk, leader, "D1")  # the first project can be chosen, the second cannot yet
    await contract(clerk, uscc, leader)
    await project(clerk)
    await begin(clerk, campaign)
    await next_step(clerk)
    await next_step(clerk)
    await clerk.page.locator('tbody [type=checkbox][name$="_id"]').first.check()
    await next_step(clerk)

    assert "J03" in await clerk.reads("tr.is-off")
    assert await wrong(clerk) == []
    here = clerk.page.url.removeprefix(clerk.url)
    await clerk.page.get_by_role("link", name=MEND).click()
    await add_stage(clerk, leader, "D3")
    await clerk.open(here)
    assert await clerk.page.locator("tr.is-off").count() == 0
    await clerk.page.locator('tbody [type=checkbox][name$="_id"]').last.check()
    await clerk.page.locator("[data-save]").click()
    await attach(clerk, "ASM_PERF", tmp_path)
    await next_step(clerk)
    await clerk.press("全部已缴")
    await attach(clerk, "SI_PROOF", tmp_path)
    assert await wrong(clerk) == []
    await next_step(clerk)
    await clerk.press("生成")
    assert "已生成，第 1 次" in await clerk.reads(".banner-ok")
    assert await wrong(clerk) == []

    await clerk.page.get_by_role("link", name="重新生成").first.click()
    await clerk.type("/enterprise/self_check", "自查没有问题")
    await next_step(clerk)
    await clerk.page.locator(".track a", has_text="重新生成").click()
    assert "自查没有问题" in await clerk.reads(".diff")
    assert await wrong(clerk) == []
    await clerk.press("重新生成")
    assert "已生成，第 2 次" in await clerk.reads(".banner-ok")
    await send(clerk)


async def test_who_has_no_contract_sends_the_statement(
    system: System, browsers: Browsers, campaign: str, tmp_path: Path
) -> None:
    uscc = filed_enterprise(system)
    filed_person(system, uscc)
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await clerk.open("/contracts")
    await clerk.press("新建暂无业绩")
    await begin(clerk, campaign)
    await next_step(clerk)
    await next_step(clerk)
    await clerk.page.locator('tbody [type=checkbox][name$="_id"]').first.check()
    await next_step(clerk)
    await clerk.page.get_by_label("暂无业绩", exact=True).check()
    await clerk.type("/performance/nil_declaration/reason", "本年度没有新签合同")
    await clerk.page.locator("[data-save]").click()
    await attach(clerk, "ASM_NOPERF", tmp_path)
    await next_step(clerk)
    await clerk.press("全部已缴")
    await attach(clerk, "SI_PROOF", tmp_path)
    await next_step(clerk)
    await clerk.press("生成")
    await send(clerk)


def of(clerk: Visitor, campaign: str) -> Locator:
    """Its line among the campaigns."""
    return clerk.page.locator("li", has_text=campaign)


async def begin(clerk: Visitor, campaign: str) -> None:
    await clerk.open("/assessment")
    await of(clerk, campaign).get_by_role("button", name="添加").click()
    await clerk.page.wait_for_load_state()


async def next_step(clerk: Visitor) -> None:
    await clerk.press("保存，下一步")
    await clerk.page.wait_for_load_state()


async def add_stage(clerk: Visitor, leader: str, stage: str) -> None:
    await clerk.page.get_by_role("link", name="添加阶段").click()
    part = {"person_id": leader, "role": "PM"}
    started = {"stage": stage, "status": "1", "started_on": "2024-03-01"}
    await clerk.fill_in({**started, "participants": [part]})
    await save(clerk)


async def attach(clerk: Visitor, scan_type: str, folder: Path) -> None:
    """To the first slot of this type, of proofs to all months at once."""
    file = folder / f"{scan_type}.pdf"
    file.write_bytes(scans.pdf(scan_type, "示范"))
    await clerk.page.set_input_files(f'[name^="_file:{scan_type}:"] >> nth=0', str(file))


async def send(clerk: Visitor) -> None:
    """Every warning is confirmed; pressed before that it is refused."""
    await clerk.page.get_by_role("link", name="发送", exact=True).click()
    await clerk.press("确认发送")
    assert "A25" in await clerk.reads(".summary")
    assert await wrong(clerk) == []
    for box in await clerk.page.locator('input[name="read"]').all():
        await box.check()
    await clerk.press("确认发送")
    assert "发送成功，动态考核报送工作已完成" in await clerk.reads(".banner-ok")
    assert await wrong(clerk) == []

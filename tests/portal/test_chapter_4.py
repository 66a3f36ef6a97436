"""Chapter 4 of the manual at the screen: a contract and a project are entered; it cannot be chosen
until a stage is saved, says so, and leads to what mends it; 暂无业绩 in one press.
"""

from random import Random

import pytest

from deploy.demo import people, staff
from deploy.demo.filing import Officer
from tests.journeys.conftest import System
from tests.portal.conftest import Browsers, Visitor
from tests.portal.test_chapter_2 import filed_enterprise

pytestmark = [pytest.mark.servers, pytest.mark.slow]
NAME = "门户示范楼"


async def test_a_project_can_be_chosen_once_a_stage_is_saved(
    system: System, browsers: Browsers
) -> None:
    uscc = filed_enterprise(system)
    leader = filed_person(system, uscc)
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await contract(clerk, uscc, leader)
    await project(clerk)
    assert "现在还不能选作动态考核业绩" in await clerk.reads(".banner-warn")
    await clerk.open("/projects")
    assert "不可选" in await clerk.reads("tbody")

    await clerk.page.get_by_role("link", name=NAME).click()
    await clerk.page.get_by_role("link", name="添加阶段").click()
    part = {"person_id": leader, "role": "PM"}
    started = {"stage": "D3", "status": "1", "started_on": "2024-03-01"}
    await clerk.fill_in({**started, "participants": [part]})
    await save(clerk)
    assert "可选作业绩" in await clerk.reads("h1")
    assert await clerk.page.locator(".banner-warn").count() == 0
    await clerk.open("/projects?selectable=true")
    assert NAME in await clerk.reads("tbody")


async def test_who_has_no_new_contract_says_so_in_one_press(
    system: System, browsers: Browsers
) -> None:
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=filed_enterprise(system))
    await clerk.open("/contracts")
    await clerk.press("新建暂无业绩")
    assert "可选作业绩" in await clerk.reads("h1")
    await clerk.open("/contracts")
    assert "暂无业绩" in await clerk.reads("tbody")
    await clerk.press("新建暂无业绩")
    assert "C10" in await clerk.reads(".summary")


def filed_person(system: System, uscc: str) -> str:
    people_of = staff.Staff(system.actor("ENT_CLERK", org=uscc), uscc, Random())
    id = people_of.add("长示范", None, "ARCH")
    officer = Officer(system.actor("CITY_OFFICER", city="410100"))
    staff.approve(people_of, officer, people_of.file([id]))
    return id


async def contract(clerk: Visitor, uscc: str, leader: str) -> None:
    await clerk.open("/contracts/new")
    content = {
        "contract_no": f"HT-{Random().randrange(10**6)}",
        "name": f"{NAME}设计合同",
        "contract_type": "200",
        "client_name": "示范建设单位",
        "contractor_name": "郑州人员设计有限公司",
        "contractor_uscc": uscc,
        "amount_wan": "128.5",
        "scope": "全过程设计",
        "signed_on": "2024-01-15",
        "project_leader_person_id": leader,
    }
    await clerk.fill_in({**content, "client_uscc": people.credit_code(Random())})
    await save(clerk)
    assert "已保存" in await clerk.reads("h1")


async def project(clerk: Visitor) -> None:
    await clerk.page.get_by_role("link", name="添加项目").click()
    await clerk.fill_in(
        {
            "name": NAME,
            "project_type": "01",
            "function": "P1",
            "nature": "001",
            "province": "410000",
            "city": "410100",
            "county": "410105",
            "scale": "M",
        }
    )
    await clerk.page.select_option('[name="/qualification_item_used"]', index=1)
    await save(clerk)


async def save(clerk: Visitor) -> None:
    await clerk.page.locator("[data-save]").click()
    await clerk.page.wait_for_load_state()

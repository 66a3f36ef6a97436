"""Chapters 4 and 5 for who has no new contract: 暂无业绩 in one press, and once only; its record is
sent with the statement.
"""

from pathlib import Path

import pytest

from tests.in_memory.firm import Firm, open_campaign
from tests.portal import clerk
from tests.portal.axe import Axe
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    """With people, as chapters 1 and 2 leave it."""
    open_campaign(served.services)
    made = Firm(served.services)
    made.file()
    made.hire()
    return made


@pytest.fixture
async def visitor(screens: Screens, firm: Firm) -> Visitor:
    return await screens.visitor("ENT_CLERK", org=firm.uscc)


async def test_who_has_no_contract_sends_the_statement(visitor: Visitor, tmp_path: Path) -> None:
    axe = Axe()
    await visitor.open("/contracts")
    await visitor.press("新建暂无业绩")
    assert "可选作业绩" in await visitor.reads("h1")
    await visitor.open("/contracts")
    assert "暂无业绩" in await visitor.reads("tbody")
    await visitor.press("新建暂无业绩")
    assert "C10" in await visitor.reads(".summary")
    await axe.look(visitor)
    await clerk.begin(visitor, "2024")
    await clerk.next_step(visitor)
    await clerk.next_step(visitor)
    await visitor.page.locator(clerk.CHOSEN).first.check()
    await clerk.next_step(visitor)
    await visitor.page.get_by_label("暂无业绩", exact=True).check()
    await visitor.type("/performance/nil_declaration/reason", "本年度没有新签合同")
    await clerk.save(visitor)
    await axe.look(visitor)
    await clerk.attach(visitor, "ASM_NOPERF", tmp_path)
    await clerk.next_step(visitor)
    await clerk.insured(visitor, tmp_path)
    await visitor.press("生成")
    await clerk.send_record(visitor)
    await axe.look(visitor)
    assert axe.faults == []

"""Chapter 1 of the manual at the screen by other ways than a mouse: 企业基本信息 from an empty form
to a filed version, with a return and its correction. By mouse it is the first of the manual's
chapters (manual.py).
"""

from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import people
from tests.portal import authority, clerk
from tests.portal.visitor import Browsers, KeyboardVisitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
WAYS: dict[str, dict[str, Any]] = {
    "keyboard": {"kind": KeyboardVisitor},
    "no scripts": {"java_script_enabled": False},
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_new_enterprise_files_and_corrects_what_was_returned(
    browsers: Browsers, tmp_path: Path, way: str
) -> None:
    uscc, name = people.credit_code(Random()), f"郑州门户{uuid4().hex[:6]}建筑设计有限公司"
    visitor = await browsers.visitor(**WAYS[way])
    await visitor.sign_in(uscc=uscc)
    await clerk.register(visitor, name)
    await clerk.fill_in(visitor, uscc, name, tmp_path)
    await clerk.save_refused_then_saved(visitor, focused=way != "no scripts")
    await clerk.scan_is_kept(visitor)
    await visitor.open("/enterprise/filings")
    await visitor.press("添加")
    await visitor.press("保存")
    assert "已保存，尚未发送" in await visitor.reads()
    await clerk.send(visitor)

    officer = await browsers.visitor(**WAYS[way])
    await officer.sign_in(account="city_officer/410100")
    await authority.take(officer, name)
    await authority.send_back(officer)
    await clerk.until(visitor, "退回补正", "h1")
    await clerk.correct(visitor)
    await clerk.send(visitor)
    await authority.take(officer, name)
    await authority.pass_all(officer)
    await clerk.until(visitor, "审核通过", "h1")
    await visitor.open("/enterprise")
    assert "第 1 版" in await visitor.reads(".tblock")

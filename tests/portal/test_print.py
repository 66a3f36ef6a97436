"""What comes out of a printer: A4 pages that count themselves, 草稿 in the margin of each until it
was sent.
"""

import re
from pathlib import Path

import pypdfium2
import pytest

from deploy.browser.chromium import chromium
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers, pytest.mark.slow]
STATIC = Path("services/portal/static")
A4 = (595, 842)  # points


def printed(visitor: VisitorInMemory, folder: Path) -> list[str]:
    """The text of each page, as Chromium prints what is shown."""
    styles = "".join((STATIC / f"{name}.css").read_text() for name in ("tokens", "portal"))
    (folder / "portal.css").write_text(styles)
    page = re.sub(r"href=/\S+\.css", "href=portal.css", visitor.content.decode())
    (folder / "page.html").write_text(page)
    made: bytes = visitor.portal.services.run(_pdf(f"file://{folder}/page.html"))
    document = pypdfium2.PdfDocument(made)
    assert {tuple(map(round, each.get_size())) for each in document} == {A4}
    return [re.sub(r"\s", "", each.get_textpage().get_text_range()) for each in document]


async def _pdf(url: str) -> bytes:
    async with chromium() as browser:
        tab = await browser.new_page(java_script_enabled=False)
        await tab.goto(url)
        return await tab.pdf(prefer_css_page_size=True)


def test_a_draft_says_so_on_every_page_and_every_page_its_number(
    portal: PortalInMemory, tmp_path: Path
) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    path = firm.enterprise.add("ENT_INIT")
    firm.enterprise.save(path)
    visitor = portal.visitor("ENT_CLERK", org=firm.uscc)
    page = f"/enterprise/filings/{path.rpartition('/')[2]}/print"
    visitor.open(page)
    pages = printed(visitor, tmp_path)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "草稿" in text
        assert f"第{number}页共{len(pages)}页" in text
    assert "首页" not in pages[0], "menu and buttons stay on the screen"
    firm.enterprise.send(path)
    visitor.open(page)
    assert not [each for each in printed(visitor, tmp_path) if "草稿" in each]

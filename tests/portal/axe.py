"""WCAG 2.2 AA as far as axe sees it, of a page as it stands."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import ViewportSize

from deploy.browser.chromium import WINDOW
from tests.portal.visitor import Visitor

TWICE = ViewportSize(width=683, height=384)  # 200 % of the other
LANGUAGES = {"zh": "zh-CN", "en": "en"}
# each language in one window, so that all are seen for half of what all pairs would take
WINDOWS = {"zh-CN": WINDOW, "en": TWICE}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# `preload` fetches the style sheets again, for a rule that is not among these
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
# It reads the same few colours anew for every element, which took a third of its time
READ_ONCE = """() => {
    const { Color } = axe.commons.color;
    const read = Color.prototype.parseString, known = new Map();
    Color.prototype.parseString = function (text) {
        if (!known.has(text)) known.set(text, read.call(new Color(), text));
        const { r, g, b, alpha } = known.get(text);
        return Object.assign(this, { r, g, b, alpha });
    };
}"""
LOOK = """async (options) => {
    scrollTo(0, 0);
    const seen = document.querySelector("dialog[open]") ?? document;
    const { violations, passes } = await axe.run(seen, options);
    const faults = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
    return { faults, passes: passes.length };
}"""


@dataclass
class Axe:
    """Looks at one state of a page after the other. `faults`: what kept somebody out."""

    faults: list[str] = field(default_factory=list)

    async def look(self, visitor: Visitor) -> None:
        """The page in the state it is in and each dialog that it asks in, in Chinese as they stand
        and in English at 200 %; as it stands before, so after. A page that answered a form is
        asked for by the same form again.
        """
        await self.look_and_leave(visitor)
        await in_language(visitor, "zh")

    async def look_and_leave(self, visitor: Visitor) -> None:
        """As `look`, of a page that is left afterwards: it stays in the other language, and so
        begins the next.
        """
        lang = await visitor.page.locator("html").get_attribute("lang")
        for language in sorted(LANGUAGES, key=lambda each: LANGUAGES[each] != lang):
            await in_language(visitor, language)
            await self.look_as_it_is(visitor)
            await self._look_at_dialogs(visitor)

    async def _look_at_dialogs(self, visitor: Visitor) -> None:
        """None is answered."""
        for button in await visitor.page.locator("[data-ask]").all():
            await button.evaluate("each => each.click()")
            if await visitor.page.locator("dialog[open]").count():
                await self.look_as_it_is(visitor)
                await visitor.page.keyboard.press("Escape")

    async def look_as_it_is(self, visitor: Visitor) -> None:
        """What is seen, in the page's language; it is not asked for again, what was typed stays."""
        lang = await visitor.page.locator("html").get_attribute("lang")
        await visitor.page.set_viewport_size(WINDOWS[lang or ""])
        seen = f"{visitor.page.url} {lang}"
        self.faults += [f"{seen}: {each}" for each in await wrong(visitor)]
        await visitor.page.set_viewport_size(WINDOW)


async def in_language(visitor: Visitor, language: str) -> None:
    if await visitor.page.locator("html").get_attribute("lang") != LANGUAGES[language]:
        await visitor.speaks(language)
        await visitor.page.reload()


async def wrong(visitor: Visitor) -> list[str]:
    """What axe finds, with the first place of each, on the page as it is first seen; in the dialog
    where one is open, since nothing behind it can be reached.
    """
    if not await visitor.page.evaluate("'axe' in window"):
        await visitor.page.evaluate(AXE_SCRIPT)
        await visitor.page.evaluate(READ_ONCE)
    seen = await visitor.page.evaluate(LOOK, OPTIONS)
    assert seen["passes"] > 10  # it did look
    return [str(each) for each in seen["faults"]]

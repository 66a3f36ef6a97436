"""大写 of money stands under its field, without scripts too."""

import pytest

from services.portal.render.money import written_out
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory


@pytest.mark.parametrize(
    ("wan", "words"),
    [
        ("500.0000", "伍佰万元整"),
        ("12864000.0000", "壹仟贰佰捌拾陆亿肆仟万元整"),
        ("0", "零元整"),
        ("0.0001", "壹元整"),
        ("1000.1005", "壹仟万壹仟零伍元整"),
        ("10001", "壹亿零壹万元整"),
        ("10000.0001", "壹亿零壹元整"),
        ("1,001.0", "壹仟零壹万元整"),
        ("100000.5", "壹拾亿零伍仟元整"),
        ("-3", "负叁万元整"),
        ("0.00001", ""),
        ("五百", ""),
        ("NaN", ""),
        ("Infinity", ""),
        ("", ""),
        (None, ""),
        ("9" * 40, ""),
    ],
)
def test_an_amount_is_written_out(wan: object, words: str) -> None:
    assert written_out(wan) == words


@pytest.mark.servers
def test_a_wrong_unit_is_seen_in_the_words_under_the_amount(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/contracts/new")
    name = "/amount_wan"
    assert clerk.all("//output") == []
    clerk.press("保存 Ctrl S", {name: "5000000", "/name": "示范楼", "/contract_no": "HT-1"})
    [field] = clerk.all(f"//input[@name='{name}']")
    [words] = clerk.texts("//output[@class='echo']")
    assert words == "伍佰亿元整"
    [said] = clerk.all("//output/@id")
    assert said in field.get("aria-describedby").split()

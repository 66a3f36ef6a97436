"""A form with many rows is as small as one with few: rows stand as lines until they are opened, and
nothing that stands in them is lost on the way.
"""

from copy import deepcopy
from typing import Any

import pytest

from libs.filing.reference import raw
from services.portal.render.posted import content_of
from services.portal.render.view import FormView, Message
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory
from tests.portal.test_forms import INFORMATION, definition, inputs, shown

A_PAGE = 30_000  # bytes of HTML, at most
YEARS = [
    {"fiscal_year": 2020 + n, "net_assets_wan": "1.00", "audit_firm": "某所"} for n in range(5)
]
MANY = {**INFORMATION, "net_assets": YEARS}


def folded(view: FormView) -> list[str]:
    return [row.name for part in view.parts for row in part.rows or () if row.folded]


def posted(view: FormView) -> dict[str, list[str]]:
    """What a browser would post of it."""
    found = inputs(view.parts)
    for part in view.parts:
        for row in part.rows or ():
            if row.folded:
                found = {
                    at: each for at, each in found.items() if not at.startswith(f"{row.name}/")
                }
                found[row.name] = [row.folded]
    return found


def test_a_form_with_few_rows_is_written_out() -> None:
    assert folded(shown("enterprise", INFORMATION, is_whole=True)) == []


def test_what_is_folded_comes_back_as_it_was() -> None:
    view = shown("enterprise", MANY, is_whole=True)
    assert len(folded(view)) == 7
    content = {**MANY, "profile": "第一行\r\n第二行"}
    del content["scans"]
    assert content_of(definition("enterprise"), posted(view)) == content | {
        "profile": "第一行\n第二行"
    }


def test_a_row_that_was_asked_for_is_written_out_also_by_what_is_in_it() -> None:
    for opened in ("/certificates/0", "/certificates/0/items/0", "/certificates/0/items"):
        view = shown("enterprise", MANY, is_whole=True, opened=opened)
        assert "/certificates/0" not in folded(view)
        assert "/net_assets/0" in folded(view)


def test_the_first_row_that_is_wrong_is_written_out_and_what_is_said_of_others_leads_to_them() -> (
    None
):
    wrong = [Message("E05", "B", "请填写", f"/net_assets/{n}/audit_firm") for n in (1, 3)]
    view = shown("enterprise", MANY, *wrong, is_whole=True)
    assert {"/net_assets/1"} == {f"/net_assets/{n}" for n in range(5)} - {*folded(view)}
    assert [each.target for each in view.summary] == ["f-net_assets-1-audit_firm", "f-net_assets-3"]


def test_of_what_came_back_the_row_that_may_be_corrected_is_written_out() -> None:
    def returned(at: str) -> bool:
        return at == "/certificates/0/items/0/grade"

    view = shown("enterprise", MANY, is_whole=True, editable=returned)
    assert "/certificates/0" not in folded(view)


@pytest.mark.parametrize(
    "text",
    ["", "x", "[1]", '"a"', '{"cert_no":1}', '{"cert_no":"\\ud800"}', '{"x":"y"}', "[" * 9999],
)
def test_what_no_page_has_folded_says_nothing(text: str) -> None:
    assert content_of(definition("enterprise"), {"/certificates/0": [text]}) == {}


def test_rows_are_called_one_by_one_in_english() -> None:
    view = shown("enterprise", INFORMATION, language="en")
    [certificates] = [each for each in view.parts if each.name == "/certificates"]
    assert (certificates.title, certificates.row_title) == (
        "Qualification certificates",
        "Qualification certificate",
    )
    found = view.place("/certificates/0/items/0/grade")
    assert found == "Qualification certificate 1 › Licence 1 › Grade"


def with_certificates(firm: Firm, count: int) -> str:
    """A change with so many certificates and three years of net assets, saved: its id."""
    filing = firm.enterprise.add("ENT_CHANGE")
    content = firm.enterprise.state(filing)["content"]
    [first] = content["certificates"]
    taken = first["items"][0]["licence"]
    catalogue = (each["code"] for each in raw("qualification_catalogue")["items"])
    free = [each for each in catalogue if each[:2] == taken[:2] and each != taken]
    for number in range(count - 1):
        content["certificates"].append(_another(first, f"A24100{8300 + number}", free[number]))
    [year] = content["net_assets"]
    content["net_assets"] += [_year(year, back) for back in (1, 2)]
    firm.enterprise.save(filing, content)
    return filing.rpartition("/")[2]


def _another(certificate: dict[str, Any], number: str, licence: str) -> dict[str, Any]:
    made = deepcopy(certificate)
    made["cert_no"] = number
    made["items"][0]["licence"] = licence
    for each in (made, *made["items"]):
        del each["id"]
    return made


def _year(assets: dict[str, Any], back: int) -> dict[str, Any]:
    made = {**assets, "fiscal_year": assets["fiscal_year"] - back}
    made.pop("id", None)
    return made


@pytest.mark.servers
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("certificates", "opened"), [(4, ""), (2, "/certificates/1")])
def test_a_change_with_several_certificates_is_a_small_page(
    portal: PortalInMemory, language: str, certificates: int, opened: str
) -> None:
    firm = Firm(portal.services)
    firm.file()
    change = with_certificates(firm, certificates)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc, language=language)
    clerk.open(f"/enterprise/changes/{change}")
    assert len(clerk.all("//button[@name='_open']")) >= certificates
    if opened:
        [button] = clerk.texts(f"//button[@name='_open'][@value='{opened}']")
        clerk.press(button)
        assert clerk.all(f"//input[@name='{opened}/cert_no']")
    assert len(clerk.content) <= A_PAGE


@pytest.mark.servers
def test_a_row_is_opened_changed_and_saved_and_the_others_stay(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    change = f"/enterprises/{firm.enterprise.id}/filings/{with_certificates(firm, 3)}"
    before = firm.clerk.get("enterprise", change)["content"]
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/enterprise/changes/{change.rpartition('/')[2]}")
    clerk.press("修改资质证书 2", {"/basic/contact_name": "郑经办"})
    clerk.press("修改资质证书 3", {"/certificates/1/issued_by": "a=\"1\"&'<b>'\\，国务院"})
    assert not clerk.all("//input[@name='/certificates/1/issued_by']")
    assert "国务院" in clerk.text
    clerk.press("保存")
    after = firm.clerk.get("enterprise", change)["content"]
    before["basic"]["contact_name"] = "郑经办"
    before["certificates"][1]["issued_by"] = "a=\"1\"&'<b>'\\，国务院"
    assert after == before

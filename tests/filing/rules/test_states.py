"""Rules about what may be done when: each broken once, kept once. What came back is corrected or
answered, and only that.
"""

from uuid import UUID

import pytest

from libs.events.history import kept
from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import CapitalShare, Information, Subsidiary
from libs.filing.content.scan import ScanRef
from libs.filing.filing import EDITABLE, Answer, ReturnedItem, Status, Type
from libs.filing.rules import states as rules
from tests.filing import given
from tests.filing.rules.looking import places

ITEM = ReturnedItem(pointer="/basic/name", reason="01", text="名称与营业执照不一致")
PART = ReturnedItem(pointer="/content/certificates", reason="01", text="证书不清晰")
LOCKED = sorted(set(Status) - EDITABLE)
NOT_SENT = sorted(set(Status) - {Status.SENT})


def test_e03_is_broken_by_a_code_that_another_account_has() -> None:
    assert places(rules.e03(taken=True)) == ["E03 /uscc"]


def test_e03_is_kept_by_a_new_code() -> None:
    assert places(rules.e03(taken=False)) == []


def test_e04_is_broken_by_saving_the_page_after_its_approval() -> None:
    assert places(rules.e04(filed=True)) == ["E04"]


def test_e04_is_kept_before_the_first_approval() -> None:
    assert places(rules.e04(filed=False)) == []


@pytest.mark.parametrize(
    ("offered", "migrated", "sent", "zh"),
    [
        (False, False, False, "未找到可获取的5.0备案信息，新企业请直接填写"),
        (True, False, False, "贵单位5.0备案数据尚未迁移至6.0，请待迁移完成后再获取，或直接填写"),
        (True, True, True, "企业信息备案已发送，不能再获取5.0备案信息"),
        (False, False, True, "企业信息备案已发送，不能再获取5.0备案信息"),
    ],
)
def test_e20_is_broken_by_each_case_with_its_own_answer(
    offered: bool, migrated: bool, sent: bool, zh: str
) -> None:
    found = rules.e20(offered=offered, migrated=migrated, sent=sent)
    assert [texts_of(each).zh for each in found] == [zh]


def test_e20_is_kept_by_migrated_data_before_the_first_sending() -> None:
    assert places(rules.e20(offered=True, migrated=True, sent=False)) == []


def test_fetching_again_asks_before_it_overwrites() -> None:
    assert places(rules.overwrites(page=True, allowed=False)) == ["STATE /overwrite"]
    assert (
        places(rules.overwrites(page=True, allowed=True))
        == places(rules.overwrites(page=False, allowed=False))
        == []
    )


def test_e21_is_broken_by_another_open_filing() -> None:
    assert places(rules.e21(open_filings=1)) == ["E21"]


def test_e21_is_kept_where_none_is_open() -> None:
    assert places(rules.e21(open_filings=0)) == []


@pytest.mark.parametrize(("type", "approved"), [(Type.ENT_INIT, True), (Type.ENT_CHANGE, False)])
def test_e22_is_broken_by_the_wrong_kind_of_filing(type: Type, approved: bool) -> None:
    assert places(rules.e22(type, approved=approved)) == ["E22 /type"]


@pytest.mark.parametrize(("type", "approved"), [(Type.ENT_INIT, False), (Type.ENT_CHANGE, True)])
def test_e22_is_kept_by_an_initial_filing_first_and_changes_after(
    type: Type, approved: bool
) -> None:
    assert places(rules.e22(type, approved=approved)) == []


def test_e28_is_broken_at_the_field_that_changed_when_a_returned_row_before_it_was_dropped() -> (
    None
):
    rows = [Subsidiary(name=each, city="郑州") for each in ("甲分公司", "乙分公司", "丙分公司")]
    item = ReturnedItem(pointer="/subsidiaries/0", reason="R02", text="已注销")
    before = given.information().model_copy(update={"subsidiaries": tuple(rows)})
    after = before.model_copy(
        update={"subsidiaries": (rows[1], rows[2].model_copy(update={"city": "洛阳"}))}
    )
    assert places(rules.e28(Status.RETURNED, before, after, [item])) == ["E28 /subsidiaries/2/city"]


def test_e28_is_kept_by_a_scan_whose_file_is_called_otherwise() -> None:
    before = given.information()
    scans = tuple(each.model_copy(update={"file_name": "新.pdf"}) for each in before.scans)
    assert scans != before.scans
    after = before.model_copy(update={"scans": scans})
    assert places(rules.e28(Status.RETURNED, before, after, [ITEM])) == []


def test_e23_is_broken_by_a_change_that_changes_nothing() -> None:
    assert places(rules.e23(given.information(), given.information())) == ["E23"]


def test_e23_is_kept_by_one_changed_value() -> None:
    assert (
        places(rules.e23(given.information(), given.information(name="郑州新示范建筑设计有限公司")))
        == []
    )


@pytest.mark.parametrize("status", LOCKED)
def test_e24_is_broken_by_editing_what_was_sent_or_is_at_its_end(status: Status) -> None:
    assert places(rules.e24(status)) == ["E24"]


@pytest.mark.parametrize("status", ["SENT", "CITY_REVIEW", "EXPERT", "CONCLUDED", "CLOSED"])
def test_e24_is_broken_by_editing_a_record_under_review(status: str) -> None:
    assert places(rules.e24(status)) == ["E24"]


@pytest.mark.parametrize("status", sorted({*EDITABLE, "GENERATED"}))
def test_e24_is_kept_while_the_enterprise_has_the_ball(status: str) -> None:
    assert places(rules.e24(status)) == []


@pytest.mark.parametrize("status", NOT_SENT)
def test_e25_is_broken_by_withdrawing_what_was_not_sent_or_is_already_opened(
    status: Status,
) -> None:
    assert places(rules.e25(status)) == ["E25"]


def test_e25_is_kept_by_a_sent_filing() -> None:
    assert places(rules.e25(Status.SENT)) == []


@pytest.mark.parametrize("base", [None, 1, 3])
def test_e26_is_broken_by_a_change_from_another_version(base: int | None) -> None:
    assert places(rules.e26(base, 2)) == ["E26"]


def test_e26_is_kept_by_a_change_from_the_latest_version() -> None:
    assert places(rules.e26(2, 2)) == []


def test_e28_is_broken_by_a_change_beside_what_was_returned() -> None:
    before, after = given.information(), given.information(name="新名称", remark="顺带")
    found = rules.e28(Status.RETURNED, before, after, [ITEM, PART])
    assert places(found) == ["E28 /basic/remark"]
    assert texts_of(found[0]).zh == "退回补正时只能修改退回的项目：企业名称、资质证书"
    assert texts_of(found[0]).en == (
        "After a return only the returned items may be changed: Enterprise name, "
        "Qualification certificates"
    )


def test_e28_is_broken_by_a_row_that_only_shares_the_beginning_of_its_name() -> None:
    before, after = (
        given.information(legal_rep_name="示范甲"),
        given.information(legal_rep_name="示范乙"),
    )
    item = ITEM.model_copy(update={"pointer": "/basic/legal_rep"})
    assert places(rules.e28(Status.RETURNED, before, after, [item])) == [
        "E28 /basic/legal_rep_name"
    ]


def test_e28_is_kept_by_a_change_below_what_was_returned() -> None:
    before = given.information()
    row = before.certificates[0].model_copy(update={"cert_no": "A241000018"})
    after = given.information(name="新名称").model_copy(update={"certificates": (row, row)})
    assert places(rules.e28(Status.RETURNED, before, after, [ITEM, PART])) == []


def scanned(*scans: int) -> Information:
    """The page with these scans, in this order."""
    rows = [ScanRef(scan=UUID(int=each), scan_type="ENT_CERT") for each in scans]
    return given.information().model_copy(update={"scans": tuple(rows)})


SCAN = ReturnedItem(pointer="/scans/0", reason="R02", text="不清晰")


@pytest.mark.parametrize("after", [(2, 3), (9, 2, 3), (2, 3, 9)], ids=str)
def test_e28_is_kept_by_a_returned_row_dropped_replaced_or_brought_anew(
    after: tuple[int, ...],
) -> None:
    assert places(rules.e28(Status.RETURNED, scanned(1, 2, 3), scanned(*after), [SCAN])) == []
    assert places(rules.v14([SCAN], scanned(1, 2, 3), scanned(*after), [])) == []


@pytest.mark.parametrize(
    ("after", "place"),
    [((1, 3), "/scans/1"), ((2, 3, 8, 9), "/scans/3"), ((1, 3, 2), "/scans/2"), ((1,), "/scans/1")],
    ids=str,
)
def test_e28_is_broken_by_another_row_dropped_added_or_moved(
    after: tuple[int, ...], place: str
) -> None:
    found = places(rules.e28(Status.RETURNED, scanned(1, 2, 3), scanned(*after), [SCAN]))
    assert found[0].startswith(f"E28 {place}")


def shared(*holders: str) -> Information:
    """The page with these holders of its capital, in this order."""
    rows = tuple(CapitalShare(holder_name=each) for each in holders)
    nature = given.information().economic_nature
    owned = nature.model_copy(update={"capital_structure": rows})
    return given.information().model_copy(update={"economic_nature": owned})


@pytest.mark.parametrize("after", ["", "乙", "丙甲", "甲乙丙丁", "丁戊甲"])
def test_e28_is_kept_by_rows_of_a_returned_list_added_removed_and_moved(after: str) -> None:
    pointer = "/economic_nature/capital_structure"
    whole = ReturnedItem(pointer=pointer, reason="R02", text="缺一名股东")
    assert places(rules.e28(Status.RETURNED, shared(*"甲乙丙"), shared(*after), [whole])) == []
    row = whole.model_copy(update={"pointer": f"{pointer}/0"})
    found = places(rules.e28(Status.RETURNED, shared(*"甲乙丙"), shared(*after), [row]))
    assert found, "a point on one row opens no other"


def test_e28_is_kept_by_any_change_before_the_first_sending() -> None:
    assert (
        places(rules.e28(Status.SAVED, given.information(), given.information(remark="改"), []))
        == []
    )


def test_v14_is_broken_by_a_returned_point_left_as_it_was() -> None:
    blank = Answer(pointer="/basic/name", text=" ")
    found = rules.v14([ITEM, PART], given.information(), given.information(), [blank])
    assert places(found) == ["V14 /basic/name", "V14 /certificates"]
    assert texts_of(found[0]).zh == (
        "企业名称的退回意见“名称与营业执照不一致”尚未处理，请修改或说明后再发送"
    )


def test_v14_is_kept_by_a_point_changed_and_a_point_answered() -> None:
    answer = Answer(pointer="/certificates", text="证书原件即如此")
    assert (
        places(
            rules.v14([ITEM, PART], given.information(), given.information(name="新名称"), [answer])
        )
        == []
    )


@pytest.mark.parametrize("row", ["²", "３", "03", "x", "99999999999"])
def test_a_pointer_to_no_row_is_a_place_where_nothing_stands(row: str) -> None:
    page = given.information()
    item = ReturnedItem(pointer=f"/certificates/{row}", reason="01", text="证书不清晰")
    assert len(rules.v14([item], page, page, [])) == 1
    assert rules.e28(Status.RETURNED, page, page, [item]) == []


# Values are compared as values, whatever spelling they were stored in


def assets(amount: str, remark: str | None = None) -> Information:
    """As an event says it: history is not judged, and keeps the spelling it has."""
    page = {
        "basic": {"name": "郑州示范建筑设计有限公司", "remark": remark},
        "net_assets": [{"fiscal_year": 2023, "net_assets_wan": amount, "total_assets_wan": "1000"}],
        "history": [{"happened_on": "2001-05-18", "event": "企业成立"}],
    }
    return kept(Information, page)


NET = ReturnedItem(pointer="/net_assets/0/net_assets_wan", reason="01", text="净资产不符")
TOTAL = ReturnedItem(pointer="/net_assets/0/total_assets_wan", reason="01", text="资产不符")
SPELT = [("300", "300.00"), ("300.0000", "300"), ("0.5", "0.50"), ("0", "0.00")]


@pytest.mark.parametrize(("before", "after"), SPELT)
def test_e23_is_broken_by_an_amount_spelt_otherwise(before: str, after: str) -> None:
    assert places(rules.e23(assets(before), assets(after))) == ["E23"]


@pytest.mark.parametrize(("before", "after"), SPELT)
def test_e28_is_kept_by_an_amount_spelt_otherwise(before: str, after: str) -> None:
    found = rules.e28(Status.RETURNED, assets(before), assets(after), [TOTAL])
    assert places(found) == []


@pytest.mark.parametrize(("before", "after"), SPELT)
def test_v14_is_broken_by_a_returned_amount_spelt_otherwise(before: str, after: str) -> None:
    found = rules.v14([NET], assets(before), assets(after), [])
    assert places(found) == ["V14 /net_assets/0/net_assets_wan"]


@pytest.mark.parametrize(
    ("before", "after"), [("e\u0301", "é"), ("备注 ", "备注"), ("一\r\n二", "一\n二"), ("", None)]
)
def test_e23_is_broken_by_a_text_spelt_otherwise(before: str, after: str | None) -> None:
    assert places(rules.e23(assets("1", before), assets("1", after))) == ["E23"]


def test_e23_is_kept_by_another_amount_and_v14_too() -> None:
    assert places(rules.e23(assets("300"), assets("300.0001"))) == []
    assert places(rules.v14([NET], assets("300"), assets("400"), [])) == []

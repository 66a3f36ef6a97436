"""What differs between two contents of a filing, tied to the points that were returned."""

from typing import Any
from uuid import UUID

import pytest

from libs.events.errors import NotFound
from libs.events.testing import given
from libs.filing.comparing import Change, Difference, Reader, compared
from libs.filing.content.enterprise import Information, Subsidiary
from libs.filing.content.scan import ScanRef
from libs.filing.filing import Answer, ReturnedItem
from services.enterprise.information.domain import Enterprise
from tests.enterprise.test_enterprise import (
    FILED,
    FILING,
    OTHER,
    PAGE,
    SENT,
    approved,
    changing,
    opened,
    sent,
)
from tests.given import clerk, officer

CLERK, OFFICER, AUDITOR = Reader(False, False), Reader(True, False), Reader(False, True)
TEXT = "与营业执照不一致"


def page(**changes: Any) -> Information:
    """The page with other rows or scans; `basic`: other fields of its first part."""
    basic = PAGE.basic.model_copy(update=changes.pop("basic", {}))
    return PAGE.model_copy(update={"basic": basic, **changes})


def scanned(*scans: int) -> tuple[ScanRef, ...]:
    return tuple(ScanRef(scan=UUID(int=each), scan_type="ENT_LICENSE") for each in scans)


def returned(*pointers: str) -> Enterprise.FilingReturned:
    items = tuple(ReturnedItem(pointer=each, reason="R01", text=TEXT) for each in pointers)
    decision = UUID(int=7)
    return Enterprise.FilingReturned(
        act=officer(), filing=FILING, round=1, decision=decision, items=items, comment=""
    )


async def between(
    *past: Enterprise.Event,
    states: tuple[str, str] = ("round:1", "draft"),
    filing: UUID = FILING,
    reader: Reader = CLERK,
) -> Difference:
    async def at(version: int) -> Enterprise:
        enterprise: Enterprise = given(Enterprise, *past[:version]).aggregate
        return enterprise

    return await compared(given(Enterprise, *past).aggregate, filing, states, at, reader)


async def changed(before: Information, after: Information, *items: str) -> Difference:
    """After what was sent came back and was saved otherwise."""
    saved = Enterprise.FilingSaved(act=clerk(), filing=FILING, status="RETURNED", content=after)
    past = (*SENT[:-1], sent(content=before), opened, returned(*items), saved)
    return await between(*past)


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(each.kind, each.pointer, each.label.zh) for each in changes]


async def test_a_field_is_told_with_its_label_old_and_new() -> None:
    found = await changed(page(), page(basic={"office_phone": "0371-60000001"}))
    [change] = found.changes
    assert (change.pointer, change.label.zh, change.label.en) == (
        *("/basic/office_phone", "办公电话", "Office telephone"),
    )
    assert (change.old, change.new) == (PAGE.basic.office_phone, "0371-60000001")


async def test_what_was_empty_is_added_and_what_is_empty_now_is_removed() -> None:
    before, after = (
        page(basic={"fax": None, "remark": "旧"}),
        page(basic={"fax": "0371-1", "remark": " "}),
    )
    found = await changed(before, after)
    assert [(each.kind, each.pointer) for each in found.changes] == [
        ("added", "/basic/fax"),
        ("removed", "/basic/remark"),
    ]


async def test_a_row_is_named_where_it_stands_now_and_one_that_went_where_it_stood() -> None:
    rows = [Subsidiary(name=name) for name in ("甲分公司", "乙分公司", "丙分公司")]
    before = page(subsidiaries=tuple(rows))
    [gone] = (await changed(before, page(subsidiaries=tuple(rows[1:])))).changes
    assert (gone.kind, gone.pointer, gone.old["name"]) == ("removed", "/subsidiaries/0", "甲分公司")
    city = rows[2].model_copy(update={"city": "洛阳"})
    found = await changed(before, page(subsidiaries=(rows[1], city)))
    assert [(each.kind, each.pointer) for each in found.changes] == [
        ("removed", "/subsidiaries/0"),
        ("added", "/subsidiaries/1/city"),
    ]
    [swapped] = (await changed(before, page(subsidiaries=(rows[1], rows[0], rows[2])))).changes
    assert (swapped.kind, swapped.old) == ("changed", swapped.new)


async def test_a_scan_is_one_change_not_one_a_field() -> None:
    found = await changed(page(scans=scanned(1, 2)), page(scans=scanned(3, 2)))
    [change] = found.changes
    assert (change.kind, change.pointer) == ("changed", "/scans/0")
    assert (change.old["scan"], change.new["scan"]) == (str(UUID(int=1)), str(UUID(int=3)))


async def test_what_only_the_service_says_of_a_certificate_is_no_change() -> None:
    certificates = tuple(
        each.model_copy(update={"id": UUID(int=n), "top_grade": None})
        for n, each in enumerate(PAGE.certificates)
    )
    assert PAGE.certificates
    assert (await changed(page(), page(certificates=certificates))).changes == ()


# Points returned


async def test_each_point_is_corrected_or_not_and_each_change_says_which_point_it_answers() -> None:
    points = ("/basic/registered_address", "/scans/0", "/basic/fax")
    found = await changed(
        page(scans=scanned(1, 2)),
        page(basic={"registered_address": "郑州市中原区建设路1号"}, scans=scanned(2, 3)),
        *points,
    )
    assert {each.pointer: each.point.pointer for each in found.changes if each.point} == {
        "/basic/registered_address": "/basic/registered_address",
        "/scans/1": "/scans/0",
    }
    assert [(each.pointer, each.corrected) for each in found.points] == list(
        zip(points, (True, True, False), strict=True)
    )
    assert (found.points[0].label.zh, found.points[0].text) == ("注册地址", TEXT)


async def test_a_point_without_change_carries_the_enterprise_s_answer_once_it_is_sent() -> None:
    answers = (Answer(pointer="/basic/fax", text="没有传真"),)
    past = (*SENT, opened, returned("/basic/fax"), sent(2, answers=answers))
    found = await between(*past, states=("round:1", "round:2"), reader=OFFICER)
    [point] = found.points
    assert (point.corrected, point.answer) == (False, "没有传真")
    again = returned("/basic/fax").model_copy(update={"round": 2})
    [point] = (await between(*past, again)).points
    assert point.answer is None, "the answer of an earlier round is no answer to this return"


async def test_points_hold_for_the_rounds_after_their_return_only() -> None:
    past = (*SENT, opened, returned("/basic/fax"), sent(2))
    assert (await between(*past, states=("round:1", "round:1"))).points == ()
    assert len((await between(*past, states=("round:1", "round:2"))).points) == 1


# The approved version


async def test_a_change_filing_is_compared_with_the_version_that_it_changes() -> None:
    content = page(basic={"office_phone": "0371-60000001"})
    saved = Enterprise.FilingSaved(act=clerk(), filing=OTHER, status="SAVED", content=content)
    past = (*FILED, changing, saved)
    found = await between(*past, states=("approved", "draft"), filing=OTHER)
    assert [each.pointer for each in found.changes] == ["/basic/office_phone"]


async def test_before_anything_is_approved_there_is_no_approved_version() -> None:
    with pytest.raises(NotFound):
        await between(*SENT, states=("approved", "round:1"))
    assert (await between(*FILED, states=("round:1", "approved"))).changes == ()


async def test_any_two_approved_versions_are_compared_without_what_was_returned_between() -> None:
    again = (each.model_copy(update={"round": 2}) for each in (opened, approved))
    past = (*SENT, opened, returned("/basic/fax"), sent(2), *again)
    found = await between(*past, states=("version:1", "version:1"))
    assert (found.changes, found.points) == ((), ())
    assert (await between(*past, states=("round:2", "version:1"))).points == ()
    for none in ("version:2", f"version:{10**50}"):
        with pytest.raises(NotFound):
            await between(*past, states=("version:1", none))


# Rights


@pytest.mark.parametrize(
    "states",
    [("round:1", "draft"), ("round:2", "round:1"), ("generation:1", "round:1")],
    ids=str,
)
async def test_an_officer_compares_what_was_sent_only(states: tuple[str, str]) -> None:
    with pytest.raises(NotFound):
        await between(*SENT, states=states, reader=OFFICER)


async def test_who_may_not_see_personal_data_sees_that_it_changed() -> None:
    past = (*SENT, opened, returned("/basic/contact_mobile"))
    content = page(basic={"contact_mobile": "13800000009", "contact_name": "钱另人"})
    saved = Enterprise.FilingSaved(act=clerk(), filing=FILING, status="RETURNED", content=content)
    found = {each.pointer: each for each in (await between(*past, saved, reader=AUDITOR)).changes}
    assert set(found) == {"/basic/contact_mobile", "/basic/contact_name"}
    assert found["/basic/contact_name"].new == "钱**"
    assert "13800000009" not in str(found)

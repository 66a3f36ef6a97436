"""Two changes of one content: merged where they do not meet, a choice where they do."""

from typing import Any

from services.portal.render.merging import merged

BEGUN: dict[str, Any] = {
    "basic": {"name": "甲", "address": "旧路"},
    "kinds": ["A"],
    "rows": [{"id": "1", "no": "1"}, {"id": "2", "no": "2"}],
}


def changed(**fields: Any) -> dict[str, Any]:
    return BEGUN | fields


def met(theirs: Any, mine: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    found = merged(BEGUN, theirs, mine)
    return found.content, [(each.pointer, each.who) for each in found.meetings]


def test_what_only_one_side_changed_stands_as_it_has_it() -> None:
    theirs = changed(basic={"name": "乙", "address": "旧路"})
    mine = changed(basic={"name": "甲", "address": "新路"}, kinds=["A", "B"])
    assert met(theirs, mine) == (
        changed(basic={"name": "乙", "address": "新路"}, kinds=["A", "B"]),
        [("/basic/name", "theirs"), ("/basic/address", "mine"), ("/kinds", "mine")],
    )


def test_what_both_changed_alike_is_no_question() -> None:
    both = changed(basic={"name": "乙"})
    assert met(both, dict(both)) == (both, [])


def test_where_both_changed_the_same_place_theirs_stands_until_somebody_chooses() -> None:
    content, places = met(changed(kinds=["B"]), changed(kinds=["C"]))
    assert (content["kinds"], places) == (["B"], [("/kinds", "both")])


def test_emptied_by_one_and_changed_by_the_other_is_a_choice() -> None:
    _, places = met(changed(basic={"name": "甲"}), changed(basic=BEGUN["basic"] | {"address": "x"}))
    assert places == [("/basic/address", "both")]


def test_rows_are_known_by_their_id_wherever_they_stand() -> None:
    theirs = changed(rows=[{"id": "2", "no": "2"}, {"id": "1", "no": "one"}])
    mine = changed(rows=[{"id": "1", "no": "1"}, {"id": "2", "no": "two"}, {"no": "3"}])
    assert met(theirs, mine) == (
        changed(rows=[{"id": "2", "no": "two"}, {"id": "1", "no": "one"}, {"no": "3"}]),
        [("/rows/0/no", "mine"), ("/rows/1/no", "theirs"), ("/rows/2", "mine")],
    )


def test_a_row_that_one_side_removed_and_nobody_changed_is_gone() -> None:
    content, places = met(changed(rows=BEGUN["rows"][:1]), changed(rows=BEGUN["rows"][1:]))
    assert (content["rows"], {who for _, who in places}) == ([], {"theirs", "mine"})


def test_a_row_that_one_side_removed_and_the_other_changed_is_a_choice() -> None:
    removed, row = changed(rows=BEGUN["rows"][:1]), {"id": "2", "no": "two"}
    altered = changed(rows=[BEGUN["rows"][0], row])
    for theirs, mine, stands in ((removed, altered, None), (altered, removed, row)):
        content, places = met(theirs, mine)
        assert (content["rows"][1], places) == (stands, [("/rows/1", "both")])


def test_rows_added_by_both_are_both_there() -> None:
    theirs = changed(rows=[*BEGUN["rows"], {"id": "9", "no": "9"}])
    content, _ = met(theirs, changed(rows=[*BEGUN["rows"], {"no": "neu"}]))
    assert [each["no"] for each in content["rows"]] == ["1", "2", "9", "neu"]


def test_rows_without_an_id_are_known_by_what_they_name_and_else_by_all_they_say() -> None:
    begun = {"chosen": [{"p": "1"}, {"p": "2", "paid": True}], "other": [{"a": "x"}, {"a": "x"}]}
    theirs = {"chosen": [{"p": "2", "paid": True}], "other": [{"a": "x"}]}
    mine = {"chosen": [{"p": "1"}, {"p": "2", "paid": False}, {"p": "3"}], "other": begun["other"]}
    found = merged(begun, theirs, mine, {"/chosen": "p"})
    assert found.content == {
        "chosen": [{"p": "2", "paid": False}, {"p": "3"}],
        "other": [{"a": "x"}],
    }
    assert not found.to_choose

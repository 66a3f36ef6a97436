"""One cleaning for every text, and the form in which keys are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.texts import cleaned, lines, normal, one_line

LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"]
# zero-width, soft hyphen, BOM, joiners, fillers, variation selectors, bidi signs, tags
UNSEEN = "\u200b\u00ad\ufeff\u200d\u2060\u3164\ufe0f\U000e0100\u200e\u202e\u2066\u061c\U000e0041"


@pytest.mark.parametrize("clean", [one_line, lines])
def test_what_looks_alike_is_one_text(clean: object) -> None:
    assert callable(clean)
    assert clean("  e\u0301\u3000") == "é"
    assert [sign for sign in UNSEEN if clean(f"示{sign}范") != "示范"] == []
    assert clean(f"{UNSEEN} 示范 {UNSEEN}") == "示范"


@pytest.mark.parametrize("end", LINE_ENDS)
def test_only_a_text_of_several_lines_has_line_ends(end: str) -> None:
    assert one_line(f"{end}示范 {end}{end}\t 公司{end}") == "示范 公司"
    assert lines(f"第一条{end}第二条{end}") == "第一条\n第二条"


def test_blanks_inside_a_line_are_its_own() -> None:
    assert one_line("Anna  Maria") == "Anna  Maria"
    assert lines("一\n\n  二") == "一\n\n  二"


@given(st.text())
def test_a_clean_text_is_cleaned_no_further(text: str) -> None:
    for clean in (one_line, lines, normal):
        assert clean(clean(text)) == clean(text)
        assert unicodedata.is_normalized("NFC", clean(text))


@pytest.mark.parametrize("spelt", ["HT-E\u0301-1", "ht-é-1", "ＨＴ－É－１", " HT-É -\u200b1\n"])
def test_a_key_has_one_normal_form(spelt: str) -> None:
    assert normal(spelt) == "HT-É-1"


def test_json_is_cleaned_at_every_depth() -> None:
    given = {"zh\u200b": [" 甲 ", {"en": "e\u0301\r\nb"}], "rank": 1, "none": None}
    assert cleaned(given) == {"zh": ["甲", {"en": "é\nb"}], "rank": 1, "none": None}

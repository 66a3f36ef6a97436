"""A scan is taken in its format and size."""

import pytest

from libs.chassis.scans.parser.limits import Fault
from libs.filing.catalogue import messages, texts_of
from libs.filing.rules.upload import e19
from tests.filing.rules.looking import places


@pytest.mark.parametrize(
    ("type", "mime", "size", "fault"),
    [
        ("PER_PHOTO", "image/jpeg", 200 * 1024 + 1, None),
        ("PER_PHOTO", "image/jpeg", 0, None),
        ("PER_PHOTO", "application/pdf", 1024, None),
        ("PER_PHOTO", "text/html", 1024, None),
        ("PER_PHOTO", "image/jpeg", 1024, "unreadable"),
    ],
)
def test_e19_is_broken_by_a_scan_too_large_empty_of_another_format_or_unreadable(
    type: str, mime: str, size: int, fault: str | None
) -> None:
    assert places(e19(type, mime, size, fault=fault)) == ["E19 /scan_type"]


@pytest.mark.parametrize(
    ("size", "fault", "says"),
    [
        (200 * 1024 + 1, None, "太大（限200 KB以内）"),
        (1024, Fault.PASSWORD, "设有密码"),
        (1024, Fault.UNREADABLE, "已损坏"),
        (1024, Fault.OTHER_BYTES, "与所选文件不一致"),
        (1024, Fault.OTHER_TYPE, "与所选格式不符"),
        (1024, Fault.ANIMATED, "动态图片"),
        (1024, Fault.ACTIVE, "脚本、链接或附件"),
        (1024, Fault.PIXELS, "最多3600万像素"),
        (1024, Fault.PAGES, "超过500页"),
        (1024, Fault.BOX, "最多5米"),
        (1024, Fault.SCANS, "最多30层"),
        (1024, Fault.OBJECTS, "最多5万个对象"),
        (1024, Fault.INFLATED, "单个数据流最多32 MB"),
        (1024, Fault.MEMORY, "最多300 MB"),
        (1024, Fault.TIME, "最多2秒"),
    ],
)
def test_each_case_of_e19_has_words_that_are_true_of_it(
    size: int, fault: str | None, says: str
) -> None:
    [found] = e19("PER_PHOTO", "image/jpeg", size, fault=fault)
    assert says in texts_of(found).zh


@pytest.mark.parametrize(
    ("type", "mime", "size"),
    [("PER_PHOTO", "image/png", 200 * 1024), ("ENT_AUDIT", "application/pdf", 10 << 20)],
)
def test_e19_is_kept_up_to_the_last_byte(type: str, mime: str, size: int) -> None:
    assert places(e19(type, mime, size)) == []


def test_a_scan_type_outside_the_list_is_a_format_error() -> None:
    assert places(e19("ENT_SECRET", "image/png", 1)) == ["FORMAT /scan_type"]


def test_each_reason_has_words_of_its_own_in_both_languages() -> None:
    words = messages()["E19"]
    assert set(Fault) < set(words)
    assert len({each["zh"] for each in words.values()}) == len(words)
    assert len({each["en"] for each in words.values()}) == len(words)

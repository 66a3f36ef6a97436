"""A scan is taken in its format and size."""

import pytest

from libs.filing.rules.upload import e19
from tests.filing.rules.looking import places


@pytest.mark.parametrize(
    ("type", "mime", "size", "readable"),
    [
        ("PER_PHOTO", "image/jpeg", 200 * 1024 + 1, True),
        ("PER_PHOTO", "image/jpeg", 0, True),
        ("PER_PHOTO", "application/pdf", 1024, True),
        ("PER_PHOTO", "text/html", 1024, True),
        ("PER_PHOTO", "image/jpeg", 1024, False),
    ],
)
def test_e19_is_broken_by_a_scan_too_large_empty_of_another_format_or_unreadable(
    type: str, mime: str, size: int, readable: bool
) -> None:
    assert places(e19(type, mime, size, readable=readable)) == ["E19 /scan_type"]


@pytest.mark.parametrize(
    ("type", "mime", "size"),
    [("PER_PHOTO", "image/png", 200 * 1024), ("ENT_AUDIT", "application/pdf", 10 << 20)],
)
def test_e19_is_kept_up_to_the_last_byte(type: str, mime: str, size: int) -> None:
    assert places(e19(type, mime, size)) == []


def test_a_scan_type_outside_the_list_is_a_format_error() -> None:
    assert places(e19("ENT_SECRET", "image/png", 1)) == ["FORMAT /scan_type"]

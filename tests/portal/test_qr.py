"""QR codes are drawn module by module."""

import re

import segno

from services.portal.render.qr import QUIET, qr_code

TEXT = "https://portal.example.com/v/2024-410100-XK4E8Z/" + "0123456789abcdef" * 4


def test_the_path_covers_exactly_the_dark_modules() -> None:
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn := qr_code(TEXT).path)
    assert "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in runs) == drawn
    dark = {(int(x) + k, int(y)) for x, y, n in runs for k in range(int(n))}
    matrix = segno.make(TEXT, error="q", boost_error=False).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, each in enumerate(row) if each}


def test_it_stands_in_a_quiet_zone_of_four_modules_between_its_three_finders() -> None:
    code = qr_code(TEXT)
    left, top, width, height = map(int, code.view_box.split())
    side = width - 2 * QUIET
    assert (left, top, width) == (-4, -4, height)
    for x, y in ((0, 0), (side - 7, 0), (0, side - 7)):
        assert f"M{x} {y}h7v1h-7z" in code.path

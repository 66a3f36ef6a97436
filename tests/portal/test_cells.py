"""What stands in a cell of a list."""

import pytest

from services.portal.render.lists import Cell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-09-12", ["2024-09-12"]),
        ("2024-09-12 09:00", ["2024-09-12", "09:00"]),
        ("2024-09-02 – 2024-10-31", ["2024-09-02", "– 2024-10-31"]),
        ("2024-410100-KY4XDK", []),
        ("自 2024-09-12", []),
    ],
)
def test_a_day_stays_on_one_line(text: str, said: list[str]) -> None:
    """At 200 % it stood on three."""
    assert Cell(text).moment == said

"""What stands in a cell of a list."""

import pytest

from services.portal.render.lists import Cell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-09-12", ("2024-09-12", "")),
        ("2024-09-12 09:00", ("2024-09-12", " 09:00")),
        ("2024-410100-KY4XDK", None),
        ("自 2024-09-12", None),
    ],
)
def test_a_day_stays_on_one_line(text: str, said: tuple[str, str] | None) -> None:
    """At 200 % it stood on three."""
    assert Cell(text).moment == said

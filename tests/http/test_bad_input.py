"""What is wrong with a request in the domain's eyes gets a problem that names the rule and the
place, and changes nothing.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.http import tables
from tests.http.http_client import Asker, Wrong
from tests.http.situation import Situation

pytestmark = pytest.mark.slow
SERVICES = ("enterprise", "personnel", "projects", "assessment", "review")


@pytest.fixture(scope="module")
def situation(asker_in_memory: Asker) -> Situation:
    found = Situation(asker_in_memory)
    assert found.versions
    return found


@pytest.mark.parametrize(
    "table", [tables.enterprise, tables.personnel, tables.assessment, tables.review]
)
def test_it_is_told_under_its_rule_at_its_place(
    asker_in_memory: Asker, situation: Situation, table: Callable[[Situation], Iterator[Wrong]]
) -> None:
    with asker_in_memory.nothing_written(*SERVICES):
        faults = asker_in_memory.faults(table(situation))
    assert not faults, "\n".join(faults)

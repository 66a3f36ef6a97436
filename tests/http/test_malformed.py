"""Whatever is wrong with the form of a request, at every operation of every service: a problem
that names it, and nothing written.
"""

from contextlib import suppress

import pytest

from libs.events.testing.tables import NeedsPostgres
from tests.http import malformed
from tests.http.firm import Firm
from tests.http.http_client import Asker
from tests.http.operations import Operation, operations

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_what_cannot_be_read_is_told_at_its_place_and_changes_nothing(
    asker_in_memory: Asker, firm_in_memory: Firm, operation: Operation
) -> None:
    token = firm_in_memory.token(operation.rows[0]["roles"][0])
    # one router serves /work everywhere; of what awaits whom only enterprise's is in memory
    waits = {NeedsPostgres} if operation.id in ("list_work", "list_overdue") else set()
    with asker_in_memory.nothing_written(operation.service), suppress(*waits):
        assert not asker_in_memory.faults(
            malformed.cases(operation, token, firm_in_memory.ids(operation))
        )

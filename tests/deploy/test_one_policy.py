"""A restored log says by facts' ids which reactions it has: so one policy reacts to a fact."""

from collections import Counter

import pytest

from deploy.embedded.places import SERVICES
from tests.deploy.services import service


@pytest.mark.parametrize("name", SERVICES)
def test_no_two_policies_of_a_service_react_to_one_type(name: str) -> None:
    types = Counter(
        (reader.source, type)
        for reader in service(name).readers
        if reader.policy
        for type in reader.policy.kinds
    )
    assert [each for each, times in types.items() if times > 1] == []

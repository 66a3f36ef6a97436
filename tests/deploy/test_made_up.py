"""Whom demo, benchmarks and chaos make up: a crowd has no two alike, which would be a finding."""

from collections.abc import Callable
from random import Random

import pytest

from deploy.demo import people, staff

CROWD = 20_000


@pytest.mark.parametrize(
    "number",
    [
        lambda random: staff.person(random, "示范甲", "", None, "ARCH")["id_no"],
        people.credit_code,
    ],
    ids=["persons", "enterprises"],
)
def test_a_crowd_has_no_two_alike(number: Callable[[Random], str]) -> None:
    assert len({number(Random(seed)) for seed in range(CROWD)}) == CROWD

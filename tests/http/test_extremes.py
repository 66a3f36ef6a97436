"""What is well formed but odd is refused or taken; it is never a fault of ours."""

import re
from dataclasses import replace
from datetime import date
from itertools import cycle
from typing import Any

import pytest

from libs.chassis.problems.kinds import INTERNAL
from tests.http.firm import Firm
from tests.http.http_client import Asker, Wrong
from tests.http.operations import Operation, operations

pytestmark = pytest.mark.slow
DAYS = ("1900-01-01", "2024-02-29", "2999-12-31", "9999-12-31", str(date.min))
VALUES = tuple(zip(DAYS, cycle((0, 10_000_000)), cycle(("0", "-99999999999.9999"))))
LEFT_OUT = {"set_clock"}  # for the whole system would follow


def odd(value: Any, day: str, number: int, amount: str) -> Any:
    """With this day, number and amount wherever one stands; scans are those of others."""
    if isinstance(value, dict):
        return {
            name: [] if name == "scans" else odd(each, day, number, amount)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [odd(each, day, number, amount) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return number
    is_day, is_amount = (
        isinstance(value, str) and re.fullmatch(form, value)
        for form in (r"\d{4}-\d\d-\d\d", r"\d+\.\d+")
    )
    return day if is_day else amount if is_amount else value


@pytest.mark.parametrize(
    "operation",
    [each for each in operations() if each.body is not None and each.id not in LEFT_OUT],
    ids=str,
)
def test_odd_values_are_no_fault_of_ours(
    asker_in_memory: Asker, firm_in_memory: Firm, operation: Operation
) -> None:
    path, token = (
        operation.address(firm_in_memory.ids(operation)),
        firm_in_memory.token(operation.rows[0]["roles"][0]),
    )
    right = Wrong("", INTERNAL, operation.service, operation.method, path, token)
    for made in {right.with_body(odd(operation.body, *values)).content for values in VALUES}:
        answer = asker_in_memory.send(replace(right, content=made))
        assert answer.status_code < 500, (made, answer.text)


@pytest.mark.parametrize("day", DAYS)
def test_a_person_of_odd_days_can_be_checked(
    asker_in_memory: Asker, firm_in_memory: Firm, day: str
) -> None:
    shown = next(each.body for each in operations() if each.id == "save_person")
    for field in (
        name for name, value in shown.items() if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value))
    ):
        saved = Wrong(
            "", INTERNAL, "personnel", "POST", "/people", firm_in_memory.clerk.token
        ).with_body({field: day, "birth_date": day})
        answer = asker_in_memory.send(saved)
        assert answer.status_code < 500, (field, answer.text)
        if answer.is_success:
            assert firm_in_memory.clerk.do(
                "POST", "personnel", f"/people/{answer.json()['id']}:check"
            )["allowed_actions"]

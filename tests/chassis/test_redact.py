"""What a line of a log never says, and what it must go on saying."""

import pytest

from libs.chassis.process.redact import redact
from tests.filing import given


@pytest.mark.parametrize("number", [given.id_number(3), given.mobile(1), "410105850601001"])
@pytest.mark.parametrize("around", ["{}", "证件{}号", "id{}", "{}; {}"])
def test_personal_numbers_are_struck_out(number: str, around: str) -> None:
    said = around.format(number, number)
    assert redact(said) == around.format("•••", "•••")


@pytest.mark.parametrize(
    "id",
    [
        "86b3acd79dd01ce17239538754db4709",  # a request, with a mobile's digits in it
        "0a1b2c3d-4e5f-5a6b-8c7d-a13812345678",
    ],
)
@pytest.mark.parametrize("around", ["{}", "/people/{}/history", "trace={}, item {}", "事项{}已存"])
def test_what_an_operator_looks_for_stays_whole(id: str, around: str) -> None:
    said = around.format(id, id)
    assert redact(said) == said


def test_a_personal_number_beside_an_id_is_struck_out_alone() -> None:
    id = "0a1b2c3d-4e5f-5a6b-8c7d-a13812345678"
    said = f"/people/{id}?mobile={given.mobile(1)}"
    assert redact(said) == f"/people/{id}?mobile=•••"


@pytest.mark.parametrize("around", ["x{}", "{}-{}"])
def test_what_only_looks_like_an_id_hides_no_number(around: str) -> None:
    said = around.format("0a1b2c3d4e5f5a6b8c7d-13812345678", "13812345678")
    assert "13812345678" not in redact(said)

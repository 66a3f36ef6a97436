"""Whoever fills in a form can ask for it first, and gets all of it: what the checks go by is what
is shown.
"""

import httpx
import pytest

from libs.chassis.in_memory import ServiceInMemory
from libs.filing.forms import CONTENT, Form, form
from services.review.main import SERVICE

LABELS = ("zh", "en")


async def answer_to(path: str) -> httpx.Response:
    """To somebody without a token, by the review service: forms need neither its data nor its
    neighbours.
    """
    return await ServiceInMemory(SERVICE).ask("", "GET", path)


async def test_the_forms_there_are_are_listed_by_name_and_title() -> None:
    listed = (await answer_to("/forms")).json()
    assert [each["name"] for each in listed] == list(CONTENT)
    assert all(
        each[label] == getattr(form(each["name"]), label) for each in listed for label in LABELS
    )


@pytest.mark.parametrize("name", CONTENT)
async def test_a_form_is_answered_whole(name: str) -> None:
    answer = await answer_to(f"/forms/{name}")
    assert answer.status_code == 200
    assert Form.model_validate(answer.json()) == form(name)
    told = [each for part in answer.json()["parts"] for each in part["fields"]]
    assert all(
        each[label]
        for kind in ("menus", "hints", "scans", "parts")
        for each in answer.json()[kind]
        for label in LABELS
    )
    assert all(each[label] for each in told for label in LABELS)
    assert all(each["when"] for each in told if each["need"] == "C")


async def test_a_form_that_is_not_there_is_a_problem() -> None:
    assert (await answer_to("/forms/nothing")).json()["type"] == "/problems/not-found"
    assert (await answer_to("/forms/NOTHING")).json()["type"] == "/problems/malformed"

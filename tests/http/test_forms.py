"""Whoever fills in a form can ask for it first, and gets all of it: what the checks go by is what
is shown.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from libs.chassis.app import create_app
from libs.chassis.routers.audit import ACCESS as AUDIT
from libs.chassis.routers.audit import router as audit
from libs.chassis.routers.uploads import ACCESS as UPLOADS
from libs.chassis.routers.uploads import router as uploads
from libs.filing.forms import CONTENT, Form, form
from services.review.main import SERVICE

LABELS = ("zh", "en")


@pytest.fixture
async def anybody() -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token, at the review service: forms need neither its data nor its
    neighbours.
    """
    app = create_app(
        "review", (*SERVICE.routers, audit, uploads), (*SERVICE.access, *AUDIT, *UPLOADS)
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://review/api/v1"
    ) as client:
        yield client


async def test_the_forms_there_are_are_listed_by_name_and_title(anybody: httpx.AsyncClient) -> None:
    listed = (await anybody.get("/forms")).json()
    assert [each["name"] for each in listed] == list(CONTENT)
    assert all(
        each[label] == getattr(form(each["name"]), label) for each in listed for label in LABELS
    )


@pytest.mark.parametrize("name", CONTENT)
async def test_a_form_is_answered_whole(anybody: httpx.AsyncClient, name: str) -> None:
    answer = await anybody.get(f"/forms/{name}")
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


async def test_a_form_that_is_not_there_is_a_problem(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/forms/nothing")).json()["type"] == "/problems/not-found"
    assert (await anybody.get("/forms/NOTHING")).json()["type"] == "/problems/malformed"

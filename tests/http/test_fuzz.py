"""A service answers as its document says, whatever it is asked (schemathesis): no fault of ours, no
status, header or field that is not told, nothing taken that is told to be wrong. `fuzz.py` is the
long form.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.http.fuzzing import Fuzz, without_tokens
from tests.http.http_client import Asker
from tests.http.scene import scene
from tests.in_memory.installation import ALL

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("service", ALL)
def test_every_answer_is_as_the_document_says(asker_in_memory: Asker, service: str) -> None:
    at: Any = asker_in_memory.system
    fuzz = Fuzz(at, scene(at), service)
    tally = fuzz.run(examples=1)
    assert not tally.faults, "\n\n".join(f"{key}: {said}" for key, said in tally.faults.items())
    assert tally.cases.total() + tally.unanswered > len(fuzz.operations)


def told_as_number(read: Any) -> None:
    read["responses"]["200"]["content"]["application/json"]["schema"] = {"type": "integer"}


def wants_an_etag(read: Any) -> None:
    (known,) = (each for each in read["parameters"] if each["name"] == "If-None-Match")
    known |= {"required": True, "schema": {"type": "string", "pattern": '^"[0-9]{30}"$'}}


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        (lambda read: read["responses"].pop("404"), "Undocumented status code"),
        (told_as_number, "Response violates schema"),
        (wants_an_etag, "Schema-violating request accepted"),
    ],
)
def test_an_answer_that_is_otherwise_is_noticed(
    asker_in_memory: Asker, plant: Callable[[Any], Any], kind: str
) -> None:
    at: Any = asker_in_memory.system
    document = without_tokens("projects")
    path = "/api/v1/contracts/{id}"
    read = document["paths"][path]["get"]
    plant(read)
    document["paths"] = {path: {"get": read}}
    tally = Fuzz(at, scene(at), "projects", document).run(examples=12)
    assert kind in {found for _, found in tally.faults}, tally

"""The message document against AsyncAPI's own schema, and every reference in it.

asyncapi-3.0.0.json is `schemas/3.0.0-without-$id.json` of @asyncapi/specs 6.11.1 (Apache License
2.0), blanks removed, the host of its example of a schema registry named example.com.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from jsonschema_rs import validator_for

from tests.contracts.documents import documents

DOCUMENTS = documents()
DOCUMENT: dict[str, Any] = json.loads(DOCUMENTS["asyncapi.json"])
VALIDATOR = validator_for(json.loads(Path(__file__).with_name("asyncapi-3.0.0.json").read_text()))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolved(reference: str) -> Any:
    """What it points to, in the document or beside it. KeyError if there is nothing."""
    if reference.startswith("./"):
        return json.loads(DOCUMENTS[reference.removeprefix("./")])
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def test_the_document_is_as_asyncapi_3_asks() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert [
        f"{error.instance_path} {error.message}" for error in VALIDATOR.iter_errors(DOCUMENT)
    ] == []


def test_a_wrong_document_is_found() -> None:
    wrong = deepcopy(DOCUMENT)
    next(iter(wrong["operations"].values()))["action"] = "tells"
    assert not VALIDATOR.is_valid(wrong)


def test_every_reference_leads_somewhere() -> None:
    assert all(resolved(reference) for reference in references(DOCUMENT))


def test_an_operation_speaks_only_of_messages_of_its_channel() -> None:
    for name, operation in DOCUMENT["operations"].items():
        for message in operation.get("messages", []):
            assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/"), name

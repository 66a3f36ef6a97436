"""Auditors read every event in words: each place of each stored event has one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from libs.filing.forms import form
from services.portal.pages.audit.streams import FORMS
from services.portal.render.labels import FormLabels
from services.portal.render.logged import MARK

Schema = Mapping[str, Any]
EVENTS = Path(__file__).parents[2] / "contracts" / "events"
# whose names are data: entries of code lists have fields of their own
OPEN = {"review.Reference.ReferenceChanged": {"/items/0"}}


class Codes(dict[str, Any]):
    """Code lists, in which a code is its own name."""

    def __missing__(self, _name: str) -> "Codes":
        return self

    def item(self, code: Any) -> Mapping[str, Any]:
        return {"zh": code, "en": code}


def schemas() -> Iterator[tuple[str, Path]]:
    """Of each version of each event: the service's and its own name, and where the schema is."""
    for each in sorted(EVENTS.glob("*/*.schema.json")):
        yield each.parent.name, each


def places(schema: Schema, defined: Schema, at: str) -> Iterator[tuple[str, bool]]:
    """Every place where a value may stand, and whether its name is data; of a list the first."""
    if "$ref" in schema:
        schema = defined[schema["$ref"].rpartition("/")[2]]
    inside = schema.get("properties", {})
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from places(each, defined, at)
    if MARK in inside:
        yield at, False
    elif inside:
        for name, each in inside.items():
            yield from places(each, defined, f"{at}/{name}")
    elif schema.get("type") == "array":
        for n, each in enumerate(schema.get("prefixItems") or [schema["items"]]):
            yield from places(each, defined, f"{at}/{n}")
    elif schema.get("type") not in (None, "null"):
        yield at, schema["type"] == "object"


def labels(service: str, language: str) -> FormLabels:
    forms = [form(name).model_dump(mode="json") for name in FORMS.get(service, ())]
    return FormLabels(forms, Codes(), language, lambda words: words)


@pytest.mark.parametrize(("event", "path"), list(schemas()), ids=lambda each: str(each))
def test_every_place_of_a_stored_event_has_a_word(event: str, path: Path) -> None:
    schema = json.loads(path.read_text())
    words = labels(event.partition(".")[0], "zh")
    said = {name: each for name, each in schema["properties"].items() if name != "act"}
    found = list(places({"properties": said}, schema.get("$defs", {}), ""))
    assert {at for at, is_open in found if is_open} == OPEN.get(event, set())
    assert [at for at, is_open in found if not is_open and not words.label(at)] == []


def test_a_place_without_a_word_is_found() -> None:
    unknown = {"properties": {"shoe_size": {"type": "integer"}}}
    [(at, _)] = places(unknown, {}, "")
    assert (at, labels("enterprise", "zh").label(at)) == ("/shoe_size", "")

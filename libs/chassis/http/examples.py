"""Examples for the OpenAPI document, made from the schemas: what a field may hold is said once, in
its type (decision 27).

A field's value is, in this order: what is named for it (`Person.name`), the example of its own
schema, what is named for its name (`uscc`), then whatever its type, format and limits ask for.
Names belong to the domain and come with the service.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from libs.chassis.http.pages import encode

TEXT = "示例"
FORMATS = {"date": "2024-09-02", "date-time": "2024-09-02T01:00:00Z", "amount": "300"}
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NAMED: Mapping[str, Any] = {  # what every service has
    "Idempotency-Key": "5d1f6b1e-6f0e-4a52-9d3c-0c7e8f0b1a11",
    "If-Match": '"17"',
    "cursor": encode(()),  # of every list the first page
    "next_cursor": encode(()),
    "sha256": DIGEST,
    "data_sha256": DIGEST,
    "leaf": DIGEST,
    "data": "e30=",
    "meta": "e30=",
    "after": 0,
    "limit": 50,
    "user": "ent-clerk-91410100MA4444449G",
    "role": "ENT_CLERK",
    "mime": "image/jpeg",
    "size": 20480,
    "size_bytes": 20480,
    "upload_url": "https://s3.example.com/quarantine/0190a6c2?X-Amz-Signature=…",
    "headers": {"Content-Type": "image/jpeg"},
}
BODIES = {"application/pdf": "%PDF-1.7 …", "text/html": '<!doctype html><html lang="zh">…</html>'}
NUMBERS = {"integer", "number"}
KINDS: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}
FORMS = {
    "date": r"^\d{4}-\d\d-\d\d$",
    "date-time": r"T.*Z$",
    "uuid": r"^[0-9a-f-]{36}$",
    "amount": r"^\d+(\.\d+)?$",
}
AMOUNT = {"type": "string", "format": "amount"}


class Examples:
    """`schemas`: the document's components; `named`: the domain's own values."""

    def __init__(self, schemas: Mapping[str, Any], named: Mapping[str, Any]) -> None:
        self._schemas, self._named = schemas, {**NAMED, **named}

    def content(self, media: str, schema: Mapping[str, Any]) -> Any:
        """Of a body."""
        return self.value(schema) if "json" in media else BODIES.get(media, "(bytes)")

    def value(self, schema: Mapping[str, Any], name: str = "", owner: str = "") -> Any:
        """Of a field `name` of the model `owner`, or of a whole body."""
        if (special := f"{owner}.{name}") in self._named:
            return self._named[special]
        schema = self._plain(schema)
        if shown := schema.get("examples"):
            return shown[0]
        if name in self._named and _fits(schema, self._named[name]):
            return self._named[name]
        if "const" in schema:
            return schema["const"]
        return schema["enum"][0] if "enum" in schema else self._made(schema, name)

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without references and without the choice of leaving it out; an amount is a string, as
        the product writes it.
        """
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
                continue
            choices = [
                each
                for each in schema.get("anyOf", schema.get("oneOf", []))
                if each.get("type") != "null"
            ]
            if not choices or "examples" in schema:
                return schema
            amount = len(choices) > 1 and any(each.get("type") in NUMBERS for each in choices)
            schema = AMOUNT if amount else choices[0]

    def _made(self, schema: Mapping[str, Any], name: str) -> Any:
        kind = schema.get("type")
        if kind == "object":
            fields = schema.get("properties", {})
            return {
                field: self.value(each, field, schema.get("title", ""))
                for field, each in fields.items()
            }
        if kind == "array":
            parts = schema.get("prefixItems") or ([schema["items"]] if "items" in schema else [])
            return [self.value(each, name) for each in parts]
        if kind in NUMBERS:
            return max(1, schema.get("minimum", 1))
        return True if kind == "boolean" else _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") == "uuid":
        # the same name is the same item everywhere
        return str(uuid5(NAMESPACE_URL, f"/examples/{name}"))
    return str(FORMATS.get(schema.get("format", ""), TEXT[: schema.get("maxLength", len(TEXT))]))


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether what is named may stand here: the same name can mean a date in one model and an
    instant in another.
    """
    if not isinstance(value, KINDS.get(schema.get("type", ""), ())) or value not in schema.get(
        "enum", [value]
    ):
        return False
    form = FORMS.get(schema.get("format", ""), schema.get("pattern"))
    return form is None or not isinstance(value, str) or re.search(form, value) is not None

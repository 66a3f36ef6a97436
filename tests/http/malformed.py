"""What can be wrong with any request, whatever it is about: for each operation, from what its
document says of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from libs.chassis.http.pages import encode
from libs.chassis.problems.formats import MOST
from libs.chassis.problems.kinds import (
    INVALID,
    MALFORMED,
    MEDIA,
    TOO_LARGE,
    UNAUTHENTICATED,
    VERSION_REQUIRED,
)
from tests.http.http_client import ANYBODY, CANARY, NUMBER, Wrong
from tests.http.operations import Operation

LONG = CANARY + "x" * 5000  # longer than any text of a form
FORMAT = "FORMAT"


def cases(operation: Operation, token: str, ids: dict[str, str]) -> Iterator[Wrong]:
    """`ids`: path parameters that are within the token's reach."""
    right = Wrong("", MALFORMED, operation.service, operation.method, operation.address(ids), token)
    right = right.with_body(operation.body) if operation.body is not None else right
    yield from _in_the_path(operation, right, ids)
    yield from _in_the_query(operation, right)
    if operation.body is not None:
        yield from _in_the_body(operation, right)
    yield from _in_the_headers(operation, right)


def _told(*pointers: str) -> frozenset[tuple[str, str]]:
    return frozenset((FORMAT, each) for each in pointers)


def _in_the_path(operation: Operation, right: Wrong, ids: dict[str, str]) -> Iterator[Wrong]:
    for name, each in operation.named("path").items():
        if each["schema"].get("format") == "uuid":
            path = operation.address({**ids, name: NUMBER})
            yield replace(
                right, what="malformed identifier", path=path, items=_told(f"/path/{name}")
            )
        if _whole(each["schema"]):
            path = operation.address({**ids, name: "1_0"})
            yield replace(right, what="whole number", path=path, items=_told(f"/path/{name}"))
        path = operation.address({**ids, name: "%00"})
        yield replace(right, what="NUL in an identifier", path=path, items=_told(f"/path/{name}"))


def _in_the_query(operation: Operation, right: Wrong) -> Iterator[Wrong]:
    def asked(what: str, query: str, name: str) -> Wrong:
        return replace(
            right, what=what, path=f"{right.path}?{query}", items=_told(f"/query/{name}")
        )

    known = operation.named("query")
    needed = "&".join(
        f"{name}={each['example']}" for name, each in known.items() if each.get("required")
    )
    right = replace(right, path=f"{right.path}?{needed}") if needed else right
    yield replace(
        asked("unknown parameter", f"colour={CANARY}", "colour"),
        path=f"{right.path}{'&' if needed else '?'}colour={CANARY}",
    )
    if "cursor" in known:
        yield asked("malformed cursor", f"cursor={CANARY}", "cursor")
        for what, key in (
            ("cursor of another list", "abcd"),
            ("NUL in a cursor", ["a\0b"]),
            ("half a character in a cursor", ["\ud800"]),
        ):
            yield asked(what, f"cursor={encode(tuple(key))}", "cursor")
        yield asked("number out of range", "limit=0", "limit")
        yield asked("parameter given twice", "limit=1&limit=2", "limit")
        yield asked("no number", f"limit={CANARY}", "limit")
    for name in (name for name, each in known.items() if _whole(each["schema"])):
        others = "".join(f"&{each}" for each in needed.split("&") if each.split("=")[0] != name)
        for number in ("1_0", "%2B1", "1.0", "%201", "%EF%BC%91"):
            yield replace(
                right,
                what="whole number",
                path=f"{right.path.partition('?')[0]}?{name}={number}{others.rstrip('&')}",
                items=_told(f"/query/{name}"),
            )
    if "min_position" in known:
        yield asked("position of nobody", "min_position=portal/1", "min_position")
        yield asked("no position", f"min_position={CANARY}", "min_position")


def _whole(schema: Mapping[str, Any]) -> bool:
    return "integer" in [each.get("type") for each in (schema, *schema.get("anyOf", ()))]


def _in_the_body(operation: Operation, right: Wrong) -> Iterator[Wrong]:
    yield replace(
        right, what="broken JSON", content=b'{"colour": "%s' % CANARY.encode(), items=_told("")
    )
    yield replace(
        right,
        what="another encoding",
        content='{"colour": "金"}'.encode("gb18030"),
        items=_told(""),
    )
    yield replace(
        right,
        what="escaped NUL",
        content=b'{"colour": "\\u0000%s"}' % CANARY.encode(),
        items=_told(""),
    )
    for what, content, place in (
        ("a field twice", b'{"colour": 1, "colour": 1}', "/colour"),
        ("a field twice, deep", b'[{"a": [0, {"b/": 1, "b/": {}}]}]', "/0/a/1/b~1"),
        ("no number of JSON", b'{"colour": NaN}', ""),
    ):
        yield replace(right, what=what, content=content, items=_told(place))
    for media in ("text/plain", "application/merge-patch+json", "application/jsonx", ""):
        yield replace(right, what="no JSON", kind=MEDIA, headers={"Content-Type": media})
    yield replace(
        right, what="over 1 MiB", kind=TOO_LARGE, content=b'{"colour": "%s"}' % (b"x" * 1024 * 1024)
    )
    yield replace(right, what="a list", kind=INVALID, content=b"[]", items=_told(""))
    if operation.needs_body:
        yield replace(right, what="no body", kind=INVALID, content=b"", items=_told(""))
    if not isinstance(operation.body, dict):
        return
    yield replace(
        right.with_body(operation.body | {"colour": CANARY}),
        what="unknown field",
        kind=INVALID,
        items=_told("/colour"),
    )
    yield from _in_the_fields(operation.body, replace(right, kind=INVALID))


def _in_the_fields(body: Any, right: Wrong) -> Iterator[Wrong]:
    """All fields wrong at once: each is told at its place (of a hundred at most)."""
    for what, wrong, flags in (
        ("another type", [[CANARY]], True),
        ("too long, or no number", LONG, False),
    ):
        leaves = [
            pointer for pointer, value in _leaves(body) if flags or not isinstance(value, bool)
        ]
        if leaves:
            told = _told(*(leaves if len(leaves) <= MOST else leaves[:1]))
            yield replace(right.with_body(_replaced(body, wrong, flags)), what=what, items=told)


def _leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else None
    )
    if inner is None:
        yield pointer, value
    for name, each in inner or ():
        yield from _leaves(each, f"{pointer}/{name}")


def _replaced(value: Any, wrong: Any, flags: bool) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(each, wrong, flags) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, wrong, flags) for each in value]
    return value if isinstance(value, bool) and not flags else wrong


def _in_the_headers(operation: Operation, right: Wrong) -> Iterator[Wrong]:
    public = any("PUBLIC" in row["roles"] for row in operation.rows)
    if not public:
        yield replace(right, what="no token", kind=UNAUTHENTICATED, token=ANYBODY)
    yield replace(right, what="no such token", kind=UNAUTHENTICATED, token=CANARY.encode().hex())
    if operation.is_command:
        for what, key in (("no key", ""), ("key with a blank", "a b"), ("long key", "x" * 129)):
            yield replace(
                right,
                what=what,
                headers={"Idempotency-Key": key},
                items=_told("/header/Idempotency-Key"),
            )
    if "If-Match" in operation.named("header"):
        for what, version in (("bare version", "1"), ("any version and one", '*, "1"')):
            yield replace(
                right, what=what, headers={"If-Match": version}, items=_told("/header/If-Match")
            )
    if operation.needs_version:
        yield replace(right, what="no version", kind=VERSION_REQUIRED, headers={"If-Match": ""})

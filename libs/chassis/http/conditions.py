"""Conditional requests (RFC 9110, section 13): entity tags, and what If-Match and If-None-Match say
of them. A version is a strong tag; what is no version of ours never matches.
"""

import re
from typing import Annotated, Literal

from fastapi import Query, Request

from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED
from libs.chassis.problems.problem import Stopped
from libs.events.strict import IN_URL

TAG = r'(W/)?"[^"\s]*"'
FORM = rf"^(\*|{TAG}([ \t]*,[ \t]*{TAG})*)$"
TAGS = re.compile(r'(?:W/)?"[^"\s]*"')
VERSION = re.compile(r'"([0-9]{1,9})"')
ANY = "*"
Field = Literal["if-match", "if-none-match"]
AtVersion = Annotated[
    int | None,
    Query(ge=1, le=999_999_999, description="As it stood at this version (of an ETag) instead"),
    IN_URL,
]


def etag(version: int) -> str:
    return f'"{version}"'


def expected(request: Request) -> frozenset[int] | None:
    """The versions of which one must stand for a change: None, any will do; an empty set, none
    will. Raises Stopped (400) for what is no list of entity tags.
    """
    if _stated(request, "if-none-match") == ANY:
        return frozenset()  # only what is not there yet
    stated = _stated(request, "if-match")
    if stated in ("", ANY):
        return None
    # weak tags are none: a change needs the very bytes that its maker has seen
    found = [VERSION.fullmatch(tag) for tag in TAGS.findall(stated)]
    return frozenset(int(each[1]) for each in found if each)


def is_known(request: Request, version: int) -> bool:
    """Whether the caller has this version already, a weak tag of it included. Raises Stopped."""
    stated = _stated(request, "if-none-match")
    return stated == ANY or etag(version) in [
        tag.removeprefix("W/") for tag in TAGS.findall(stated)
    ]


def _stated(request: Request, field: Field) -> str:
    """The field's value, its lines joined; empty if it is not there."""
    stated = ", ".join(request.headers.getlist(field)).strip()
    if stated and not re.fullmatch(FORM, stated):
        name = "-".join(part.capitalize() for part in field.split("-"))
        wrong = formats.TEXTS["string_pattern_mismatch"]
        raise Stopped(MALFORMED, (formats.item(*wrong, formats.pointer(("header", name))),))
    return stated

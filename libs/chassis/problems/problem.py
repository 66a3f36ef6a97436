"""The problem document (RFC 9457) and how a request ends with one."""

import re
from typing import Literal

from pydantic import BaseModel, Field

from libs.chassis.problems.kinds import ProblemKind

MEDIA_TYPE = "application/problem+json"
# a range of Accept-Language and its weight (RFC 9110, 12.4.2); ASCII digits only
RANGE = re.compile(
    r"[ \t]*(?P<tag>[a-z]{1,8}|\*)(-[a-z0-9]{1,8})*[ \t]*"
    r"(;[ \t]*q[ \t]*=[ \t]*(?P<weight>[01](\.[0-9]{0,3})?)[ \t]*)?"
)


class ProblemItem(BaseModel):
    """One broken rule. `pointer` (RFC 6901) points into the body; what is wrong elsewhere is under
    /path, /query or /header.
    """

    rule: str = Field(examples=["E24"])
    severity: Literal["B", "W", "R"] = Field(
        default="B", description="B blocks, W may be acknowledged by rule id, R is for the reviewer"
    )
    pointer: str = Field(default="", examples=["/basic/name"])
    zh: str = Field(examples=["数据已发送，审核期间不能修改"])
    en: str = Field(examples=["Already sent; it cannot be edited during review"])


class Problem(BaseModel):
    type: str = Field(examples=["/problems/wrong-state"])
    title: str
    status: int
    detail: str
    instance: str
    trace_id: str
    errors: list[ProblemItem] = []


class Stopped(Exception):
    """Ends a request with a problem. Raised by the chassis; a service raises the kernel's errors
    and refusals.
    """

    def __init__(
        self, kind: ProblemKind, items: tuple[ProblemItem, ...] = (), **headers: str
    ) -> None:
        super().__init__(kind.slug)
        self.kind, self.items = kind, items
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def language(accepted: str) -> Literal["zh", "en"]:
    """English where Accept-Language prefers it to Chinese; Chinese otherwise."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accepted.lower().split(","):
        found = RANGE.fullmatch(part)
        if found and found["tag"] in weights:
            weights[found["tag"]] = max(weights[found["tag"]], float(found["weight"] or 1))
    return "en" if weights["en"] > weights["zh"] else "zh"

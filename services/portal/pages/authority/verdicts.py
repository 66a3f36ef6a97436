"""核实意见: a reviewer's word on each finding, and on what only a reviewer can know (rules of
review that no machine evaluates; domain book 3.2, 7.4).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.pages.authority.sent_record import SentRecord
from services.portal.render.words import N_
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Visit

MARKS = {"CLEARED": N_("已消除"), "UPHELD": N_("认定存在")}
MOST = 500  # as the API takes them


@dataclass(frozen=True)
class Asked:
    """One finding, all its words together: a verdict is about a rule at a place."""

    rule: str
    pointer: str
    severity: str
    place: str
    texts: tuple[str, ...]
    verdict: str
    text: str
    acknowledged: bool = False


def asked(
    visit: Visit,
    record: SentRecord | None,
    rules: CodeNames,
    concluded: Mapping[str, Any] | None,
    typed: Posted,
) -> list[Asked]:
    """What there is to say a word about, with what was said."""
    said = {
        (each["rule"], each["pointer"]): (each["verdict"], each["text"])
        for each in (given(typed) or (concluded or {}).get("verdicts") or ())
    }
    found: dict[tuple[str, str], list[Any]] = {}
    for line in record.findings if record else ():
        found.setdefault((line.message.rule, line.message.pointer), []).append(line)
    lines = [
        Asked(
            rule,
            pointer,
            same[0].message.severity,
            same[0].place,
            tuple(each.message.text for each in same),
            *said.get((rule, pointer), ("", "")),
            acknowledged=same[0].message.acknowledged,
        )
        for (rule, pointer), same in found.items()
    ]
    return [*lines, *_of_reviewer(visit, rules, said)]


def _of_reviewer(
    visit: Visit, rules: CodeNames, said: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[Asked]:
    """Rules of review that nobody else evaluates."""
    for each in rules.items:
        if each.get("point") == "review" and each.get("evaluated_by") == ["review"]:
            code, words = str(each["code"]), str(each[visit.language])
            verdict, text = said.get((code, ""), ("", ""))
            yield Asked(code, "", str(each["severity"]), "", (words,), verdict, text)


def given(posted: Posted) -> list[dict[str, str]]:
    """The verdicts that were chosen."""
    found: list[dict[str, str]] = []
    for n in range(MOST):
        if f"rule-{n}" not in posted:
            break
        if verdict := posted.one(f"verdict-{n}"):
            found.append(
                {
                    "rule": posted.one(f"rule-{n}"),
                    "pointer": posted.one(f"at-{n}"),
                    "verdict": verdict,
                    "text": posted.one(f"word-{n}"),
                }
            )
    return found

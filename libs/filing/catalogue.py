"""The words of every refusal: texts of the check rules, of format errors and of states, Chinese
and English.

Facts carry codes where they can (`type="PER_ID"`): each language then shows its own label. Several
values are joined by 、; a code of another list than the usual one is written `list:code`
(`speciality="registration_type:HVAC"`).
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import ValidationError

from libs.events.refusal import Finding, Severity
from libs.events.value import Value
from libs.filing import reference

# not rules of the book: a value without its form, an act out of its time, what awaits somebody
FORMAT, STATE, WORK = "FORMAT", "STATE", "WORK"
AND = "、"

# The Chinese texts name their facts in Chinese.
FACTS = {
    "字段": "field",
    "类型": "type",
    "文件": "file",
    "格式": "formats",
    "大小": "size",
    "项目": "items",
    "企业": "enterprise",
    "资质": "qualification",
    "专业": "speciality",
    "角色": "role",
    "姓名": "name",
    "明细": "detail",
    "应": "need",
    "实": "have",
    "意见": "point",
}
SPELLED = {  # facts that are codes of a list
    "type": ("scan_type",),
    "filing": ("filing_type",),
    "qualification": ("qualification_standard", "qualification_catalogue"),
    "speciality": ("speciality",),
    "result": ("assessment_result",),
    "role": ("participant_role", "role"),
    "status": ("filing_status", "assessment_status"),
    "phase": ("campaign_status",),
    "standing": ("certificate_status",),
}


class Texts(Value):
    zh: str
    en: str


@cache
def messages() -> dict[str, dict[str, dict[str, str]]]:
    data: dict[str, dict[str, dict[str, str]]] = json.loads(
        (reference.DATA / "messages.json").read_bytes()
    )
    return data


def severity(rule: str) -> Severity:
    """Formats and states always block."""
    return reference.rules()[rule].severity if rule in reference.rules() else Severity.BLOCKING


def point(rule: str) -> str:
    """When the rule is evaluated: create, save, send, generate …"""
    return reference.rules()[rule].point


def finding(rule: str, pointer: str = "", **facts: str | int | Decimal | Iterable[str]) -> Finding:
    """A broken rule with the severity of the catalogue; a fact of several values is joined by 、
    .
    """
    told = tuple((name, _told(value)) for name, value in sorted(facts.items()))
    return Finding(rule=rule, severity=severity(rule), pointer=pointer, facts=told)


def texts(rule: str, facts: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> Texts:
    """The rule's texts with the facts filled in; a rule of several answers (E20), a format and a
    state choose by the fact `case`.
    """
    known = dict(facts)
    zh, en = _templates(rule, known.get("case", ""))
    return Texts(zh=_filled(zh, known, "zh"), en=_filled(en, known, "en"))


def texts_of(found: Finding) -> Texts:
    return texts(found.rule, found.facts)


def format_findings(error: ValidationError) -> tuple[Finding, ...]:
    """One finding a field of what a client sent; the offending value is in none of them."""
    return tuple(
        format_finding(each["type"], each["loc"], each.get("ctx", {}))
        for each in error.errors(include_url=False, include_input=False)
    )


def format_finding(case: str, where: Iterable[str | int], context: Mapping[str, Any]) -> Finding:
    """From one pydantic error: its type, its place, its limits."""
    limits = {name: str(value) for name, value in context.items() if name in LIMITS}
    return finding(FORMAT, pointer(where), case=case, **limits)


LIMITS = (
    "lists",
    "max_length",
    "min_length",
    "max_digits",
    "whole_digits",
    "decimal_places",
    "ge",
    "le",
)


def pointer(where: Iterable[str | int]) -> str:
    """RFC 6901."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in where)


def action_label(action: str, lang: str) -> str:
    return messages()["ACTIONS"].get(action, {}).get(lang, action)


def _told(value: str | int | Decimal | Iterable[str]) -> str:
    return str(value) if isinstance(value, str | int | Decimal) else AND.join(value)


def _templates(rule: str, case: str) -> tuple[str, str]:
    if rule in messages():
        cases = messages()[rule]
        chosen = cases.get(case, cases[""])
        return chosen["zh"], chosen["en"]
    entry = reference.rules()[rule]
    answer = next((each for each in entry.answers if each.when == case), entry)
    return answer.zh, answer.en


def _filled(template: str, facts: Mapping[str, str], lang: str) -> str:
    def fill(match: re.Match[str]) -> str:
        name = FACTS.get(match[1], match[1])
        told = facts.get(f"{name}_en" if lang == "en" and f"{name}_en" in facts else name)
        return match[0] if told is None else _spelled(name, told, lang)

    return re.sub(r"\{([^{}]+)\}", fill, template)


def _spelled(name: str, told: str, lang: str) -> str:
    if name == "action":
        return action_label(told, lang)
    if name == "lists":
        return reference.titles(told.split(", "), lang)
    if name not in SPELLED:
        return told
    words = [_word(SPELLED[name], word, lang) for word in told.split(AND)]
    return (", " if lang == "en" else AND).join(words)


def _word(lists: tuple[str, ...], word: str, lang: str) -> str:
    named, _, code = word.rpartition(":")
    if named in reference.names():
        return reference.code_list(named).label(code, lang)
    return next(
        (
            reference.code_list(name).label(word, lang)
            for name in lists
            if word in reference.codes(name)
        ),
        word,
    )

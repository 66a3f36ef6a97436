"""What a step of the wizard offers, as rows of a table: what can be chosen, what cannot with its
reason and the page that mends it; and what the clerk chose, as the service takes it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.pages.assessment.wizard import RecordPages
from services.portal.pages.shared.commands import messages
from services.portal.render.view import Message, SlotView
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Visit

Fields = Mapping[str, Any]
Lists = Mapping[str, CodeNames]
LEFT_OUT = "excluded_certificates"  # with the reason of each
LISTS = (
    "certificate_status",
    "registration_type",
    "speciality",
    "stage_design",
    "stage_survey",
    "title_level",
)


@dataclass(frozen=True)
class StepOffers:
    """A step that chooses rows. `part`: of the form; `pages`: where the portal keeps what it
    chooses; `mend`: what mends one that cannot be chosen; `scan_type`: of the slot of a chosen row.
    """

    part: str
    titles: tuple[str, ...]
    cells: Callable[[Visit, Lists, Fields], tuple[str, ...]]
    pages: Callable[[str], str]
    mend: str
    note: Callable[[Fields], str] = lambda _: ""
    scan_type: Callable[[Fields], str] = lambda _: ""
    left_out: bool = False  # what is not chosen stands with its reason


@dataclass(frozen=True)
class ChoiceRow:
    """`locked`: it came back and was not returned; `reason`: of a certificate left out; `slot`: for
    the scans of what is chosen; `link`: of the service's own parent (a contract).
    """

    id: str
    name: str
    note: str
    cells: tuple[str, ...]
    chosen: bool
    selectable: bool
    locked: bool
    reasons: tuple[Message, ...]
    href: str
    mend: str
    reason: str
    link: str
    slot: SlotView | None


def _certificate(visit: Visit, lists: Lists, facts: Fields) -> tuple[str, ...]:
    """Its items, until when, and in which state."""
    return (
        "、".join(facts.get("items", ())),
        str(facts.get("valid_to") or ""),
        _name(visit, lists["certificate_status"], facts.get("status")),
    )


def _person(visit: Visit, lists: Lists, facts: Fields) -> tuple[str, ...]:
    """What they count as: registrations, speciality, title, the approved version."""
    types = [_name(visit, lists["registration_type"], t) for t in facts.get("registrations", ())]
    return (
        "、".join(types),
        _name(visit, lists["speciality"], facts.get("speciality")),
        _name(visit, lists["title_level"], facts.get("title_level")),
        str(facts.get("filed_version") or ""),
    )


def _project(visit: Visit, lists: Lists, facts: Fields) -> tuple[str, ...]:
    """Its contract and its saved stages."""
    stages = [_stage(visit, lists, each) for each in facts.get("stages", ())]
    return (str(facts.get("contract_no") or ""), "、".join(stages))


def _stage(visit: Visit, lists: Lists, code: str) -> str:
    """Stages of design and of survey are one list in the form."""
    found = [_name(visit, lists[each], code) for each in ("stage_design", "stage_survey")]
    return next((each for each in found if each != code), code)


def _name(visit: Visit, names: CodeNames, code: Any) -> str:
    return say(visit.language, names.item(code)) if code else ""


def offers(visit: Visit) -> dict[str, StepOffers]:
    """By step."""
    return {
        "qualifications": StepOffers(
            part="certificates",
            titles=(visit("资质证书"), visit("资质项目"), visit("有效期至"), visit("状态")),
            cells=_certificate,
            pages=lambda _: "/enterprise",
            mend=visit("去企业基本信息"),
            left_out=True,
        ),
        "people": StepOffers(
            part="persons",
            titles=(
                visit("姓名"),
                visit("注册类别"),
                visit("专业"),
                visit("职称等级"),
                visit("备案版本"),
            ),
            cells=_person,
            pages=lambda id: f"/people/{id}",
            mend=visit("去人员基本信息"),
        ),
        "performance": StepOffers(
            part="performances",
            titles=(visit("项目名称"), visit("合同编号"), visit("项目阶段")),
            cells=_project,
            pages=lambda id: f"/projects/{id}#stages",
            mend=visit("去“项目阶段及项目参与人员”添加并保存"),
            note=lambda facts: str(facts.get("contract_name") or ""),
            scan_type=lambda facts: "ASM_NOPERF" if facts.get("is_placeholder") else "ASM_PERF",
        ),
    }


def chosen_of(step: StepOffers, key: str, content: Fields) -> dict[str, Fields]:
    """Chosen rows by what they name."""
    return {str(each[key]): each for each in content.get(step.part) or ()}


def rows(
    pages: RecordPages,
    step: str,
    offered: StepOffers,
    items: Sequence[Fields],
    content: Fields,
    lists: Lists,
    *,
    typed: bool,
) -> list[ChoiceRow]:
    """`content`: the choices of the step, as saved or as typed; what the service proposes stands
    chosen until something is typed.
    """
    key = pages.places.key(step, offered.part)
    left_out = {each[key]: each.get("reason") or "" for each in content.get(LEFT_OUT) or ()}
    proposed = () if typed else (str(each["id"]) for each in items if each["chosen"])
    chosen: dict[str, Fields] = {id: {} for id in proposed}
    chosen |= chosen_of(offered, key, content)
    return [
        _row(pages, step, offered, each, chosen.get(str(each["id"])), left_out, lists)
        for each in items
    ]


def _row(
    pages: RecordPages,
    step: str,
    offered: StepOffers,
    item: Fields,
    chosen: Fields | None,
    left_out: Mapping[str, str],
    lists: Lists,
) -> ChoiceRow:
    """One thing to choose, as the clerk chose it or the service proposes it."""
    visit, facts, id = pages.visit, item["facts"], str(item["id"])
    is_here = bool(item["name"])
    slot = None
    if chosen and (scan_type := offered.scan_type(facts)):
        slot = scan_slot(pages, scan_type, item["name"], chosen, step, offered.part, id)
    return ChoiceRow(
        id=id,
        name=item["name"] or visit("已不在本企业"),
        note=offered.note(facts),
        cells=offered.cells(visit, lists, facts),
        chosen=chosen is not None,
        selectable=item["selectable"],
        locked=_is_locked(pages, step, offered.part, id, item, chosen=chosen is not None),
        reasons=tuple(messages(visit, item["reasons"])),
        href=offered.pages(id) if is_here and facts else "",
        mend=offered.mend,
        reason=left_out.get(id, ""),
        link=str(facts.get("contract") or ""),
        slot=slot,
    )


def _is_locked(
    pages: RecordPages, step: str, part: str, id: str, item: Fields, *, chosen: bool
) -> bool:
    """What can no longer be chosen may always be dropped; a certificate may always be taken in."""
    opened = pages.opened
    if not item["selectable"]:
        return not chosen
    if chosen:
        return not opened.row(step, part, id)
    return not (opened.adds(step, part) or step == "qualifications")


def scan_slot(
    pages: RecordPages, scan_type: str, label: str, holder: Fields, step: str, part: str, key: str
) -> SlotView:
    """The slot of one row, with the limits of its type of scan."""
    given = next(each for each in pages.places.form["scans"] if each["code"] == scan_type)
    return SlotView(
        type=f"{scan_type}:{key}",
        label=f"{say(pages.visit.language, given)} {label}".strip(),
        optional=False,
        most=given.get("max"),
        formats=tuple(given.get("formats") or ()),
        max_kb=given.get("max_kb"),
        scans=tuple(each for each in holder.get("scans") or ()),
        editable=pages.opened.scans(step, part, key),
        messages=tuple(_about_scans(pages, step, part, key)),
    )


def _about_scans(pages: RecordPages, step: str, part: str, key: str) -> Iterator[Message]:
    """What was found in the slot of a row."""
    choices = pages.content.get("choices", {})
    for each in messages(pages.visit, pages.found()):
        at = pages.places.at(each.pointer)
        in_slot = at and (at.step, at.part, at.field) == (step, part, "scans")
        if at and in_slot and pages.places.row_key(at, choices) == key:
            yield each


# What the clerk chose


def choose(
    pages: RecordPages, step: str, offered: StepOffers, typed: Fields
) -> dict[str, list[dict[str, Any]]]:
    """The rows as chosen: those that were chosen before in their order, then the new ones; each
    keeps its scans. `typed`: as the form's inputs have it, rows that are not chosen without what
    they name.
    """
    key = pages.places.key(step, offered.part)
    before = chosen_of(offered, key, pages.record["steps"][step])
    rows = typed.get(offered.part) or ()
    chosen = {str(row[key]): row for row in rows if key in row}
    ordered = [id for id in before if id in chosen]
    ordered += [id for id in chosen if id not in before]
    found = {offered.part: [_with_scans(chosen[id], before.get(id)) for id in ordered]}
    if offered.left_out:
        found[LEFT_OUT] = [
            dict(each)
            for each in typed.get(LEFT_OUT) or ()
            if each.get("reason") and each.get(key) not in chosen
        ]
    return found


def _with_scans(row: Fields, before: Fields | None) -> dict[str, Any]:
    """A row that was chosen before keeps the scans it had."""
    scans = list((before or {}).get("scans") or ())
    return {**row, "scans": scans} if scans else dict(row)

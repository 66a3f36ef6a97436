"""社保证明: one proof a month, and in each who was paid for: persons down, months across."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.pages.assessment.choosing import scan_slot
from services.portal.pages.assessment.wizard import RecordPages
from services.portal.render.posted import content_of, whole
from services.portal.render.view import SlotView
from services.portal.web.visit import Posted

Fields = Mapping[str, Any]
STEP, PART, TYPE = "social-insurance", "si_proofs", "SI_PROOF"
ROWS = f"/{STEP}/{PART}"
SAVED_AT = "saved:"  # before the number of a proof on the page
SAVED = "_saved"  # of a proof on the page: its number in what was saved


@dataclass(frozen=True)
class PaidCell:
    """One person in one month. `due`: the campaign asks for it."""

    name: str
    paid: bool
    due: bool
    locked: bool


@dataclass(frozen=True)
class InsuredRow:
    id: str
    name: str
    cells: tuple[PaidCell, ...]


@dataclass(frozen=True)
class ProofsView:
    months: tuple[str, ...]
    saved: tuple[str, ...]
    rows: tuple[InsuredRow, ...]
    slots: tuple[SlotView, ...]
    may_add: bool


def begun(
    pages: RecordPages, items: Iterable[Fields], uscc: str, name: str
) -> list[dict[str, Any]]:
    """A proof for each month that is due, the enterprise paying, with those whose own page names
    the month as paid: where nothing was saved yet.
    """
    people = list(items)
    months = sorted({month for each in people for month in each["facts"]["months"]})
    return [
        {
            "month": month,
            "payer_name": name,
            "payer_uscc": uscc,
            "persons": [
                {"person_id": each["id"], "paid": True}
                for each in people
                if month in each["facts"]["paid"]
            ],
        }
        for month in months
    ]


def proofs_view(
    pages: RecordPages, items: Iterable[Fields], proofs: Sequence[Fields]
) -> ProofsView:
    """`proofs`: as saved or as typed."""
    opened = pages.opened
    months = tuple(str(each.get("month") or "") for each in proofs)
    open_rows = [opened.row(STEP, PART, month) for month in months]
    return ProofsView(
        months=months,
        saved=tuple(str(each.get(SAVED, n)) for n, each in enumerate(proofs)),
        rows=tuple(_insured(k, each, proofs, open_rows) for k, each in enumerate(items)),
        slots=tuple(
            scan_slot(pages, TYPE, month, each, STEP, PART, month or str(n))
            for n, (month, each) in enumerate(zip(months, proofs, strict=True))
        ),
        may_add=opened.adds(STEP, PART),
    )


def _insured(
    k: int, item: Fields, proofs: Sequence[Fields], open_rows: Sequence[bool]
) -> InsuredRow:
    """One person, month by month."""
    cells: list[PaidCell] = []
    for n, (proof, is_open) in enumerate(zip(proofs, open_rows, strict=True)):
        paid = item["id"] in _paid(proof)
        due = proof.get("month") in item["facts"]["months"]
        name = f"{ROWS}/{n}/persons/{k}/person_id"
        cells.append(PaidCell(name, paid, due, locked=not is_open))
    return InsuredRow(str(item["id"]), str(item["name"]), tuple(cells))


def _paid(proof: Fields) -> set[str]:
    """Who was paid for in a proof, by id."""
    return {str(each["person_id"]) for each in proof.get("persons") or () if each["paid"]}


def read(pages: RecordPages, posted: Posted) -> list[dict[str, Any]]:
    """As typed: each proof's fields, who was paid for, and the scans that it has."""
    numbers = [name.removeprefix(SAVED_AT) for name in posted if name.startswith(SAVED_AT)]
    return [_typed(pages, n, posted) for n in numbers]


def _typed(pages: RecordPages, n: str, posted: Posted) -> dict[str, Any]:
    """One proof. A row that was saved before brings what its fields do not show."""
    begins = f"{ROWS}/{n}/"
    own = {name: each for name, each in posted.items() if name.startswith(begins)}
    steps = content_of(pages.places.form, own)
    [typed] = steps.get(STEP, {}).get(PART) or [{}]
    if posted.one("_act") == "all_paid":
        insured = posted.get("insured", ())
        typed["persons"] = [{"person_id": id} for id in insured]

    before: list[Fields] = pages.record["steps"][STEP][PART]
    saved = posted.one(f"{SAVED_AT}{n}")
    at = whole(saved)
    is_known = at is not None and at < len(before)
    row = before[at] if at is not None and is_known else {}
    return {**_complete(typed, row), SAVED: saved}


def restored(pages: RecordPages, typed: Iterable[Fields]) -> list[dict[str, Any]]:
    """Proofs of a draft, each with the scans of its month."""
    before: list[Fields] = pages.record["steps"][STEP][PART]
    found: list[dict[str, Any]] = []
    for each in typed:
        month = each.get("month")
        of_month = [n for n, row in enumerate(before) if row["month"] == month]
        if of_month:
            n = of_month[0]
            found.append({**_complete(each, before[n]), SAVED: str(n)})
        else:
            found.append({**_complete(each, {}), SAVED: ""})
    return found


def _complete(typed: Fields, saved: Fields) -> dict[str, Any]:
    """With who was named as not paid for, and the scans."""
    paid = [each["person_id"] for each in typed.get("persons") or ()]
    unpaid = [
        each["person_id"]
        for each in saved.get("persons") or ()
        if not each["paid"] and each["person_id"] not in paid
    ]
    persons = [{"person_id": id, "paid": True} for id in paid]
    persons += [{"person_id": id, "paid": False} for id in unpaid]
    return {**typed, "persons": persons, "scans": list(saved.get("scans") or ())}

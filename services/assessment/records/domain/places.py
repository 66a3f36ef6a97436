"""Places in the choices of a record, by what they name: a row moves when one before it is dropped,
what it names does not (domain book 5.7).

A place is a path of the form, a row by its id: ("performance", "performances", "7f…", "scans").
"""

from collections.abc import Iterable, Mapping
from typing import Any

from libs.events.texts import lines
from libs.events.value import Value
from libs.filing.content.record import (
    CertificateChoice,
    EnterpriseStep,
    EquipmentItem,
    ExcludedCertificate,
    InsuranceProof,
    PerformanceChoice,
    PersonChoice,
    Wizard,
)
from libs.filing.rules import paths

Place = tuple[str, ...]
Leaves = Mapping[Place, Any]
STEP, ROW, FIELD = 1, 3, 4  # how long the place of each is
ROWS: dict[str, type[Value]] = {
    "equipment": EquipmentItem,
    "certificates": CertificateChoice,
    "excluded_certificates": ExcludedCertificate,
    "persons": PersonChoice,
    "performances": PerformanceChoice,
    "si_proofs": InsuranceProof,
}
STEPS = {  # the rows that stand for a whole step
    "qualifications": "certificates",
    "people": "persons",
    "performance": "performances",
    "social-insurance": "si_proofs",
}
IDS = ("certificate_id", "person_id", "project_id")
NAMES = frozenset({*IDS, "month", "payer_uscc", "payer_name", "type", "model"})  # of rows
DERIVED = frozenset({"version", "contract_id"})  # they follow from what is chosen


def leaves(choices: Wizard) -> dict[Place, Any]:
    """Every value of the choices by its place; of scans, what a client says of them."""
    found: dict[Place, Any] = {}
    for step, parts in paths.plain(choices).items():
        for name, value in parts.items():
            if name in ROWS:
                keys = _keys(name, value)
                for key, row in zip(keys, value, strict=True):
                    found |= _fields((step, name, key), row)
            elif isinstance(value, dict):
                found |= _fields((step, name), value)
            else:
                found |= _fields((step,), {name: value})
    return found


def _fields(above: Place, values: Mapping[str, Any]) -> dict[Place, Any]:
    return {(*above, name): _leaf(value) for name, value in values.items() if name not in DERIVED}


def _leaf(value: Any) -> Any:
    if isinstance(value, list):
        return [_leaf(each) for each in value]
    if isinstance(value, dict) and "scan_type" in value:
        return value["scan"]
    return lines(value) or None if isinstance(value, str) else value


def _keys(name: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Of each row. A proof has no id but its month and payer, equipment its type and model; equals
    are told apart by number.
    """
    found: list[str] = []
    for n, row in enumerate(rows):
        key = _key(name, row)
        while key in found:
            key = f"{key} {n}"
        found.append(key)
    return found


def _key(name: str, row: Mapping[str, Any]) -> str:
    if name == "si_proofs":
        payer = row["payer_uscc"] or row["payer_name"]
        return f"{row['month']} {payer}"
    if name == "equipment":
        return f"{row['type']} {row['model']}"
    return next(str(row[each]) for each in IDS if each in row)


def keys_of(choices: Wizard, step: str, name: str) -> list[str]:
    """Of the rows, in their order."""
    parts = paths.plain(choices).get(step, {})
    return _keys(name, parts.get(name) or ())


def place(pointer: str, choices: Wizard) -> Place:
    """Where a pointer into a record leads that has these choices: a scan is its slot, the rows of a
    step are the step. A row that is not there is a place where nothing stands.
    """
    parts = paths.in_record(pointer).split("/")[1:]
    if len(parts) < ROW or parts[1] not in ROWS:
        step, *rest = [*parts, ""]
        return (step,) if rest[:1] == [STEPS.get(step)] else tuple(parts[:ROW])
    step, name, number, *field = parts
    keys = keys_of(choices, step, name)
    known = paths.is_row(number) and int(number) < len(keys)
    key = keys[int(number)] if known else number
    return (step, name, key, *field[:1])


def pointer(at: Place, *choices: Wizard) -> str:
    """The place as the rules of a record point to it: in the first of these choices that has it."""
    step, *rest = at
    if not rest:
        return f"/{STEPS.get(step, step)}"
    if len(at) < ROW or rest[0] not in ROWS:
        return "/" + "/".join(rest)
    name, key, *field = rest
    for each in choices:
        keys = keys_of(each, step, name)
        if key in keys:
            number = str(keys.index(key))
            return "/" + "/".join((name, number, *field))
    return f"/{name}"


def lies_in(at: Place, above: Place) -> bool:
    return at[: len(above)] == above


def is_own(at: Place) -> bool:
    """Whether the form has a field there; what else lies below a row or the enterprise is a fact of
    its source.
    """
    if len(at) == FIELD:
        return at[-1] in ROWS[at[1]].model_fields
    if len(at) == STEP:
        return False
    return at[1] in EnterpriseStep.model_fields or at[1] == "nil_declaration"


def names_its_row(at: Place, values: Leaves) -> bool:
    """Whether the row is another one, as soon as this field of it has another value."""
    if len(at) != FIELD or at[-1] not in NAMES:
        return False
    key = at[ROW - 1]
    return str(values.get(at)) in key


def changed(before: Leaves, after: Leaves) -> list[Place]:
    """Every place that differs; a row that came or went as a whole."""
    rows = _rows(before) ^ _rows(after)
    both = {**before, **after}
    differ = [at for at in both if before.get(at) != after.get(at)]
    whole = (at[:ROW] if at[:ROW] in rows else at for at in differ)
    return list(dict.fromkeys(whole))


def within(values: Leaves, above: Place) -> dict[Place, Any]:
    """What stands at the place and below."""
    return {at: value for at, value in values.items() if lies_in(at, above) and value is not None}


def _rows(values: Leaves) -> set[Place]:
    return {at[:ROW] for at in values if len(at) == FIELD}

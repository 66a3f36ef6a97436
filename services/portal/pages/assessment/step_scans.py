"""Scans of a step in their slots: each belongs to what is chosen beside it. A file is brought when
the step is saved; one that is taken away goes with the same saving.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from starlette.datastructures import UploadFile

from services.portal.pages.assessment import choosing, proofs
from services.portal.pages.assessment.wizard import RecordPages
from services.portal.pages.shared import forms
from services.portal.render.posted import whole
from services.portal.render.view import SlotView
from services.portal.web.language import say
from services.portal.web.visit import Posted

Fields = Mapping[str, Any]
BROUGHT = "_brought"  # input of a page that was not saved: slot and scan
ALL = "all"  # the key of a file for every proof
COMMITMENT, EQUIPMENT = "ASM_COMMIT", "ASM_EQUIP"


def kept(
    pages: RecordPages, step: str, content: dict[str, Any], gone: AbstractSet[str]
) -> dict[str, Any]:
    """With the scans that lie outside of rows, and without those that were taken away, `gone`."""
    saved = pages.record["steps"][step]
    if step == "performance":
        _keep(content, "nil_declaration", "statement_scan", saved)
    return _without(content, gone) if gone else content


def _keep(content: dict[str, Any], part: str, field: str, saved: Fields) -> None:
    """A scan of a part that the page does not post."""
    if scan := (saved.get(part) or {}).get(field):
        content.setdefault(part, {})[field] = scan


def _without(value: Any, gone: AbstractSet[str]) -> Any:
    """At whatever depth it lies."""
    if isinstance(value, dict):
        return {
            name: _without(each, gone) for name, each in value.items() if not _is_in(each, gone)
        }
    if isinstance(value, list):
        return [_without(each, gone) for each in value if not _is_in(each, gone)]
    return value


def _is_in(value: Any, gone: AbstractSet[str]) -> bool:
    """Whether it is a scan that was taken away. A part may have a field of that name, too."""
    return isinstance(value, dict) and any(value.get("scan") == each for each in gone)


def put_back(step: str, content: dict[str, Any], posted: Posted, gone: AbstractSet[str]) -> None:
    """Files that were brought before, beside one that was refused, and are not saved yet."""
    for each in posted.get(BROUGHT, ()):
        slot, _, scan = each.rpartition(" ")
        scan_type, _, key = slot.partition(":")
        if scan and scan not in gone:
            _put(step, content, scan_type, key, {"scan": scan, "scan_type": scan_type})


async def bring(pages: RecordPages, step: str, content: dict[str, Any], posted: Posted) -> None:
    """Files that came along, each to the row of its slot. Raises ServiceProblem."""

    async def take(name: str, file: UploadFile) -> None:
        scan_type, _, key = name.partition(":")
        scan = await forms.bring(pages.visit, "assessment", None, scan_type, file, key)
        _put(step, content, scan_type, key, scan)

    await forms.take_each(posted, take)


def _put(
    step: str, content: dict[str, Any], scan_type: str, key: str, scan: dict[str, Any]
) -> None:
    """To the row that its slot belongs to; one file may prove every month."""
    if step == "performance":
        rows = [each for each in content["performances"] if each["project_id"] == key]
    elif step == proofs.STEP:
        rows = [
            each
            for n, each in enumerate(content[proofs.PART])
            if key in (ALL, each.get("month") or str(n))
        ]
    elif scan_type == COMMITMENT:
        content.setdefault("commitment", {})["scan"] = scan
        return
    else:
        devices, n = content.get("equipment") or [], whole(key)
        if n is not None and n < len(devices):
            devices[n]["invoice_scan"] = scan
        return
    for row in rows:
        scans = row.setdefault("scans", [])
        if scan["scan"] not in {each["scan"] for each in scans}:
            scans.append(scan)


def of_enterprise(pages: RecordPages, content: Fields) -> Sequence[SlotView]:
    """The statement of truthfulness where the campaign asks for it, and an invoice a device."""
    found: list[SlotView] = []
    if pages.campaign["settings"]["commitment_required"]:
        scan = (content.get("commitment") or {}).get("scan")
        holder = {"scans": [scan] if scan else []}
        at = "/enterprise/commitment/scan"
        found.append(_slot(pages, COMMITMENT, "", holder, "commitment", "", at))
    for n, row in enumerate(content.get("equipment") or ()):
        scan = row.get("invoice_scan")
        holder = {"scans": [scan] if scan else []}
        label = row.get("model") or str(n + 1)
        at = f"/enterprise/equipment/{n}/invoice_scan"
        found.append(_slot(pages, EQUIPMENT, label, holder, "equipment", str(n), at))
    return found


def _slot(
    pages: RecordPages, scan_type: str, label: str, holder: Fields, part: str, key: str, at: str
) -> SlotView:
    """Of the first step."""
    slot = choosing.scan_slot(pages, scan_type, label, holder, "enterprise", part, key)
    return replace(slot, holds_one=True, at=at)


def title(pages: RecordPages, scan_type: str) -> str:
    """What scans of this type are called."""
    given = next(each for each in pages.places.form["scans"] if each["code"] == scan_type)
    return say(pages.visit.language, given)

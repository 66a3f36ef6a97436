"""What the browser posted of a form, as content again. Names of inputs are JSON pointers; what was
left empty is left out, and so is a row in which nothing stands.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Content = dict[str, Any]
Definition = Mapping[str, Any]
TEXT: Definition = {"type": "text"}
# no fields of the form: slots of its own, each scan with what its client says of it
SCAN: Mapping[str, Definition] = {
    "scan": TEXT,
    "scan_type": TEXT,
    "file_name": TEXT,
    "page_no": {"type": "integer"},
}
SCANS = {f"/scans/*/{name}": kind for name, kind in SCAN.items()}
# of a part or a row: a page carries them along, and drafts keep them
HOLDERS = ("scan", "scans/*", "invoice_scan")
INSIDE = {f"{at}/{name}": kind for at in HOLDERS for name, kind in SCAN.items()}
ROW_DIGITS = 6  # of a row's number; what is longer numbers no row
INTEGER_DIGITS = 18
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", re.ASCII)
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d\d)", re.ASCII)
HALF = re.compile("[\ud800-\udfff]")  # of a character: JSON can spell it
PICK, MINE = "_pick:", "_mine:"  # before a pointer: whose it shall be, and what was typed there


def content_of(
    form: Definition, posted: Mapping[str, Sequence[str]], *, with_empty_rows: bool = False
) -> Content:
    """The content as the service takes it; `with_empty_rows`: as the page has it, with rows in
    which nothing stands yet.
    """
    kinds = {**SCANS, **dict(_kinds(form))}
    content: Content = {}
    for name, values in unfolded(form, posted).items():
        pattern = pattern_of(name)
        if pattern in kinds:
            stays = with_empty_rows and "*" in pattern
            _put(content, name.split("/")[1:], _read(kinds[pattern], values), stays)
    tidied: Content = _tidied(content)
    if "scans" in tidied:
        tidied["scans"] = [each for each in tidied["scans"] if {"scan", "scan_type"} <= each.keys()]
    return tidied


def unfolded(form: Definition, posted: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """What was posted, rows that came along as a whole by their fields. What no page has folded
    says nothing.
    """
    rows = {f"{part['path']}/*" for part in form["parts"] if part["rows"]}
    found: dict[str, Sequence[str]] = {}
    for name, values in posted.items():
        if pattern_of(name) in rows:
            found |= {f"{name}/{each}": texts for each, texts in _fields(values).items()}
        else:
            found[name] = values
    return found


def _fields(values: Sequence[str]) -> dict[str, list[str]]:
    """What stands in a row, by field; nothing for what is no row."""
    try:
        said = json.loads(values[0])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    found: dict[str, list[str]] = {}
    for name, text in said.items():
        texts = text if isinstance(text, list) else [text]
        if all(map(_is_text, texts)):
            found[name] = texts
    return found


def _is_text(value: Any) -> bool:
    """Whether a browser could have posted it."""
    return isinstance(value, str) and not HALF.search(value)


def picked(posted: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What was posted with each place as somebody chose it: theirs, as it stands at its own name,
    or mine, which came along.
    """
    chosen = dict(posted)
    for name in [each for each in chosen if each.startswith(PICK)]:
        at = name.removeprefix(PICK)
        is_mine = chosen.pop(name)[:1] == ["mine"]
        mine = {each: chosen.pop(each) for each in list(chosen) if _is_at(each, MINE + at)}
        if is_mine:
            chosen = {each: values for each, values in chosen.items() if not _is_at(each, at)}
            chosen |= {each.removeprefix(MINE): values for each, values in mine.items()}
    return chosen


def _is_at(name: str, at: str) -> bool:
    return name == at or name.startswith(f"{at}/")


def flat(form: Definition, content: Any, at: str = "") -> dict[str, list[str]]:
    """The content, or what stands at a pointer, as its form would post it: only what has an input,
    as text.
    """
    kinds = {**SCANS, **dict(_kinds(form))}
    found: dict[str, list[str]] = {}

    def walk(value: Any, name: str) -> None:
        pattern = pattern_of(name)
        if pattern in kinds:
            found[name] = (
                [str(each) for each in value] if isinstance(value, list) else [_text(value)]
            )
        elif isinstance(value, dict):
            for key, each in value.items():
                walk(each, f"{name}/{key}")
        elif isinstance(value, list):
            for index, each in enumerate(value):
                walk(each, f"{name}/{index}")

    walk(content, at)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kinds(form: Definition) -> Iterator[tuple[str, Definition]]:
    """What each input takes, by its pointer with `*` in place of a row's number."""
    for part in form["parts"]:
        path = part["path"]
        if part["kind"]:
            yield path, part["kind"]
        if part["rows"]:
            path = f"{path}/*"
            yield f"{path}/id", TEXT  # the service's own name of the row
        for name, kind in INSIDE.items():
            yield f"{path}/{name}", kind
        for each in part["fields"]:
            yield f"{path}/{each['name']}", each["kind"]


def pattern_of(name: str) -> str:
    """A pointer with `*` in place of each row's number."""
    steps = name.split("/")
    return "/".join("*" if is_row(step) else step for step in steps)


def is_row(step: str) -> bool:
    """Whether a step of a pointer is the number of a row."""
    return step.isascii() and step.isdecimal() and len(step) <= ROW_DIGITS


def _read(kind: Definition, values: Sequence[str]) -> Any:
    """None for nothing. What cannot be read is sent as typed, for the service to name it."""
    if kind["type"] == "set":
        return [each for each in values if each] or None
    text = values[0].replace("\r\n", "\n") if values else ""
    if kind["type"] == "boolean":
        return {"true": True, "false": False}.get(text)
    if kind["type"] == "integer":
        digits = _ungrouped(text)
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= INTEGER_DIGITS
        return int(digits) if is_number else text or None
    if kind["type"] == "decimal":
        return _ungrouped(text) or None
    if written := {"date": DAY, "month": MONTH}.get(kind["type"]):
        return _dated(written, text) or None
    return text or None


def _dated(written: re.Pattern[str], text: str) -> str:
    """A day or a month as services take it, however people write it: 2024年9月1日, 2024/9/1,
    20240901. What is neither is sent as typed.
    """
    found = written.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return text
    return "-".join(each.zfill(2) for each in found.groups() if each)


def whole(text: str) -> int | None:
    """A whole number as a page posts or names it; None for anything else."""
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) <= INTEGER_DIGITS else None
    )


def _ungrouped(text: str) -> str:
    """A number without the signs that group its digits."""
    return text.replace(",", "").strip()


def _put(into: Any, steps: Sequence[str], value: Any, stays: bool) -> None:
    """Rows are kept by their number until all are known; `stays`: what is around it does, also
    where nothing stands there.
    """
    if value is None and not stays:
        return
    for step in steps[:-1]:
        into = into.setdefault(step, {})
    if value is not None:
        into[steps[-1]] = value


def _tidied(value: Any) -> Any:
    """Rows by number as rows in their order."""
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return [_tidied(value[key]) for key in sorted(value, key=int)]
    return {key: _tidied(each) for key, each in value.items()}

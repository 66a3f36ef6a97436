"""The form of one filing as it was sent: what it says is the content of that round, how it is laid
out is the form's own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.events.value import Value
from libs.filing import forms, reference
from libs.filing.content.scan import ScanRef
from libs.filing.forms import Field, Part, is_empty
from libs.filing.rules.paths import plain
from libs.papers import words
from libs.papers.paper import Pair, Paper, Section, lines

MOST_COLUMNS = 6  # of a table on A4; longer rows are laid out one below the other
LONG = 24  # characters; longer values take the whole line
SCANS = ("序号", "扫描件", "格式", "大小", "SHA-256")
SIGNATURES = ("法定代表人（签字）：", "企业（盖章）：", "日期：　　　　年　　月　　日")
FORMATS = {"image/jpeg": "JPG", "image/png": "PNG", "application/pdf": "PDF"}


@dataclass(frozen=True, repr=False)
class Head:
    """What every form of a filing says first."""

    enterprise: str
    uscc: str
    type: str
    filing_no: str
    receipt_no: str
    round: int
    sent_at: datetime
    unit: str  # code of `reporting_unit`


def filing_paper(
    head: Head, contents: Sequence[tuple[str, Value]], scans: Iterable[ScanRef]
) -> Paper:
    """`contents`: what was filed, each with the name of its form; the first gives the paper its
    subtitle.
    """
    sections = [
        section for name, content in contents for section in _sections(name, plain(content))
    ]
    return Paper(
        title=f"{title(head.type)}表",
        subtitle=forms.form(contents[0][0]).zh,
        sections=(_head(head), *sections, _scans(tuple(scans))),
        signatures=SIGNATURES,
    )


def title(type: str) -> str:
    return reference.code_list("filing_type").label(type)


def unit_name(code: str) -> str:
    return reference.code_list("reporting_unit").label(code)


def _head(head: Head) -> Section:
    return Section(
        lines=lines(
            (
                Pair("企业名称", head.enterprise, wide=True),
                Pair("统一社会信用代码", head.uscc),
                Pair("主管单位", unit_name(head.unit)),
                Pair("备案编号", head.filing_no, wide=True),
                Pair("回执号", head.receipt_no, wide=True),
                Pair("发送轮次", f"第 {head.round} 轮"),
                Pair("发送时间", words.moment(head.sent_at)),
            )
        )
    )


def _sections(name: str, data: Mapping[str, Any]) -> Iterator[Section]:
    for part in forms.form(name).parts:
        if part.kind:
            found = [value for _, value in _places(data, part.path.split("/")[1:], "")]
            yield Section(
                part.zh,
                lines(
                    (
                        Pair(
                            part.zh,
                            "、".join(words.coded(part.kind, each) for each in found),
                            wide=True,
                        ),
                    )
                ),
            )
        elif part.rows:
            yield from _rows(part, data)
        else:
            yield from (
                Section(part.zh, lines(_pairs(part.fields, row)))
                for _, row in _places(data, part.path.split("/")[1:], "")
            )


def _rows(part: Part, data: Mapping[str, Any]) -> Iterator[Section]:
    found = [
        (f"{above}{number}", row)
        for above, rows in _places(data, part.path.split("/")[1:], "")
        for number, row in enumerate(rows, start=1)
    ]
    fields = [
        field
        for field in part.fields
        if field.need == "M" or any(not is_empty(row.get(field.name)) for _, row in found)
    ]
    if not found:
        yield Section(part.zh, note="（无）")
    elif len(fields) <= MOST_COLUMNS:
        rows = tuple(
            (number, *(words.text(field, row.get(field.name)) for field in fields))
            for number, row in found
        )
        yield Section(
            part.zh, columns=("序号", *(words.label(field) for field in fields)), rows=rows
        )
    else:
        yield from (
            Section(f"{part.zh} {number}", lines(_pairs(fields, row))) for number, row in found
        )


def _pairs(fields: Iterable[Field], row: Mapping[str, Any]) -> Iterator[Pair]:
    for field in fields:
        value = words.text(field, row.get(field.name))
        yield Pair(words.label(field), value, wide=len(value) > LONG)


def _places(data: Any, steps: Sequence[str], above: str) -> Iterator[tuple[str, Any]]:
    """Every value at a form's path, with the numbers of the rows that it lies in: `2-`."""
    if data is None:
        return
    if not steps:
        yield above, data
    elif steps[0] == "*":
        for number, row in enumerate(data, start=1):
            yield from _places(row, steps[1:], f"{above}{number}-")
    else:
        yield from _places(data[steps[0]], steps[1:], above)


def _scans(scans: Sequence[ScanRef]) -> Section:
    rows = tuple(
        (
            f"{number:02}",
            scan_label(each),
            FORMATS.get(each.mime or "", ""),
            words.size(each.size_bytes or 0),
            words.spaced(each.sha256 or ""),
        )
        for number, each in enumerate(scans, start=1)
    )
    return Section("扫描件", columns=SCANS, rows=rows) if rows else Section("扫描件", note="（无）")


def scan_label(scan: ScanRef) -> str:
    return reference.code_list("scan_type").label(scan.scan_type)

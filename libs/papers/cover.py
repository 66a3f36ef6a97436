"""The cover sheet of 备案审核资料: to whom, from whom, and each filing enclosed with its receipt
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from libs.papers import words
from libs.papers.filing import SIGNATURES, title
from libs.papers.paper import Pair, Paper, Section, lines

TITLE = "备案审核资料"
COLUMNS = ("序号", "备案类型", "备案对象", "回执号", "轮次", "扫描件")
FOLDERS = ("序号", "备案编号", "文件夹（内有备案表和扫描件）")


@dataclass(frozen=True, repr=False)
class Enclosure:
    """One filing of the packet."""

    type: str
    subject: str  # name of the enterprise or person
    filing_no: str
    receipt_no: str
    round: int
    scans: int
    folder: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Cover:
    enterprise: str
    uscc: str
    unit: str  # the supervising unit's name
    built_at: datetime
    enclosures: Sequence[Enclosure]


def cover_paper(cover: Cover) -> Paper:
    head = Section(
        lines=lines(
            (
                Pair("报送单位", cover.enterprise, wide=True),
                Pair("统一社会信用代码", cover.uscc),
                Pair("主管单位", cover.unit),
                Pair("备案件数", f"{len(cover.enclosures)} 件"),
                Pair("生成时间", words.moment(cover.built_at)),
            )
        )
    )
    sections = (
        head,
        _listed(cover.enclosures),
        _folders(cover.enclosures),
        *_missing(cover.enclosures),
    )
    return Paper(TITLE, "封面", sections, SIGNATURES)


def _listed(enclosures: Sequence[Enclosure]) -> Section:
    rows = tuple(
        (
            f"{number:02}",
            title(each.type),
            each.subject,
            each.receipt_no,
            f"第 {each.round} 轮",
            f"{each.scans} 件",
        )
        for number, each in enumerate(enclosures, start=1)
    )
    return Section("备案目录", columns=COLUMNS, rows=rows)


def _folders(enclosures: Sequence[Enclosure]) -> Section:
    rows = tuple(
        (f"{number:02}", each.filing_no, each.folder)
        for number, each in enumerate(enclosures, start=1)
    )
    return Section("资料文件夹", columns=FOLDERS, rows=rows)


def _missing(enclosures: Sequence[Enclosure]) -> list[Section]:
    rows = tuple((each.folder, name) for each in enclosures for name in each.missing)
    return [Section("未能附上的扫描件", columns=("文件夹", "扫描件"), rows=rows)] if rows else []

"""A record as it was sent: what stands in it, in the words of its form and of the code lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.scans import ScanLink
from services.portal.render.view import Message, SummaryLine
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Visit

LISTS = (
    "certificate_status",
    "qualification_catalogue",
    "qualification_grade",
    "registration_type",
    "speciality",
    "title_level",
    "scan_type",
)
Content = Mapping[str, Any]
Lists = Mapping[str, CodeNames]


@dataclass(frozen=True)
class SentScan:
    label: str
    id: str
    size_bytes: int | None


@dataclass(frozen=True)
class SentRow:
    """A row of a part: its cells, and what was uploaded with it."""

    pointer: str
    cells: tuple[str, ...]
    scans: tuple[SentScan, ...] = ()


@dataclass(frozen=True)
class SentPart:
    """A part of the form with its rows, under the titles of its columns."""

    pointer: str
    title: str
    titles: tuple[str, ...]
    rows: tuple[SentRow, ...]

    @property
    def has_scans(self) -> bool:
        return any(row.scans for row in self.rows)


@dataclass(frozen=True)
class StaffingLine:
    """岗位: what the standard of a licence needs, who fills it, what stays open."""

    licence: str
    result: Mapping[str, Any]
    registered: str
    professionals: str
    open_slots: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True)
class SentRecord:
    parts: tuple[SentPart, ...]
    staffing: tuple[StaffingLine, ...]
    findings: tuple[SummaryLine, ...]
    arithmetic: Sequence[str]
    places: tuple[tuple[str, str], ...]

    @property
    def scans(self) -> list[ScanLink]:
        """All of them, each once, by where it lies first."""
        found = {
            scan.id: f"{row.cells[0]} {scan.label}".strip()
            for part in self.parts[::-1]
            for row in part.rows[::-1]
            for scan in row.scans[::-1]
        }
        return [ScanLink(id, label) for id, label in reversed(found.items())]

    @property
    def confirmed(self) -> int:
        """How many the enterprise confirmed when it sent."""
        return sum(each.message.acknowledged for each in self.findings)

    def place(self, pointer: str) -> str:
        """Where a pointer leads; of what is not shown, what stands around it."""
        words = dict(self.places)
        at = pointer
        while at and at not in words:
            at = at.rpartition("/")[0]
        return words.get(at, pointer)


async def sent_record(visit: Visit, content: Content) -> SentRecord:
    """One generation, as its round was sent."""
    form = await visit.site.reference.form(visit.api, "record")
    lists = await visit.site.reference.lists(visit.api, *LISTS, "assessment_result")
    titles = {
        each["path"].rpartition("/")[2]: say(visit.language, each)
        for each in form["parts"]
        if "*" not in each["path"]
    }
    parts = tuple(_parts(visit, content, lists, titles))
    places = tuple(_places(visit, parts))
    record = SentRecord(
        parts,
        tuple(_staffing(visit, content, lists)),
        (),
        content["proposal"][visit.language],
        places,
    )
    found = tuple(_line(record, each) for each in messages(visit, content["findings"]))
    return SentRecord(parts, record.staffing, found, record.arithmetic, places)


def _line(record: SentRecord, message: Message) -> SummaryLine:
    place = record.place(message.pointer) if message.pointer else ""
    return SummaryLine(message, place, "main")


def _parts(
    visit: Visit, content: Content, lists: Lists, titles: Mapping[str, str]
) -> Iterator[SentPart]:
    names = {each["person_id"]: each["name"] or "" for each in content["persons"]}
    choices = content["choices"]
    yield SentPart(
        "/certificates",
        titles["certificates"],
        (visit("证书编号"), visit("资质项目"), visit("证书状态"), visit("有效期至")),
        tuple(_certificates(visit, content, lists)),
    )
    yield SentPart(
        "/persons",
        titles["persons"],
        (visit("姓名"), visit("职称"), visit("专业"), visit("注册"), visit("计入岗位")),
        tuple(_persons(visit, content, lists)),
    )
    yield SentPart(
        "/performances",
        titles["performances"],
        (visit("项目名称"), visit("业主"), visit("阶段数")),
        tuple(_performances(visit, content, lists)),
    )
    yield SentPart(
        "/si_proofs",
        titles["si_proofs"],
        (visit("月份"), visit("缴费单位"), visit("已缴费"), visit("未缴费")),
        tuple(_proofs(visit, choices["social-insurance"]["si_proofs"], names, lists)),
    )


def _certificates(visit: Visit, content: Content, lists: Lists) -> Iterator[SentRow]:
    """With what each allows, and until when."""
    statuses = lists["certificate_status"]
    for n, each in enumerate(content["certificates"]):
        licences = [_licence(visit, item, lists) for item in each["items"]]
        until = each["extended_to"] or each["valid_to"] or ""
        cells = (
            each["cert_no"] or "",
            visit("、").join(licences),
            _name(visit, statuses, each["status"]),
            until,
        )
        yield SentRow(f"/certificates/{n}", cells)


def _persons(visit: Visit, content: Content, lists: Lists) -> Iterator[SentRow]:
    types, specialities = lists["registration_type"], lists["speciality"]
    for n, each in enumerate(content["persons"]):
        registered = [_name(visit, types, one["type"]) for one in each["registrations"]]
        counted = dict.fromkeys(at.partition(":")[2] for at in each["counted_as"])
        yield SentRow(
            f"/persons/{n}",
            (
                each["name"] or visit("（姓名不显示）"),
                _name(visit, lists["title_level"], each["title_level"]),
                _name(visit, specialities, each["speciality"]),
                visit("、").join(registered),
                visit("、").join(_slot(visit, lists, code) for code in counted) or visit("不计入"),
            ),
        )


def _performances(visit: Visit, content: Content, lists: Lists) -> Iterator[SentRow]:
    chosen = content["choices"]["performance"]["performances"]
    scans = {each["project_id"]: each["scans"] for each in chosen}
    for n, each in enumerate(content["performances"]):
        _, name, client, *_ = next(iter(each["claims"]), ("", "", "", ""))
        cells = (
            name or (visit("暂无业绩") if each["is_placeholder"] else ""),
            client or "",
            str(len(each["stages"])),
        )
        uploaded = tuple(_scans(visit, scans.get(each["project_id"], ()), lists))
        yield SentRow(f"/performances/{n}", cells, uploaded)


def _proofs(
    visit: Visit, proofs: Iterable[Content], names: Mapping[str, str], lists: Lists
) -> Iterator[SentRow]:
    for n, each in enumerate(proofs):
        paid = {
            state: visit("、").join(
                names.get(one["person_id"], "") for one in each["persons"] if one["paid"] is state
            )
            for state in (True, False)
        }
        payer = each["payer_name"] or each["payer_uscc"] or ""
        yield SentRow(
            f"/si_proofs/{n}",
            (each["month"] or "", payer, paid[True], paid[False]),
            tuple(_scans(visit, each["scans"], lists)),
        )


def _scans(visit: Visit, scans: Iterable[Content], lists: Lists) -> Iterator[SentScan]:
    for each in scans:
        label = each["file_name"] or _name(visit, lists["scan_type"], each["scan_type"])
        yield SentScan(label, each["scan"], each["size_bytes"])


def _staffing(visit: Visit, content: Content, lists: Lists) -> Iterator[StaffingLine]:
    for each in content["proposal"]["proposal"]["per_item"]:
        yield StaffingLine(
            licence=_licence(visit, each["item"], lists),
            result=lists["assessment_result"].item(each["result"]),
            registered=_tally(visit, each["registered"]),
            professionals=_tally(visit, each["professionals"]),
            open_slots=tuple(
                visit("%(slot)s应%(need)s人，实%(have)s人")
                % {"slot": _slot(visit, lists, one["code"], one["group"]), **one}
                for one in each["open_slots"]
            ),
            provisional=bool(each["provisional"]),
        )


def _tally(visit: Visit, tally: Content | None) -> str:
    return f"{tally['slots']} / {tally['filled']}" if tally else visit("标准数值未核定")


def _licence(visit: Visit, item: Content, lists: Lists) -> str:
    licence = item["licence_name"] or _name(
        visit, lists["qualification_catalogue"], item["licence"]
    )
    return f"{licence} {_name(visit, lists['qualification_grade'], item['grade'])}".strip()


def _slot(visit: Visit, lists: Lists, code: str, group: str = "") -> str:
    """A place of the staffing table: a registration or a speciality."""
    for name in ("registration_type", "speciality")[:: -1 if group == "professional" else 1]:
        found = _name(visit, lists[name], code)
        if found != code:
            return found
    return code


def _places(visit: Visit, parts: Iterable[SentPart]) -> Iterator[tuple[str, str]]:
    """Every place that a point may be about."""
    for part in parts:
        yield part.pointer, part.title
        for row in part.rows:
            at = f"{part.title}{visit('：')}{row.cells[0]}"
            yield row.pointer, at
            if row.scans:
                yield f"{row.pointer}/scans", f"{at} {visit('扫描件')}"


def _name(visit: Visit, names: CodeNames, value: Any) -> str:
    return str(names.item(value)[visit.language]) if value else ""

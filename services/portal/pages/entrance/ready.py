"""生成前的准备: what a record is made of and how far it has come, as the services have told it for
待办: nothing more is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.render.tasks import Task
from services.portal.web.visit import Visit

OK, WARN, STOP, CALM = "mark-ok", "mark-warn", "mark-stop", ""
BEGINS = "mark-none"  # nothing is there yet, and nothing wrong


@dataclass(frozen=True)
class ReadyLine:
    """`look`: how its mark is drawn."""

    label: str
    mark: str
    look: str
    href: str

    @property
    def is_done(self) -> bool:
        return self.look in (OK, CALM)


def ready(
    visit: Visit, known: Mapping[str, Mapping[str, Any]], waiting: Sequence[Task]
) -> list[ReadyLine]:
    """`known`: the steps of the year that services told of, by name; `waiting`: what is to be
    done.
    """
    return list(_lines(visit, known, waiting))


def _lines(
    visit: Visit, known: Mapping[str, Mapping[str, Any]], waiting: Sequence[Task]
) -> Iterator[ReadyLine]:
    yield _filed(visit, known["enterprise"]["count"])
    if known["enterprise"]["count"]:
        yield _in_force(visit, waiting)
    if unsent := sum(_is(each, "enterprise", "unsent", "ENT_CHANGE") for each in waiting):
        mark = visit("%(count)s 件未发送，不妨碍") % {"count": unsent}
        yield ReadyLine(visit("企业信息变更"), mark, CALM, "/enterprise/changes")
    yield _counted(visit("技术人员已备案"), known.get("people", {}), "/people/filings")
    yield _counted(visit("业绩项目可选，或“暂无业绩”"), known.get("projects", {}), "/projects")


def _filed(visit: Visit, version: int | None) -> ReadyLine:
    """Without an approved version nothing else counts."""
    label, href = visit("企业基本信息已备案"), "/enterprise/filings"
    if not version:
        return ReadyLine(label, visit("缺"), BEGINS, href)
    mark = visit("✓ 第 %(number)s 版") % {"number": version}
    return ReadyLine(label, mark, OK, href)


def _in_force(visit: Visit, waiting: Sequence[Task]) -> ReadyLine:
    """A certificate that ends soon, or has ended, is renewed by a change filing."""
    label, href = visit("资质证书在有效期内"), "/enterprise/changes"
    ending = sum(_is(each, "enterprise", "expiring") for each in waiting)
    if not ending:
        return ReadyLine(label, "✓", OK, href)
    mark = visit("%(count)s 项将到期") % {"count": ending}
    return ReadyLine(label, mark, WARN, href)


def _is(task: Task, service: str, kind: str, type: str = "") -> bool:
    here = task["place"]["service"] == service and task["kind"] == kind
    return here and type in ("", task["type"])


def _counted(label: str, step: Mapping[str, Any], href: str) -> ReadyLine:
    """Without any there is no record; with some there is."""
    count, total = step.get("count") or 0, step.get("total") or 0
    look = BEGINS if not total else STOP if not count else OK if count == total else WARN
    mark = f"{'✓ ' if look == OK else ''}{count} / {total}"
    return ReadyLine(label, mark, look, href)

"""The menu: for enterprises the manual's own (code list `menu_path`), for others what they do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.render.words import N_

# where the portal keeps the manual's pages
PATHS = {
    "M1": "/enterprise",
    "M2": "/enterprise/filings",
    "M3": "/enterprise/changes",
    "M4": "/people",
    "M5": "/people/filings",
    "M6": "/people/changes",
    "M7": "/contracts",
    "M8": "/projects",
    "M9": "/assessment",
}


QUEUE = (N_("待审队列"), "/cases")
CASES = ((N_("审核"), N_("办件"), (QUEUE, (N_("按人员查找"), "/cases/by-person"))),)
RECORDS = (
    (
        N_("动态考核"),
        N_("批次与结果"),
        (
            (N_("考核批次"), "/campaigns"),
            (N_("考核结论"), "/conclusions"),
            (N_("公示公告"), "/publicities"),
            (N_("限期整改"), "/rectifications"),
        ),
    ),
)
STATISTICS = ((N_("统计"), N_("看板"), ((N_("考核进度"), "/progress"),)),)
REFERENCE = ((N_("系统"), N_("数据"), ((N_("参考数据"), "/reference"),)),)
PARKED = (N_("运行"), N_("异常"), ((N_("停放消息"), "/audit/parked"),))
OTHERS: dict[str, tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]] = {
    "authority": CASES + RECORDS + STATISTICS,
    "expert": ((N_("审核"), N_("办件"), (QUEUE,)),),
    "auditor": (
        (
            N_("审计监督"),
            N_("查询"),
            ((N_("检索"), "/audit"), (N_("事件日志"), "/audit/log"), (N_("公告结果"), "/results")),
        ),
        *STATISTICS,
        PARKED,
    ),
    "operator": (*REFERENCE, PARKED),
}


ALL_PATHS = (
    *PATHS.values(),
    *(path for groups in OTHERS.values() for *_, pages in groups for _, path in pages),
)


def has(face: str, path: str) -> bool:
    """Whether the menu of this face leads there."""
    return any(path == each for *_, pages in OTHERS.get(face, ()) for _, each in pages)


@dataclass(frozen=True)
class Page:
    label: str
    path: str
    title: str = ""


@dataclass(frozen=True)
class Folder:
    label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class MenuGroup:
    label: str
    folders: tuple[Folder, ...]


def steps(item: Mapping[str, Any]) -> list[str]:
    """MenuGroup, folder and page of a menu path, in the manual's words."""
    return str(item["zh"]).split("-")


def menu(
    items: Iterable[Mapping[str, Any]], face: str, language: str, words: Callable[[str], str]
) -> list[MenuGroup]:
    """Groups, folders and pages in their order."""
    if face != "enterprise":
        return [
            MenuGroup(
                words(group),
                (Folder(words(folder), tuple(Page(words(n), path) for n, path in pages)),),
            )
            for group, folder, pages in OTHERS.get(face, ())
        ]
    found: dict[str, dict[str, list[Page]]] = {}
    for each in items:
        group, folder, page = steps(each)
        label = page if language == "zh" else str(each["en"])
        pages = found.setdefault(group, {}).setdefault(folder, [])
        pages.append(Page(label, PATHS[each["code"]], "" if language == "zh" else page))
    return [MenuGroup(words(group), _folders(folders, words)) for group, folders in found.items()]


def _folders(
    folders: Mapping[str, Iterable[Page]], words: Callable[[str], str]
) -> tuple[Folder, ...]:
    """Each by its name in the language of the visit."""
    return tuple(Folder(words(name), tuple(pages)) for name, pages in folders.items())


MANUAL = (
    N_("企业信息"),
    N_("企业信息维护"),
    N_("企业数据备案"),
    N_("人员信息"),
    N_("人员信息维护"),
    N_("人员数据备案"),
    N_("项目信息"),
    N_("项目信息维护"),
    N_("资质申报"),
    N_("动态考核"),
)

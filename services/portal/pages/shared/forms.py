"""What pages with a form share: its view, what was posted, the files that came along."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from starlette.datastructures import UploadFile

from services.portal.render.forms import Renderer, lists_of
from services.portal.render.posted import content_of, flat, pattern_of, whole
from services.portal.render.view import DraftNote, FormView, Message
from services.portal.web import drafts
from services.portal.web.api import ServiceProblem
from services.portal.web.security import FILE
from services.portal.web.visit import Posted, Visit

REFUSED = (400, 409, 413, 422)  # a file, and not because somebody is away
NO_SCAN = {
    "zh": "文件不是图片或PDF，请另存为图片或PDF后上传",
    "en": "The file is neither a picture nor a PDF: save it as one, and upload that",
}
EMPTY = {"zh": "文件是空的，请重新选择", "en": "The file is empty: choose another"}
IN_PLACE_OF = {"/mime": NO_SCAN}  # of the media types that a service takes


async def view(
    visit: Visit,
    name: str,
    content: dict[str, Any] | None,
    found: Iterable[Message] = (),
    *,
    choices: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    editable: Callable[[str], bool] = lambda _: True,
    draft: DraftNote | None = None,
) -> FormView:
    """The form `name` with this content; with the `draft` of it, if one is kept and nothing was
    typed since.
    """
    form = await visit.site.reference.form(visit.api, name)
    if draft and not draft.unkept:
        content, draft = await _drafted(visit, form, content, draft)
    drawn = await renderer(visit, form, choices or {}, editable)
    return replace(drawn.view(form, content, found), draft=draft)


async def renderer(
    visit: Visit,
    form: dict[str, Any],
    choices: Mapping[str, Sequence[tuple[str, str]]],
    editable: Callable[[str], bool] = lambda _: True,
) -> Renderer:
    """Of a form, with the code lists that it chooses from."""
    lists = await visit.site.reference.lists(visit.api, *sorted(lists_of(form)))
    items = {name: each.items for name, each in lists.items()}
    return Renderer(visit.language, items, choices, editable, visit.opened, is_whole=True)


def draft_of(form: str, id: str, version: object, *, unkept: bool = False) -> DraftNote:
    """Where what is typed into a form is kept; `unkept`: something is typed, and not kept yet."""
    return DraftNote(f"{form}/{id or drafts.NEW}", str(version), unkept=unkept)


async def _drafted(
    visit: Visit, form: dict[str, Any], content: dict[str, Any] | None, note: DraftNote
) -> tuple[dict[str, Any] | None, DraftNote]:
    """The content as it was typed last, unless that is what is saved."""
    name, _, id = note.name.partition("/")
    found = await drafts.find(visit, form["menus"][0]["service"], name, id)
    if found is None or content_of(form, flat(form, content)) == found.content:
        return content, note
    return found.content, replace(note, begun=found.version, kept_at=found.kept_at)


def is_about_rows(posted: Posted) -> bool:
    """Whether the button only added, removed or opened a row."""
    return bool(posted.one("_append") or posted.one("_remove") or "_open" in posted)


def edited(form: dict[str, Any], posted: Posted) -> tuple[dict[str, Any], bool]:
    """What was posted as content, and whether the button only added, removed or opened a row: then
    nothing is to be saved yet.
    """
    if not is_about_rows(posted):
        return content_of(form, posted), False
    content = content_of(form, posted, with_empty_rows=True)
    if name := posted.one("_append"):
        _rows(form, content, name).append({})
    elif name := posted.one("_remove"):
        above, _, index = name.rpartition("/")
        rows, at = _rows(form, content, above), whole(index)
        if at is not None and at < len(rows):
            del rows[at]
    elif (name := posted.one("_open")) and _is_of_a_part(form, name):
        _row(content, name)
    return content, True


def _is_of_a_part(form: dict[str, Any], name: str) -> bool:
    return pattern_of(name).removesuffix("/*") in {each["path"] for each in form["parts"]}


def has_files(posted: Posted) -> bool:
    """Whether a file came along."""
    return any(True for _ in files(posted))


def files(posted: Posted) -> Iterator[tuple[str, UploadFile]]:
    """Each file with the type of scan that it is for."""
    for name, files in posted.items():
        for file in files:
            if name.startswith(FILE) and isinstance(file, UploadFile) and file.filename:
                yield name.removeprefix(FILE), file


async def upload(
    visit: Visit, service: str, subject: str | None, content: dict[str, Any], posted: Posted
) -> None:
    """Brings the files of a form to the service and puts them into the content, also those beside
    which another one is refused; `subject`: whose they are, None for the enterprise's. Raises
    ServiceProblem.
    """

    async def take(scan_type: str, file: UploadFile) -> None:
        scan = await bring(visit, service, subject, scan_type, file)
        content.setdefault("scans", []).append(scan)

    await take_each(posted, take)


async def take_each(posted: Posted, take: Callable[[str, UploadFile], Awaitable[None]]) -> None:
    """Each file that came along, whatever became of those before it. Raises ServiceProblem, with
    all that was refused.
    """
    refusals: list[ServiceProblem] = []
    for name, file in files(posted):
        try:
            await take(name, file)
        except ServiceProblem as refused:
            if refused.status not in REFUSED:
                raise
            refusals.append(refused)
    if refusals:
        errors = [error for each in refusals for error in each.errors]
        raise refusals[0].with_errors(errors)


def not_kept(visit: Visit, posted: Posted) -> list[Message]:
    """Of files that could not be brought, since what they belong to was not saved: at the slot of
    each, that it has to be chosen again.
    """
    text = visit("没有保存，所选文件 %(name)s 没有保留，请重新选择")
    return [
        Message("", "B", text % {"name": file.filename}, f"/scans/{scan_type}")
        for scan_type, file in files(posted)
    ]


async def bring(
    visit: Visit,
    service: str,
    subject: str | None,
    scan_type: str,
    file: UploadFile,
    key: str = "",
) -> dict[str, Any]:
    """One file to the service: what a content says of it; `key`: which of several slots of the
    type has it. Raises ServiceProblem, at the file's slot and with its name.
    """
    try:
        return await _brought(visit, service, subject, scan_type, file)
    except ServiceProblem as refused:
        slot = f"/scans/{scan_type}/{key}" if key else f"/scans/{scan_type}"
        at = {"pointer": slot}
        errors = [each | _named(each, file) | at for each in refused.errors]
        raise refused.with_errors(errors) from refused


def _named(error: Mapping[str, Any], file: UploadFile) -> dict[str, str]:
    """What was refused, said of one file among several."""
    said = IN_PLACE_OF.get(str(error.get("pointer")), error) if file.size else EMPTY
    return {
        "zh": f"{said.get('zh', '')}（{file.filename}）",
        "en": f"{said.get('en', '')} ({file.filename})",
    }


async def _brought(
    visit: Visit, service: str, subject: str | None, scan_type: str, file: UploadFile
) -> dict[str, Any]:
    data = await file.read()
    ticket = (
        await visit.api.do(
            "POST",
            service,
            "/uploads",
            {
                "size": len(data),
                "mime": file.content_type or "application/octet-stream",
                "sha256": sha256(data).hexdigest(),
                "scan_type": scan_type,
                "subject": subject,
            },
        )
    ).body
    await visit.api.put(ticket["upload_url"], data, ticket["headers"])
    await visit.api.do("POST", service, f"/uploads/{ticket['scan']}:complete")
    return {"scan": ticket["scan"], "scan_type": scan_type, "file_name": file.filename}


def _rows(form: dict[str, Any], content: dict[str, Any], name: str) -> list[Any]:
    """The rows of a part in the content; none that stay for what is no part with rows."""
    if pattern_of(name) not in {each["path"] for each in form["parts"] if each["rows"]}:
        return []
    above, _, last = name.rpartition("/")
    rows: list[Any] = _row(content, above).setdefault(last, [])
    return rows


def _row(content: dict[str, Any], name: str) -> Any:
    """What stands there; a row that is not there yet stands at the end of its list."""
    at: Any = content
    steps = name.split("/")[1:]
    for number, step in enumerate(steps, 1):
        if not isinstance(at, list):
            has_rows = "".join(steps[number : number + 1]).isdecimal()
            at = at.setdefault(step, [] if has_rows else {})
        elif int(step) < len(at):
            at = at[int(step)]
        else:
            at.append({})
            at = at[-1]
    return at

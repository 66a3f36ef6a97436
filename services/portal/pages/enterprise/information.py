"""企业信息 › 企业信息维护 › 企业基本信息."""

from asyncio import gather
from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.shared import forms, stale
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.own import own_enterprise, registered
from services.portal.render.view import Message
from services.portal.web.api import ServiceAnswer, ServiceProblem, is_away
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/enterprise")
REFUSED = (400, 409, 412, 422)


@router.get("")
async def information(visit: Signed) -> Response:
    """The page as it was saved, with what the rules say of it."""
    own = await own_enterprise(visit)
    if own is None and visit.user and not visit.user.org:
        raise HTTPException(403)
    if own is None:
        return await _registration(visit, {}, [])
    item, checked = await gather(
        visit.api.get("enterprise", f"/enterprises/{own['id']}"),
        visit.api.check("enterprise", f"/enterprises/{own['id']}"),
    )
    found = messages(visit, checked.body["findings"]) if item.body["is_saved"] else []
    return await _page(visit, item.body, item.body["information"], found, actions(checked.body))


@router.post("/register")
async def register(visit: Signed, posted: Sent) -> Response:
    """企业注册, by the credit code of whoever signed in."""
    assert visit.user
    body = {
        "uscc": visit.user.org,
        "name": posted.one("name"),
        "supervising_city_code": posted.one("supervising_city_code"),
    }
    try:
        await visit.api.do("POST", "enterprise", "/enterprises", body, key=posted.key)
    except ServiceProblem as refused:
        if is_away(refused):
            raise
        found = messages(visit, refused.errors)
        return await _registration(visit, body, found, refused.status)
    return await visit.go("/enterprise")


@router.post("")
async def act(visit: Signed, posted: Sent) -> Response:
    """保存, 获取企业备案信息, or a row more or less."""
    own = await registered(visit)
    path, version = f"/enterprises/{own['id']}", posted.begun
    if posted.one("_act") == "import_legacy":
        return await _import(visit, posted, path)
    form = await visit.site.reference.form(visit.api, "enterprise")
    content, changed = forms.edited(form, posted)
    as_saved = stale.StaleItem("enterprise", path, "enterprise", "/enterprise", _content)
    try:
        await forms.upload(visit, "enterprise", own["id"], content, posted)
        if not changed:
            save = partial(_save, visit, posted, path, content)
            saved = await stale.saved(visit, version, as_saved, save)
            return await visit.go("/enterprise", done="saved", warnings=len(saved.body["findings"]))
        found: list[Message] = []
        status = 200
    except ServiceProblem as refused:
        if refused.status == stale.STALE:
            return await stale.page(visit, posted, as_saved, content)
        if is_away(refused):
            raise
        found, status = messages(visit, refused.errors), refused.status
    item = (await visit.api.get("enterprise", path)).body
    item["version"] = version
    return await _page(visit, item, content, found, {}, status=status, typed=True)


async def _save(
    visit: Visit, posted: Posted, path: str, content: dict[str, Any], version: str
) -> ServiceAnswer:
    path = f"{path}/information"
    return await visit.api.do("PUT", "enterprise", path, content, version=version, key=posted.key)


async def _import(visit: Visit, posted: Posted, path: str) -> Response:
    """获取企业备案信息; it asks before it replaces what stands on the page."""
    version = posted.one("_version")
    body = {"overwrite": posted.one("overwrite") == "yes"}
    try:
        await visit.api.do(
            "POST", "enterprise", f"{path}:import-legacy", body, version=version, key=posted.key
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        return await visit.go("/enterprise", refused=refused.errors)
    return await visit.go("/enterprise", done="imported")


def _content(enterprise: Mapping[str, Any]) -> Any:
    """What its form holds."""
    return enterprise["information"]


async def _registration(
    visit: Visit, values: dict[str, Any], found: list[Message], status: int = 200
) -> Response:
    """企业注册, with what was typed."""
    units = (await visit.site.reference.lists(visit.api, "reporting_unit"))["reporting_unit"]
    return await visit.page(
        "enterprise/register.html", status, values=values, summary=found, units=units.items
    )


async def _page(
    visit: Visit,
    item: dict[str, Any],
    content: dict[str, Any] | None,
    found: list[Message],
    acts: dict[str, Any],
    status: int = 200,
    typed: bool = False,
) -> Response:
    begun = content or {
        "basic": {
            "uscc": item["uscc"],
            "name": item["name"],
            "supervising_city_code": item["supervising_city_code"],
        }
    }
    may_save = acts.get("save", {"allowed": True})["allowed"]
    draft = forms.draft_of("enterprise", item["id"], item["version"], unkept=typed)
    view = await forms.view(
        visit,
        "enterprise",
        begun,
        found,
        editable=lambda _: may_save,
        draft=draft if may_save else None,
    )
    return await visit.page(
        "enterprise/information.html",
        status,
        item=item,
        view=view,
        acts=acts,
        typed=typed,
        refused=status >= 400,
    )

"""In and out: sign-in, sign-out, the language, whether the portal is well."""

import os
from typing import Any

from authlib.common.errors import AuthlibBaseError
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from libs.events.errors import Unavailable
from services.portal.web.drafts import LeftForm, take_back
from services.portal.web.language import COOKIE, LANGUAGES
from services.portal.web.security import local_path
from services.portal.web.sessions import Session
from services.portal.web.visit import Guest, Sent, Signed, Site, Visit, with_cookie

router = APIRouter()
YEAR = 365 * 24 * 3600


@router.get("/login")
async def login(visit: Guest, next: str = "/") -> Response:
    """登录: where one signs in, and what may be seen without."""
    return await visit.page(
        "entrance/login.html", next=local_path(next), failed="error" in visit.here
    )


@router.get("/login/start")
async def start(visit: Guest, request: Request, next: str = "/") -> Response:
    """To the issuer. What must be known on the way back is kept in a session of nobody's, which all
    tabs of a browser share.
    """
    session = visit.session if visit.session and not visit.user else Session.new()
    url = await visit.site.sign_in.begin(request, session)
    session.data["next"] = local_path(next)
    await visit.site.sessions.save(session)
    return with_cookie(RedirectResponse(url, 303), visit.site, session)


@router.get("/login/callback")
async def callback(visit: Guest, request: Request) -> Response:
    """Back from the issuer. The session that is signed in is a new one: nobody can have set it."""
    if visit.session is None:
        return RedirectResponse("/login?error=1", 303)
    if visit.user:  # in another tab, or the browser's way back
        return RedirectResponse("/", 303)
    try:
        signed_in = await visit.site.sign_in.end(request, visit.session)
    except (AuthlibBaseError, ValueError, KeyError):
        await visit.site.sessions.save(visit.session)  # no state serves twice
        return RedirectResponse("/login?error=1", 303)
    session = visit.site.sessions.signed_in(signed_in)
    await visit.site.accounts.learn(signed_in["user"])
    onward = await _onward(Visit(request, visit.site, session), visit.session.data)
    await visit.site.sessions.end(visit.session)
    await visit.site.sessions.save(session)
    return with_cookie(RedirectResponse(onward, 303), visit.site, session)


async def _onward(visit: Visit, before: dict[str, Any]) -> str:
    """Where to, once signed in: where one wanted to go, or back to the form that was left, with
    what was typed. A form of somebody else's is nobody's now.
    """
    assert visit.session
    assert visit.user
    left = LeftForm(**before["left"]) if "left" in before else None
    if left is None or left.sub != visit.user.sub:
        return local_path(before.get("next"))
    if left.name and await take_back(visit, left):
        if left.lost:
            visit.session.data["result"] = {"at": left.path.partition("?")[0], "lost": left.lost}
        return left.page
    visit.session.data["left"] = before["left"]
    return "/login/left"


@router.get("/login/left")
async def left_form(visit: Signed) -> Response:
    """A form that was posted when its session had ended: to be sent now, or not."""
    assert visit.session
    found = visit.session.data.pop("left", None)
    if found is None:
        return await visit.go("/")
    return await visit.page("entrance/left_form.html", left=LeftForm(**found))


@router.post("/logout")
async def logout(visit: Guest, posted: Sent) -> Response:
    """退出, at the issuer too."""
    assert visit.session
    await visit.site.sessions.end(visit.session)
    url = await _at_the_issuer(visit) if visit.user else None
    left = Visit(visit.request, visit.site, None)
    answer = await left.page("entrance/left.html", onward=url or "/login")
    answer.delete_cookie(visit.site.cookie, path="/", secure=visit.site.is_secure)
    return answer


async def _at_the_issuer(visit: Visit) -> str | None:
    """Where one signs out there too; None while it is away."""
    assert visit.session
    try:
        return await visit.site.sign_in.logout_url(visit.session)
    except Unavailable:
        return None


@router.get("/language/{language}")
async def language(visit: Guest, language: str, next: str = "/") -> Response:
    """The same page in the other language."""
    answer = RedirectResponse(local_path(next), 303)
    if language in LANGUAGES:
        answer.set_cookie(
            COOKIE, language, max_age=YEAR, samesite="lax", secure=visit.site.is_secure
        )
    return answer


@router.get("/health/live")
async def live() -> dict[str, Any]:
    return {"status": "ok"}


@router.get("/version")
async def version() -> dict[str, str]:
    """What runs here."""
    told = {"commit": "KAOHE_COMMIT", "build": "KAOHE_BUILD"}
    return {"service": "portal"} | {name: os.environ.get(said, "") for name, said in told.items()}


@router.get("/health/ready")
async def ready(request: Request) -> dict[str, Any]:
    """Whether sessions can be kept."""
    site: Site = request.app.state.site
    await site.sessions.sweep()
    await site.accounts.sweep()
    return {"status": "ok"}

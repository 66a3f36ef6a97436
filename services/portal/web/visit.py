"""A visit: one request of one person. Pages take it, ask the services through it, and leave by it.

@router.get("/contracts")
async def contracts(visit: Signed) -> Response:
    found = await visit.api.list("projects", "/contracts")
    return await visit.page("projects/contracts.html", items=found.body["items"])
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from starlette.exceptions import HTTPException

from services.portal.render import menu as menus
from services.portal.render.event_names import EVENT_NAMES
from services.portal.render.posted import picked, whole
from services.portal.render.words import EVENT
from services.portal.settings import PortalSettings
from services.portal.web.accounts import Accounts
from services.portal.web.api import FOLLOWS, ServiceClient
from services.portal.web.clock import ServicesClock
from services.portal.web.counts import counted
from services.portal.web.language import language_of, translations
from services.portal.web.lean import lean
from services.portal.web.live import Live
from services.portal.web.measured import Calls
from services.portal.web.reference import CodeNames, ReferenceCache
from services.portal.web.security import check_form, form_of
from services.portal.web.sessions import Session, Sessions
from services.portal.web.signin import SignIn
from services.portal.web.tokens import Tokens

COOKIE = "kaohe"
LOOKS = "X-Kaohe-Live"  # says of a request that a page looks again by itself, and what it heard
BAD = 400  # status from which something went wrong
LONG_AGO = 0.0
MOST = 400  # that can be chosen on one page
NOT_LEFT = ("/drafts/", "/logout")  # what nobody would want to do after signing in anew


@dataclass(frozen=True)
class Site:
    """What all visits share. `clock`: the services', as their answers tell it."""

    settings: PortalSettings
    sessions: Sessions
    accounts: Accounts
    sign_in: SignIn
    client: httpx.AsyncClient
    environments: dict[str, Environment]
    clock: ServicesClock
    reference: ReferenceCache = field(default_factory=ReferenceCache)
    live: Live = field(default_factory=Live)
    tokens: Tokens = field(default_factory=Tokens)
    calls: Calls = field(default_factory=Calls)

    @property
    def cookie(self) -> str:
        """`__Host-` binds it to this host, and needs TLS."""
        return f"__Host-{COOKIE}" if self.is_secure else COOKIE

    @property
    def is_secure(self) -> bool:
        return self.settings.url.startswith("https://")


@dataclass(frozen=True)
class User:
    """Who signed in, as the issuer says."""

    sub: str
    role: str
    name: str
    org: str | None
    city: str | None

    @property
    def face(self) -> str:
        """Which menu: enterprise, authority, expert, auditor or operator."""
        if self.role.startswith("ENT_"):
            return "enterprise"
        return {"EXPERT": "expert", "AUDITOR": "auditor", "SYS_ADMIN": "operator"}.get(
            self.role, "authority"
        )


class LastResult(dict[str, Any]):
    """What a command came to; what was not said of it is None."""

    def __missing__(self, name: str) -> None:
        return None


class SignInNeeded(Exception):
    """To the sign-in page and back."""


class Visit:
    def __init__(self, request: Request, site: Site, session: Session | None) -> None:
        self.request, self.site, self.session = request, site, session
        self.language = language_of(request)
        self.opened: str | None = None  # the row that was asked for, or what came or went in one
        self.translations = translations(self.language)
        data = session.data if session else {}
        tokens = data.get("tokens", {})
        self.user = User(**data["user"]) if "user" in data else None
        heard = request.headers.get(LOOKS)
        self.is_looking = heard is not None
        positions: dict[str, int] = data.setdefault("positions", {})
        self.api = ServiceClient(
            site.client,
            site.settings.services.model_dump(),
            tokens.get("access_token"),
            self.language,
            positions if heard is None else _later(positions, heard),
            site.clock,
            site.calls,
        )

    def __call__(self, text: str) -> str:
        """A text of the portal's own in the visitor's language."""
        return self.translations.gettext(text)

    def happened(self, type: str) -> str:
        """What an event is called, by its type; the type's own name where it has no other."""
        kind = type.rpartition(".")[2]
        return str(self.translations.pgettext(EVENT, EVENT_NAMES.get(kind, kind)))

    @property
    def me(self) -> str:
        """The visitor's name at the issuer; nobody's before they have signed in."""
        return self.user.sub if self.user else ""

    async def names(self, *accounts: str | None) -> dict[str, str]:
        """Who they are, by account, as far as that is known and the visitor's to know: officers are
        named to everybody who signed in, an enterprise's people to itself and to officers.
        """
        assert self.user
        found = await self.site.accounts.find(each for each in accounts if each)
        known = {self.user.sub: self.user.name} if self.user.sub in accounts else {}
        everybody = self.user.face != "enterprise"
        return known | {
            each.sub: each.name for each in found if everybody or each.org in (None, self.user.org)
        }

    @property
    def here(self) -> str:
        """This page, with its filters."""
        return here(self.request)

    @property
    def enterprise(self) -> str:
        """The id of the enterprise that the visitor acts for, once `own_enterprise` has run."""
        assert self.session
        return str(self.session.data["enterprise"])

    def menu(self, paths: CodeNames) -> list[menus.MenuGroup]:
        """The menu of whoever visits."""
        assert self.user
        return menus.menu(paths.items, self.user.face, self.language, self)

    def offers(self, path: str) -> bool:
        """Whether the visitor's menu leads there."""
        return self.user is not None and menus.has(self.user.face, path)

    @property
    def counts(self) -> dict[str, Any]:
        """By the menu's page, what is to be done there, as it was told last; nothing once something
        of the enterprise has moved since.
        """
        found: dict[str, Any] = self._told_counts["pages"] if self._counts_hold else {}
        return found

    @property
    def _told_counts(self) -> dict[str, Any]:
        data = self.session.data if self.session else {}
        told: dict[str, Any] = data.get("counts", {})
        return told

    @property
    def _counts_hold(self) -> bool:
        data = self.session.data if self.session else {}
        told = self._told_counts
        own = UUID(data["enterprise"]) if "enterprise" in data else None
        return bool(told) and not self.site.live.moved.since(told["at"], own)

    def remember_counts(self, counts: Mapping[str, Any]) -> None:
        """Until the visitor, or somebody else, changes something of the enterprise."""
        assert self.session
        self.session.data["counts"] = {"at": time.time(), "pages": dict(counts)}

    async def _count_again(self) -> None:
        """What 待办 has told once stays in the menu: it is asked again where it holds no longer,
        but not by a page that looks by itself.
        """
        if self._told_counts and not self._counts_hold and not self.is_looking:
            self.remember_counts(await counted(self.api))

    def trail(self, paths: CodeNames, code: str) -> list[str]:
        """Where a page of the manual stands: group, folder, page."""
        group, folder, _ = menus.steps(paths.item(code))
        return [self(group), self(folder), self.page_name(paths, code)]

    def page_name(self, paths: CodeNames, code: str) -> str:
        """A page of the manual by its own name."""
        item = paths.item(code)
        return menus.steps(item)[2] if self.language == "zh" else str(item["en"])

    def is_below(self, path: str) -> bool:
        """Whether this page belongs to the menu's page at `path`."""
        at = self.request.url.path
        longer = (each for each in menus.ALL_PATHS if each.startswith(f"{path}/"))
        return at.startswith(f"{path}/") and not any(at.startswith(each) for each in longer)

    async def page(self, template: str, code: int = 200, **shown: Any) -> Response:
        """A page in the visitor's language."""
        menu = await self._menu()
        if code < BAD:
            await self._count_again()
        text = (
            self.site.environments[self.language]
            .get_template(template)
            .render(
                visit=self,
                user=self.user,
                csrf=self.session.csrf if self.session else "",
                key=str(uuid4()),
                menu=menu["menu_path"],
                roles=menu["role"],
                result=self._result(),
                today=self.site.clock.now().date(),
                **shown,
            )
        )
        asked = {"Server-Timing": f'services;desc="{self.api.calls} calls"'}
        return await self._left(HTMLResponse(lean(text), code, asked))

    async def _menu(self) -> Mapping[str, CodeNames | None]:
        """The lists of the frame; whoever is not signed in has no menu, and needs no service."""
        if self.user is None:
            return {"menu_path": None, "role": None}
        return await self.site.reference.lists(self.api, "menu_path", "role")

    async def go(self, path: str, **result: Any) -> Response:
        """On to a page that tells what a command came to (POST, redirect, GET)."""
        if self.session:
            if told := self._told_counts:
                self.session.data["counts"] = {**told, "at": LONG_AGO}
            if result:
                self.session.data["result"] = {"at": path.partition("?")[0], **result}
            else:
                self.session.data.pop("result", None)
        return await self._left(RedirectResponse(path, 303))

    def _result(self) -> "LastResult | None":
        """What the last command came to, on the page it led to; it stays until the next one."""
        kept = self.session.data.get("result") if self.session else None
        return LastResult(kept) if kept and kept["at"] == self.request.url.path else None

    @property
    def has_just_added(self) -> bool:
        """Whether the last command added what this page shows."""
        result = self._result()
        return result is not None and result.get("done") == "added"

    async def _left(self, response: Response) -> Response:
        if self.session:
            await self.site.sessions.save(self.session, touched=not self.is_looking)
        return response


def _later(positions: dict[str, int], heard: str) -> dict[str, int]:
    """With what a page was told: `enterprise/12,review/3`. For this request alone."""
    found = dict(positions)
    for each in heard.split(","):
        service, _, position = each.partition("/")
        if service in FOLLOWS and whole(position):
            found[service] = max(int(position), found.get(service, 0))
    return found


async def visiting(request: Request) -> Visit:
    """Anybody's visit. The token is fetched anew before it expires."""
    site: Site = request.app.state.site
    token = request.cookies.get(site.cookie)
    session = await site.sessions.load(token) if token else None
    if session and session.is_signed_in and not site.sign_in.is_fresh(session):
        session = await site.tokens.renewed(site.sessions, site.sign_in, session)
    return Visit(request, site, session)


async def signed_in(visit: Annotated[Visit, Depends(visiting)]) -> Visit:
    """Raises SignInNeeded."""
    if visit.user is None:
        raise SignInNeeded
    return visit


class Posted(dict[str, list[str]]):
    """What a form sent, by name."""

    def one(self, name: str, default: str = "") -> str:
        return self.get(name, [default])[0]

    def act(self, *known: str) -> str:
        """Which button of the page was pressed. Raises HTTPException for one that it has not."""
        what = self.one("_act")
        if what not in known:
            raise HTTPException(400)
        return what

    def ids(self, name: str) -> list[str]:
        """What was chosen, once each. Raises HTTPException for what no page offers."""
        try:
            chosen = list(dict.fromkeys(str(UUID(each)) for each in self.get(name, ())))
        except ValueError as error:
            raise HTTPException(400) from error
        if len(chosen) > MOST:
            raise HTTPException(413)
        return chosen

    @property
    def begun(self) -> str:
        """The version from which what was typed began."""
        return self.one("_begun") or self.one("_version")

    @property
    def opened(self) -> str | None:
        """The row that is to be written out, or the rows in one that came or went."""
        if "_open" in self:
            return self.one("_open")
        return self.one("_append") or self.one("_remove").rpartition("/")[0] or None

    @property
    def key(self) -> str:
        """Which pressing of the button it was."""
        return self.one("_key")


async def _posted(request: Request, visit: Annotated[Visit, Depends(visiting)]) -> Posted:
    """Raises SignInNeeded without a session, Forged for what no page of it has sent."""
    if visit.session is None:
        raise SignInNeeded
    posted = Posted(picked(await check_form(request, visit.session, visit.site.settings.url)))
    visit.opened = posted.opened
    return posted


Guest = Annotated[Visit, Depends(visiting)]
Signed = Annotated[Visit, Depends(signed_in)]
Sent = Annotated[Posted, Depends(_posted)]


async def to_sign_in(request: Request) -> Response:
    """Then back to this page. A form that was posted is kept until then, for its author alone."""
    site: Site = request.app.state.site
    answer = RedirectResponse(f"/login?next={quote(here(request))}", 303)
    if request.method != "POST" or request.url.path.startswith(NOT_LEFT):
        return answer
    try:
        form = await form_of(request)
    except HTTPException:  # nothing that a page has sent
        return answer
    values = {name: [v for v in found if isinstance(v, str)] for name, found in form.items()}
    lost = [v.filename for found in form.values() for v in found if getattr(v, "filename", "")]
    sub = site.sessions.owner("".join(values.pop("_csrf", ())))
    if sub is None or request.headers.get("origin", site.settings.url) != site.settings.url:
        return answer
    waiting = Session.new()
    waiting.data["left"] = {"sub": sub, "path": here(request), "values": values, "lost": lost}
    await site.sessions.save(waiting)
    return with_cookie(answer, site, waiting)


def with_cookie(answer: Response, site: Site, session: Session) -> Response:
    """The session's token, for this browser."""
    answer.set_cookie(
        site.cookie, session.token, httponly=True, samesite="lax", secure=site.is_secure, path="/"
    )
    return answer


def here(request: Request) -> str:
    """This page, with its filters."""
    url = request.url
    return f"{url.path}?{url.query}" if url.query else url.path

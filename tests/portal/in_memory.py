"""The portal over five services in memory (their read models on PostgreSQL), and whoever visits it
with a browser that runs no scripts: pages are got, forms are filled in and submitted, redirects
followed.

    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow("郑州示范建筑设计有限公司")
    officer.press("通过", {"comment": "同意"})
    assert "已办结" in officer.text
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import html

from libs.chassis.in_memory import token
from services.portal.pages import ROUTER
from services.portal.settings import PortalSettings
from services.portal.web.accounts import Accounts, Person
from services.portal.web.app import application
from services.portal.web.live import Live
from services.portal.web.sessions import IDLE, Session, Sessions
from services.portal.web.visit import LOOKS
from tests.in_memory.installation import Installation
from tests.portal.read_models import InstallationOnPostgres, ReadModels

T = TypeVar("T")
URL = "http://portal"
File = tuple[str, bytes, str]  # file name, bytes, media type
Files = Mapping[str, File] | Sequence[tuple[str, File]]  # by the input's name


class SessionsInMemory(Sessions):
    def __init__(self) -> None:
        self._kept: dict[bytes, str] = {}
        self.touched: list[bool] = []  # of each saving, whether a person asked
        self._cipher = AESGCM(bytes(32))

    async def load(self, token: str) -> Session | None:
        text = self._kept.get(Session(token).id)
        return Session(token, json.loads(text), datetime.now(UTC) + IDLE, text) if text else None

    async def save(self, session: Session, *, touched: bool = True) -> None:
        self.touched.append(touched)
        if session.is_kept:
            if session.id not in self._kept:
                return
            session.meet(self._kept[session.id])
        text = self._kept[session.id] = json.dumps(session.data)
        session.written(text, datetime.now(UTC))

    async def end(self, session: Session) -> None:
        self._kept.pop(session.id, None)

    async def sweep(self) -> None:
        """None grows old."""

    def end_all(self) -> None:
        """As if everybody had been away too long."""
        self._kept.clear()


class AccountsInMemory(Accounts):
    def __init__(self) -> None:
        self._known: dict[str, tuple[Person, str]] = {}

    async def learn(self, user: Mapping[str, Any]) -> None:
        person = Person(user["sub"], user["name"], user.get("org"))
        self._known[person.sub] = (person, user.get("city") or "")

    async def find(self, subs: Iterable[str]) -> list[Person]:
        return [self._known[each][0] for each in {*subs} if each in self._known]

    async def of_office(self, office: str) -> list[Person]:
        return [person for person, at in self._known.values() if at == office]

    async def sweep(self) -> None:
        """None grows old."""


class ToServices(httpx.AsyncBaseTransport):
    """One request after the other: after each, all readers of all services follow."""

    def __init__(self, installation: Installation) -> None:
        self._installation, self._turn = installation, asyncio.Lock()
        self.asked: list[httpx.URL] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request.url)
        async with self._turn:
            return await self._installation.answer(request)


class PortalInMemory:
    """`services`: what it stands on, for acts of others (tests/in_memory/firm.py)."""

    def __init__(
        self,
        installation: Installation,
        url: str = URL,
        way: Callable[[Installation], ToServices] = ToServices,
    ) -> None:
        self.services, self.sessions = installation, SessionsInMemory()
        self.accounts = AccountsInMemory()
        services = way(installation)
        self.asked = services.asked
        self.client = httpx.AsyncClient(transport=services)
        self.live = Live(is_on=True)
        settings = _settings(installation, url)
        self.app = application(
            settings, self.sessions, self.accounts, self.client, ROUTER, self.live
        )

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """What a visitor asks."""
        return self.services.run(what)

    def visitor(
        self, role: str = "", user: str = "", *, language: str = "zh", **claims: str
    ) -> "VisitorInMemory":
        """Signed in as an actor of this role (claims: org, city, office), or nobody."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        browser = httpx.AsyncClient(
            transport=transport, base_url=URL, headers={"Origin": URL}, follow_redirects=True
        )
        browser.cookies.set("lang", language)
        made = VisitorInMemory(self, browser)
        if role:
            made.sign_in(role, user, **claims)
        return made


@dataclass
class VisitorInMemory:
    """`page`: the document that was answered last; `status`, `path`, `fragment`: of that answer;
    `calls`: how often it asked services.
    """

    portal: PortalInMemory
    browser: httpx.AsyncClient
    status: int = 0
    path: str = ""
    page: Any = None
    content: bytes = b""
    told: Any = None  # the answer itself
    fragment: str = ""
    calls: int = 0
    session: Session = field(default_factory=Session.new)

    def sign_in(self, role: str, user: str = "", *, name: str = "", **claims: str) -> None:
        """With a session of its own, as it stands after the issuer's answer, which may have told
        a name.
        """
        data = told(role, user, name=name, **claims)
        if name:
            self._run(self.portal.accounts.learn(data["user"]))
        self.session = self.portal.sessions.signed_in(data)
        self._run(self.portal.sessions.save(self.session))
        self.browser.cookies.set("kaohe", self.session.token)

    def open(self, path: str) -> None:
        """A page by its address."""
        self._take(self._run(self.browser.get(path)))

    def looks(self, path: str, heard: str) -> None:
        """What the page's script does by itself once it has heard something."""
        self._take(self._run(self.browser.get(path, headers={LOOKS: heard})))

    def follow(self, label: str) -> None:
        """A link by its words; the browser says from which page."""
        (link, *_) = self.all(f"//a[normalize-space(.)={_quoted(label)}]") or [None]
        assert link is not None, f"no link {label} on {self.path}:\n{self.text}"
        came_from = {"Referer": urljoin(URL, self.path)}
        there = urljoin(self.path, link.get("href"))
        self._take(self._run(self.browser.get(there, headers=came_from)))

    def press(
        self, label: str, fill: Mapping[str, Any] | None = None, files: Files | None = None
    ) -> None:
        """A button by its words; its form is sent as it stands, `fill` typed into it before:
        values by the input's name, a list for several.
        """
        found = self.all(f"//button[normalize-space(.)={_quoted(label)}]")
        assert found, f"no button {label} on {self.path}:\n{self.text}"
        button, form = found[0], self._form(found[0])
        sent = _values(form, self.page) | {name: _strings(v) for name, v in (fill or {}).items()}
        if button.get("name"):
            sent[button.get("name")] = [button.get("value", "")]
        method = (button.get("formmethod") or form.get("method") or "get").upper()
        url = urljoin(self.path, button.get("formaction") or form.get("action") or "")
        self._take(self._run(self._send(method, url, sent, files)))

    def post(self, path: str, fill: Mapping[str, Any], *, origin: str = URL) -> None:
        """What no button of a page has sent."""
        sent = {name: _strings(value) for name, value in fill.items()}
        posted = self.browser.post(path, data=sent, headers={"Origin": origin})
        self._take(self._run(posted))

    async def _send(
        self, method: str, url: str, sent: dict[str, list[str]], files: Files | None
    ) -> httpx.Response:
        if method == "GET":
            return await self.browser.get(url, params=sent)
        return await self.browser.post(url, data=sent, files=files)

    def all(self, xpath: str) -> list[Any]:
        """What an XPath finds on the page."""
        return list(self.page.xpath(xpath))

    def texts(self, xpath: str) -> list[str]:
        """The words of each, without superfluous blanks."""
        return [" ".join(each.text_content().split()) for each in self.all(xpath)]

    @property
    def text(self) -> str:
        """What stands in the page's main part."""
        return " ".join(self.texts("//main")) or " ".join(self.texts("//body"))

    @property
    def title(self) -> str:
        return " ".join(self.texts("//title"))

    def _form(self, button: Any) -> Any:
        if button.get("form"):
            return self.page.get_element_by_id(button.get("form"))
        return next(button.iterancestors("form"))

    def _take(self, answer: httpx.Response) -> None:
        self.told, self.status, self.content = answer, answer.status_code, answer.content
        self.path, self.fragment = answer.url.raw_path.decode(), answer.url.fragment
        asked = re.search(r'services;desc="(\d+) calls"', answer.headers.get("server-timing", ""))
        self.calls = int(asked[1]) if asked else 0
        is_page = "html" in answer.headers.get("content-type", "")
        self.page = html.document_fromstring(answer.text) if is_page else None

    def _run(self, what: Any) -> Any:
        return self.portal.run(what)


def told(role: str, user: str = "", *, name: str = "", **claims: str) -> dict[str, Any]:
    """What the issuer says of somebody, as a session keeps it."""
    return {
        "tokens": {"access_token": token(role, user, **claims), "expires_at": time.time() + 9e6},
        "user": {
            "sub": user or role.lower(),
            "role": role,
            "name": name or user or role,
            "org": claims.get("org"),
            "city": claims.get("city"),
        },
    }


def _values(form: Any, page: Any) -> dict[str, list[str]]:
    """What a browser would send: neither disabled inputs nor unchecked boxes."""
    elements = [*form.iter("input", "select", "textarea")]
    if form.get("id"):
        elements += page.xpath(f"//*[@form={_quoted(form.get('id'))}]")
    found: dict[str, list[str]] = {}
    for each in elements:
        if each.get("name") and not _is_off(each):
            found.setdefault(each.get("name"), []).extend(_value(each))
    return {name: values for name, values in found.items() if values}


def _is_off(element: Any) -> bool:
    return element.get("disabled") is not None or any(
        each.get("disabled") is not None for each in element.iterancestors("fieldset")
    )


def _value(element: Any) -> Sequence[str]:
    if element.tag == "select":
        chosen = [each for each in element.iter("option") if each.get("selected") is not None]
        options = chosen or ([] if element.get("multiple") else [*element.iter("option")][:1])
        return [each.get("value", each.text or "") for each in options]
    if element.tag == "textarea":
        return [element.text or ""]
    kind = element.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [] if kind in ("submit", "button", "file", "image") else [element.get("value", "")]


def _strings(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _quoted(text: str) -> str:
    assert '"' not in text
    return f'"{text}"'


def _settings(installation: Installation, url: str) -> PortalSettings:
    return PortalSettings.model_validate(
        {
            "profile": "dev",
            "url": url,
            "auth": {"issuer": "http://issuer"},
            "services": installation.urls,
            "db": {"dsn": "postgresql://none"},
            "session_key_file": Path("none"),
        }
    )


@pytest.fixture(scope="session")
def read_models(postgres: str) -> Iterator[ReadModels]:
    with ReadModels(postgres) as made:
        yield made


@pytest.fixture
def portal(read_models: ReadModels) -> PortalInMemory:
    """Nothing is said yet: no enterprise, no campaign."""
    read_models.empty()
    return PortalInMemory(InstallationOnPostgres(read_models))

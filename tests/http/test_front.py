"""Whoever opens the address of a service is told what it is, and reads its API, from its own
origin alone.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import pytest

from tests.deploy.services import service
from tests.in_memory.installation import ALL, Installation

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with Installation(*ALL) as at:
        yield httpx.Client(transport=at)


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


def page(client: httpx.Client, url: str) -> httpx.Response:
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = dict(
        each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert policy == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_service_says_what_it_is_in_both_languages_and_every_link_leads_somewhere(
    client: httpx.Client, name: str, path: str
) -> None:
    answer, (zh, en) = page(client, f"http://{name}{path}"), service(name).title
    assert re.search("[\u4e00-\u9fff]", zh)
    assert zh in answer.text
    assert en in answer.text
    links = [each for each in Links(answer.text).found if not each.startswith("data:")]
    assert "openapi.json" in links
    for link in links:
        url = urljoin(f"http://{name}{path}", link)
        assert httpx.URL(url).host == name, link
        status = client.get(url).status_code if "health" not in link else 200
        assert status == 200, link


@pytest.mark.parametrize("name", ALL)
def test_what_shows_the_api_is_shipped_and_asks_nobody_else(
    client: httpx.Client, name: str
) -> None:
    script = client.get(f"http://{name}/docs/docs.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'url: "openapi.json"' in script.text
    assert "validatorUrl: null" in script.text
    bundle = client.get(f"http://{name}/docs/swagger-ui-bundle.js")
    assert "SwaggerUIBundle" in bundle.text
    assert (
        client.head(f"http://{name}/docs/swagger-ui.css")
        .headers["Content-Type"]
        .startswith("text/css")
    )
    assert client.get(f"http://{name}/docs/index.html").status_code == 404


def test_each_service_says_something_of_its_own() -> None:
    titles = [service(name).title for name in ALL]
    assert len({each for each, _ in titles}) == len({each for _, each in titles}) == len(ALL)

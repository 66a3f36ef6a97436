"""What pages of other origins may do, and what comes short: as the settings say."""

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from libs.chassis.process.settings import Http
from tests.chassis import ledgers
from tests.chassis.issuer import FakeIssuer

PORTAL = "https://portal.example"
PREFLIGHT = {
    "Origin": PORTAL,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match",
}


def clerk(issuer: FakeIssuer, http: Http) -> httpx.AsyncClient:
    app: FastAPI = ledgers.app(ledgers.World(), issuer, http=http)
    return ledgers.client(app, issuer.token("ENT_CLERK", org=ledgers.USCC))


async def test_a_page_of_a_listed_origin_may_ask_and_reads_what_it_needs(
    issuer: FakeIssuer,
) -> None:
    client, path = clerk(issuer, Http(cors=(PORTAL,))), f"/api/v1/ledgers/{ledgers.OURS}"
    asked = await client.options(path, headers=PREFLIGHT)
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, PORTAL)
    assert "PUT" in asked.headers["Access-Control-Allow-Methods"]
    read = await client.get(path, headers={"Origin": PORTAL})
    assert (read.status_code, read.headers["Access-Control-Allow-Origin"]) == (200, PORTAL)
    shown = read.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Location", "X-Event-Position", "Retry-After"} <= set(shown)
    assert "Access-Control-Allow-Credentials" not in read.headers
    assert "Origin" in read.headers["Vary"]


async def test_a_page_of_another_origin_may_not_nor_any_without_a_list(
    issuer: FakeIssuer,
) -> None:
    path = f"/api/v1/ledgers/{ledgers.OURS}"
    for http, origin in ((Http(cors=(PORTAL,)), "https://elsewhere.example"), (Http(), PORTAL)):
        client, headers = clerk(issuer, http), PREFLIGHT | {"Origin": origin}
        for answer in (
            await client.options(path, headers=headers),
            await client.get(path, headers={"Origin": origin}),
        ):
            assert "Access-Control-Allow-Origin" not in answer.headers
        assert (await client.options(path, headers=headers)).status_code >= 400


@pytest.mark.parametrize("origin", ["*", "portal.example", "https://portal.example/", "null"])
def test_an_origin_is_written_as_browsers_send_it(origin: str) -> None:
    with pytest.raises(ValidationError):
        Http(cors=(origin,))


async def test_answers_come_short_only_where_the_setting_says_so(issuer: FakeIssuer) -> None:
    async def encoding(http: Http) -> str:
        answer = await clerk(issuer, http).get("/openapi.json", headers={"Accept-Encoding": "gzip"})
        return str(answer.headers.get("Content-Encoding", ""))

    assert [
        await encoding(each) for each in (Http(), Http(compress_from=0), Http(compress_from=10**6))
    ] == ["gzip", "", ""]


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", f"/api/v1/ledgers/{ledgers.OURS}", {}),
        ("HEAD", f"/api/v1/ledgers/{ledgers.OURS}", {}),
        ("GET", f"/api/v1/ledgers/{ledgers.FOREIGN}", {}),
        ("GET", f"/api/v1/ledgers/{ledgers.OURS}", {"Authorization": "Bearer none"}),
        ("POST", f"/api/v1/ledgers/{ledgers.OURS}", {}),
        ("OPTIONS", f"/api/v1/ledgers/{ledgers.OURS}", PREFLIGHT),
        ("OPTIONS", f"/api/v1/ledgers/{ledgers.OURS}", PREFLIGHT | {"Origin": "https://e.example"}),
        ("GET", "/openapi.json", {}),
        ("GET", "/health/live", {}),
        ("GET", "/metrics", {}),
        ("GET", "/", {}),
        ("GET", "/docs", {}),
        ("GET", "/docs/front.css", {}),
        ("GET", "/nowhere", {}),
    ],
)
async def test_every_answer_says_what_a_browser_may_do_with_it(
    issuer: FakeIssuer, method: str, path: str, given: dict[str, str]
) -> None:
    answer = await clerk(issuer, Http(cors=(PORTAL,))).request(method, path, headers=given)
    said = answer.headers
    policy = said["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert {
        name: said[name]
        for name in (
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert said["Strict-Transport-Security"].startswith("max-age=")
    assert "camera=()" in said["Permissions-Policy"]

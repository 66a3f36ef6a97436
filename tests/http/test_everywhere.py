"""What holds at every service alike: who is let in, what is not shown, what a repeated command
gets, and what stays out of the logs.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.demo.stage import API
from deploy.embedded.places import existing_services
from deploy.issuer.signing import Account, Signer, signing_key
from libs.chassis.problems.kinds import KEY_REUSED, METHOD, NOT_FOUND, UNAUTHENTICATED, UNAVAILABLE
from tests.http.firm import Firm
from tests.http.http_client import CANARY, NUMBER, Asker, Wrong, bearer, faults
from tests.http.operations import operations
from tests.http.scene import FOREIGN, Scene, scene

pytestmark = [pytest.mark.servers, pytest.mark.slow]
LISTS = {
    "enterprise": "enterprises",
    "personnel": "people",
    "projects": "projects",
    "assessment": "records",
    "review": "cases",
}


@pytest.fixture(scope="module")
def sides(asker_in_memory: Asker) -> Scene:
    at: Any = asker_in_memory.system
    return scene(at)


def listing(service: str, token: str, query: str = "") -> Wrong:
    return Wrong("", UNAUTHENTICATED, service, "GET", f"/{LISTS[service]}{query}", token)


def tokens(asker: Asker) -> Iterator[tuple[str, str]]:
    """Tokens that let nobody in; the first one would, and is not given."""
    issuer, key, now = (
        asker.system.told["issuer"],
        signing_key(asker.system.home.path / "issuer.pem"),
        int(time.time()),
    )
    right = Signer(issuer, key).access_claims(Account("PROV_LEAD", city="410000"), "tests")
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
    for what, claims in (
        ("expired", {"exp": now - 60}),
        ("other audience", {"aud": "portal"}),
        ("other issuer", {"iss": f"{issuer}/"}),
        ("no roles", {"roles": []}),
        ("roles of another type", {"roles": "PROV_LEAD"}),
        ("nobody", {"sub": None}),
    ):
        yield what, jwt.encode(header, right | claims, key)
    forged = ECKey.generate_key("P-256")
    yield "forged", jwt.encode(header, right, forged)
    yield "another key", jwt.encode(header | {"kid": "another"}, right, forged)
    yield "no access token", jwt.encode(header | {"typ": "JWT"}, right, key)
    head, _, rest = jwt.encode(header, right, key).partition(".")
    yield (
        "another head",
        f"{jwt.encode(header | {'typ': 'JWT'}, right, key).partition('.')[0]}.{rest}",
    )
    yield "no signature", f"{head}.{rest.partition('.')[0]}."
    yield "no token", CANARY.encode().hex()


@pytest.mark.parametrize("service", existing_services())
def test_a_token_that_is_not_right_lets_nobody_in(asker: Asker, service: str) -> None:
    with asker.nothing_written(service):
        found = asker.faults(
            replace(listing(service, token), what=what) for what, token in tokens(asker)
        )
        basic = replace(
            listing(service, ""),
            what="another scheme",
            headers={"Authorization": "Basic a2FvaGU6a2FvaGU="},
        )
        assert not [*found, *asker.faults([basic])]
    assert (
        asker.send(basic).headers["WWW-Authenticate"]
        == 'Bearer realm="kaohe", error="invalid_token"'
    )


@pytest.mark.parametrize("service", existing_services())
def test_a_method_that_is_not_served_is_named_with_those_that_are(
    asker: Asker, service: str
) -> None:
    for path in {each.path for each in operations() if each.service == service}:
        example = next(
            each for each in operations() if (each.service, each.path) == (service, path)
        )
        wrong = Wrong(
            "method", METHOD, service, "PATCH", example.address({}), asker.token("AUDITOR")
        )
        assert not asker.faults([wrong])
        assert asker.send(wrong).headers["Allow"]


@pytest.mark.parametrize("service", existing_services())
def test_a_position_that_is_not_reached_is_waited_for_in_vain(asker: Asker, service: str) -> None:
    wrong = replace(
        listing(service, asker.token("PROV_LEAD", "410000"), f"?min_position={service}/{10**9}"),
        kind=UNAVAILABLE,
    )
    answer = asker.send(wrong)
    assert not list(faults(wrong, answer, "zh"))
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    "accepted", [b"en;q=\xb2", b"\xff", b"en;q=" + b"9" * 400, b";;,q=,zh", b"en-" * 1000]
)
def test_an_odd_language_is_no_fault_of_ours(asker: Asker, accepted: bytes) -> None:
    url = f"{asker.system.urls['review']}{API}/forms/nothing"
    answer = asker.client.get(url, headers=[(b"Accept-Language", accepted)])
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def bare(answer: httpx.Response) -> tuple[Any, ...]:
    """All of an answer but what every request has of its own."""
    varying = ("traceparent", "x-request-id", "date")
    body = {
        name: value for name, value in answer.json().items() if name not in ("instance", "trace_id")
    }
    return (
        answer.status_code,
        body,
        {name: value for name, value in answer.headers.items() if name not in varying},
        list(answer.json()),
    )


LIKE_A_MOBILE = "0a1b2c3d-4e5f-4a6b-8c7d-a13812345678"
PATHS = {
    "enterprise": ("/enterprises/{id}", "/enterprises/{id}/filings", "/enterprises/{id}/history"),
    "personnel": ("/people/{id}", "/people/{id}/history"),
    "projects": ("/contracts/{id}", "/contracts/{id}/history"),
    "assessment": ("/records/{id}", "/records/{id}/history"),
    "review": ("/rectifications/{id}", "/rectifications/{id}/history"),
}


@pytest.mark.parametrize("service", existing_services())
def test_what_is_anothers_is_answered_as_what_is_not_there(
    asker_in_memory: Asker, sides: Scene, service: str
) -> None:
    """Byte by byte, to the clerk of another enterprise and to the officer of another city."""
    own, foreign = sides["own"], sides["foreign"]
    with asker_in_memory.nothing_written(service):
        for token in (own.clerk.token, asker_in_memory.token("CITY_LEAD", own.city)):
            for path in PATHS[service]:
                id = foreign.ids[service, path.split("/")[1]]["id"]
                asked = [
                    Wrong("", NOT_FOUND, service, "GET", path.format(id=each), token)
                    for each in (id, str(uuid4()), LIKE_A_MOBILE)
                ]
                assert not asker_in_memory.faults(asked)
                first, *others = (bare(asker_in_memory.send(each)) for each in asked)
                assert all(each == first for each in others)
    assert (
        asker_in_memory.send(
            replace(asked[0], token=asker_in_memory.token("CITY_LEAD", FOREIGN))
        ).status_code
        == 200
    )


def test_a_repeated_command_gets_its_answer_again_and_another_body_none(
    asker: Asker, firm: Firm
) -> None:
    key = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{firm.enterprise.version}"'}
    saved = Wrong(
        "same key",
        KEY_REUSED,
        "enterprise",
        "PUT",
        f"/enterprises/{firm.id}/information",
        firm.clerk.token,
        headers=key,
    )
    first = asker.send(saved.with_body({"profile": "甲"}))
    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (200, None)
    with asker.nothing_written("enterprise"):
        again = asker.send(saved.with_body({"profile": "甲"}))
        assert (again.status_code, again.headers["Idempotency-Replayed"], again.json()) == (
            200,
            "true",
            first.json(),
        )
        assert again.headers["ETag"] == first.headers["ETag"]
        assert not asker.faults([saved.with_body({"profile": CANARY})])


def test_no_log_repeats_what_was_sent(asker: Asker, firm: Firm) -> None:
    clerk, path = firm.clerk.token, f"/enterprises/{firm.id}/information"
    body = {
        "profile": CANARY,
        "colour": CANARY,
        "basic": {"legal_rep_id_no": NUMBER, "affiliation": CANARY},
    }
    wrong = Wrong("", NOT_FOUND, "enterprise", "PUT", path, clerk).with_body(body)
    asker.send(wrong)
    asker.send(
        replace(
            wrong,
            headers={
                "X-Request-ID": NUMBER,
                "traceparent": NUMBER,
                "If-Match": CANARY.encode().hex(),
            },
        )
    )
    asker.send(replace(wrong, method="GET", path=f"/people/{NUMBER}?q={NUMBER}"))
    asker.send(replace(wrong, content=json.dumps(body).encode()[:-1]))
    asker.client.get(
        f"{asker.system.urls['enterprise']}{API}{path}", headers=bearer(CANARY.encode().hex())
    )
    for log in (asker.system.home.path / "log").glob("*.log"):
        text = log.read_text(errors="replace")
        assert not [each for each in (CANARY, NUMBER, CANARY.encode().hex()) if each in text], (
            log.name
        )

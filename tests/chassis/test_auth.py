import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from libs.chassis.identity import auth, issuer_keys
from libs.chassis.identity.auth import Issuer
from libs.chassis.ports.principal import Principal, actor
from libs.chassis.problems.kinds import UNAUTHENTICATED
from libs.chassis.problems.problem import Stopped
from libs.events.errors import Unavailable
from tests.chassis.issuer import AUDIENCE, URL, FakeIssuer
from tests.chassis.ledgers import OURS, USCC, enterprise_id


@pytest.fixture
def verifier(issuer: FakeIssuer) -> Issuer:
    return Issuer(URL, AUDIENCE, issuer.client())


async def refused(verifier: Issuer, token: str) -> None:
    with pytest.raises(Stopped) as stopped:
        await verifier.verify(token)
    assert stopped.value.kind is UNAUTHENTICATED
    assert 'error="invalid_token"' in stopped.value.headers["WWW-Authenticate"]


async def test_a_token_says_who_asks(verifier: Issuer, issuer: FakeIssuer) -> None:
    principal = await verifier.verify(issuer.token("ENT_CLERK", org=USCC, act_for="u-2"))
    assert principal == Principal(sub="u-1", roles=("ENT_CLERK",), org=USCC, act_for="u-2")
    by = actor(principal, enterprise_id)
    assert (by.user, by.role, by.enterprise, by.on_behalf_of) == ("u-1", "ENT_CLERK", OURS, "u-2")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.test"},
        {"iss": None},
        {"aud": "portal"},
        {"aud": None},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": int(time.time()) + 86_400},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"roles": None},
        {"roles": []},
        {"roles": "AUDITOR"},
        {"roles": [1]},
        {"org": 7},
        {"city": ["410100"]},
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(
    verifier: Issuer, issuer: FakeIssuer, claims: dict[str, Any]
) -> None:
    assert await verifier.verify(issuer.token("ENT_CLERK"))
    await refused(verifier, issuer.token("ENT_CLERK", **claims))


@pytest.mark.parametrize("typ", ["JWT", "id+jwt", ""])
async def test_only_access_tokens_open(verifier: Issuer, issuer: FakeIssuer, typ: str) -> None:
    await refused(verifier, issuer.token("ENT_CLERK", typ=typ))


async def test_a_token_of_another_key_is_refused(verifier: Issuer, issuer: FakeIssuer) -> None:
    forged = ECKey.import_key(
        ECKey.generate_key("P-256").as_dict(private=True) | {"kid": issuer.key.kid or ""}
    )
    await refused(verifier, issuer.token("ENT_CLERK", key=forged))


def part(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


UNSIGNED = part('{"alg":"none","typ":"at+jwt","kid":"1"}')


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        "....",
        part('{"alg":"none","typ":"at+jwt","kid":"1"}') + "." + part('{"sub":"u-1"}') + ".",
        "é.é.é",
        "null.null.null",
    ],
)
async def test_what_is_no_token_is_refused(verifier: Issuer, token: str) -> None:
    await refused(verifier, token)


async def test_a_token_cannot_choose_how_it_is_checked(
    verifier: Issuer, issuer: FakeIssuer
) -> None:
    header, payload, _ = issuer.token("ENT_CLERK").split(".")
    for algorithm in ("none", "HS256", "RS256", "ES384"):
        chosen = part(f'{{"alg":"{algorithm}","typ":"at+jwt","kid":"{issuer.key.kid}"}}')
        assert chosen != header
        await refused(verifier, f"{chosen}.{payload}.{part('signature')}")


async def test_an_issuer_may_sign_by_rsa_where_the_setting_says_so() -> None:
    by_rsa = FakeIssuer().with_rsa()
    told_so = Issuer(URL, AUDIENCE, by_rsa.client(), algorithm="RS256")
    assert (await told_so.verify(by_rsa.token("AUDITOR"))).roles == ("AUDITOR",)
    await refused(Issuer(URL, AUDIENCE, by_rsa.client()), by_rsa.token("AUDITOR"))
    by_curve = FakeIssuer()
    await refused(
        Issuer(URL, AUDIENCE, by_curve.client(), algorithm="RS256"), by_curve.token("AUDITOR")
    )


async def test_roles_stand_where_the_setting_says(issuer: FakeIssuer) -> None:
    nested = Issuer(URL, AUDIENCE, issuer.client(), roles_claim="realm_access.roles")
    token = issuer.token(roles=None, realm_access={"roles": ["CITY_LEAD"]})
    assert (await nested.verify(token)).roles == ("CITY_LEAD",)
    unread: list[Any] = [None, "roles", {}, ["roles"]]
    for access in unread:
        await refused(nested, issuer.token("CITY_LEAD", realm_access=access))
    named = Issuer(URL, AUDIENCE, issuer.client(), roles_claim="https://id.example.org/roles")
    claims: dict[str, Any] = {"https://id.example.org/roles": ["CITY_LEAD"]}
    token = issuer.token(roles=None, **claims)
    assert (await named.verify(token)).roles == ("CITY_LEAD",)


async def test_a_new_key_is_fetched_once_and_made_up_ones_do_not_load_the_issuer(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(issuer.token("ENT_CLERK"))
    await verifier.verify(issuer.token("ENT_CLERK"))
    assert issuer.fetches == 1
    issuer.rotate()
    await refused(verifier, issuer.token("ENT_CLERK"))  # just looked: not yet again
    assert issuer.fetches == 1
    monkeypatch.setattr(issuer_keys, "REST", 0.0)
    assert await verifier.verify(issuer.token("ENT_CLERK"))
    assert issuer.fetches == 2


async def test_while_the_issuer_is_away_known_keys_go_on(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_keys, "FIRST_REST", 0.0)
    issuer.down = True
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token("ENT_CLERK"))
    issuer.down = False
    assert await verifier.verify(issuer.token("ENT_CLERK"))
    issuer.down = True
    assert await verifier.verify(issuer.token("ENT_CLERK"))


@pytest.mark.parametrize("given", ["", "Basic abc", "Bearer", "Bearer a.b.c"])
async def test_a_bad_token_is_a_problem_even_where_none_is_needed(
    signed_in: Callable[..., httpx.AsyncClient], given: str
) -> None:
    answer = await signed_in("ENT_CLERK").get("/api/v1/results", headers={"Authorization": given})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("scheme", "status"),
    [("Basic", 401), ("DPoP", 401), ("Bear", 401), ("Bearer", 200), ("bEaReR", 200), ("", 401)],
)
async def test_a_right_token_opens_under_its_own_scheme_alone(
    signed_in: Callable[..., httpx.AsyncClient], issuer: FakeIssuer, scheme: str, status: int
) -> None:
    given = f"{scheme} {issuer.token('ENT_CLERK', org=USCC)}"
    answer = await signed_in("ENT_CLERK").get("/api/v1/results", headers={"Authorization": given})
    assert answer.status_code == status


@pytest.mark.parametrize(("ago", "opens"), [(0, True), (4, True), (5, False)])
async def test_between_the_issuer_s_clock_and_ours_nearly_five_seconds_may_lie(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch, ago: int, opens: bool
) -> None:
    now = int(time.time())
    monkeypatch.setattr(time, "time", lambda: now)
    token = issuer.token("ENT_CLERK", exp=now - ago)
    if opens:
        assert await verifier.verify(token)
    else:
        await refused(verifier, token)


async def test_the_last_4096_tokens_are_remembered(verifier: Issuer) -> None:
    someone = Principal(sub="u-1", roles=("ENT_CLERK",))
    for number in range(5_000):
        verifier.cache.put(number.to_bytes(32), someone, time.time() + 300)
    assert len(verifier.cache) == 4096


async def test_a_remembered_token_is_refused_once_it_has_expired(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, now = issuer.token("ENT_CLERK"), time.time()
    await verifier.verify(token)
    assert await verifier.verify(token)
    monkeypatch.setattr(time, "time", lambda: now + 300 + auth.LEEWAY + 1)
    await refused(verifier, token)


async def test_a_remembered_token_falls_with_the_key_that_signed_it(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_keys, "REST", 0.0)
    old = issuer.token("ENT_CLERK")
    await verifier.verify(old)
    issuer.rotate()
    assert await verifier.verify(issuer.token("ENT_CLERK"))
    await refused(verifier, old)


async def test_a_remembered_token_opens_nothing_with_another_signature(
    verifier: Issuer, issuer: FakeIssuer
) -> None:
    token = issuer.token("ENT_CLERK")
    await verifier.verify(token)
    await refused(verifier, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"))


async def test_a_token_is_verified_once(
    verifier: Issuer, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.token("ENT_CLERK")
    first = await verifier.verify(token)
    monkeypatch.setattr("libs.chassis.identity.auth.jwt.decode", None)
    assert await verifier.verify(token) == first

"""What the development issuer refuses, and how: RFC 6749, sections 3.2, 5.1 and 5.2; and what the
command line says of a token that nobody could use.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.cli import __main__ as cli
from deploy.cli import tokens as command
from deploy.embedded.process import StackError
from deploy.installation import tokens
from deploy.issuer.__main__ import CLIENT, application
from deploy.issuer.accounts import Accounts
from deploy.issuer.signing import Signer, signing_key
from libs.filing.identifiers import is_uscc

USCC, SECRET = "91410100EXAMPLE11W", "s3cret"
GRANT = {"grant_type": "client_credentials"}
CLERK = GRANT | {"role": "ENT_CLERK", "org": USCC}
KNOWN = (CLIENT, SECRET)


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    key = tmp_path / "key.pem"
    app = application(Signer("http://issuer", signing_key(key)), SECRET, Accounts.beside(key))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://issuer"
    ) as client:
        yield client


async def test_a_token_is_kept_by_no_cache(issuer: httpx.AsyncClient) -> None:
    answer = await issuer.post("/token", data=CLERK, auth=KNOWN)
    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize(
    ("asked", "auth", "status", "error"),
    [
        ({"role": "AUDITOR"}, KNOWN, 400, "invalid_request"),
        (CLERK | {"grant_type": "password"}, KNOWN, 400, "unsupported_grant_type"),
        (CLERK, (CLIENT, "wrong"), 401, "invalid_client"),
        (CLERK, ("other", SECRET), 401, "invalid_client"),
        (CLERK, None, 401, "invalid_client"),
        (GRANT | {"role": "NOPE"}, KNOWN, 400, "invalid_request"),
        (GRANT, KNOWN, 400, "invalid_request"),
        (GRANT | {"role": "ENT_CLERK"}, KNOWN, 400, "invalid_request"),
        (GRANT | {"role": "CITY_LEAD"}, KNOWN, 400, "invalid_request"),
        (CLERK | {"role": ["ENT_CLERK", "AUDITOR"]}, KNOWN, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, None, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, None, 400, "invalid_grant"),
    ],
)
async def test_a_refusal_is_one_of_oauth(
    issuer: httpx.AsyncClient, asked: Mapping[str, Any], auth: Any, status: int, error: str
) -> None:
    answer = await issuer.post("/token", data=asked, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    said = answer.json()["error_description"]
    assert said
    assert said.isascii()
    assert not {'"', "\\"} & set(said)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    assert ("www-authenticate" in answer.headers) is (status == 401)


async def test_what_people_are_refused_is_one_of_oauth_too(issuer: httpx.AsyncClient) -> None:
    for answer in (
        await issuer.get("/authorize"),
        await issuer.get("/authorize?client_id=x&redirect_uri=http://127.0.0.1&code_challenge=y"),
        await issuer.get("/logout?post_logout_redirect_uri=http://elsewhere.example"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "zh", "en"),
    [
        ({"role": "NOPE"}, "没有角色 NOPE", "there is no role NOPE"),
        ({"role": "ENT_CLERK"}, "须以 --org 注明", "needs the enterprise"),
        ({"role": "ENT_LEGAL", "org": "91410100EXAMPLE11X"}, "不是统一社会信用代码", "no credit"),
        ({"role": "CITY_OFFICER"}, "须以 --city 注明", "needs its unit"),
        ({"role": "PROV_LEAD", "city": "999999"}, "没有主管单位 999999", "there is no unit 999999"),
    ],
)
def test_a_token_that_nobody_could_use_is_refused_in_both_languages(
    asked: dict[str, str], zh: str, en: str
) -> None:
    with pytest.raises(StackError) as refused:
        tokens.access_token({"issuer_client": ""}, **asked)
    said = str(refused.value)
    assert [zh in said, en in said, "\n" in said] == [True, True, False]


def test_the_command_ends_with_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "endpoints", dict)
    monkeypatch.setattr("sys.argv", ["kaohe", "token", "--role", "NOPE"])
    assert cli.main() == 1
    out, err = capsys.readouterr()
    assert (out, err.startswith("kaohe: 没有角色 NOPE"), err.count("\n")) == ("", True, 1)


def test_an_enterprise_that_is_still_to_register_is_given_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "endpoints", dict)
    monkeypatch.setattr(command, "access_token", lambda _, role, **claims: claims["org"])
    monkeypatch.setattr("sys.argv", ["kaohe", "token", "--role", "ENT_CLERK", "--org", "new"])
    assert cli.main() == 0
    out, err = capsys.readouterr()
    code = out.strip()
    assert is_uscc(code)
    assert err.strip() == f"统一社会信用代码 credit code: {code}"


async def test_an_officer_of_the_province_needs_no_unit(issuer: httpx.AsyncClient) -> None:
    answer = await issuer.post("/token", data=GRANT | {"role": "PROV_LEAD"}, auth=KNOWN)
    assert answer.status_code == 200


async def test_a_code_that_no_enterprise_can_have_is_refused_where_it_is_typed(
    issuer: httpx.AsyncClient,
) -> None:
    asked = {"client_id": "kaohe-portal", "redirect_uri": "http://127.0.0.1/x"}
    asked |= {"code_challenge": "y", "state": "s"}
    refused = await issuer.post("/authorize", data=asked | {"uscc": "91410100MA00000000"})
    assert refused.status_code == 422
    for said in ("不是统一社会信用代码", 'value="91410100MA00000000"', 'name="state" value="s"'):
        assert said in refused.text
    taken = await issuer.post("/authorize", data=asked | {"uscc": USCC.lower()})
    assert taken.status_code == 303

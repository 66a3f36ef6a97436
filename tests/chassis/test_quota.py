"""How much one caller may ask, and what is said beyond it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.chassis.identity.quota import HOUR, Quota
from libs.chassis.problems.problem import Stopped
from libs.chassis.process.settings import Http, Quotas
from tests.chassis import ledgers
from tests.chassis.issuer import FakeIssuer
from tests.events.test_kept import Hands

PATH = f"/api/v1/ledgers/{ledgers.OURS}"


def client(issuer: FakeIssuer, token: str, **quotas: Any) -> httpx.AsyncClient:
    http = Http(quotas=Quotas(**quotas))
    return ledgers.client(ledgers.app(ledgers.World(), issuer, http=http), token)


async def test_whoever_asks_too_much_is_told_when_to_come_again(issuer: FakeIssuer) -> None:
    clerk = client(issuer, issuer.token("ENT_CLERK", org=ledgers.USCC), requests_a_minute=3)
    answers = [await clerk.get(PATH) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    said = answers[-1]
    assert said.json()["type"] == "/problems/quota"
    assert 1 <= int(said.headers["Retry-After"]) <= 20
    other = {"Authorization": f"Bearer {issuer.token('ENT_CLERK', sub='u-2', org=ledgers.USCC)}"}
    assert (await clerk.get(PATH, headers=other)).status_code == 200


@pytest.mark.parametrize("token", ["none", ""])
async def test_guesses_without_a_token_count_by_address(issuer: FakeIssuer, token: str) -> None:
    stranger = client(issuer, token, unknown_a_minute=2)
    headers = {} if token else {"Authorization": ""}
    codes = [(await stranger.get(PATH, headers=headers)).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    known = {"Authorization": f"Bearer {issuer.token('ENT_CLERK', org=ledgers.USCC)}"}
    assert (await stranger.get(PATH, headers=known)).status_code == 200


def test_the_201st_record_within_an_hour_is_refused_and_the_operator_alarmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Hands()
    quota = Quota(Quotas(records_an_hour=200), clock)
    people = [uuid4() for _ in range(201)]
    for each in people[:200] * 2:
        quota.read("officer", "read_person", [each])
    with pytest.raises(Stopped):
        quota.read("officer", "read_person", [people[200]])
    quota.read("officer", "read_filing", [people[200]])  # for another purpose
    quota.read("another", "read_person", [people[200]])
    clock.now = HOUR
    quota.read("officer", "read_person", [people[200]])


def test_a_rate_is_paid_off_as_time_goes_by() -> None:
    clock = Hands()
    quota = Quota(Quotas(requests_a_minute=60), clock)
    for _ in range(60):
        quota.ask("u-1")
    with pytest.raises(Stopped) as stopped:
        quota.ask("u-1")
    assert stopped.value.headers["Retry-After"] == "1"
    clock.now += 1
    quota.ask("u-1")


def test_what_nobody_set_is_not_noticed() -> None:
    quota, clock = Quotas(), Hands()
    assert quota.records_an_hour is None
    many = Quota(quota, clock)
    for _ in range(50_000):
        many.ask("u-1")

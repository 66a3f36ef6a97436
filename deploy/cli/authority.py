"""`authority`: a mock of the authority's own systems beside the running stack: its inbox, its
decisions, their receipts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

import httpx
from cyclopts import App, Parameter

from deploy.authority import commands, registering
from deploy.authority.keys import key_of
from deploy.authority.kit import Authority
from deploy.authority.signing import Signer
from deploy.embedded.outside import kafka_security
from deploy.embedded.process import StackError
from deploy.installation import clocks
from deploy.installation.places import HOME, endpoints
from deploy.installation.tokens import access_token
from libs.events.errors import Unavailable

ISSUER = "mock"
Decision = Literal["PASS", "RETURN", "FAIL", "ESCALATE", "ONSITE"]
Misbehaviour = Annotated[
    str, Parameter(help="Do it wrong: a name from `./kaohe authority misbehaviours`")
]

authority = App(
    name="authority",
    help="A mock of the authority's own systems: inbox, signed decisions, receipts.",
)


def register(app: App) -> None:
    app.command(authority)


@authority.command(name="register")
def register_keys(*, office: str = "410100") -> int:
    """As two operators: one registers the mock's public keys for an office (also a revoked, an
    expired and an early one), another confirms them.
    """
    told = endpoints()
    signer = _signer(told, office)
    place = f"{told['services']['review']['url']}/api/v1/offices/{office}/keys/"
    token = access_token(told, "SYS_ADMIN")
    other = access_token(told, "SYS_ADMIN", user=registering.CONFIRMING)
    for key_id, body in registering.keys(signer):
        _asked("PUT", place + key_id, token, body)
        _asked("POST", f"{place}{key_id}:confirm", other, None)
        print(f"{office}/{key_id}  {body['public_key']}  {body['valid_from']} – {body['valid_to']}")
    _asked("POST", f"{place}{signer.key_id}-revoked:revoke", token, None)
    return 0


@authority.command
def inbox(*, follow: bool = False) -> int:
    """Cases that wait, one JSON document a line."""
    return _with("410100", lambda mock: commands.inbox(mock, print, follow))


@authority.command
def receipts(*, follow: bool = False) -> int:
    """What became of each record, one JSON document a line."""
    return _with("410100", lambda mock: commands.receipts(mock, print, follow))


@authority.command
def decide(
    case: str,
    *,
    decision: Decision = "PASS",
    comment: str = "",
    office: str = "410100",
    misbehave: Misbehaviour = "",
) -> int:
    """Sign a decision on a case, send it, show its receipts."""
    if misbehave and misbehave not in commands.NAMES:
        raise StackError(
            f"没有这种异常做法 {misbehave}：见 ./kaohe authority misbehaviours",
            f"there is no misbehaviour {misbehave}: see ./kaohe authority misbehaviours",
        )
    said = {"decision": decision, "comment": comment}
    return _with(office, lambda mock: commands.decide(mock, print, case, said, misbehave))


@authority.command
def misbehaviours() -> int:
    """What the mock can do wrong, and the code by which it must be refused."""
    for name, code in commands.NAMES.items():
        print(f"{name:24} {code}")
    return 0


def _signer(told: dict[str, Any], office: str) -> Signer:
    """Its key is the stack's, one for each office; its time is development time."""
    ahead = datetime.fromisoformat(clocks.now(told)) - datetime.now(UTC)
    key = key_of(HOME.path / f"authority-{office}.pem")
    return Signer(key, ISSUER, office, f"mock-{_short(key)}", lambda: datetime.now(UTC) + ahead)


def _short(key: Any) -> str:
    return str(key.public_key().public_bytes_raw().hex()[:8])


def _with(office: str, act: Callable[[Authority], Awaitable[int]]) -> int:
    told = endpoints()
    signer = _signer(told, office)
    try:
        return asyncio.run(_open(told["kafka"], signer, act))
    except TimeoutError:
        raise StackError(
            "没有及时得到答复：请看收件主题里有没有这一件、review 是否在运行（./kaohe status）",
            "no answer in time: is the case in the inbox, and is review up? See ./kaohe status",
        ) from None
    except commands.NothingSent:
        raise StackError(
            "这一件还没有被采纳过：请先发送一个如实的决定",
            "nothing of this case was accepted yet: send an honest decision first",
        ) from None
    except Unavailable as error:
        raise StackError(
            "依赖的服务不可用，见 ./kaohe status", f"{error}: see ./kaohe status"
        ) from None


async def _open(bootstrap: str, signer: Signer, act: Callable[[Authority], Awaitable[int]]) -> int:
    async with Authority(bootstrap, signer, kafka_security()) as mock:
        return await act(mock)


def _asked(method: str, url: str, token: str, body: Any) -> None:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    answer = httpx.request(method, url, json=body, headers=headers, timeout=10)
    if answer.is_error and answer.status_code != 409:  # registered before, with other dates
        raise StackError(
            "review 没有登记这个公钥",
            f"review did not register the key: {answer.json().get('detail')}",
        )

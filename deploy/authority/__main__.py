"""`python -m deploy.authority COMMAND --bootstrap HOST:PORT --key FILE --issuer NAME --office
CODE`: the mock beside any Kafka.

How to get in is in `KAOHE_KAFKA__…` as for the stack. The public key that `key` shows is for the
operator to register.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from deploy.authority import commands
from deploy.authority.keys import key_of, public
from deploy.authority.kit import Authority
from deploy.authority.signing import Signer, system_clock
from deploy.embedded.outside import kafka_security

app = App(
    name="python -m deploy.authority",
    help="A mock of the authority's own systems.",
    version_flags=[],
)
Decision = Literal["PASS", "RETURN", "FAIL", "ESCALATE", "ONSITE"]


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    key: Path
    bootstrap: str = "127.0.0.1:9092"
    issuer: str = "mock"
    office: str = "410100"
    key_id: str = "mock-1"
    now: datetime | None = None  # what time it is at the stack, if that is not the machine's


@app.command
def key(place: Place) -> int:
    """The public key, made on first use: for the operator to register at review."""
    print(f"{place.office}/{place.key_id} {public(key_of(place.key))}")
    return 0


@app.command
def inbox(place: Place, *, follow: bool = False) -> int:
    """Cases that wait."""
    return _at(place, lambda authority: commands.inbox(authority, print, follow))


@app.command
def receipts(place: Place, *, follow: bool = False) -> int:
    """What became of each record."""
    return _at(place, lambda authority: commands.receipts(authority, print, follow))


@app.command
def decide(
    case: str,
    place: Place,
    *,
    decision: Decision = "PASS",
    comment: str = "",
    misbehave: Annotated[str, Parameter(help=f"One of {', '.join(commands.NAMES)}")] = "",
) -> int:
    """Sign a decision on a case, send it, show its receipts."""
    said = {"decision": decision, "comment": comment}
    return _at(place, lambda authority: commands.decide(authority, print, case, said, misbehave))


def _at(place: Place, act: Callable[[Authority], Awaitable[int]]) -> int:
    signer = Signer(
        key_of(place.key),
        place.issuer,
        place.office,
        place.key_id,
        lambda: place.now or system_clock(),
    )
    return asyncio.run(_open(place.bootstrap, signer, act))


async def _open(bootstrap: str, signer: Signer, act: Callable[[Authority], Awaitable[int]]) -> int:
    async with Authority(bootstrap, signer, kafka_security()) as authority:
        return await act(authority)


if __name__ == "__main__":
    sys.exit(int(app(result_action="return_value") or 0))

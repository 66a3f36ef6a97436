"""HTTP's side of a command: its key, the version it was made from, and the headers of its answer.

@router.put("/enterprises/{id}/information")
async def save_information(
    id: UUID, body: Information, command: Changing, do: Do
) -> InformationView:
    enterprise = await do(commands.save_information, command, id, body)
    return information_view(enterprise)
"""

import hashlib
import hmac
from dataclasses import replace
from typing import Annotated, Any, ParamSpec, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Depends, Header, Request, Response

from libs.chassis.drafts.forms import saved_by
from libs.chassis.http import conditions
from libs.chassis.http.conditions import etag
from libs.chassis.identity.access import Reach, reach_of
from libs.chassis.ports.ports import ports_of
from libs.chassis.ports.principal import Principal, actor
from libs.chassis.process import trace
from libs.chassis.service.runtime import Runtime
from libs.events.aggregate import Aggregate
from libs.events.application import Command
from libs.events.codec import canonical
from libs.events.commands import Done, UseCase
from libs.events.errors import VersionRequired
from libs.events.value import Act

API = "/api/v1"
A = TypeVar("A", bound=Aggregate)
P = ParamSpec("P")

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,128}$",
        description="One per command; the same key with the same body gets the same answer again",
        examples=["5d1f6b1e-6f0e-4a52-9d3c-0c7e8f0b1a11"],
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=conditions.FORM,
        description="ETag of the version the change was made from; `*`: whichever stands",
        examples=['"17"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        pattern=conditions.FORM,
        description="ETags of what the caller has; 304 if it stands unchanged",
        examples=['"17"'],
    ),
]


def command_id(principal: Principal, role: str, key: str) -> UUID:
    """Of a key as this caller uses it: one login that acts for another enterprise, office or role
    has other commands (decision 43).
    """
    whose = (principal.sub, role, principal.org, principal.city, principal.office)
    return uuid5(NAMESPACE_URL, canonical([*whose, principal.act_for, key]).decode())


def fingerprint(key: bytes, method: str, path: str, body: bytes) -> bytes:
    return hmac.new(key, f"{method}\n{path}\n".encode() + body, hashlib.sha256).digest()


async def asking(request: Request) -> Act:
    """Who asks, and when, where nothing is written."""
    ports, reach = ports_of(request), reach_of(request)
    return Act(by=actor(reach.principal, ports.enterprise_id, reach.role), at=ports.clock.now())


async def _command(request: Request, key: Key) -> Command:
    """A command that begins something, or answers for several items."""
    ports, reach = ports_of(request), reach_of(request)
    return Command(
        act=await asking(request),
        id=command_id(reach.principal, reach.role, key),
        fingerprint=fingerprint(
            ports.fingerprint_key, request.method, request.scope["path"], await request.body()
        ),
        trace=trace.current.get().parent,
    )


async def _changing(request: Request, *, if_match: IfMatch = None, key: Key) -> Command:
    """A command that changes one item: it says from which version."""
    if not if_match:
        raise VersionRequired
    return await _guarded(request, if_match=if_match, key=key)


async def _guarded(request: Request, *, if_match: IfMatch = None, key: Key) -> Command:
    """A command whose body or state says what it is about: the version is compared where it is
    given.
    """
    command = await _command(request, key)
    return replace(command, expected=conditions.expected(request))


Asking = Annotated[Act, Depends(asking)]
Commanding = Annotated[Command, Depends(_command)]
Changing = Annotated[Command, Depends(_changing)]
Guarded = Annotated[Command, Depends(_guarded)]


class Replying:
    """Headers of an answer."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def done(self, outcome: Done[Any]) -> None:
        """The status and headers that say what a command came to."""
        headers = self._response.headers
        self._response.status_code = outcome.status
        headers["ETag"] = etag(outcome.version)
        if outcome.position:
            headers["X-Event-Position"] = f"{ports_of(self._request).service}/{outcome.position}"
        if outcome.location:
            headers["Location"] = API + outcome.location
        if outcome.replayed:
            headers["Idempotency-Replayed"] = "true"

    def item(self, version: int) -> None:
        """An item as it stands at this version. Raises NotModified if the caller has it."""
        if conditions.is_known(self._request, version):
            raise NotModified(version)
        self._response.headers["ETag"] = etag(version)


class Doing:
    """Runs a command and says in the answer's status and headers what it came to."""

    def __init__(self, request: Request, response: Response, reach: Reach) -> None:
        self._runtime: Runtime = request.app.state.runtime
        self._request = request
        self._reply, self._reach = Replying(request, response), reach
        self.location = ""  # of what it began, below /api/v1

    async def __call__(
        self, use_case: UseCase[P, A], command: Command, /, *args: P.args, **kwargs: P.kwargs
    ) -> A:
        """The aggregate that the answer is rendered from, as it stood when the command was done.
        Raises NotFound for a repeat of what is no longer within the caller's reach.
        """
        outcome = await use_case(self._runtime.application, command, *args, **kwargs)
        if outcome.replayed:
            await self._reach.to(outcome.aggregate.owner)
        await self._drop_draft(outcome.aggregate.owner)
        self._reply.done(outcome)
        self.location = outcome.location
        return outcome.aggregate

    async def _drop_draft(self, enterprise: UUID) -> None:
        """What was typed is saved now. Raises Unavailable: a repeat drops it then."""
        forms, request = self._runtime.service.drafts, self._request
        operation = request.scope["route"].name
        for place in saved_by(forms, operation, request.path_params, enterprise):
            await self._runtime.drafts.drop(place)

    @property
    def began(self) -> UUID:
        """The id of what the command began: the last segment of its location."""
        return UUID(self.location.rpartition("/")[2])


async def _doing(request: Request, response: Response) -> Doing:
    return Doing(request, response, reach_of(request))


async def _replying(
    request: Request, response: Response, _if_none_match: IfNoneMatch = None
) -> Replying:
    return Replying(request, response)


# not the class: what is not a coroutine runs in a thread of its own
Reply = Annotated[Replying, Depends(_replying)]
Do = Annotated[Doing, Depends(_doing)]


class NotModified(Exception):
    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": etag(error.version)})

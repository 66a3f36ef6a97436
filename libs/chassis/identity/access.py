"""Authorisation as a table: operation by role by relation by view. What no row allows is denied.

    ACCESS = [
        allow("save_information", ("ENT_CLERK",), OWN, path="id"),
        allow("read_enterprise", ("CITY_OFFICER",), OFFICE, path="id", view="sent"),
    ]

`path` names the path parameter that holds the enterprise: it is then checked before the route
runs. Where the owner is known only after loading, or in a list, the route asks: `await
reach.to(owner)`, `reach.read(app, Ledger, id)`, `reach.scope`. An answer of a route that did not
ask does not leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.types import Scope as HTTPScope

from libs.chassis.identity.auth import caller, invalid, missing
from libs.chassis.identity.quota import Quota
from libs.chassis.ports.ports import Ports, ports_of
from libs.chassis.ports.principal import ANYBODY, PUBLIC, Principal
from libs.chassis.problems import formats
from libs.chassis.problems.kinds import FORBIDDEN, MALFORMED
from libs.chassis.problems.problem import Stopped
from libs.events.aggregate import Aggregate
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.records import StoredEvent
from libs.events.scoped import SCOPED, Scoped

A = TypeVar("A", bound=Aggregate)
READ_ONLY = frozenset({"AUDITOR", PUBLIC})
SAFE = frozenset({"GET", "HEAD"})
SENT = "sent"  # the view of who sees nothing that was only saved
NOBODY = UUID(int=0)
REACH = "kaohe.reach"  # where a request's scope holds it


class Relation(StrEnum):
    ANY = "any"
    OWN = "own enterprise"
    OFFICE = "supervising office"


ANY, OWN, OFFICE = Relation


@dataclass(frozen=True)
class Grant:
    operation: str
    roles: frozenset[str]
    relation: Relation
    path: str | None = None
    view: str = "full"


def allow(
    operation: str,
    roles: Iterable[str],
    relation: Relation,
    path: str | None = None,
    view: str = "full",
) -> Grant:
    """One row. `view` is the name by which the route chooses the fields it shows."""
    return Grant(operation, frozenset(roles), relation, path, view)


def public(operation: str) -> Grant:
    """Open to anybody, with or without a token."""
    return Grant(operation, frozenset({PUBLIC}), ANY)


class AccessTableError(TypeError):
    """Routes and rows do not fit: the application does not start."""


@dataclass(frozen=True)
class Scope:
    """What a list may hold: everything, one city's enterprises, or one enterprise's items."""

    everything: bool = False
    city: str | None = None
    enterprise: UUID | None = None

    def equal(self, **columns: str) -> list[tuple[str, Any]]:
        """What is wanted of a list's rows (libs/events/walks.py), by names of its columns for
        `city` and `enterprise`; nothing where it may hold everything. Raises Stopped for a reach
        that has no column.
        """
        if self.everything:
            return []
        for name, value in (("city", self.city), ("enterprise", self.enterprise)):
            if value is not None and name in columns:
                return [(columns[name], value)]
        raise Stopped(FORBIDDEN)


class Reach:
    """How far the caller's rights on this operation go. `view` and `role` are those of the row
    that let him in.
    """

    def __init__(self, principal: Principal, rows: Sequence[Grant], ports: Ports) -> None:
        self.principal, self._rows, self._ports = principal, rows, ports
        self._row = rows[0]
        self.asked = all(row.relation is ANY for row in rows)

    @property
    def view(self) -> str:
        return self._row.view

    @property
    def role(self) -> str:
        return next((role for role in self.principal.acting if role in self._row.roles), PUBLIC)

    async def to(self, owner: UUID) -> None:
        """Raises NotFound unless what this enterprise owns is within reach: foreign is the same as
        missing.
        """
        self.asked = True
        for row in self._rows:
            if await self._covers(row, owner):
                self._row = row
                return
        raise NotFound

    @property
    def only_sent(self) -> bool:
        """Whether the caller sees nothing that was only saved."""
        return self.view == SENT

    async def read(
        self, application: Application, kind: type[A], id: UUID, version: int | None = None
    ) -> A:
        """The item as it stands, or stood at a version; to whom only what was sent is told, as
        that makes it. Raises NotFound if there is none within reach.
        """
        item = await application.read(kind, id)
        await self.to(item.owner)
        if self.only_sent:
            told = await self._ports.told(application, await application.history(id))
            upto = item.version if version is None else version
            return await application.replay(kind, [at for at in told if at.version <= upto])
        return item if version is None else await application.read(kind, id, version)

    async def history(
        self, application: Application, kind: type[Aggregate], id: UUID
    ) -> Sequence[StoredEvent]:
        """The item's events, those that the caller may know. Raises NotFound if there are none
        within reach.
        """
        await self.read(application, kind, id)
        records = await application.history(id)
        if not self.only_sent:
            return records
        told = await self._ports.told(application, records)
        return [at for at in told if at.type not in self._ports.silent]

    async def own(self) -> UUID:
        """The enterprise that the caller acts for. Raises NotFound if there is none within
        reach.
        """
        if self.principal.org is None:
            raise NotFound
        enterprise = self._ports.enterprise_id(self.principal.org)
        await self.to(enterprise)
        return enterprise

    @property
    def scope(self) -> Scope:
        """What of the items the caller may reach. Raises Stopped where it is nothing."""
        self.asked = True
        relation, principal = self._row.relation, self.principal
        if relation is ANY or (relation is OFFICE and principal.is_province):
            return Scope(everything=True)
        if relation is OFFICE and principal.city:
            return Scope(city=principal.city)
        if relation is OWN and principal.org:
            return Scope(enterprise=self._ports.enterprise_id(principal.org))
        raise Stopped(FORBIDDEN)  # a role without the claim that gives it its place

    async def _covers(self, row: Grant, owner: UUID) -> bool:
        if row.relation is OWN:
            return (
                self.principal.org is not None
                and self._ports.enterprise_id(self.principal.org) == owner
            )
        if row.relation is OFFICE:
            return self.principal.is_province or (
                self.principal.city is not None
                and await self._ports.supervising_city(owner) == self.principal.city
            )
        return row.relation is ANY


async def authorised(request: Request) -> None:
    """Finds how far the caller may reach, before anything else of a route. Raises Stopped for
    whoever may not ask.
    """
    principal = await _counted(request)
    route: APIRoute = request.scope["route"]
    rows: list[Grant] = [
        row
        for row in request.app.state.access[route.name]
        if row.roles & {*principal.acting, PUBLIC}
    ]
    if not rows:
        raise missing() if principal is ANYBODY else Stopped(FORBIDDEN)
    reach = request.scope[REACH] = Reach(principal, rows, ports_of(request))
    SCOPED.set(_scoped(principal, rows, ports_of(request), request.method in SAFE))
    if path := next((row.path for row in rows if row.path), None):
        await reach.to(_identifier(path, request.path_params[path]))


async def _counted(request: Request) -> Principal:
    """Who asks, within what they may ask, with the roles they have left. Raises Stopped."""
    quota: Quota = request.app.state.quota
    try:
        principal = await caller(request)
    except Stopped:
        quota.ask_from(_address(request))
        raise
    if principal is ANYBODY:
        quota.ask_from(_address(request))
        return principal
    quota.ask(principal.sub)
    if (left := await ports_of(request).left_of(principal)) is None:
        raise invalid()
    return left


def _address(request: Request) -> str:
    return request.client.host if request.client else "-"


def _scoped(
    principal: Principal, rows: Sequence[Grant], ports: Ports, reads: bool
) -> Scoped | None:
    """Whose rows alone the database shows; None where any right reaches further."""
    if ports.scoped_role is None or any(row.relation is not OWN for row in rows):
        return None
    owner = ports.enterprise_id(principal.org) if principal.org else NOBODY
    return Scoped(ports.scoped_role, owner, reads)


def reach_of(request: Request) -> Reach:
    """How far the caller may reach, as `authorised` has found it."""
    reach: Reach = request.scope[REACH]
    return reach


async def _granted(request: Request) -> Reach:
    return reach_of(request)


def check_asked(scope: HTTPScope) -> None:
    """Before an answer leaves. Raises AccessTableError for that of a route that asked nobody."""
    reach: Reach | None = scope.get(REACH)
    if reach is not None and not reach.asked:
        raise AccessTableError(
            f"{scope['route'].name} answered without asking how far the caller's rights reach"
        )


Granted = Annotated[Reach, Depends(_granted)]


def _identifier(name: str, given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        item = formats.item(*formats.TEXTS["uuid_parsing"], formats.pointer(("path", name)))
        raise Stopped(MALFORMED, (item,)) from error


def allowed_methods(scope: HTTPScope) -> list[str]:
    """Of the address that is asked, the methods that some right of the caller's role covers, for
    the Allow header of an answer; none where nobody has asked for rights.
    """
    reach: Reach | None = scope.get(REACH)
    if reach is None:
        return []
    roles = {*reach.principal.acting, PUBLIC}
    served: list[tuple[str, frozenset[str]]] = scope["app"].state.served[scope["route"].path]
    return [method for method, entitled in served if entitled & roles]


def set_access(app: FastAPI, rows: Iterable[Grant], prefix: str) -> None:
    """Compares the table with the routes below the prefix. Raises AccessTableError for a route
    without a row, a row without a route, a path parameter that is not there, or a writing row for
    a role that only reads.
    """
    table: dict[str, list[Grant]] = {}
    for row in rows:
        table.setdefault(row.operation, []).append(row)
    routes = [
        c.original_route
        for c in iter_route_contexts(app.routes)
        if (c.path or "").startswith(prefix)
    ]
    paths = {route.name: route for route in routes if isinstance(route, APIRoute)}
    if len(paths) != len(routes):
        raise AccessTableError("two routes share a name, or a route is not one of the framework's")
    if closed := sorted(paths.keys() - table.keys()):
        raise AccessTableError(f"access.py has no row for the routes {', '.join(closed)}")
    if idle := sorted(table.keys() - paths.keys()):
        raise AccessTableError(f"access.py has rows without a route: {', '.join(idle)}")
    for row in (row for rows in table.values() for row in rows):
        _check(row, paths[row.operation])
    app.state.access = table
    app.state.served = _served(paths.values(), table)


def _served(
    routes: Iterable[APIRoute], table: Mapping[str, Sequence[Grant]]
) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """By path, each method with the roles that may use it."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for route in routes:
        roles = frozenset[str]().union(*(row.roles for row in table[route.name]))
        for method in sorted(route.methods or ()):
            found.setdefault(route.path, []).append((method, roles))
            if method == "GET":
                found[route.path].append(("HEAD", roles))
    return found


def _check(row: Grant, route: APIRoute) -> None:
    if row.path and f"{{{row.path}}}" not in route.path:
        raise AccessTableError(f"{row.operation} has no path parameter {row.path}")
    if row.roles & READ_ONLY and not set(route.methods or ()) <= SAFE:
        raise AccessTableError(
            f"{row.operation} writes; {', '.join(sorted(row.roles & READ_ONLY))} may only read"
        )

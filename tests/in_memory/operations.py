"""Which operations of a service were answered in memory, and which need PostgreSQL."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from libs.chassis.http.dependencies import Store
from libs.chassis.in_memory import ServiceInMemory
from libs.chassis.service.service import Service

STORE = Store.__metadata__[0].dependency  # type: ignore[attr-defined]


def routes(service: Service) -> Iterator[APIRoute]:
    """Its own, without those of every service."""
    for router in service.routers:
        yield from (each for each in router.routes if isinstance(each, APIRoute))


def lists(service: Service) -> set[str]:
    """Operations that ask read models in SQL."""
    return {each.name for each in routes(service) if _depends_on_store(each.dependant)}


def unanswered(service: ServiceInMemory) -> set[str]:
    """Operations, lists aside, that were never answered as wanted."""
    answered = {operation for operation, status in service.answered if status < 400}
    return {each.name for each in routes(service.service)} - lists(service.service) - answered


def _depends_on_store(dependant: Dependant) -> bool:
    return any(each.call is STORE or _depends_on_store(each) for each in dependant.dependencies)

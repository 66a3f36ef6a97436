"""Contracts and projects that were deleted: gone for every command, readable in their history."""

from typing import TypeVar
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.errors import NotFound
from services.projects.contracts.domain import Contract
from services.projects.projects.domain import Project

S = TypeVar("S", Contract, Project)


def existing(item: S) -> S:
    """The same item. Raises NotFound if it was deleted."""
    if item.deleted:
        raise NotFound
    return item


async def target(work: UnitOfWork, kind: type[S], id: UUID) -> S:
    """The item that the command is about. Raises NotFound, also if it was deleted, before
    VersionMismatch.
    """
    return work.made_from(existing(await work.load(kind, id)))

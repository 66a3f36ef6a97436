"""Commands of papers: what came of rendering a form."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.papers.part import Part
from services.personnel.papers.domain import Papers


@use_case()
async def take_form(work: UnitOfWork, id: UUID, filing: UUID, made: Part | str) -> Papers:
    """The form of one filing, or why there is none."""
    papers = await work.load(Papers, id)
    if isinstance(made, Part):
        papers.rendered(work.act, filing, made)
    else:
        papers.fail(work.act, filing, made)
    return papers

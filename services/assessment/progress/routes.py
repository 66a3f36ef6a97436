"""The route of a campaign's progress."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.commands import Asking
from libs.chassis.http.dependencies import App, Store
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.filing.content.types import Day
from services.assessment.campaigns.domain.campaign import Campaign
from services.assessment.progress import lists
from services.assessment.progress.schemas import ProgressView, progress_view

router = APIRouter(prefix="/campaigns")
AsOf = Annotated[Day | None, Query(description="The day as it ended; today where none is given")]


@router.get("/{id}/progress", dependencies=[CaughtUp])
async def read_progress(
    id: UUID, reach: Granted, store: Store, app: App, act: Asking, as_of: AsOf = None
) -> ProgressView:
    """考核进度 · How far the campaign had come on a day, by city and state: how many are due, have
    sent, are in review, concluded; how long it took; whom enterprises lack
    """
    await app.read(Campaign, id)
    day = min(as_of or act.today, act.today)
    return progress_view(id, day, await lists.as_of(store, id, reach.scope, day))

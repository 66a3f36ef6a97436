"""What is answered of publicities 公示 and announcements 公告."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.review.publicity.domain import Objection, Publicity, Published, Standing


class ObjectionView(BaseModel):
    """For the province alone."""

    id: UUID
    record: UUID
    text: str
    who: str
    upheld: bool | None
    answer: str


class PublicityView(BaseModel):
    """公示 or 公告. `objections` are shown to the province alone."""

    id: UUID
    version: int
    standing: Standing
    results: list[Published]
    first_day: date
    last_day: date
    announced_on: date | None
    open_objections: int
    objections: list[ObjectionView] | None = None


class PublicityLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    standing: Standing
    first_day: date
    last_day: date
    announced_on: date | None
    results: int


def publicity_view(publicity: Publicity, *, objections: bool) -> PublicityView:
    shown = [_objection(each) for each in publicity.objections.values()] if objections else None
    return PublicityView(
        id=publicity.id,
        version=publicity.version,
        standing=publicity.standing,
        results=list(publicity.results.values()),
        first_day=publicity.first_day,
        last_day=publicity.last_day,
        announced_on=publicity.announced_on,
        open_objections=len(publicity.open_objections),
        objections=shown,
    )


def _objection(each: Objection) -> ObjectionView:
    return ObjectionView(
        id=each.id,
        record=each.record,
        text=each.text,
        who=each.who,
        upheld=each.upheld,
        answer=each.answer,
    )

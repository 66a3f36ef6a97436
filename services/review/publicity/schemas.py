"""What is sent and answered about publicities 公示, objections and announcements 公告."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.events.personal import PersonalData
from libs.events.strict import LINE, Boolean
from libs.events.value import Value
from libs.filing.content.types import PRINTABLE
from services.review.cases.domain.judgement import Qualification
from services.review.publicity.domain import Objection, Publicity, Published, Standing
from services.review.texts import Said


class Publishing(Value):
    records: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class Objecting(Value):
    """异议: what is said against a result, and by whom."""

    record: UUID
    text: PersonalData[Said]
    who: PersonalData[
        Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE), LINE]
    ]


class Closing(Value):
    upheld: Boolean
    text: Said


class ObjectionView(BaseModel):
    """For the province alone."""

    id: UUID
    record: UUID
    text: str
    who: str
    upheld: bool | None
    answer: str
    raised_by: str = Field(description="Account of the officer who entered it")
    raised_at: datetime
    handled_by: str | None = Field(description="Account of the officer who answered it")
    closed_at: datetime | None


class QualificationView(BaseModel):
    """A licence at a grade, by the codes of the catalogue and in words."""

    licence: str
    grade: str
    zh: str
    en: str


class ResultView(BaseModel):
    """One line of the notice. The ids by which the services know it are the province's alone."""

    record: UUID | None = None
    enterprise: UUID | None = None
    uscc: str
    enterprise_name: str
    qualifications: list[QualificationView]
    result: str


class PublicityView(BaseModel):
    """公示 or 公告. `objections` are shown to the province alone."""

    id: UUID
    version: int
    standing: Standing
    results: list[ResultView]
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


def publicity_view(
    publicity: Publicity, *, objections: bool = False, to_public: bool = False
) -> PublicityView:
    """Whoever did something with it finds its records by their ids; the public does not."""
    shown = [_objection(each) for each in publicity.objections.values()] if objections else None
    return PublicityView(
        id=publicity.id,
        version=publicity.version,
        standing=publicity.standing,
        results=[_line(each, to_public) for each in publicity.results.values()],
        first_day=publicity.first_day,
        last_day=publicity.last_day,
        announced_on=publicity.announced_on,
        open_objections=len(publicity.open_objections),
        objections=shown,
    )


def _line(each: Published, to_public: bool) -> ResultView:
    return ResultView(
        record=None if to_public else each.record,
        enterprise=None if to_public else each.enterprise,
        uscc=each.uscc,
        enterprise_name=each.enterprise_name,
        qualifications=[qualification_view(one) for one in each.qualifications],
        result=each.result,
    )


def qualification_view(held: Qualification) -> QualificationView:
    return QualificationView(
        licence=held.licence, grade=held.grade, zh=held.label(), en=held.label("en")
    )


def _objection(each: Objection) -> ObjectionView:
    return ObjectionView(
        id=each.id,
        record=each.record,
        text=each.text,
        who=each.who,
        upheld=each.upheld,
        answer=each.answer,
        raised_by=each.raised_by,
        raised_at=each.raised_at,
        handled_by=each.handled_by,
        closed_at=each.closed_at,
    )

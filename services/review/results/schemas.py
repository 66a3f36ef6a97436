"""What is answered of announced results: no ids, nothing personal (domain book, V12)."""

from datetime import date

from pydantic import BaseModel, Field

from services.review.publicity.schemas import QualificationView, qualification_view
from services.review.results.lists import AnnouncedRow


class NoticeView(BaseModel):
    """The notice that the result stands in, and how long it had been open to objections."""

    first_day: date
    last_day: date
    announced_on: date


class AnnouncedResult(BaseModel):
    record_no: str
    enterprise_name: str
    uscc: str
    unit: str = Field(description="Supervising unit: code list `reporting_unit`")
    qualifications: list[QualificationView]
    result: str = Field(description="Code list `assessment_result`", examples=["PASS"])
    notice: NoticeView


class CheckedResult(AnnouncedResult):
    digest_matches: bool | None = Field(
        default=None,
        description="Whether what was announced was made from the content with this digest; none"
        " where none was given",
    )


def announced_result(row: AnnouncedRow) -> AnnouncedResult:
    return AnnouncedResult(**_facts(row))


def checked_result(row: AnnouncedRow, digest: str | None) -> CheckedResult:
    matches = None if digest is None else digest in row.digests
    return CheckedResult(**_facts(row), digest_matches=matches)


def _facts(row: AnnouncedRow) -> dict[str, object]:
    return {
        "record_no": row.record_no,
        "enterprise_name": row.enterprise_name,
        "uscc": row.uscc,
        "unit": row.unit,
        "qualifications": [qualification_view(each) for each in row.held],
        "result": row.result,
        "notice": {
            "first_day": row.first_day,
            "last_day": row.last_day,
            "announced_on": row.announced_on,
        },
    }

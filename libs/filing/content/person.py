"""Technical staff 技术人员: what is filled in for a person, and for his leaving."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from libs.events.personal import PersonalData
from libs.events.strict import Boolean, Month
from libs.events.value import Value
from libs.filing.content.scan import ScanRef
from libs.filing.content.types import (
    Day,
    Key50,
    Number,
    OneOf,
    PersonNumber,
    Ruled,
    Text6,
    Text11,
    Text50,
    Text100,
    Text200,
    Year,
    Yuan,
)
from libs.filing.identifiers import birth_date, is_resident_id, sex

RESIDENT_ID = "1"  # code list `id_document_type`
FROM_NUMBER = ("sex", "birth_date")  # what its number says


def _as_a_set(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


class Registration(Value):
    """执业注册."""

    type: Annotated[str, OneOf("registration_type")] | None = None
    speciality: Text50 | None = None
    cert_no: Key50 | None = None
    seal_no: Key50 | None = None
    issued_by: Text100 | None = None
    issued_on: Day | None = None
    valid_to: Day | None = None
    registered_enterprise: Text200 | None = None
    registered_enterprise_uscc: Number | None = None
    status: Annotated[str, OneOf("registration_status")] | None = None


class RegistrationChange(Value):
    """注册变更: from and to name the registering enterprises."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    from_: Text200 | None = Field(default=None, alias="from")
    to: Text200 | None = None
    on: Day | None = None


class InsuranceMonth(Value):
    """社保: one month of one line; the base is 元 a month."""

    month: Month | None = None
    type: Annotated[str, OneOf("social_insurance_type")] | None = None
    payer_name: Text200 | None = None
    payer_uscc: Number | None = None
    base_yuan: PersonalData[Yuan] | None = None
    place_code: Text6 | None = None
    paid: Boolean | None = None


class ResumeRow(Value):
    """简历."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    unit: Text200 | None = None
    post: Text50 | None = None


class PersonalProject(Value):
    """个人业绩."""

    project_name: Text200 | None = None
    scale: Annotated[str, OneOf("project_scale_design", "project_grade_survey")] | None = None
    role: Annotated[str, OneOf("participant_role")] | None = None
    year: Year | None = None


class Person(Value):
    """人员基本信息."""

    name: PersonalData[Ruled] | None = None
    id_type: Annotated[str, OneOf("id_document_type")] | None = None
    id_no: PersonNumber | None = None
    sex: Annotated[str, OneOf("sex")] | None = None
    birth_date: PersonalData[Day] | None = None
    ethnicity: Annotated[str, OneOf("ethnicity")] | None = None
    mobile: PersonalData[Text11] | None = None
    categories: Annotated[
        tuple[Annotated[str, OneOf("person_category")], ...], AfterValidator(_as_a_set)
    ] = ()
    department: Text50 | None = None
    post: Text50 | None = None
    education: Annotated[str, OneOf("education_level")] | None = None
    degree: Annotated[str, OneOf("degree")] | None = None
    school: Text100 | None = None
    major: Text100 | None = None
    graduated_on: Day | None = None
    diploma_no: Key50 | None = None
    title_level: Annotated[str, OneOf("title_level")] | None = None
    title_name: Text50 | None = None
    title_speciality: Text50 | None = None
    title_no: Key50 | None = None
    title_date: Day | None = None
    title_by: Text100 | None = None
    speciality: Annotated[str, OneOf("speciality")] | None = None
    career_start_on: Day | None = None
    practice_start_on: Day | None = None
    hired_on: Day | None = None
    employment_status: Annotated[str, OneOf("employment_status")] | None = None
    contract_from: Day | None = None
    contract_to: Day | None = None
    registrations: tuple[Registration, ...] = ()
    registration_changes: tuple[RegistrationChange, ...] = ()
    social_insurance: tuple[InsuranceMonth, ...] = ()
    resume: tuple[ResumeRow, ...] = ()
    personal_projects: tuple[PersonalProject, ...] = ()
    scans: tuple[ScanRef, ...] = ()

    @property
    def said_by_number(self) -> dict[str, Any]:
        """Sex and birth date as a right resident ID number says them; other documents say
        nothing.
        """
        if self.id_type != RESIDENT_ID or not is_resident_id(self.id_no or ""):
            return {}
        number = self.id_no or ""
        return {"sex": sex(number), "birth_date": birth_date(number)}

    @property
    def born(self) -> date | None:
        """As typed, else as the number says."""
        said: date | None = self.said_by_number.get("birth_date")
        return self.birth_date or said


def following(person: Person, before: Person | None) -> dict[str, Any]:
    """What follows from the number; where it was taken out, nothing is left of what it had said."""
    if before and person.id_no is None:
        return dict.fromkeys(before.said_by_number)
    return person.said_by_number


def derived(person: Person, before: Person | None = None) -> Person:
    """With what the number says filled in. What was typed otherwise stays, which P03 tells; but
    what comes back as the number of `before` had said it was read, not typed; and so is what comes
    back as it was with another document, of which an earlier number may have said it.
    """
    said, read = following(person, before), _read(person, before)
    untyped = [name for name in said if getattr(person, name) in (None, read.get(name))]
    return person.model_copy(update={name: said[name] for name in untyped}) if untyped else person


def _read(person: Person, before: Person | None) -> dict[str, Any]:
    """What was not typed now, if it comes back like this."""
    if before is None:
        return {}
    is_new = person.id_type == RESIDENT_ID and before.id_type not in (None, RESIDENT_ID)
    return (
        {name: getattr(before, name) for name in FROM_NUMBER} if is_new else before.said_by_number
    )


class Release(Value):
    """离职内容: what a PER_RELEASE filing carries."""

    left_on: Day | None = None
    release_reason: Annotated[str, OneOf("release_reason")] | None = None
    scans: tuple[ScanRef, ...] = ()

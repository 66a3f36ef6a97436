"""What is answered of an office of the authority."""

from pydantic import BaseModel

from services.review.authority.domain.office import AuthorityKey, Office


class OfficeView(BaseModel):
    code: str
    version: int
    keys: list[AuthorityKey]


def office_view(office: Office) -> OfficeView:
    return OfficeView(
        code=office.code,
        version=office.version,
        keys=sorted(office.keys.values(), key=lambda key: key.key_id),
    )

"""Acts and officers of the tests."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.value import Act, Actor
from libs.filing.filing import Reviewed
from libs.filing.identifiers import enterprise_id
from tests.filing.given import credit_code

USCC = credit_code()
ENTERPRISE = enterprise_id(USCC)
AT = datetime(2024, 9, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def clerk(at: datetime = AT) -> Act:
    return Act(by=Actor(user="ent_clerk/914101", role="ENT_CLERK", enterprise=ENTERPRISE), at=at)


def officer(unit: str = "410100", user: str = "city_officer/410100", at: datetime = AT) -> Act:
    return Act(
        by=Actor(
            user=user, role="CITY_OFFICER" if unit != "410000" else "PROV_OFFICER", office=unit
        ),
        at=at,
    )


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"/tests/{name}")


SEEN = Reviewed(position=7, data_sha256="5" * 64)

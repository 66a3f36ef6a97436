"""A contract, its project and a finished stage that keep every rule, and the persons who worked on
it.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from libs.filing.content.performance import Contract, Participant, Project, Stage
from libs.filing.facts.enterprise import Certificates
from libs.filing.facts.projects import (
    ContractFacts,
    PersonHere,
    SavedContract,
    SavedProject,
    SavedStage,
)
from tests.filing import given

USCC = given.credit_code()
CLIENT = given.credit_code(2)
ROLES = ("PM", "DL", "DE", "CK", "RV", "AP")
PERSONS = {role: UUID(int=100 + n) for n, role in enumerate(ROLES)}
ITEM = UUID(int=2)  # of the licence that given.information() holds
CONTRACT, PROJECT, STAGE = UUID(int=11), UUID(int=12), UUID(int=13)


def here(**changes: Any) -> dict[UUID, PersonHere]:
    """Everybody of the stage: a filed registered architect, here since 2010."""
    facts: dict[str, Any] = {
        "filed": True,
        "name": "示范丙",
        "employed_from": date(2010, 1, 1),
        "title_level": "2",
        "registered": True,
    }
    return {id: PersonHere(id=id, **(facts | changes)) for id in PERSONS.values()}


def contract(**changes: Any) -> Contract:
    facts: dict[str, Any] = {
        "contract_no": "SJ-2024-001",
        "name": "示范学校教学楼设计合同",
        "contract_type": "200",
        "is_placeholder": False,
        "client_name": "郑州示范学校",
        "client_uscc": CLIENT,
        "contractor_name": "郑州示范建筑设计有限公司",
        "contractor_uscc": USCC,
        "amount_wan": Decimal("86.5"),
        "scope": "教学楼一栋，建筑面积12000平方米",
        "signed_on": date(2023, 3, 1),
        "tender_type": "003",
        "project_leader_person_id": PERSONS["PM"],
        "scans": tuple(given.scan(type) for type in ("CON_COVER", "CON_KEY", "CON_SEAL")),
    }
    return Contract(**(facts | changes))


def placeholder(**changes: Any) -> Contract:
    facts: dict[str, Any] = {
        "contract_no": "ZWYJ-2024",
        "name": "暂无业绩",
        "contract_type": "200",
        "is_placeholder": True,
    }
    return Contract(**(facts | changes))


def project(**changes: Any) -> Project:
    facts: dict[str, Any] = {
        "contract": CONTRACT,
        "project_code": "4101052403010101",
        "name": "示范学校教学楼",
        "project_type": "01",
        "function": "P3",
        "nature": "001",
        "province": "410000",
        "city": "410100",
        "county": "410105",
        "client_name": "郑州示范学校",
        "area_m2": Decimal(12000),
        "height_m": Decimal(23),
        "floors_above": 5,
        "scale": "M",
        "qualification_item_used": ITEM,
    }
    return Project(**(facts | changes))


def participants(*roles: str, discipline: str = "ARCH") -> tuple[Participant, ...]:
    return tuple(
        Participant(
            person_id=PERSONS[role], role=role, discipline=None if role == "PM" else discipline
        )
        for role in roles or ROLES
    )


def stage(code: str = "D3", **changes: Any) -> Stage:
    facts: dict[str, Any] = {
        "stage": code,
        "status": "2",
        "started_on": date(2023, 4, 1),
        "finished_on": date(2023, 9, 30),
        "participants": participants(),
    }
    return Stage(**(facts | changes))


def facts(**changes: Any) -> ContractFacts:
    known: dict[str, Any] = {
        "uscc": USCC,
        "established_on": date(2001, 5, 18),
        "certificates": Certificates(listed=given.information().certificates),
        "here": here(),
    }
    return ContractFacts(**(known | changes))


def saved(
    project_: Project | None = None, contract_: Contract | None = None, *stages: Stage
) -> SavedProject:
    """As the assessment hears of it; with one stage unless others are given."""
    kept = tuple(
        SavedStage(id=UUID(int=200 + n), content=each)
        for n, each in enumerate(stages or (stage(),))
    )
    on = SavedContract(id=CONTRACT, version=2, content=contract_ or contract())
    return SavedProject(
        id=PROJECT, version=3, contract=on, content=project_ or project(), stages=kept
    )

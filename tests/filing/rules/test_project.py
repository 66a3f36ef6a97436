"""Rules about projects, stages and participants, while they are saved and when they are chosen:
each broken once, kept once.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import CertificateItem
from libs.filing.content.performance import ConsortiumMember, Participant, Project, Stage
from libs.filing.facts.enterprise import Certificates, Held
from libs.filing.facts.projects import StageClaim
from libs.filing.rules import participants, performance
from libs.filing.rules import project as rules
from libs.filing.rules import stage as stages
from tests.filing import given
from tests.filing import performance as made
from tests.filing.rules.looking import places

PERIOD = (date(2023, 1, 1), date(2023, 12, 31))
LEADER = "/participants/0/person_id"
APRIL, MAY, JUNE = (date(2023, month, 1) for month in (4, 5, 6))


def held(licence: str = "A32101", grade: str = "B") -> list[Held]:
    item = CertificateItem(id=made.ITEM, licence=licence, grade=grade)
    return list(
        Certificates(
            listed=(given.information().certificates[0].model_copy(update={"items": (item,)}),)
        ).items()
    )


def found_in(stage: Stage, *others: Stage, contract_type: str = "200", **changes: Any) -> list[str]:
    return places(
        stages.before_saving(stage, others, contract_type, made.here(**changes), placeholder=False)
    )


def test_a_project_and_a_stage_that_keep_every_rule_can_be_saved() -> None:
    assert places(rules.before_saving(made.project(), contract_saved=True, placeholder=False)) == []
    assert found_in(made.stage()) == []


def test_nothing_is_found_in_performance_that_keeps_every_rule() -> None:
    assert places(performance.before_generating([(0, made.saved())], PERIOD, held())) == []


def test_what_is_missing_in_a_project_or_stage_is_named() -> None:
    assert "E05 /name" in places(
        rules.before_saving(Project(), contract_saved=True, placeholder=False)
    )
    assert found_in(made.stage(started_on=None, participants=made.participants("PM", "DL"))) == [
        "E05 /started_on",
        "J16 /participants",
    ]


def test_everybody_but_the_project_leader_works_in_a_discipline() -> None:
    without = Participant(person_id=made.PERSONS["CK"], role="CK")
    assert "E05 /participants/6/discipline" in found_in(
        made.stage(participants=(*made.participants(), without))
    )


def test_the_placeholder_project_needs_its_contract_and_name_only() -> None:
    assert (
        places(
            rules.before_saving(
                Project(contract=made.CONTRACT, name="暂无业绩"),
                contract_saved=True,
                placeholder=True,
            )
        )
        == []
    )
    assert places(rules.before_saving(Project(), contract_saved=False, placeholder=True)) == [
        "E05 /contract",
        "E05 /name",
        "J01 /contract",
    ]


def test_the_placeholder_takes_any_stage_and_nobody_in_it() -> None:
    stranger = Participant(person_id=UUID(int=9), role="PM")
    for stage in (Stage(stage="S1"), Stage(stage="D1"), Stage(participants=(stranger,))):
        assert places(stages.before_saving(stage, (), "200", made.here(), placeholder=True)) == []


def test_the_placeholder_is_chosen_without_findings_if_it_has_a_stage() -> None:
    chosen = made.saved(
        Project(contract=made.CONTRACT, name="暂无业绩"), made.placeholder(), Stage(stage="D1")
    )
    assert places(performance.before_generating([(0, chosen)], PERIOD, held())) == []
    bare = chosen.model_copy(update={"stages": ()})
    assert places(performance.before_generating([(0, bare)], PERIOD, held())) == [
        "J03 /performances/0"
    ]


def test_j01_is_broken_by_a_contract_that_is_not_saved_here() -> None:
    assert places(rules.j01(saved=False)) == ["J01 /contract"]


def test_j01_is_kept_by_a_saved_contract() -> None:
    assert places(rules.j01(saved=True)) == []


@pytest.mark.parametrize(
    "code",
    [
        "410105240301010",
        "41010524030101011",
        "41010524030101AB",
        "４１０１０５２４０３０１０１０１",
    ],
)
def test_j02_is_broken_by_a_code_that_is_not_of_16_digits(code: str) -> None:
    assert places(rules.j02(made.project(project_code=code))) == ["J02 /project_code"]


@pytest.mark.parametrize("code", ["4101052403010101", "", None])
def test_j02_is_kept_by_16_digits_and_by_no_code(code: str | None) -> None:
    assert places(rules.j02(made.project(project_code=code))) == []


def test_j03_is_broken_by_a_project_without_a_stage() -> None:
    found = performance.j03(0, "/performances/2")
    assert places(found) == ["J03 /performances/2"]
    assert "项目阶段及项目参与人员" in texts_of(found[0]).zh


def test_j03_is_kept_by_one_stage() -> None:
    assert places(performance.j03(1, "/performances/2")) == []


@pytest.mark.parametrize(("stage", "contract_type"), [("S1", "200"), ("D1", "100")])
def test_j04_is_broken_by_a_stage_of_the_other_kind(stage: str, contract_type: str) -> None:
    assert places(stages.j04(made.stage(stage), contract_type)) == ["J04 /stage"]


@pytest.mark.parametrize(
    ("stage", "contract_type"),
    [("D1", "200"), ("S1", "100"), ("D1", "500"), ("S1", "500"), ("D3", "600")],
)
def test_j04_is_kept_by_a_stage_of_the_contracts_kind(stage: str, contract_type: str) -> None:
    assert places(stages.j04(made.stage(stage), contract_type)) == []


@pytest.mark.parametrize("dates", [{"started_on": date(2023, 10, 1)}, {"finished_on": None}])
def test_j05_is_broken_by_dates_in_the_wrong_order_and_by_a_finished_stage_without_an_end(
    dates: dict[str, Any],
) -> None:
    assert places(stages.j05(made.stage(**dates))) == ["J05 /finished_on"]


@pytest.mark.parametrize(
    "dates", [{}, {"started_on": date(2023, 9, 30)}, {"finished_on": None, "status": "1"}]
)
def test_j05_is_kept_by_dates_in_order_and_by_an_open_end_of_what_goes_on(
    dates: dict[str, Any],
) -> None:
    assert places(stages.j05(made.stage(**dates))) == []


@pytest.mark.parametrize(("one", "other"), [(None, ""), ("A区", " A区 ")])
def test_j06_is_broken_by_the_same_stage_of_the_same_part(one: str | None, other: str) -> None:
    assert places(stages.j06(made.stage(sub_item=one), [made.stage(sub_item=other)])) == [
        "J06 /stage"
    ]


def test_j06_is_kept_by_another_stage_and_by_another_part() -> None:
    assert places(stages.j06(made.stage(), [made.stage("D1"), made.stage(sub_item="A区")])) == []


@pytest.mark.parametrize(
    ("code", "other"), [("D3", "D1"), ("D3", "D2"), ("D2", "D1"), ("S1", "S0"), ("S2", "S0")]
)
def test_j07_is_broken_by_a_later_stage_that_begins_first(code: str, other: str) -> None:
    late, early = made.stage(other, started_on=MAY), made.stage(code, started_on=APRIL)
    assert (
        places(stages.j07(early, [late]))
        == places(stages.j07(late, [early]))
        == ["J07 /started_on"]
    )


def test_j07_is_kept_by_stages_in_order_on_the_same_day_or_of_different_parts() -> None:
    assert (
        places(
            stages.j07(
                made.stage("D2", started_on=MAY),
                [made.stage("D1", started_on=MAY), made.stage(started_on=JUNE)],
            )
        )
        == []
    )
    assert places(stages.j07(made.stage("D1", started_on=MAY), [made.stage(started_on=MAY)])) == []
    assert (
        places(
            stages.j07(
                made.stage("D3", started_on=APRIL),
                [made.stage("D1", started_on=MAY, sub_item="A区")],
            )
        )
        == []
    )
    assert (
        places(stages.j07(made.stage("D4", started_on=APRIL), [made.stage("D1", started_on=MAY)]))
        == []
    )


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        (("DL", "DE", "CK", "RV", "AP"), "项目负责人（1人）"),
        (("PM", "PM", "DL", "DE", "CK", "RV", "AP"), "项目负责人（1人）"),
        (("PM", "DL", "DE"), "建筑校对人、建筑审核人、建筑审定人"),
        (("PM", "DE", "CK", "RV", "AP"), "专业负责人"),
    ],
)
def test_j08_is_broken_by_a_role_that_nobody_has(roles: tuple[str, ...], missing: str) -> None:
    found = performance.j08(
        made.saved(
            None, None, made.stage(), made.stage("D1", participants=made.participants(*roles))
        ),
        3,
    )
    assert places(found) == ["J08 /performances/3/stages/1"]
    assert texts_of(found[0]).zh == f"项目参与人员不完整：缺{missing}"


def test_j08_is_kept_by_all_roles_in_each_discipline() -> None:
    both = (*made.participants(), *made.participants("DE", "CK", "RV", "AP", discipline="STRU"))
    assert places(performance.j08(made.saved(None, None, made.stage(participants=both)), 0)) == []


@pytest.mark.parametrize("roles", [("DE", "CK"), ("CK", "RV"), ("RV", "AP"), ("SU", "AP")])
def test_j09_is_broken_by_one_person_with_two_of_the_roles_in_a_discipline(
    roles: tuple[str, str],
) -> None:
    same = tuple(Participant(person_id=UUID(int=1), role=role, discipline="ARCH") for role in roles)
    assert places(participants.j09(made.stage(participants=same))) == [
        "J09 /participants/1/person_id"
    ]


def test_j09_is_kept_by_different_persons_and_by_one_in_different_disciplines() -> None:
    across = (
        Participant(person_id=UUID(int=1), role="DE", discipline="ARCH"),
        Participant(person_id=UUID(int=1), role="CK", discipline="STRU"),
    )
    leading = tuple(
        Participant(person_id=UUID(int=1), role=role, discipline="ARCH") for role in ("DL", "DE")
    )
    for people in (made.participants(), across, leading):
        assert places(participants.j09(made.stage(participants=people))) == []


def test_j10a_is_broken_by_a_person_of_another_enterprise() -> None:
    assert places(participants.j10a(UUID(int=1), made.here(), LEADER)) == [f"J10a {LEADER}"]


def test_j10a_is_kept_by_whoever_is_saved_here_filed_and_still_here_or_not() -> None:
    gone = made.here(filed=False, employed_to=date(2020, 1, 1))
    assert (
        places(participants.j10a(made.PERSONS["PM"], gone, LEADER))
        == places(participants.j10a(None, gone, LEADER))
        == []
    )


def test_j10b_is_broken_by_a_person_who_was_never_filed_and_names_him() -> None:
    found = participants.j10b(made.PERSONS["PM"], made.here(filed=False), LEADER)
    assert places(found) == [f"J10b {LEADER}"]
    assert texts_of(found[0]).zh == "参与人员“示范丙”尚未备案，请先备案"
    assert "示范丙" not in repr(made.here(filed=False))


def test_j10b_is_kept_by_a_filed_person_and_leaves_strangers_to_j10a() -> None:
    assert places(participants.j10b(made.PERSONS["PM"], made.here(), LEADER)) == []
    assert places(participants.j10b(UUID(int=1), made.here(), LEADER)) == []


@pytest.mark.parametrize(
    "dates", [{"employed_from": date(2023, 10, 1)}, {"employed_to": date(2023, 3, 31)}]
)
def test_j11_is_broken_by_a_person_who_came_after_the_stage_or_left_before_it(
    dates: dict[str, Any],
) -> None:
    assert places(
        participants.j11(made.stage(participants=made.participants("PM")), made.here(**dates))
    ) == [f"J11 {LEADER}"]


@pytest.mark.parametrize(
    "dates",
    [
        {"employed_from": date(2023, 9, 30)},
        {"employed_to": date(2023, 4, 1)},
        {"employed_from": None},
    ],
)
def test_j11_is_kept_by_one_common_day(dates: dict[str, Any]) -> None:
    assert (
        places(
            participants.j11(made.stage(participants=made.participants("PM")), made.here(**dates))
        )
        == []
    )


def test_j12_is_broken_by_a_project_leader_without_registration_and_senior_title() -> None:
    assert places(participants.j12(made.stage(), made.here(registered=False, title_level="3"))) == [
        f"J12 {LEADER}"
    ]


@pytest.mark.parametrize(
    "one", [{"registered": False, "title_level": "2"}, {"registered": True, "title_level": None}]
)
def test_j12_is_kept_by_either(one: dict[str, Any]) -> None:
    assert places(participants.j12(made.stage(), made.here(**one))) == []


@pytest.mark.parametrize(
    ("licence", "grade", "scale", "type"),
    [
        ("A32101", "B", "L", "01"),
        ("A32101", "C", "M", "01"),
        ("A32101", "D", "M", "01"),
        ("A32101", "D", "S", "02"),
        ("B1", "B", "A", "01"),
        ("B1", "C", "B", "01"),
    ],
)
def test_j13_is_broken_by_a_scale_above_the_grade(
    licence: str, grade: str, scale: str, type: str
) -> None:
    chosen = made.saved(made.project(scale=scale, project_type=type))
    assert places(performance.j13(chosen, 0, held(licence, grade))) == ["J13 /performances/0"]


def test_j13_is_broken_by_a_licence_that_is_not_held() -> None:
    assert places(
        performance.j13(made.saved(made.project(qualification_item_used=UUID(int=9))), 0, held())
    ) == ["J13 /performances/0"]


@pytest.mark.parametrize(
    ("licence", "grade", "scale"),
    [
        ("A32101", "A", "L"),
        ("A32101", "B", "M"),
        ("A32101", "C", "S"),
        ("A32101", "D", "S"),
        ("B1", "A", "A"),
        ("B1", "B", "C"),
        ("B7", "N", "A"),
    ],
)
def test_j13_is_kept_by_a_scale_within_the_grade(licence: str, grade: str, scale: str) -> None:
    assert (
        places(performance.j13(made.saved(made.project(scale=scale)), 0, held(licence, grade)))
        == []
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": "L"},
        {"scale": "S"},
        {"area_m2": Decimal(4000)},
        {"area_m2": Decimal("20000.01")},
        {"height_m": Decimal(51)},
        {"function": "R", "floors_above": 21, "scale": "M"},
        {"function": "R", "area_m2": Decimal(100001), "scale": "M"},
    ],
)
def test_j14_is_broken_by_a_scale_that_the_figures_do_not_give(changes: dict[str, Any]) -> None:
    assert places(rules.j14(made.project(**changes))) == ["J14 /scale"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"area_m2": Decimal(20000)},
        {"area_m2": Decimal(5000), "scale": "S"},
        {"height_m": Decimal("50.01"), "scale": "L"},
        {"area_m2": None, "height_m": None, "scale": "L"},
        {"project_type": "02", "scale": "L"},
        {"function": "I", "scale": "L"},
        {"function": "R", "area_m2": Decimal(3000), "floors_above": None, "scale": "M"},
        {"function": "R", "floors_above": 12, "scale": "S"},
        {"function": "R", "floors_above": 13, "scale": "M"},
        {"scale": "A"},
    ],
)
def test_j14_is_kept_by_the_highest_scale_that_any_figure_gives(changes: dict[str, Any]) -> None:
    assert places(rules.j14(made.project(**changes))) == []


def claim(**changes: Any) -> list[StageClaim]:
    return [made.saved().claims[0]._replace(**changes)]


@pytest.mark.parametrize("changes", [{}, {"name": "改了名"}, {"project_code": None}])
def test_j15_is_broken_by_the_same_stage_of_the_same_project_elsewhere(
    changes: dict[str, Any],
) -> None:
    assert places(performance.j15(made.saved(), 0, claim(**changes))) == ["J15 /performances/0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "D1"},
        {"project_code": "4101052403010199"},
        {"project_code": None, "name": "别处"},
        {"project_code": None, "client_name": "别人"},
    ],
)
def test_j15_is_kept_by_another_stage_and_another_project(changes: dict[str, Any]) -> None:
    assert places(performance.j15(made.saved(), 0, claim(**changes))) == []


def test_j15_is_kept_by_partners_of_a_consortium() -> None:
    together = made.contract(
        consortium=(ConsortiumMember(uscc=made.USCC), ConsortiumMember(uscc=made.CLIENT))
    )
    assert places(performance.j15(made.saved(contract_=together), 0, claim())) == []


def test_j16_is_broken_by_a_role_that_nobody_has_yet() -> None:
    surveying = tuple(
        Participant(person_id=UUID(int=n), role=role, discipline="GEOT")
        for n, role in enumerate(("DL", "SU", "CK", "RV", "AP"))
    )
    found = participants.j16(made.stage("S2", participants=surveying))
    assert places(found) == ["J16 /participants"]
    assert texts_of(found[0]).en == "Participants are incomplete: Project leader (one) is missing"


def test_j16_is_kept_by_surveyors_in_the_place_of_designers() -> None:
    roles = ("PM", "DL", "SU", "CK", "RV", "AP")
    surveying = tuple(
        Participant(person_id=UUID(int=n), role=role, discipline="GEOT")
        for n, role in enumerate(roles)
    )
    assert places(participants.j16(made.stage("S2", participants=surveying))) == []
    assert "SU" in {each.role for each in participants.missing_roles(made.stage("S2"))}

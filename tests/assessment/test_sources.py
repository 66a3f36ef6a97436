"""What a record can be made of, and what the rules say of the clerk's choices."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from libs.events.codec import LIMIT, canonical
from libs.events.testing import given as replayed
from libs.filing.catalogue import texts_of
from libs.filing.content.record import PerformanceChoice, PersonChoice, Wizard
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.facts.projects import StageClaim
from libs.filing.facts.record import EarlierResult, RecordState
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.snapshot import parts
from services.assessment.wizard.domain.generating import freeze
from services.assessment.wizard.domain.sources import Sources
from services.assessment.wizard.schemas import offered
from tests.assessment import given as the
from tests.assessment.given import PEOPLE, PLACEHOLDER, PROJECT
from tests.filing import given
from tests.filing.rules.looking import places

TODAY = date(2024, 9, 10)
DRAFT = RecordState(status="DRAFT")
NIL = PerformanceChoice(project_id=PLACEHOLDER, scans=(given.scan("ASM_NOPERF"),))


def found(
    sources: Sources,
    wizard: Wizard,
    today: date = TODAY,
    claimed: tuple[StageClaim, ...] = (),
) -> list[str]:
    judged = sources.judged(wizard)
    return places(sources.before_generating(wizard, DRAFT, today, judged, claimed))


def blocking(sources: Sources, wizard: Wizard, today: date = TODAY) -> list[str]:
    findings = sources.before_generating(wizard, DRAFT, today, sources.judged(wizard))
    return places([each for each in findings if each.severity.blocks])


def test_adding_says_at_once_everything_that_is_missing() -> None:
    nothing = the.sources(enterprise=None, filed_as=None, people={}, works={})
    assert places(nothing.before_starting(TODAY)) == ["A02", "A04 /persons", "A05 /performances"]
    assert the.sources().before_starting(TODAY) == []
    late = the.sources().before_starting(date(2024, 11, 1))
    assert places(late) == ["A01"]
    gone = the.sources(people={PEOPLE[1]: the.person(1, released=True)})
    assert places(gone.before_starting(TODAY)) == ["A04 /persons"]


def test_nothing_blocks_what_a_careful_clerk_chose() -> None:
    assert blocking(the.sources(), the.wizard()) == []


def test_where_no_licence_is_chosen_yet_all_that_are_in_force_are() -> None:
    bare = the.wizard().model_copy(update={"qualifications": Wizard().qualifications})
    assert blocking(the.sources(), bare) == ["A03 /certificates"]
    assert the.sources().proposed(bare) == the.wizard()


def test_a_project_without_a_saved_stage_cannot_be_chosen() -> None:
    works = {
        PROJECT: the.work(stages=0),
        PLACEHOLDER: the.work(PLACEHOLDER, placeholder=True, stages=0),
    }
    assert blocking(the.sources(works=works), the.wizard()) == ["J03 /performances/0"]
    assert blocking(the.sources(works=works), the.wizard(performances=(NIL,))) == [
        "J03 /performances/0"
    ]


def test_a_project_that_was_deleted_cannot_be_chosen() -> None:
    assert "J03 /performances/0" in blocking(the.sources(works={}), the.wizard())


def test_what_is_chosen_beside_a_deleted_project_or_an_unfiled_person_keeps_its_place() -> None:
    gone, bare = PerformanceChoice(project_id=UUID(int=77)), the.work(stages=0)
    chosen = the.wizard(performances=(gone, *the.wizard().performance.performances))
    told = found(the.sources(), chosen)
    assert "J10b /performances/1/stages/0/participants/2/person_id" in told
    assert blocking(the.sources(works={PROJECT: bare}), chosen) == [
        "J03 /performances/0",
        "J03 /performances/1",
    ]
    left = the.person(2, contract_to=date(2023, 1, 1))
    told = found(the.sources(people={PEOPLE[2]: left}), the.wizard(3, 2))
    assert [each for each in told if each.startswith("P17")] == ["P17 /persons/1"]


def test_what_is_gone_is_told_by_its_name_and_its_reason() -> None:
    snapshot, persons = the.generation()
    one = the.person(1, version=2)
    gone = the.sources(people={PEOPLE[1]: one, PEOPLE[2]: the.person(2, released=True)}, works={})
    state = RecordState(status="GENERATED")
    findings = gone.before_sending(snapshot, persons, state, TODAY, ("A13", "A10b"))
    assert [texts_of(each).zh for each in findings] == [
        "技术人员1已有新的备案版本，请重新生成",
        "技术人员2已离职或调出，请重新选择人员并重新生成",
        "企业业绩1“示范办公楼设计”已删除，请重新选择业绩并重新生成",
    ]
    edited = the.sources(works={PROJECT: the.work(version=2)})
    findings = edited.before_sending(snapshot, persons, state, TODAY, ("A13", "A10b", "A25"))
    assert "企业业绩1“示范办公楼设计”在生成后有修改，如需更新请重新生成" in [
        texts_of(each).zh for each in findings
    ]


def test_what_was_chosen_and_is_gone_is_offered_with_its_reason() -> None:
    record = replayed(Record, the.started(), *the.made()).aggregate
    nothing = the.sources(works={}, people={}, enterprise=the.sources().enterprise)
    [project] = offered("performance", nothing, record, texts_of).items
    assert (project.name, project.chosen, project.selectable) == ("示范办公楼设计", True, False)
    assert project.reasons[0].zh == "企业业绩1“示范办公楼设计”已删除，不能选为业绩，请取消选择"
    people = offered("people", nothing, record, texts_of).items
    assert [(each.chosen, each.reasons[0].rule) for each in people] == [(True, "A04")] * 2
    bare = FiledEnterprise(
        version=2, information=given.information().model_copy(update={"certificates": ()})
    )
    [certificate] = offered("qualifications", the.sources(enterprise=bare), record, texts_of).items
    assert (certificate.chosen, certificate.reasons[0].rule) == (True, "A03")


@pytest.mark.parametrize(
    ("lacks", "zh"),
    [
        ({"items": ()}, "资质证书没有填写资质项目，请通过变更备案补填"),
        ({"status": "4"}, "资质证书的状态为“撤回”，只能选择有效的证书"),
        ({"valid_to": date(2020, 1, 1)}, "资质证书已过有效期"),
    ],
)
def test_a_certificate_that_cannot_be_chosen_says_what_it_lacks(
    lacks: dict[str, Any], zh: str
) -> None:
    page = given.information()
    certificate = page.certificates[0].model_copy(update=lacks)
    filed = FiledEnterprise(
        version=2, information=page.model_copy(update={"certificates": (certificate,)})
    )
    record = replayed(Record, the.started()).aggregate
    [choice] = offered("qualifications", the.sources(enterprise=filed), record, texts_of).items
    assert (choice.selectable, [each.zh for each in choice.reasons]) == (False, [zh])


def test_what_an_enterprise_has_is_measured_whatever_was_chosen() -> None:
    people = {
        PEOPLE[1]: the.person(1),
        PEOPLE[2]: the.person(2),
        PEOPLE[3]: the.person(3, released=True),
    }
    measured = the.sources(people=people).measured(TODAY)
    chosen = the.sources().judged(the.wizard(1, 2)).proposal
    [item] = measured.proposal.per_item
    assert (item.registered, item.professionals) == (
        chosen.per_item[0].registered,
        chosen.per_item[0].professionals,
    )
    assert (measured.on, measured.net_assets_wan) == (TODAY, Decimal("400"))
    later = the.sources().measured(date(2040, 1, 1))
    assert later.proposal.per_item == ()


def test_only_filed_and_employed_staff_can_be_chosen() -> None:
    people = {PEOPLE[1]: the.person(1), PEOPLE[2]: the.person(2, released=True)}
    assert blocking(the.sources(people=people), the.wizard(1, 2, 3)) == [
        "A04 /persons/1",
        "A04 /persons/2",
    ]


def test_outside_the_window_nothing_is_generated() -> None:
    assert blocking(the.sources(), the.wizard(), date(2024, 11, 1)) == ["A01"]


def test_no_new_contract_is_declared_by_choosing_the_placeholder() -> None:
    wizard = the.wizard(performances=(NIL,))
    sources = the.sources()
    snapshot, _ = freeze(sources, wizard, sources.judged(wizard), ())
    assert blocking(sources, wizard) == []
    assert snapshot.nil_declaration
    assert snapshot.nil_declaration.statement_scan == NIL.scans[0]
    real, _ = the.generation()
    assert real.nil_declaration is None


def test_placeholder_beside_real_performance_is_a_warning() -> None:
    both = the.wizard(performances=(*the.wizard().performance.performances, NIL))
    assert "A06 /performances/1" in found(the.sources(), both)


def test_a_stage_that_another_enterprise_puts_forward_is_found() -> None:
    claimed = StageClaim(None, "示范办公楼设计", None, "D1")
    assert "J15 /performances/0" in found(the.sources(), the.wizard(), claimed=(claimed,))
    assert "J15 /performances/0" not in found(the.sources(), the.wizard())


def test_what_was_told_while_a_project_was_saved_is_told_again_when_it_is_chosen() -> None:
    told = found(the.sources(), the.wizard())
    assert (
        "J10b /performances/0/stages/0/participants/2/person_id" in told
    )  # that person is not filed
    assert "J10b /performances/0/stages/0/participants/0/person_id" not in told
    placeholder = the.wizard(performances=(NIL,))
    assert not [each for each in found(the.sources(), placeholder) if each.startswith("J")]


def test_no_name_is_kept_in_what_was_found() -> None:
    sources, wizard = the.sources(), the.wizard()
    findings = sources.before_generating(wizard, DRAFT, TODAY, sources.judged(wizard))
    assert "示范丙" not in str([each.facts for each in findings])


def test_warnings_and_findings_are_frozen_with_the_generation_and_blocks_are_not() -> None:
    sources, wizard = the.sources(), the.wizard()
    judged = sources.judged(wizard)
    findings = sources.before_generating(wizard, DRAFT, TODAY, judged)
    snapshot, _ = freeze(sources, wizard, judged, findings)
    assert {each.severity.value for each in snapshot.findings} == {"W", "R"}
    # two people do not fill twelve places
    assert "A13" in {each.rule for each in snapshot.findings}


def test_a_person_is_counted_in_the_places_that_he_fills() -> None:
    _, persons = the.generation()
    assert persons[0].counted_as == ("SJ-ZY-JZGC-B:ARC1",)


def test_what_can_no_longer_be_chosen_is_dropped_and_nothing_else() -> None:
    people = {PEOPLE[1]: the.person(1), PEOPLE[2]: the.person(2, released=True)}
    left = the.sources(people=people, works={PROJECT: the.work(stages=0)}).available(the.wizard())
    assert left.people.persons == (PersonChoice(person_id=PEOPLE[1]),)
    assert left.performance.performances == ()
    assert left.qualifications == the.wizard().qualifications
    [proof, *_] = left.social_insurance.si_proofs
    assert [each.person_id for each in proof.persons] == [PEOPLE[1]]


def sending(sources: Sources, acknowledged: tuple[str, ...] = ("A13", "A10b")) -> list[str]:
    snapshot, persons = the.generation()
    return places(
        sources.before_sending(
            snapshot, persons, RecordState(status="GENERATED"), TODAY, acknowledged
        )
    )


def test_a_generation_that_still_holds_can_be_sent() -> None:
    assert sending(the.sources()) == []


def test_a_generation_that_no_longer_holds_must_be_made_again() -> None:
    newer = the.sources(
        people={PEOPLE[1]: the.person(1, version=2), PEOPLE[2]: the.person(2, released=True)}
    )
    assert sending(newer) == ["A15 /persons/0", "A15 /persons/1"]
    changed = the.sources(enterprise=FiledEnterprise(version=2, information=given.information()))
    assert sending(changed) == ["A15 /enterprise"]
    assert "A15 /performances/0" in sending(
        the.sources(works={PROJECT: the.work(version=2, stages=0)})
    )


def test_an_edited_project_is_a_warning_only() -> None:
    assert "A26 /performances/0" in sending(the.sources(works={PROJECT: the.work(version=2)}))


def test_after_the_window_nothing_is_sent() -> None:
    snapshot, persons = the.generation()
    findings = the.sources().before_sending(
        snapshot, persons, RecordState(status="GENERATED"), date(2024, 11, 1), ()
    )
    assert "A24" in places(findings)


def test_earlier_failures_and_strange_payers_are_told_to_the_reviewer() -> None:
    snapshot, _ = the.generation()
    failed = EarlierResult(year=2023, result="FAIL")
    assert places(the.sources().for_review(snapshot, [failed])) == ["A21"]
    paid = (
        the.wizard()
        .social_insurance.si_proofs[0]
        .model_copy(update={"payer_uscc": given.credit_code(99)})
    )
    proofs = the.wizard().social_insurance.model_copy(update={"si_proofs": (paid,)})
    strange = snapshot.model_copy(
        update={"choices": snapshot.choices.model_copy(update={"social_insurance": proofs})}
    )
    assert places(the.sources().for_review(strange, [])) == ["A11 /si_proofs/0/payer_uscc"]


def test_a_thousand_persons_are_generated_in_events_of_bearable_size() -> None:
    people = {UUID(int=5000 + n): the.person(1) for n in range(1000)}
    named = {
        id: type(p)(p.fact.model_copy(update={"id": id}), the.ref(id), f"key-{id}")
        for id, p in people.items()
    }
    wizard = the.wizard().model_copy(
        update={
            "people": the.wizard().people.model_copy(
                update={
                    "persons": tuple(PersonChoice(person_id=id) for id in named),
                }
            )
        }
    )
    snapshot, persons = the.generation(wizard, the.sources(people=named))
    assert snapshot.persons == len(persons) == 1000
    sizes = [
        len(canonical([each.model_dump(mode="json") for each in part])) for part in parts(persons)
    ]
    assert max(sizes) < LIMIT
    assert len(canonical(snapshot.model_dump(mode="json"))) < LIMIT

"""退回补正: what a returned point opens, and how it is told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from libs.events.refusal import Finding
from libs.events.testing import given
from libs.filing.catalogue import texts_of
from libs.filing.content.record import (
    CertificateChoice,
    Commitment,
    EnterpriseStep,
    EquipmentItem,
    ExcludedCertificate,
    InsuranceProof,
    NilDeclaration,
    PerformanceChoice,
    SocialInsuranceStep,
    Wizard,
)
from libs.filing.content.scan import ScanRef
from libs.filing.filing import Answer
from services.assessment.records.domain import sending
from services.assessment.records.domain.places import keys_of, place, pointer
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.wizard.domain import choosing
from services.assessment.wizard.domain.sources import Sources
from tests.assessment import given as the
from tests.assessment.given import PLACEHOLDER, PROJECT
from tests.filing.given import scan
from tests.filing.rules.looking import places

NEW = UUID(int=900)


def back(*pointers: str, sent: Wizard | None = None) -> Record:
    """Sent with these choices, and returned."""
    items = [the.item(each) for each in pointers]
    generated = (the.started(), *the.made(1, sent), the.sent(), the.opened())
    record: Record = given(Record, *generated, the.returned(*items)).aggregate
    return record


def saving(
    record: Record, step: str, choices: Wizard, available: Wizard | None = None
) -> list[Finding]:
    available = available or choosing.chosen(record)
    return choosing.findings_before_saving(record, step, choices, available=available)


def projects(*ids: UUID, scans: tuple[ScanRef, ...] = (scan("ASM_PERF"),)) -> Wizard:
    return the.wizard(
        performances=tuple(PerformanceChoice(project_id=id, scans=scans) for id in ids)
    )


def proofs(**changes: Any) -> Wizard:
    """The first of the three differs."""
    first, *rest = the.wizard().social_insurance.si_proofs
    step = the.wizard().social_insurance
    changed = (first.model_copy(update=changes), *rest)
    return the.wizard().model_copy(
        update={"social_insurance": step.model_copy(update={"si_proofs": changed})}
    )


def fewer_proofs() -> Wizard:
    step = the.wizard().social_insurance
    kept = step.model_copy(update={"si_proofs": step.si_proofs[1:]})
    return the.wizard().model_copy(update={"social_insurance": kept})


def certificates(*ids: UUID, left_out: tuple[UUID, ...] = ()) -> Wizard:
    step = the.wizard().qualifications.model_copy(
        update={
            "certificates": tuple(CertificateChoice(certificate_id=id) for id in ids),
            "excluded_certificates": tuple(
                ExcludedCertificate(certificate_id=id, reason="已注销") for id in left_out
            ),
        }
    )
    return the.wizard().model_copy(update={"qualifications": step})


def first_step(**fields: Any) -> Wizard:
    return the.wizard().model_copy(update={"enterprise": EnterpriseStep(**fields)})


OTHER_SCAN = (scan("ASM_PERF", 7),)


@pytest.mark.parametrize(
    ("pointer", "step", "choices"),
    [
        ("/performances/0/scans/0", "performance", projects(PROJECT, scans=OTHER_SCAN)),
        ("/performances/0/scans", "performance", projects(PROJECT, scans=OTHER_SCAN)),
        (
            "/performance/performances/0/scans/0",
            "performance",
            projects(PROJECT, scans=OTHER_SCAN),
        ),
        ("/performances/0", "performance", projects(PLACEHOLDER)),
        ("/performances", "performance", projects(PROJECT, PLACEHOLDER)),
        ("/persons/1", "people", the.wizard(1)),
        ("/persons/1", "people", the.wizard(1, 3)),
        ("/persons", "people", the.wizard(3)),
        ("/si_proofs/0/scans/0", "social-insurance", proofs(scans=(scan("SI_PROOF", 7),))),
        ("/si_proofs/0", "social-insurance", proofs(month="2024-05")),
        ("/si_proofs/0", "social-insurance", fewer_proofs()),
        ("/si_proofs", "social-insurance", fewer_proofs()),
        ("/si_proofs/0/month", "social-insurance", proofs(month="2024-05")),
        ("/si_proofs/0/payer_uscc", "social-insurance", proofs(payer_uscc="91410100MA0000000X")),
        ("/enterprise", "enterprise", first_step(self_check="人员已补充")),
        ("/self_check", "enterprise", first_step(self_check="人员已补充")),
        ("/commitment", "enterprise", first_step(commitment=Commitment(scan=scan("ASM_COMMIT")))),
        ("/certificates/0", "qualifications", certificates(left_out=(UUID(int=1),))),
        ("/persons", "enterprise", first_step(version=2)),
    ],
)
def test_a_returned_point_opens_its_slot_its_item_or_its_step(
    pointer: str, step: str, choices: Wizard
) -> None:
    assert places(saving(back(pointer), step, choices)) == []


@pytest.mark.parametrize(
    ("pointer", "step", "choices", "closed"),
    [
        (
            "/performances/0/scans/0",
            "performance",
            projects(PLACEHOLDER),
            ["/performances/0"],
        ),
        (
            "/performances/0/scans/0",
            "performance",
            projects(PROJECT, PLACEHOLDER),
            ["/performances/1"],
        ),
        ("/performances/0", "performance", projects(PROJECT, PLACEHOLDER), ["/performances/1"]),
        ("/persons/1/scans", "people", the.wizard(1), ["/persons/1"]),
        ("/persons/1", "people", the.wizard(2), ["/persons/0"]),
        ("/persons/1", "people", the.wizard(1, 2, 3), ["/persons/2"]),
        ("/persons/1", "people", the.wizard(1, 3, 4), ["/persons/2"]),
        (
            "/si_proofs/0/scans",
            "social-insurance",
            proofs(verification_code="8"),
            ["/si_proofs/0/verification_code"],
        ),
        ("/si_proofs/1", "social-insurance", proofs(scans=()), ["/si_proofs/0/scans"]),
        ("/enterprise/basic/name", "enterprise", first_step(self_check="改"), ["/self_check"]),
        (
            "/certificates/0/scans",
            "qualifications",
            certificates(left_out=(UUID(int=1),)),
            ["/certificates/0", "/excluded_certificates/0"],
        ),
        ("/persons", "performance", projects(PROJECT, scans=OTHER_SCAN), ["/performances/0/scans"]),
    ],
)
def test_nothing_beside_it_opens(
    pointer: str, step: str, choices: Wizard, closed: list[str]
) -> None:
    assert places(saving(back(pointer), step, choices)) == [f"E28 {each}" for each in closed]


def equipped(*models: str, quantity: int = 1) -> Wizard:
    return first_step(
        equipment=tuple(EquipmentItem(type="E01", model=each, quantity=quantity) for each in models)
    )


@pytest.mark.parametrize(
    ("pointer", "now", "closed"),
    [
        ("/equipment/0", equipped("GPS", "RTK"), []),  # dropped: the rows after it move
        ("/equipment/0", equipped("LEVEL", "GPS", "RTK"), []),
        ("/equipment/0/model", equipped("LEVEL", "GPS", "RTK"), []),
        ("/equipment/0", equipped("TS", "RTK"), ["/equipment/1"]),
        (
            "/equipment/0",
            equipped("GPS", "RTK", quantity=2),
            ["/equipment/0/quantity", "/equipment/1/quantity"],
        ),
        ("/equipment/0/quantity", equipped("LEVEL", "GPS", "RTK"), ["/equipment/0"]),
    ],
)
def test_a_returned_item_of_equipment_is_dropped_replaced_or_corrected_alone(
    pointer: str, now: Wizard, closed: list[str]
) -> None:
    record = back(pointer, sent=equipped("TS", "GPS", "RTK"))
    assert places(saving(record, "enterprise", now)) == [f"E28 {each}" for each in closed]


def test_the_statement_of_no_performance_opens_with_its_project() -> None:
    sent = projects(PLACEHOLDER, scans=(scan("ASM_NOPERF"),))
    statement = NilDeclaration(statement_scan=scan("ASM_NOPERF", 7))
    step = sent.performance.model_copy(update={"nil_declaration": statement})
    declared = sent.model_copy(update={"performance": step})
    assert saving(back("/performances/0/scans", sent=sent), "performance", declared) == []
    assert places(saving(back("/persons", sent=sent), "performance", declared)) == [
        "E28 /nil_declaration/statement_scan"
    ]


def test_what_can_no_longer_be_chosen_is_dropped_and_nothing_else_with_it() -> None:
    record, left = back("/si_proofs"), the.wizard(1)
    assert saving(record, "people", left, available=left) == []
    assert places(saving(record, "people", the.wizard(2), available=left)) == ["E28 /persons/0"]


def test_a_certificate_that_was_approved_since_is_chosen_or_left_out_with_its_reason() -> None:
    record, one = back("/si_proofs"), UUID(int=1)
    now = certificates(one, NEW)
    assert saving(record, "qualifications", now, available=now) == []
    explained = certificates(one, left_out=(NEW,))
    assert saving(record, "qualifications", explained, available=now) == []
    foreign = certificates(one, UUID(int=901))
    assert places(saving(record, "qualifications", foreign, available=now)) == [
        "E28 /certificates/1"
    ]


def test_several_savings_are_measured_by_what_was_sent() -> None:
    record = back("/persons/1")
    choosing.save_step(record, the.CLERK, "people", the.wizard(1, 3), available=the.wizard())
    assert places(saving(record, "people", the.wizard(3))) == ["E28 /persons/0"]
    assert saving(record, "people", the.wizard(1, 4)) == []


def test_what_was_saved_and_not_sent_is_not_taken_into_a_correction() -> None:
    dropped = Record.StepSaved(act=the.CLERK, step="people", choices=the.wizard(1))
    past = (the.started(), *the.made(), dropped, the.sent(), the.opened())
    record = given(Record, *past, the.returned(the.item("/si_proofs"))).aggregate
    assert record.wizard == the.wizard()


def test_a_refusal_names_what_was_returned_in_the_words_of_the_form() -> None:
    record = back("/performances/0/scans/0", "/persons/1")
    [found, *_] = saving(record, "performance", projects(PLACEHOLDER))
    assert texts_of(found).zh == (
        "退回补正时只能修改退回的项目：企业业绩1“示范办公楼设计”·扫描件1、技术人员2"
    )
    assert "Performance 1 “示范办公楼设计”, Scans 1, Technical staff 2" in texts_of(found).en


def test_a_point_that_is_not_dealt_with_is_told_where_it_lies_now() -> None:
    record = back("/performances/0/scans", "/persons/1/title", sent=the.wizard(1, 2))
    again = the.made(2, the.wizard(2), Status.RETURNED)
    for event in again:
        record.record(event)
    found = sending.findings_before_sending(record)
    assert places(found) == ["V14 /performances/0/scans", "V14 /persons/0/title"]
    assert texts_of(found[0]).zh.startswith("企业业绩1“示范办公楼设计”·扫描件的退回意见“")


@pytest.mark.parametrize(
    "pointer",
    [
        "/performances/0/scans/0",
        "/performance/performances/0/scans/0",
        "/performances/0/scans",  # where V14 points
    ],
)
def test_a_returned_point_is_answered_where_it_was_returned_or_is_told(pointer: str) -> None:
    record = back("/performances/0/scans/0")
    assert places(sending.findings_before_sending(record)) == ["V14 /performances/0/scans"]
    answer = Answer(pointer=pointer, text="已核实")
    assert sending.findings_before_sending(record, (answer,)) == []
    other = answer.model_copy(update={"pointer": "/performances/0"})
    assert places(sending.findings_before_sending(record, (other,))) != []


@pytest.mark.parametrize(
    ("pointer", "corrected", "left"),
    [
        ("/performances/0/scans/0", projects(PROJECT, scans=OTHER_SCAN), []),
        ("/performances/0/scans", projects(PROJECT), ["V14 /performances/0/scans"]),
    ],
)
def test_a_returned_slot_is_dealt_with_by_another_scan(
    pointer: str, corrected: Wizard, left: list[str]
) -> None:
    record = back(pointer)
    choosing.save_step(
        record, the.CLERK, "performance", corrected, available=choosing.chosen(record)
    )
    assert places(sending.findings_before_sending(record)) == left


def with_amount(amount: str, version: int = 1) -> Sources:
    """The project, saved as this version on a contract of this amount, in the spelling given."""
    saved = the.work(version=version)
    content = saved.fact.contract.content.model_copy(update={"amount_wan": Decimal(amount)})
    contract = saved.fact.contract.model_copy(update={"content": content})
    fact = saved.fact.model_copy(update={"contract": contract})
    work = replace(saved, fact=fact, contract=the.ref(contract.id, version))
    return the.sources(works={PROJECT: work})


@pytest.mark.parametrize(
    ("amount", "left"),
    [("400", ["V14 /performances/0"]), ("400.0000", ["V14 /performances/0"]), ("300", [])],
)
def test_performance_that_is_saved_again_is_corrected_by_another_value_only(
    amount: str, left: list[str]
) -> None:
    choices = projects(PROJECT)
    began = (the.started(), *the.made(1, choices, of=with_amount("400")), the.sent(), the.opened())
    record = given(Record, *began, the.returned(the.item("/performances/0"))).aggregate
    for event in the.made(2, choices, Status.RETURNED, of=with_amount(amount, version=2)):
        record.record(event)
    assert places(sending.findings_before_sending(record)) == left


def test_performance_frozen_before_values_were_told_is_compared_by_its_events() -> None:
    choices = projects(PROJECT)
    frozen, made = the.made(1, choices, of=with_amount("400"))
    assert isinstance(made, Record.AssessmentGenerated)
    older = [each.model_copy(update={"values_sha256": None}) for each in made.snapshot.performances]
    snapshot = made.snapshot.model_copy(update={"performances": tuple(older)})
    began = (the.started(), frozen, made.model_copy(update={"snapshot": snapshot}))
    returned = the.returned(the.item("/performances/0"))
    for version, left in ((1, ["V14 /performances/0"]), (2, [])):
        record = given(Record, *began, the.sent(), the.opened(), returned).aggregate
        for event in the.made(2, choices, Status.RETURNED, of=with_amount("400", version)):
            record.record(event)
        assert places(sending.findings_before_sending(record)) == left


@pytest.mark.parametrize("payers", [("甲", "甲", "甲"), ("甲", "甲 2", "甲"), ("甲", "甲 1", "甲")])
def test_proofs_of_one_month_and_payer_are_told_apart(payers: tuple[str, ...]) -> None:
    rows = tuple(InsuranceProof(month="2024-06", payer_name=each) for each in payers)
    chosen = Wizard(social_insurance=SocialInsuranceStep(si_proofs=rows))
    keys = keys_of(chosen, "social-insurance", "si_proofs")
    assert len({*keys}) == len(rows)
    at = [place(f"/si_proofs/{row}/month", chosen) for row in range(len(rows))]
    assert [pointer(each, chosen) for each in at] == [
        f"/si_proofs/{row}/month" for row in range(len(rows))
    ]

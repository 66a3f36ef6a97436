"""A record and everything it can be made of: one building-design firm, its staff, one project with
a saved stage, and 暂无业绩.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from libs.events.refusal import Finding
from libs.events.value import Act, Actor
from libs.filing.conclusion import Proposal, Result
from libs.filing.content.performance import Contract, Participant, Project, Stage
from libs.filing.content.record import (
    CertificateChoice,
    InsuranceProof,
    InsuredPerson,
    PeopleStep,
    PerformanceChoice,
    PerformanceStep,
    PersonChoice,
    QualificationsStep,
    SocialInsuranceStep,
    Wizard,
)
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.projects import SavedContract, SavedProject, SavedStage
from libs.filing.filing import Decision, ReturnedItem
from services.assessment.campaigns.domain.campaign import Campaign
from services.assessment.campaigns.schemas import CampaignSettings
from services.assessment.course.domain.reviewing import Ruling
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import SendingEnterprise, SendingTerms
from services.assessment.records.domain.slots import slots_of
from services.assessment.records.domain.snapshot import (
    FrozenEnterprise,
    FrozenPerson,
    Ref,
    Snapshot,
    digest,
)
from services.assessment.records.domain.status import Status
from services.assessment.wizard.domain.generating import freeze
from services.assessment.wizard.domain.sources import PersonSource, Sources, WorkSource
from tests.filing import given

CAMPAIGN, ENTERPRISE, DECISION = UUID(int=1), UUID(int=2), UUID(int=3)
AT = datetime(2024, 9, 10, 2, tzinfo=UTC)
CLERK = Act(by=Actor(user="clerk", role="ENT_CLERK", enterprise=ENTERPRISE), at=AT)
OFFICER = Act(
    by=Actor(user="officer", role="CITY_OFFICER", office="410100"), at=AT + timedelta(days=1)
)
SETTINGS = CampaignSettings(year=2024, title="2024年度勘察设计企业资质动态考核").settings
SENDER = SendingEnterprise(
    uscc=given.credit_code(), name="郑州示范建筑设计有限公司", supervising_city_code="410100"
)
TERMS = SendingTerms(
    city_lead_signs=True, max_returns=3, return_fix_days=10, window_end=date(2024, 10, 31)
)
PEOPLE = {number: UUID(int=100 + number) for number in range(1, 13)}
PROJECT, PLACEHOLDER = UUID(int=200), UUID(int=201)
MONTHS = ("2024-06", "2024-07", "2024-08")


def ref(stream: UUID, version: int = 1) -> Ref:
    return Ref(
        stream=stream,
        version=version,
        position=stream.int % 1000 + version,
        data_sha256=f"{stream.int + version:064x}",
    )


def campaign(opened: bool = True) -> Campaign:
    made = Campaign.plan(CLERK, CAMPAIGN, SETTINGS)
    if opened:
        made.open(CLERK)
    return made


def person(number: int, version: int = 1, released: bool = False, **changes: Any) -> PersonSource:
    fact = FiledPerson(
        id=PEOPLE[number],
        filing=UUID(int=300 + number),
        version=version,
        content=given.person(number, **changes),
        released=released,
    )
    return PersonSource(fact, ref(PEOPLE[number], version), f"key-{number}")


def work(
    id: UUID = PROJECT, version: int = 1, stages: int = 1, placeholder: bool = False
) -> WorkSource:
    name = "暂无业绩" if placeholder else "示范办公楼设计"
    scans = (
        ()
        if placeholder
        else tuple(given.scan(each) for each in ("CON_COVER", "CON_KEY", "CON_SEAL"))
    )
    contract = SavedContract(
        id=UUID(int=id.int + 50),
        version=1,
        content=Contract(
            contract_no=f"HT-{id.int}",
            name=name,
            contract_type="200",
            is_placeholder=placeholder,
            signed_on=date(2024, 3, 1),
            scans=scans,
        ),
    )
    stage = Stage(
        stage="D1",
        status="1",
        started_on=date(2024, 4, 1),
        participants=() if placeholder else team(),
    )
    project = SavedProject(
        id=id,
        version=version,
        contract=contract,
        content=Project(name=name, scale="M", qualification_item_used=UUID(int=2)),
        stages=tuple(SavedStage(id=UUID(int=400 + n), content=stage) for n in range(stages)),
    )
    return WorkSource(project, ref(id, version), ref(contract.id))


def team() -> tuple[Participant, ...]:
    roles = (
        ("PM", None),
        ("DL", "ARCH"),
        ("DE", "ARCH"),
        ("CK", "ARCH"),
        ("RV", "ARCH"),
        ("AP", "ARCH"),
    )
    return tuple(
        Participant(person_id=PEOPLE[n], role=role, discipline=discipline)
        for n, (role, discipline) in enumerate(roles, 1)
    )


def sources(**changes: Any) -> Sources:
    people = {PEOPLE[number]: person(number) for number in (1, 2)}
    facts: dict[str, Any] = {
        "campaign": campaign().facts,
        "enterprise": FiledEnterprise(version=1, information=given.information()),
        "filed_as": FrozenEnterprise(filing=UUID(int=5), filed_version=1, sent=ref(ENTERPRISE)),
        "people": people,
        "works": {PROJECT: work(), PLACEHOLDER: work(PLACEHOLDER, placeholder=True)},
    }
    return Sources(**facts | changes)


def wizard(*numbers: int, performances: tuple[PerformanceChoice, ...] | None = None) -> Wizard:
    """The five steps as a careful clerk fills them in."""
    chosen = numbers or (1, 2)
    real = PerformanceChoice(
        project_id=PROJECT, contract_id=UUID(int=250), scans=(given.scan("ASM_PERF"),)
    )
    proofs = tuple(
        InsuranceProof(
            month=month,
            payer_uscc=given.credit_code(),
            persons=tuple(InsuredPerson(person_id=PEOPLE[n]) for n in chosen),
            scans=(given.scan("SI_PROOF"),),
        )
        for month in MONTHS
    )
    return Wizard(
        qualifications=QualificationsStep(
            certificates=(CertificateChoice(certificate_id=UUID(int=1)),)
        ),
        people=PeopleStep(persons=tuple(PersonChoice(person_id=PEOPLE[n]) for n in chosen)),
        performance=PerformanceStep(
            performances=performances if performances is not None else (real,)
        ),
        social_insurance=SocialInsuranceStep(si_proofs=proofs),
    )


def generation(
    choices: Wizard | None = None, of: Sources | None = None
) -> tuple[Snapshot, list[FrozenPerson]]:
    of, choices = of or sources(), choices or wizard()
    return freeze(of, choices, of.judged(choices), ())


def started() -> Record.Event:
    return Record.AssessmentStarted(
        act=CLERK, campaign=CAMPAIGN, enterprise=ENTERPRISE, record_no="2024-410100-7K3M9Q"
    )


def made(
    number: int = 1,
    choices: Wizard | None = None,
    status: Status = Status.GENERATED,
    of: Sources | None = None,
) -> list[Record.Event]:
    snapshot, persons = generation(choices, of)
    kind = Record.AssessmentGenerated if number == 1 else Record.AssessmentRegenerated
    frozen = Record.PersonsFrozen(act=CLERK, generation=number, persons=tuple(persons))
    return [
        frozen,
        kind(
            act=CLERK,
            generation=number,
            status=status,
            snapshot=snapshot,
            snapshot_sha256=digest(snapshot, persons),
        ),
    ]


def sent(round: int = 1, number: int = 1, rechosen: bool = False, **changes: Any) -> Record.Event:
    facts: dict[str, Any] = {
        "campaign": CAMPAIGN,
        "record_no": "2024-410100-7K3M9Q",
        "receipt_no": "410100-20240910-7K3M9QXZ",
        "round": round,
        "generation": number,
        "uscc": SENDER.uscc,
        "name": SENDER.name,
        "supervising_city_code": "410100",
        "snapshot_sha256": digest(*generation()),
        "rechosen": rechosen,
        "proposal": generation()[0].proposal,
        "findings": (),
        "acknowledged": (),
        "answers": (),
        "slots": slots_of(wizard()),
        "city_lead_signs": True,
        "max_returns": 3,
        "return_fix_days": 10,
        "window_end": date(2024, 10, 31),
    }
    return Record.AssessmentSent(act=CLERK, **facts | changes)


def opened(level: str = "CITY", round: int = 1) -> Record.Event:
    return Record.AssessmentReviewOpened(act=OFFICER, round=round, level=level)


def returned(*items: ReturnedItem, level: str = "CITY", round: int = 1) -> Record.Event:
    return Record.AssessmentReturned(
        act=OFFICER,
        round=round,
        decision=DECISION,
        level=level,
        items=items or (item("/persons/1"),),
        comment="请核对",
        correct_until=date(2024, 9, 21),
    )


def item(pointer: str) -> ReturnedItem:
    return ReturnedItem(pointer=pointer, reason="R01", text="与证书不一致，请核对")


def ruling(taken: Decision, level: str = "CITY", round: int = 1, **more: Any) -> Ruling:
    return Ruling(decision=DECISION, round=round, level=level, taken=taken, **more)


def proposal(result: Result) -> Proposal:
    return generation()[0].proposal.model_copy(update={"result": result})


def warned(rule: str = "A13") -> Finding:
    from libs.filing.catalogue import finding

    return finding(rule, "/certificates/0/items/0", qualification="", speciality="", need=1, have=0)

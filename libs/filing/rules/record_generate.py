"""Rules about starting and generating a record (添加, 生成, 重新生成)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from libs.events.refusal import Finding
from libs.filing import conclusion, staffing
from libs.filing.catalogue import finding
from libs.filing.content.record import PeopleStep
from libs.filing.facts.enterprise import FiledEnterprise, Held
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.record import CampaignFacts, Chosen, Judged, RecordState
from libs.filing.rules import labels

MAY_REGENERATE = frozenset({"GENERATED", "RETURNED", "WITHDRAWN"})  # code list `assessment_status`


def a01(campaign: CampaignFacts, record: RecordState, today: date) -> list[Finding]:
    return [] if in_time(campaign, record, today) else [finding("A01")]


def in_time(campaign: CampaignFacts, record: RecordState, today: date) -> bool:
    """A01 and A24 are one condition at two points."""
    return campaign.is_open(today) or record.may_correct(today, campaign.policy)


def a02(filed: FiledEnterprise | None) -> list[Finding]:
    return [] if filed else [finding("A02")]


def a03(chosen: Chosen, campaign: CampaignFacts) -> list[Finding]:
    """What is in force must be chosen; what is left out for another cause stands there with it."""
    step = chosen.wizard.qualifications
    listed = {each.certificate_id for each in step.certificates}
    explained = {
        each.certificate_id for each in step.excluded_certificates if (each.reason or "").strip()
    }
    approved = {each.id for each in chosen.approved.listed}
    in_force = {
        each.certificate.id
        for each in chosen.approved.in_force(campaign.as_of_date, campaign.policy)
    }
    strange = [n for n, each in enumerate(step.certificates) if each.certificate_id not in approved]
    complete = listed and in_force <= listed
    return [
        *(not_listed(n) for n in strange),
        *([] if complete else [finding("A03", "/certificates")]),
        *(
            [finding("A03", "/excluded_certificates")]
            if approved - in_force - listed - explained
            else []
        ),
    ]


def not_listed(n: int, cert_no: str = "") -> Finding:
    """A03 of a certificate that is chosen and not among the approved ones."""
    pointer = f"/certificates/{n}"
    place = labels.of_record(pointer, cert_no)
    return finding("A03", pointer, case="gone", place=place.zh, place_en=place.en)


def a04(people: Sequence[FiledPerson | None]) -> list[Finding]:
    """None: not filed here."""
    if not people:
        return [finding("A04", "/persons", case="nobody")]
    return [
        finding("A04", f"/persons/{n}")
        for n, person in enumerate(people)
        if person is None or person.has_left
    ]


def a05(chosen: Chosen) -> list[Finding]:
    return [] if chosen.wizard.performance.performances else [finding("A05", "/performances")]


def a06(chosen: Chosen) -> list[Finding]:
    real = list(chosen.performances(placeholder=False))
    return [
        finding("A06", f"/performances/{n}")
        for n, _ in chosen.performances(placeholder=True)
        if real
    ]


def a09(*, exists: bool) -> list[Finding]:
    """Whatever its state."""
    return [finding("A09")] if exists else []


def a13(judged: Judged) -> list[Finding]:
    """One finding a line of a staffing table that is not full."""
    places = {each.code: each.pointer for each in reversed(judged.held)}
    return [*staffing.findings(judged.staffing, places)]


def a14(filed: FiledEnterprise, held: Sequence[Held]) -> list[Finding]:
    """The highest of what the licences need, not their sum; a licence without a number asks
    nothing.
    """
    need = max(
        (each.standard.min_net_assets_wan for each in held if each.standard), default=Decimal(0)
    )
    have = (filed.newest_assets.net_assets_wan if filed.newest_assets else None) or Decimal(0)
    return [] if have >= need else [finding("A14", "/net_assets_wan", need=need, have=have)]


def a16(record: RecordState) -> list[Finding]:
    return [] if record.status in MAY_REGENERATE else [finding("A16")]


def a18(step: PeopleStep) -> list[Finding]:
    """Each choice after the first."""
    ids = [each.person_id for each in step.persons]
    return [finding("A18", f"/persons/{n}") for n, id in enumerate(ids) if id in ids[:n]]


def a27(filed: FiledEnterprise) -> list[Finding]:
    return [finding("A27")] if filed.change_open else []


def a28(judged: Judged) -> list[Finding]:
    return [*conclusion.findings(judged.proposal, [each.pointer for each in judged.held])]

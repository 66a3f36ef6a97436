"""What must hold of an assessment record (group A) when it is generated, sent and reviewed; the
persons chosen and their performance have modules of their own (staff, contract, project). Pointers
into the record: `/persons/{n}`, `/si_proofs/{n}`, `/performances/{n}`.
"""

from collections.abc import Collection, Sequence
from datetime import date

from libs.events.refusal import Finding
from libs.filing.facts.record import (
    CampaignFacts,
    Chosen,
    EarlierResult,
    Judged,
    RecordState,
    Source,
)
from libs.filing.rules.enterprise import e11
from libs.filing.rules.qualification import q04
from libs.filing.rules.record_generate import a01, a02, a03, a04, a05, a06, a13, a14, a18, a27, a28
from libs.filing.rules.record_review import a11, a12, a21
from libs.filing.rules.record_send import a07, a08, a10a, a10b, a15, a17, a24, a25, a26


def before_generating(
    chosen: Chosen, campaign: CampaignFacts, record: RecordState, today: date, judged: Judged
) -> list[Finding]:
    """Without an approved filing there is nothing to compare net assets with."""
    filed = chosen.enterprise
    about_filed = (
        [*e11(filed, campaign.year), *a14(filed, judged.held), *a27(filed)] if filed else []
    )
    return [
        *a01(campaign, record, today),
        *a02(filed),
        *a03(chosen, campaign),
        *a04(chosen.people),
        *a05(chosen),
        *a06(chosen),
        *a18(chosen.wizard.people),
        *q04(chosen.certificates, campaign.as_of_date, campaign.policy),
        *about_filed,
        *a13(judged),
        *a28(judged),
    ]


def before_sending(
    chosen: Chosen,
    campaign: CampaignFacts,
    record: RecordState,
    today: date,
    *,
    filed: Sequence[Source] = (),
    performance: Sequence[Source] = (),
    confirmed: bool = False,
    warnings: Sequence[Finding] = (),
    acknowledged: Collection[str] = (),
) -> list[Finding]:
    """`filed`: the approved versions in the record; `performance`: its contracts and projects;
    `warnings`: told at 生成, about the record and about its contracts and projects.
    """
    found = [
        *a24(campaign, record, today),
        *a07(chosen),
        *a08(chosen),
        *a10a(chosen.wizard.social_insurance),
        *a10b(chosen.people, chosen.wizard.social_insurance, campaign.si_months),
        *a15(filed, performance),
        *a17(campaign, chosen.wizard.enterprise, confirmed=confirmed),
        *a26(performance),
    ]
    return [*found, *a25([*warnings, *found], acknowledged)]


def for_review(chosen: Chosen, earlier: Sequence[EarlierResult] = ()) -> list[Finding]:
    """Computed when the record is sent; it refuses nothing."""
    proofs = chosen.wizard.social_insurance
    payers = chosen.enterprise.payers if chosen.enterprise else frozenset[str]()
    return [*a11(proofs, payers), *a12(chosen.wizard.people, proofs), *a21(earlier)]

"""A round: one sending of a record, by whom, on which terms, and which of its facts moved since."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.conclusion import Proposal
from libs.filing.content.record import Wizard
from libs.filing.facts.record import CampaignFacts
from libs.filing.filing import Answer


@dataclass(frozen=True)
class Round:
    generation: int
    version: int  # of the stream: where the sent event stands
    sent_at: datetime
    findings: tuple[Finding, ...]  # for the reviewer, with the warnings that the clerk has read
    acknowledged: tuple[str, ...]
    answers: tuple[Answer, ...]
    choices: Wizard  # of the generation, with the slots as they were saved at the sending


class SendingEnterprise(Value):
    """The enterprise as the directory knows it at the sending."""

    uscc: str
    name: str
    supervising_city_code: str


class SendingTerms(Value):
    """Of the campaign, what review goes by."""

    city_lead_signs: bool
    max_returns: int
    return_fix_days: int
    window_end: date


def terms_of(campaign: CampaignFacts) -> SendingTerms:
    policy = campaign.policy
    return SendingTerms(
        city_lead_signs=policy.city_lead_signs,
        max_returns=policy.max_returns,
        return_fix_days=policy.return_fix_days,
        window_end=campaign.submission_window[1],
    )


class Measured(Value):
    """What an enterprise that rectifies has on that day: its licences in force, with all its filed
    staff.
    """

    on: date
    proposal: Proposal
    net_assets_wan: Decimal | None


class Drift(Value):
    """A fact that moved after the record was sent; `now` is none where it is gone."""

    pointer: str
    version: int
    now: int | None

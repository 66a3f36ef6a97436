"""What the authority knows of what an enterprise keeps: what was sent to it, and what has happened
to that since. Everything else was only saved, and is the enterprise's own (domain book 6; decision
45).

Every read of a caller whose row in the access table has the view `sent` goes through here: the item
is replayed from these events, and its history is these events from the first sending on. A type
that is not named is not told.
"""

from collections.abc import Collection, Sequence

from libs.events.records import StoredEvent

SENDINGS = frozenset(
    {
        "enterprise.Enterprise.FilingSent",
        "personnel.Person.FilingSent",
        "assessment.Record.AssessmentSent",
    }
)
# told as soon as they happen: whoever registers does so with the authority; all else is a sending
# of a record, follows from one, or is the authority's own act
ALWAYS = frozenset(
    {
        "enterprise.Enterprise.EnterpriseRegistered",
        "enterprise.Enterprise.CertificatesFlagged",
        "enterprise.Enterprise.CertificateFlagsLifted",
        *(
            f"assessment.Record.{name}"
            for name in (
                *("AssessmentSent", "SnapshotDrifted", "WithdrawalAsked", "AssessmentWithdrawn"),
                *("AssessmentReviewOpened", "AssessmentCityPassed", "AssessmentReturned"),
                *("AssessmentReturnLapsed", "AssessmentOnsiteOrdered", "AssessmentOnsiteDone"),
                *("AssessmentEscalated", "AssessmentExpertNamed", "AssessmentExpertHeard"),
                "AssessmentConcluded",
                *("AssessmentPublished", "AssessmentObjected", "AssessmentObjectionClosed"),
                *("AssessmentAnnounced", "AssessmentInRectification", "AssessmentInRecheck"),
                *("AssessmentWithdrawalProposed", "AssessmentClosed", "DecisionNotApplied"),
            )
        ),
    }
)
# of filings that were sent
OF_FILINGS = frozenset(
    f"{subject}.{name}"
    for subject in ("enterprise.Enterprise", "personnel.Person")
    for name in (
        *("FilingSent", "WithdrawalAsked", "FilingWithdrawn", "FilingVoided"),
        *("FilingReviewOpened", "FilingReturned", "FilingApproved", "FilingRejected"),
        *("FilingSuperseded", "DecisionNotApplied"),
    )
)
# what a sending takes along, and what it has in common with it: none: a stream begins with it
TAKEN = {
    "enterprise.Enterprise.FilingDrafted": "filing",
    "personnel.Person.FilingDrafted": "filing",
    "personnel.Person.PersonAdded": None,
    "assessment.Record.AssessmentStarted": None,
    "assessment.Record.PersonsFrozen": "generation",
    "assessment.Record.AssessmentGenerated": "generation",
    "assessment.Record.AssessmentRegenerated": "generation",
}
STEP = "assessment.Record.StepSaved"  # as it was when a sending took the scans in their slots
SILENT = frozenset({*TAKEN, STEP})  # part of what was sent, and no step of its own


def told(records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Of a stream's events those that the authority knows, in order; none before anything was
    sent, but that an enterprise is registered.
    """
    sendings = [each for each in records if each.type in SENDINGS]
    steps = {at.version for sending in sendings for at in _steps_before(records, sending)}
    return [each for each in records if each.version in steps or _is_told(each, sendings)]


def _is_told(at: StoredEvent, sendings: Collection[StoredEvent]) -> bool:
    if at.type in ALWAYS:
        return True
    common = TAKEN.get(at.type, "filing")
    if at.type not in OF_FILINGS and at.type not in TAKEN:
        return False
    return any(common is None or each.payload[common] == at.payload[common] for each in sendings)


def _steps_before(records: Sequence[StoredEvent], sending: StoredEvent) -> Collection[StoredEvent]:
    """The last of each step of the wizard."""
    before = (each for each in records if each.type == STEP and each.version < sending.version)
    return {each.payload["step"]: each for each in before}.values()

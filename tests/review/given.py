"""A record before the authority: its case, who acts on it, and what the assessment service says
meanwhile.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.testing import given
from libs.events.value import SHANGHAI, Act, Actor
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.domain.about import Submission
from services.review.cases.domain.case import Case
from services.review.cases.domain.forwarding import forward
from services.review.cases.domain.judgement import Terms, Told, Verdict
from services.review.cases.domain.reviewing import decide
from services.review.cases.domain.subject import RECORD, Level, Subject, case_id
from services.review.conclusions.domain.concluding import approve, propose
from services.review.conclusions.domain.signing import sign
from tests.given import ENTERPRISE, SEEN, USCC, id_of

THE_RECORD, APPLIED = id_of("record"), id_of("applied")
CASE = case_id(THE_RECORD)
DUE = date(2024, 9, 30)
ITEM = ReturnedItem(pointer="/si_proofs/0", reason="R06", text="社保月份不连续")


def on(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC)


def by(
    role: str, user: str | None = None, day: date = date(2024, 9, 10), office: str | None = None
) -> Act:
    """An officer of Zhengzhou or of the province, or an expert."""
    unit = office or (
        "410000" if role.startswith("PROV") else "410100" if role.startswith("CITY") else None
    )
    enterprise = ENTERPRISE if role.startswith("ENT") else None
    return Act(
        by=Actor(user=user or f"{role.lower()}/1", role=role, office=unit, enterprise=enterprise),
        at=on(day),
    )


CITY, CITY_LEAD, PROV, PROV_LEAD, EXPERT, CLERK = map(
    by, ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD", "EXPERT", "ENT_CLERK")
)


def subject(unit: str = "410100") -> Subject:
    return Subject(
        kind=RECORD,
        id=THE_RECORD,
        filing=None,
        type="ASSESSMENT",
        no="2024-410100-000001",
        receipt_no="R-1",
        enterprise=ENTERPRISE,
        uscc=USCC,
        enterprise_name="某设计院",
        unit=unit,
    )


def terms(**changes: Any) -> Terms:
    facts: dict[str, Any] = {
        "campaign": id_of("campaign"),
        "generation": 1,
        "snapshot_sha256": "a" * 64,
        "proposal": "PASS",
        "policy_version": "2024.1",
        "findings": (),
        "city_lead_signs": True,
        "max_returns": 3,
        "return_fix_days": 10,
        "window_end": date(2024, 10, 31),
    }
    return Terms(**(facts | changes))


A11 = Told(rule="A11", severity="R", pointer="/si_proofs/0/payer_uscc")


class Story:
    """A case and everything that happens to it, in order."""

    def __init__(self, unit: str = "410100", **changes: Any) -> None:
        self.unit, self.changes, self.events = unit, changes, list[Aggregate.Event]()
        level = Level.PROV if unit == "410000" else Level.CITY
        self.case = Case.begin_with(CLERK, self._submission(level, 1, SEEN))
        self._keep()

    def decided(
        self,
        decision: str,
        by: Act,
        items: tuple[ReturnedItem, ...] = (),
        comment: str = "不符合要求",
    ) -> "Story":
        decide(
            self.case,
            by,
            Decision(decision),
            self.case.round,
            self.case.reviewed,
            items or self._items(decision),
            comment,
        )
        return self._keep()

    def signed(self, by: Act = CITY_LEAD) -> "Story":
        sign(self.case, by)
        return self._keep()

    def applied(self, act: Act = CLERK, due: date = DUE) -> "Story":
        """The assessment service says that the decision took effect."""
        forward(self.case, act, self.case.round, APPLIED, province_due=due)
        return self._keep()

    def sent_again(self, *, rechosen: bool = False) -> "Story":
        case = self.case
        seen = Reviewed(position=case.reviewed.position + 10, data_sha256=f"{case.round}" * 64)
        level = case.level_of_next(subject(self.unit), rechosen=rechosen)
        case.open_round(CLERK, self._submission(level, case.round + 1, seen))
        return self._keep()

    def proposed(
        self,
        result: str = "PASS",
        reason: str = "",
        verdicts: tuple[Verdict, ...] = (),
        by: Act = PROV,
    ) -> "Story":
        propose(self.case, by, result, reason, verdicts)
        return self._keep()

    def approved(self, by: Act = PROV_LEAD) -> "Story":
        approve(self.case, by)
        return self._keep()

    def at_the_province(self) -> "Story":
        return self if self.unit == "410000" else self.decided("PASS", CITY).signed().applied()

    def concluded(self, result: str = "PASS") -> "Story":
        reason = "" if result == "PASS" else "人员不足"
        return (
            self.at_the_province()
            .decided("PASS", PROV)
            .proposed(result, reason)
            .approved()
            .applied()
        )

    def when(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """What comes after is tested on the case as its stored bytes tell it."""
        return given(Case, *self.events).when(command, *args, **kwargs)

    def _submission(self, level: Level, round: int, reviewed: Reviewed) -> Submission:
        return Submission(
            subject=subject(self.unit),
            level=level,
            round=round,
            reviewed=reviewed,
            due_on=DUE,
            terms=terms(**self.changes),
        )

    def _items(self, decision: str) -> tuple[ReturnedItem, ...]:
        return (ITEM,) if decision == "RETURN" else ()

    def _keep(self) -> "Story":
        self.events += self.case.collect_events()
        return self


def about(round: int = 1) -> dict[str, Any]:
    return {"subject_kind": RECORD, "subject_id": THE_RECORD, "filing": None, "round": round}


def opinion_of(case: Case) -> UUID:
    assert case.opinion
    return case.opinion


def days_after(day: date, days: int) -> date:
    return day + timedelta(days)

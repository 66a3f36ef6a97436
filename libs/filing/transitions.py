"""State machines of filings and records (domain book 5.2, 5.7). The moves are data: lists
`filing_transition` and `assessment_transition`; here stand who makes each (section 6) and what
else must hold.
"""

from datetime import date
from functools import cache
from typing import Literal

from pydantic import ConfigDict, Field

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing.catalogue import STATE, finding
from libs.filing.reference import VERSION, raw

ENTERPRISE = frozenset({"ENT_CLERK", "ENT_LEGAL"})
CITY = frozenset({"CITY_OFFICER", "CITY_LEAD"})
PROVINCE = frozenset({"PROV_OFFICER", "PROV_LEAD"})
RECTIFIERS = PROVINCE | {"CITY_LEAD"}

EDITS = frozenset({"save", "send", "discard", "generate", "regenerate"})
EDITABLE = frozenset({"DRAFT", "SAVED", "GENERATED", "RETURNED", "WITHDRAWN"})
# Officers give opinions; the lead's signature lets them take effect and is no move of its own.
DECIDERS = {
    "CITY_REVIEW": frozenset({"CITY_OFFICER"}),
    "PROV_REVIEW": frozenset({"PROV_OFFICER"}),
    "RECHECK": RECTIFIERS,
}
WHO = {
    **dict.fromkeys(EDITS | {"withdraw", "report"}, ENTERPRISE),
    "take_city": DECIDERS["CITY_REVIEW"],
    "take_province": DECIDERS["PROV_REVIEW"],
    "opinion": frozenset({"EXPERT"}),
    **dict.fromkeys(("publish", "object", "dismiss", "uphold", "announce"), PROVINCE),
    **dict.fromkeys(("close", "order_rectification", "propose_withdrawal"), RECTIFIERS),
}
Level = Literal["CITY", "PROV"]


class Transition(Value):
    """One move: `by` review means that the owner follows review's event; without `event` only the
    case changes.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    code: str
    from_: str = Field(alias="from")
    act: str
    by: Literal["enterprise", "review", "owner"]
    to: str
    event: str | None


class FilingFacts(Value):
    """What is asked of a filing: the level of its case, and whether it lies with the officer's
    unit.
    """

    level: Level
    own_unit: bool

    @property
    def list_name(self) -> str:
        return "filing_transition"

    def who(self, state: str, act: str) -> frozenset[str]:
        return WHO.get(act) or (CITY if self.level == "CITY" else PROVINCE)

    def against(self, state: str, act: str) -> list[Finding]:
        return []

    def next(self, state: str, act: str) -> str | None:
        return next_state(self.list_name, state, act)


class RecordFacts(Value):
    """What is asked of a record. `level`: where its sending enters; `back_to`: the state that
    ordered the visit or the return.
    """

    level: Level
    own_unit: bool
    today: date
    window_open: bool  # the campaign is open and today lies in its submission window
    correct_until: date | None  # the last day of correction of a returned record
    back_to: str | None
    returns: int
    max_returns: int
    result: str | None  # code list `assessment_result`, once announced
    publicity_over: bool  # its working days are full and no objection is open
    heard: bool  # rectification failed or overdue, and the enterprise could state its case

    @property
    def list_name(self) -> str:
        return "assessment_transition"

    def who(self, state: str, act: str) -> frozenset[str]:
        decided_in = self.back_to or "" if act in ("minutes", "lapse") else state
        return WHO.get(act) or DECIDERS.get(decided_in) or frozenset().union(*DECIDERS.values())

    def against(self, state: str, act: str) -> list[Finding]:
        correcting = (
            state == "RETURNED"
            and self.correct_until is not None
            and self.today <= self.correct_until
        )
        in_time = self.window_open or correcting
        conditions = {
            "generate": (in_time, finding("A01")),
            "regenerate": (in_time, finding("A01")),
            "send": (in_time, finding("A24")),
            "take_city": (self.level == "CITY", finding(STATE, case="no_city_review")),
            "take_province": (state == "CITY_PASSED" or self.level == "PROV", finding("V05")),
            "RETURN": (state == "RECHECK" or self.returns < self.max_returns, finding("A20")),
            "lapse": (not in_time, finding(STATE, case="return_running")),
            "announce": (self.publicity_over, finding("V07")),
            "close": (
                state != "ANNOUNCED" or self.result in ("PASS", "BASIC"),
                self._other_result(act),
            ),
            "order_rectification": (self.result == "FAIL", self._other_result(act)),
            "propose_withdrawal": (self.heard, finding("V09")),
        }
        holds, otherwise = conditions.get(act, (True, None))
        return [] if holds or otherwise is None else [otherwise]

    def next(self, state: str, act: str) -> str | None:
        return next_state(self.list_name, state, act, self.back_to)

    def _other_result(self, act: str) -> Finding:
        return finding(STATE, case="result", result=self.result or "", action=act)


@cache
def transitions(list_name: str, version: str = VERSION) -> tuple[Transition, ...]:
    return tuple(Transition.model_validate(item) for item in raw(list_name, version)["items"])


def next_state(list_name: str, state: str, act: str, back_to: str | None = None) -> str | None:
    """None where the act has no place. A move that leads back (minutes, lapse) needs `back_to`,
    the state that ordered it.
    """
    targets = [each.to for each in transitions(list_name) if (each.from_, each.act) == (state, act)]
    if len(targets) == 1:
        return targets[0]
    return back_to if back_to in targets else None


def allowed_actions(
    state: str, role: str, facts: FilingFacts | RecordFacts
) -> dict[str, list[Finding]]:
    """Every act that somebody may press, and what stands against it now for this role; nothing: it
    is allowed.
    """
    acts = dict.fromkeys(each.act for each in transitions(facts.list_name) if each.by != "owner")
    return {act: _against(state, role, act, facts) for act in acts}


def _against(state: str, role: str, act: str, facts: FilingFacts | RecordFacts) -> list[Finding]:
    if role not in facts.who(state, act):
        return [finding(STATE, case="role", role=role)]
    if role in CITY and not facts.own_unit:
        return [finding("V01")]
    if facts.next(state, act) is None:
        return [_out_of_state(state, act, facts)]
    return facts.against(state, act)


def _out_of_state(state: str, act: str, facts: FilingFacts | RecordFacts) -> Finding:
    if act == "withdraw":
        return finding("E25")
    if act in EDITS and state not in EDITABLE:
        return finding("A16" if act == "regenerate" else "E24")
    return finding(
        STATE,
        case="filing" if isinstance(facts, FilingFacts) else "record",
        status=state,
        action=act,
    )

"""What several acts on a case ask: who may act on it, and what the book says of a record's move
(domain book 5.7, 6; decision 18). Each answer lists what stands against the act.
"""

from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing import calendar, transitions
from libs.filing.catalogue import STATE, finding
from libs.filing.rules import review as rules
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Terms
from services.review.cases.domain.subject import PROVINCE, Level, State

# a level of review is an office together with a role: neither alone gives it
LEVELS = {
    "CITY": frozenset({"CITY_OFFICER", "CITY_LEAD"}),
    "PROV": frozenset({"PROV_OFFICER", "PROV_LEAD"}),
}


def once(*findings: list[Finding]) -> list[Finding]:
    """A rule that several ask is told once."""
    return list(dict.fromkeys(each for some in findings for each in some))


# Who may act


def about_role(act: Act, roles: frozenset[str]) -> list[Finding]:
    """An act of some roles alone, whatever their office."""
    return [] if act.by.role in roles else [finding(STATE, case="role", role=act.by.role)]


def about_interest(case: Case, act: Act) -> list[Finding]:
    """回避"""
    return rules.v11(interest=act.by.user in case.interested)


def about_author(case: Case, act: Act) -> list[Finding]:
    """Whoever saved or sent it is kept out by relation, whatever account they use now."""
    return [finding(STATE, case="own_submission")] if act.by.names & case.authors else []


def about_unit(act: Act, unit: str) -> list[Finding]:
    """V01: who acts for a unit is of its office, and has a role of its level."""
    of_level = LEVELS["PROV" if unit == PROVINCE else "CITY"]
    return rules.v01(own_unit=act.by.office == unit and act.by.role in of_level)


def about_own_word(act: Act, by: str | None) -> list[Finding]:
    """Nobody signs or approves what they said themselves."""
    return [finding(STATE, case="own_opinion")] if act.by.user == by else []


def about_officer(case: Case, act: Act) -> list[Finding]:
    """Who reviews at the case's level: of its unit at the city, of the province after that."""
    if case.level is not Level.CITY:
        return about_officer_of_province(case, act)
    if case.subject.is_record and act.by.office == PROVINCE:
        return rules.v05(city_opinion=False, of_province=False)
    return [
        *about_unit(act, case.subject.unit),
        *_about_reviewer(act, earlier=None),
        *about_author(case, act),
        *about_interest(case, act),
    ]


def about_officer_of_province(case: Case, act: Act) -> list[Finding]:
    """Not the city's reviewer once more."""
    return [
        *about_unit(act, PROVINCE),
        *_about_reviewer(act, earlier=case.city_reviewer),
        *about_author(case, act),
        *about_interest(case, act),
    ]


def _about_reviewer(act: Act, *, earlier: str | None) -> list[Finding]:
    """V02: four eyes over the two levels; and who acts for an enterprise reviews none. `earlier`:
    who decided at the level before.
    """
    acts_for_enterprise = act.by.enterprise is not None
    return rules.v02(earlier=earlier, reviewer=act.by.user, acts_for_enterprise=acts_for_enterprise)


# Where a record's case stands


def about_opinion(case: Case, level: Level) -> list[Finding]:
    """An opinion of that level waits for its lead."""
    waits = case.state is State.OPINION and case.level is level
    return [] if waits else [finding(STATE, case="no_opinion")]


def about_move(case: Case, act: Act, move: str, *, status: str | None = None) -> list[Finding]:
    """What list `assessment_transition` says of the move, from where the record stands, or from
    `status` if it will have left by then.
    """
    if not case.terms:
        return [finding(STATE, case="not_a_record")]
    facts = _facts(case, case.terms, act)
    return transitions.allowed_actions(status or case.status, act.by.role, facts)[move]


def _facts(case: Case, terms: Terms, act: Act) -> transitions.RecordFacts:
    """What the list of moves asks of a record, as its case knows it today."""
    returned_on, days = case.returned_on, terms.return_fix_days
    return transitions.RecordFacts(
        level="PROV" if case.entered is Level.PROV else "CITY",
        own_unit=act.by.office == case.subject.unit,
        today=act.today,
        window_open=act.today <= terms.window_end,
        correct_until=calendar.correction_end(returned_on, days) if returned_on else None,
        back_to=case.back_to,
        returns=case.returns,
        max_returns=terms.max_returns,
        result=case.announced,
        publicity_over=False,
        heard=False,
    )

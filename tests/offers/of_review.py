"""Cases of records and of filings, publicities, rectifications: to each of their officers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from libs.events.refusal import refuse
from libs.events.testing import given
from libs.events.value import Act
from libs.filing.filing import Decision
from services.review.cases.domain.actions import actions
from services.review.cases.domain.case import Case
from services.review.cases.domain.handing import assign, release
from services.review.cases.domain.lapsing import lapse
from services.review.cases.domain.reviewing import decide, take
from services.review.cases.domain.visiting import record_onsite
from services.review.conclusions.domain.concluding import approve, propose
from services.review.conclusions.domain.experts import give_opinion
from services.review.conclusions.domain.publishing import (
    findings_before_rectification,
    publish,
    reopen,
    settle,
)
from services.review.conclusions.domain.signing import sign
from services.review.publicity.domain import Publicity
from services.review.rectification.domain import Rectification
from tests.given import id_of
from tests.offers.offer import Offer
from tests.review import test_case as filing
from tests.review import test_publicity as publicity
from tests.review import test_rectification as rectification
from tests.review.given import (
    CITY,
    CLERK,
    DUE,
    EXPERT,
    ITEM,
    PROV,
    PROV_LEAD,
    THE_RECORD,
    Story,
    by,
)
from tests.review.test_machine import TWO

COMMENT = "不符合要求"
IN_TIME, LATE = date(2024, 9, 10), date(2024, 11, 30)
WHO = {
    "officer of the city": ("CITY_OFFICER", None),
    "lead of the city": ("CITY_LEAD", None),
    "officer of another city": ("CITY_OFFICER", "410200"),
    "officer of the province": ("PROV_OFFICER", None),
    "lead of the province": ("PROV_LEAD", None),
    "expert": ("EXPERT", None),
}


def _with(story: Story, *acts: Any) -> Story:
    for act in acts:
        act(story.case)
    return story._keep()


def _stories() -> dict[str, Story]:
    """Each anew: a story is the case itself."""
    asked = Case.ask_withdrawal
    declared = Case.declare_interest
    passed = Story().decided("PASS", CITY)
    return {
        "sent": Story(),
        "sent to the province": Story("410000"),
        "opened": _with(Story(), lambda c: take(c, CITY)),
        "opened by another": _with(Story(), lambda c: take(c, by("CITY_OFFICER", "another"))),
        "withdrawn": _with(Story(), lambda c: asked(c, CLERK, 1)),
        "kept out of": _with(Story(), lambda c: declared(c, CITY, "亲属任职")),
        "opined": passed,
        "signed": Story().decided("PASS", CITY).signed(),
        "returned": Story().decided("RETURN", CITY).applied(),
        "sent again": Story().decided("RETURN", CITY).applied().sent_again(),
        "returned too often": Story(max_returns=1).decided("RETURN", CITY).applied().sent_again(),
        "to be visited": Story().decided("ONSITE", CITY).applied(),
        "at the province": Story().at_the_province(),
        "with experts": Story().at_the_province().decided("ESCALATE", PROV).applied(),
        "with one of them": _with(
            Story().at_the_province().decided("ESCALATE", PROV).applied(),
            lambda c: assign(c, PROV_LEAD, EXPERT.by.user, "请审核"),
        ),
        "opined by the province": Story().at_the_province().decided("PASS", PROV),
        "proposed": Story().at_the_province().decided("PASS", PROV).proposed(),
        "proposed otherwise": Story()
        .at_the_province()
        .decided("PASS", PROV)
        .proposed("FAIL", "人员不足"),
        "approved": Story().at_the_province().decided("PASS", PROV).proposed().approved(),
        "concluded": Story().concluded(),
        "published": _with(Story().concluded(), _publish),
        "looked at again": _with(Story().concluded(), _publish, lambda c: reopen(c, PROV, DUE)),
        "final with a failure": _with(
            Story().concluded("FAIL"), _publish, lambda c: settle(c, PROV)
        ),
        "final": _with(Story().concluded(), _publish, lambda c: settle(c, PROV)),
    }


def _publish(case: Case) -> None:
    publish(case, PROV, id_of("publicity"))


ONSITE = filing.decided(Decision.ONSITE)
FILINGS: dict[str, tuple[Any, ...]] = {
    "sent": (filing.opened,),
    "opened": (filing.opened, filing.taken),
    "given back": (filing.opened, filing.taken, filing.released),
    "handed over": (filing.opened, filing.taken, filing.assigned),
    "to be visited": (filing.opened, filing.taken, ONSITE),
    "escalated": (filing.opened, filing.taken, filing.decided(Decision.ESCALATE)),
    "decided": (filing.opened, filing.taken, filing.decided()),
    "given up": (filing.opened, Case.CaseVoided(act=CLERK)),
}


def cases() -> Iterator[Offer]:
    of_records = {f"record {name}": story.case for name, story in _stories().items()}
    of_filings = {f"filing {name}": given(Case, *past).aggregate for name, past in FILINGS.items()}
    for name, case in (of_records | of_filings).items():
        for who, (role, office) in WHO.items():
            for day in (IN_TIME, LATE) if "returned" in name else (IN_TIME,):
                act = by(role, office=office, day=day)
                yield Offer(
                    f"case: {name}, {who}, {day:%b}",
                    case.state,
                    case,
                    actions(case, act),
                    _acts_on_case(act),
                )


def _acts_on_case(act: Act) -> dict[str, Any]:
    return {
        "take": lambda c: take(c, act),
        "release": lambda c: release(c, act),
        "assign": lambda c: assign(c, act, "somebody", "休假"),
        **{each.value: lambda c, d=each: _decide(c, act, d) for each in Decision},
        "minutes": lambda c: record_onsite(c, act, act.today, TWO, "郑州", "情况属实"),
        "sign": lambda c: sign(c, act),
        "opinion": lambda c: give_opinion(c, act, "同意"),
        "lapse": lambda c: lapse(c, act, DUE),
        "propose": lambda c: propose(c, act, "PASS", "有理由", ()),
        "approve": lambda c: approve(c, act),
        "publish": lambda c: publish(c, act, id_of("publicity")),
        "order_rectification": lambda c: _order(c, act),
    }


def _order(case: Case, act: Act) -> None:
    """As the command asks the case before it writes the notice."""
    refuse(findings_before_rectification(case, act, ordered=False))


def _decide(case: Case, act: Act, decision: Decision) -> None:
    items = (ITEM,) if decision is Decision.RETURN else ()
    decide(case, act, decision, case.round, case.reviewed, items, COMMENT)


RAISED_TOO = publicity.raised.model_copy(
    update={"objection": id_of("second"), "record": publicity.OTHER}
)
UPHELD_TOO = publicity.closed(upheld=True).model_copy(
    update={"objection": id_of("second"), "record": publicity.OTHER}
)
ANNOUNCED = Publicity.ResultAnnounced(
    act=publicity.LATER, results=(publicity.line(),), announced_on=publicity.LATER.today
)
PUBLICITIES: dict[str, tuple[Any, ...]] = {
    "opened": (publicity.opened(),),
    "objected": (publicity.opened(), publicity.raised),
    "all objected": (publicity.opened(), publicity.raised, RAISED_TOO),
    "dismissed": (publicity.opened(), publicity.raised, publicity.closed(upheld=False)),
    "upheld": (publicity.opened(), publicity.raised, publicity.closed(upheld=True)),
    "all upheld": (
        publicity.opened(),
        publicity.raised,
        RAISED_TOO,
        publicity.closed(upheld=True),
        UPHELD_TOO,
    ),
    "announced": (publicity.opened(), ANNOUNCED),
    "announced after an objection": (
        publicity.opened(),
        publicity.raised,
        publicity.closed(upheld=False),
        ANNOUNCED,
    ),
}


def publicities() -> Iterator[Offer]:
    for story, past in PUBLICITIES.items():
        for role in ("PROV_OFFICER", "PROV_LEAD", "CITY_LEAD"):
            for day in (date(2024, 10, 10), date(2024, 10, 20)):
                found, act = given(Publicity, *past).aggregate, by(role, day=day)
                yield Offer(
                    f"publicity: {story}, {role}, {day}",
                    found.standing,
                    found,
                    found.actions(act),
                    _acts_on_publicity(act),
                )


def _acts_on_publicity(act: Act) -> dict[str, Any]:
    return {
        "object": lambda p: _object(p, act),
        "dismiss": lambda p: _answer(p, act, upheld=False),
        "uphold": lambda p: _answer(p, act, upheld=True),
        "announce": lambda p: p.announce(act),
    }


def _object(found: Publicity, act: Act) -> None:
    """To a record to which nobody has objected, if there is one."""
    free = [each for each in found.results if found.status(each) != "OBJECTION"]
    record = next(iter(free or found.results), id_of("nothing"))
    found.object(act, id_of("new objection"), record, "人员不实", "张三")


def _answer(found: Publicity, act: Act, *, upheld: bool) -> None:
    """An open objection, if there is one."""
    chosen = next(iter(found.open_objections or found.objections.values()), None)
    id = chosen.id if chosen else id_of("nothing")
    found.close_objection(act, id, "经核实", upheld=upheld)


ACCEPTED = Rectification.RectificationAccepted(act=rectification.PROV, record=THE_RECORD, text="")
PROPOSED = Rectification.QualificationWithdrawalProposed(
    act=rectification.PROV,
    record=THE_RECORD,
    hearing=rectification.HEARING,
    text="",
)
REFUSED = (rectification.ordered, rectification.reported, rectification.refused)
RECTIFICATIONS: dict[str, tuple[Any, ...]] = {
    "ordered": (rectification.ordered,),
    "reported": (rectification.ordered, rectification.reported),
    "reopened": (rectification.ordered, rectification.reported, rectification.reopened),
    "accepted": (rectification.ordered, rectification.reported, ACCEPTED),
    "refused": REFUSED,
    "withdrawal proposed": (*REFUSED, PROPOSED),
    "withdrawn": (
        *REFUSED,
        PROPOSED,
        Rectification.WithdrawalSettled(
            act=rectification.PROV,
            record=THE_RECORD,
            withdrawn=True,
            text="",
        ),
    ),
}


def rectifications() -> Iterator[Offer]:
    for story, past in RECTIFICATIONS.items():
        for who, (role, office) in {**WHO, "clerk": ("ENT_CLERK", None)}.items():
            for day in (date(2024, 12, 20), date(2025, 3, 12)):
                found = given(Rectification, *past).aggregate
                act = by(role, office=office, day=day)
                yield Offer(
                    f"rectification: {story}, {who}, {day}",
                    found.status_on(day),
                    found,
                    found.actions(act),
                    _acts_on_rectification(act),
                )


def _acts_on_rectification(act: Act) -> dict[str, Any]:
    day = act.today
    hearing = rectification.HEARING.model_copy(update={"told_on": day, "heard_on": day})
    return {
        "report": lambda r: r.report(act, rectification.REPORT),
        **{
            each.value: lambda r, d=each: r.recheck(act, d, COMMENT)
            for each in (Decision.PASS, Decision.RETURN, Decision.FAIL)
        },
        "propose_withdrawal": lambda r: r.propose_withdrawal(act, hearing, ""),
        "close": lambda r: r.settle(act, "", withdrawn=True),
    }

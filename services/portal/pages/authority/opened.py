"""A case as an officer opens it: what may be done with it now, and which scan is looked at
meanwhile.
"""

from asyncio import gather
from collections import Counter
from collections.abc import Mapping
from typing import Any

from services.portal.pages.shared.commands import actions
from services.portal.web.visit import Posted, Visit

DECISIONS = ("FAIL", "RETURN", "ONSITE", "ESCALATE", "PASS")
# by act: the form in which somebody may be typing
FORMS = {"propose": "propose", "minutes": "visited", "opinion": "opine", "RETURN": "decide"}
LOOK = "look:"
Case = Mapping[str, Any]
Acts = dict[str, Mapping[str, Any]]


async def case_of(visit: Visit, path: str) -> Case:
    """The case with what may be done with it, in one answer."""
    item: Case = (await visit.api.get("review", path, actions="true")).body
    return item


def offered(case: Case) -> Acts:
    """What may be done, and what not. A decision would open the case too; whoever has not opened
    it only reads: decisions are offered after that.
    """
    acts = actions(case)
    if case["state"] == "WAITING":
        return {name: each for name, each in acts.items() if name not in DECISIONS}
    return acts


def open_form(acts: Acts) -> str:
    """The form whose buttons turn pages, so that nothing typed in it is lost; empty: none."""
    open_now = (form for act, form in FORMS.items() if acts.get(act, {}).get("allowed"))
    return next(open_now, "")


def looked_at(posted: Posted) -> str:
    """Which scan, as the viewer takes it."""
    what = posted.one("_act")
    return what.removeprefix(LOOK) if what.startswith(LOOK) else posted.one("_look")


async def people_of(visit: Visit, case: Case) -> dict[str, Any]:
    """Who holds the case and who said what, by name; to whom it can be handed over."""
    said = ("assignee", "decided_by", "signed_by")
    accounts = [case.get(each) for each in said]
    concluded = case.get("conclusion") or {}
    accounts += [concluded.get(each) for each in ("proposed_by", "approved_by")]
    names, others = await gather(visit.names(*accounts), _colleagues(visit))
    return {"names": names, "colleagues": list(others)}


async def account_of(visit: Visit, typed: str) -> str:
    """The account of a colleague who is called so; what is nobody's name is an account itself."""
    colleagues = await _colleagues(visit)
    return colleagues.get(typed.strip(), typed)


async def _colleagues(visit: Visit) -> dict[str, str]:
    """Accounts of the other officers of the visitor's unit who have signed in before, by name; by
    name and account where several are called the same.
    """
    if visit.user is None or not visit.user.city:
        return {}
    officers = await visit.site.accounts.of_office(visit.user.city)
    others = [each for each in officers if each.sub != visit.me and not each.org]
    called = Counter(each.name for each in others)
    return {
        each.name if called[each.name] == 1 else f"{each.name}（{each.sub}）": each.sub
        for each in others
    }

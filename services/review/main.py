"""The review service as a value, and its process."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from libs.chassis.ports.ports import Check
from libs.chassis.run import run
from libs.chassis.service.resources import Resources
from libs.events.projection import Projection
from libs.events.reader import Reader
from services.kaohe import kaohe_service
from services.review import figures
from services.review.access import ACCESS
from services.review.authority import inbox, telling
from services.review.authority import policies as authority_policies
from services.review.authority import routes as authority
from services.review.cases import lists as case_list
from services.review.cases import policies as case_policies
from services.review.cases import routes as cases
from services.review.conclusions import routes as conclusions
from services.review.conclusions.lists import conclusions as conclusion_list
from services.review.overdue import overdue
from services.review.publicity import routes as publicity
from services.review.publicity.lists import publicities
from services.review.publicity.results import publicity_results
from services.review.rectification import policies as rectification_policies
from services.review.rectification import routes as rectification
from services.review.rectification.domain import Rectification
from services.review.rectification.lists import rectifications
from services.review.rectification.sent_scans import scans
from services.review.reference import codelists, forms
from services.review.reference import routes as reference
from services.review.results import routes as results
from services.review.results.lists import announced_results
from services.review.worklist import awaiting
from services.worklist import overdue_router, worklist_router

NAME = "review"
QUEUE = Projection("review.queue", [case_list.cases], version=4)
RESULTS = Projection(
    "review.results",
    [conclusion_list, publicities, publicity_results, rectifications],
    version=3,
)
ANNOUNCED = Projection("review.announced", [announced_results])
SENT_SCANS = Projection("review.sent-scans", [scans])


def checks(the: Resources) -> Mapping[str, Check]:
    """Shown, never a reason to take no requests: the owner of the filing may be away."""

    return {"decisions_without_effect": partial(figures.without_effect, the)}


REVIEW = kaohe_service(
    NAME,
    title=("审核、公示与整改", "Review by the authority: cases, publicity and rectification"),
    readers=(
        Reader("review.queue", NAME, projection=QUEUE),
        Reader("review.enterprise-filings", "enterprise", policy=case_policies.filings),
        Reader("review.person-filings", "personnel", policy=case_policies.people),
        Reader("review.records", "assessment", policy=rectification_policies.records),
        Reader("review.results", NAME, projection=RESULTS),
        Reader("review.announced", NAME, projection=ANNOUNCED),
        Reader("review.sent-scans", NAME, projection=SENT_SCANS),
        Reader("review.authority-effects", NAME, policy=authority_policies.effects),
    ),
    routers=(
        cases.router,
        conclusions.router,
        publicity.router,
        results.router,
        rectification.router,
        reference.router,
        forms.router,
        codelists.router,
        authority.router,
        worklist_router(NAME, awaiting),
        overdue_router(NAME, overdue),
    ),
    access=ACCESS,
    checks=checks,
    subjects=(Rectification,),
    routes=telling.ROUTES,
    inboxes=(inbox.decisions,),
)
SERVICE = replace(REVIEW, figures=figures.figures, measures=figures.MEASURES)

if __name__ == "__main__":
    run(SERVICE)

"""The review service as a value, and its process."""

from collections.abc import Mapping
from datetime import timedelta

from libs.chassis import clock, directory, reference
from libs.chassis.health import Check
from libs.chassis.resources import Resources
from libs.chassis.run import run
from libs.chassis.service import Service
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.examples import EXAMPLES
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from services.review import policies, queries, readmodel, results
from services.review.access import ACCESS
from services.review.api import ROUTERS
from services.review.application import ReviewApplication
from services.review.authority import receiving, routes, telling

NAME = "review"
PATIENCE = timedelta(seconds=60)  # from a decision to its effect


def checks(the: Resources) -> Mapping[str, Check]:
    """Shown, never a reason to take no requests: the owner of the filing may be away."""

    async def without_effect() -> int:
        return await queries.without_effect(the.pool, the.clock.now() - PATIENCE)

    return {"decisions_without_effect": without_effect}


SERVICE = Service(
    name=NAME,
    application=ReviewApplication,
    readers=(
        Reader("review.queue", NAME, projection=readmodel.queue),
        Reader(
            "review.enterprise-filings",
            "enterprise",
            policy=policies.filings,
        ),
        Reader(
            "review.person-filings",
            "personnel",
            policy=policies.people,
        ),
        Reader("review.records", "assessment", policy=policies.records),
        Reader("review.results", NAME, projection=results.results),
        Reader("review.authority-effects", NAME, policy=receiving.effects),
        directory.reader(NAME),
        reference.reader(NAME),
        clock.reader(NAME),
    ),
    routers=(*ROUTERS, routes.router),
    access=ACCESS,
    texts=texts_of,
    enterprise_id=enterprise_id,
    references={"codelists": VERSION},
    check_upload=e19,
    examples=EXAMPLES,
    checks=checks,
    state_rules=STATE_RULES,
    routes=telling.ROUTES,
    inboxes=(receiving.decisions,),
)

if __name__ == "__main__":
    run(SERVICE)

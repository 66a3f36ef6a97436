"""The assessment service as a value, and its process."""

from libs.chassis import clock, directory, reference
from libs.chassis.run import run
from libs.chassis.service import Service
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.examples import EXAMPLES
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from services.assessment import neighbours, policies, readmodel
from services.assessment.access import ACCESS
from services.assessment.api import ROUTERS
from services.assessment.application import AssessmentApplication

NAME = "assessment"

SERVICE = Service(
    name=NAME,
    application=AssessmentApplication,
    readers=(
        Reader(
            "assessment.lists",
            NAME,
            projection=readmodel.lists,
        ),
        Reader("assessment.sendings", NAME, policy=policies.sendings),
        Reader(
            "assessment.enterprises",
            "enterprise",
            projection=neighbours.enterprises,
            policy=policies.enterprises,
        ),
        Reader(
            "assessment.people",
            "personnel",
            projection=neighbours.people,
            policy=policies.people,
        ),
        Reader(
            "assessment.performance",
            "projects",
            projection=neighbours.performance,
            policy=policies.performance,
        ),
        Reader(
            "assessment.decisions",
            "review",
            policy=policies.decisions,
        ),
        directory.reader(NAME),
        reference.reader(NAME),
        clock.reader(NAME),
    ),
    routers=ROUTERS,
    access=ACCESS,
    texts=texts_of,
    enterprise_id=enterprise_id,
    references={"codelists": VERSION},
    check_upload=e19,
    examples=EXAMPLES,
    state_rules=STATE_RULES,
)

if __name__ == "__main__":
    run(SERVICE)

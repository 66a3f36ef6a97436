"""The enterprise service as a value, and its process."""

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
from services.enterprise import policies, readmodel
from services.enterprise.access import ACCESS
from services.enterprise.api import ROUTERS
from services.enterprise.application import EnterpriseApplication
from services.enterprise.effects import effects

NAME = "enterprise"

SERVICE = Service(
    name=NAME,
    application=EnterpriseApplication,
    readers=(
        Reader(
            "enterprise.lists",
            NAME,
            projection=readmodel.lists,
        ),
        Reader("enterprise.packets", NAME, projection=readmodel.packets),
        Reader(
            "enterprise.person-filings",
            "personnel",
            projection=readmodel.person_filings,
            policy=policies.papers,
        ),
        Reader(
            "enterprise.decisions",
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
    effects=effects,
)

if __name__ == "__main__":
    run(SERVICE)

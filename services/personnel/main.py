"""The personnel service as a value, and its process."""

from libs.chassis.replicas import clock, directory, reference
from libs.chassis.run import run
from libs.chassis.service.service import Service
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.examples import EXAMPLES
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from services.personnel import neighbours, papers, policies, readmodel
from services.personnel.access import ACCESS
from services.personnel.api import ROUTERS
from services.personnel.application import PersonnelApplication
from services.personnel.effects import effects

NAME = "personnel"

SERVICE = Service(
    name=NAME,
    application=PersonnelApplication,
    readers=(
        Reader(
            "personnel.lists",
            NAME,
            projection=readmodel.lists,
        ),
        Reader(
            "personnel.decisions",
            "review",
            policy=policies.decisions,
        ),
        Reader("personnel.branches", "enterprise", projection=readmodel.branches),
        Reader("personnel.licences", "enterprise", projection=neighbours.licences),
        Reader("personnel.scans", NAME, projection=neighbours.scans),
        Reader(papers.asked.name, "enterprise", policy=papers.asked),
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

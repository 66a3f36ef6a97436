"""The projects service as a value, and its process."""

from libs.chassis import clock, directory, reference
from libs.chassis.run import run
from libs.chassis.service import Service
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from services.projects import readmodel
from services.projects.access import ACCESS
from services.projects.api import ROUTERS
from services.projects.application import ProjectsApplication

NAME = "projects"

SERVICE = Service(
    name=NAME,
    application=ProjectsApplication,
    readers=(
        Reader(
            "projects.lists",
            NAME,
            projection=readmodel.lists,
        ),
        Reader("projects.persons", "personnel", projection=readmodel.persons),
        Reader(
            "projects.certificates",
            "enterprise",
            projection=readmodel.certificates,
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
    state_rules=STATE_RULES,
)

if __name__ == "__main__":
    run(SERVICE)

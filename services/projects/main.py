"""The projects service as a value, and its process."""

from libs.chassis.drafts.forms import NEW
from libs.chassis.replicas import clock, directory, reference
from libs.chassis.run import run
from libs.chassis.service.service import Service
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from services.projects.access import ACCESS
from services.projects.contracts import routes as contract_routes
from services.projects.contracts.domain import Contract
from services.projects.contracts.lists import contracts
from services.projects.neighbours.certificates import certificates
from services.projects.neighbours.people import people, people_sent
from services.projects.placeholder import routes as placeholder_routes
from services.projects.projects import routes as project_routes
from services.projects.projects.domain import Project
from services.projects.projects.lists import projects
from services.projects.sent.lists import contract_versions, project_versions
from services.projects.sent.scan_places import scan_places
from services.projects.sent.telling import is_sent, told
from services.projects.sent.works import sent_generations, taken_works
from services.projects.stages import routes as stage_routes
from services.projects.stages.lists import stages
from services.projects.worklist import awaiting
from services.worklist import worklist_router

NAME = "projects"
LISTS = Projection("projects.lists", [contracts, projects, stages], version=2)
PEOPLE = Projection("projects.persons", [people, people_sent])
CERTIFICATES = Projection("projects.certificates", [certificates.sent, certificates.filed])
SCAN_PLACES = Projection("projects.scan-places", [scan_places])
VERSIONS = Projection("projects.versions", [contract_versions, project_versions])
SENT = Projection("projects.sent", [taken_works, sent_generations])

SERVICE = Service(
    name=NAME,
    title=("业绩：合同、项目与阶段", "Performance: contracts, projects and stages"),
    readers=(
        Reader("projects.lists", NAME, projection=LISTS),
        Reader("projects.scan-places", NAME, projection=SCAN_PLACES),
        Reader("projects.versions", NAME, projection=VERSIONS),
        Reader("projects.sent", "assessment", projection=SENT),
        Reader("projects.persons", "personnel", projection=PEOPLE),
        Reader("projects.certificates", "enterprise", projection=CERTIFICATES),
        directory.reader(NAME),
        reference.reader(NAME),
        clock.reader(NAME),
    ),
    routers=(
        contract_routes.router,
        placeholder_routes.router,
        project_routes.router,
        stage_routes.router,
        worklist_router(NAME, awaiting),
    ),
    access=ACCESS,
    texts=texts_of,
    enterprise_id=enterprise_id,
    references={"codelists": VERSION},
    check_upload=e19,
    state_rules=STATE_RULES,
    subjects=(Contract, Project),
    told=told,
    is_sent=is_sent,
    drafts={
        "contract": {"add_contract": NEW, "save_contract": "{id}"},
        "project": {"add_project": NEW, "save_project": "{id}"},
        "stage": {"add_stage": "{id}", "save_stage": "{stage}"},  # a new one's is its project's
    },
)

if __name__ == "__main__":
    run(SERVICE)

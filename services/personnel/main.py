"""The personnel service as a value, and its process."""

from libs.chassis.drafts.forms import NEW
from libs.chassis.run import run
from libs.events.projection import Projection
from libs.events.reader import Reader
from services.kaohe import kaohe_service
from services.personnel.access import ACCESS
from services.personnel.filings import lists as filing_list
from services.personnel.filings import policies as filing_policies
from services.personnel.filings import routes as filings
from services.personnel.filings.sent_scans import scans
from services.personnel.neighbours.branches import enterprise_filed, enterprise_sent
from services.personnel.neighbours.licences import licences
from services.personnel.neighbours.scan_uses import scan_uses
from services.personnel.papers import policies as paper_policies
from services.personnel.papers.domain import Papers
from services.personnel.papers.effects import effects
from services.personnel.people import lists as people_list
from services.personnel.people import routes as people
from services.personnel.people.domain.person import Person
from services.personnel.worklist import awaiting
from services.worklist import worklist_router

NAME = "personnel"
LISTS = Projection(
    "personnel.lists",
    [people_list.people, filing_list.filings],
    # 3: registration numbers in their normal form; 4: the document as filed; 5: until when a filed
    # person is registered
    version=5,
    revised={"people.cert_nos", "filings.cert_nos", "filings.sent_as"},
)
BRANCHES = Projection("personnel.branches", [enterprise_sent, enterprise_filed])
LICENCES = Projection("personnel.licences", [licences.sent, licences.filed])
SCANS = Projection("personnel.scans", [scan_uses])
SENT_SCANS = Projection("personnel.sent-scans", [scans])

SERVICE = kaohe_service(
    NAME,
    title=("技术人员信息与备案", "Technical staff: their data and filings"),
    readers=(
        Reader("personnel.lists", NAME, projection=LISTS),
        Reader("personnel.decisions", "review", policy=filing_policies.decisions),
        Reader("personnel.branches", "enterprise", projection=BRANCHES),
        Reader("personnel.licences", "enterprise", projection=LICENCES),
        Reader("personnel.scans", NAME, projection=SCANS),
        Reader("personnel.sent-scans", NAME, projection=SENT_SCANS),
        Reader("personnel.papers", "enterprise", policy=paper_policies.packets),
    ),
    routers=(people.router, filings.router, worklist_router(NAME, awaiting)),
    access=ACCESS,
    effects=effects,
    parts=(Papers.FormRendered,),
    subjects=(Person,),
    drafts={
        "person": {"add_person": NEW, "save_person": "{id}", "save_filing": "{filing}"},
        "release": {"release_person": "{id}", "save_filing": "{filing}"},
    },
)

if __name__ == "__main__":
    run(SERVICE)

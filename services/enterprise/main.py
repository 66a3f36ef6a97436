"""The enterprise service as a value, and its process."""

from libs.chassis.run import run
from libs.events.projection import Projection
from libs.events.reader import Reader
from services.enterprise.access import ACCESS
from services.enterprise.filings import lists as filing_list
from services.enterprise.filings import policies as filing_policies
from services.enterprise.filings import routes as filings
from services.enterprise.filings.sent_scans import scans
from services.enterprise.information import routes as information
from services.enterprise.information.lists import enterprises
from services.enterprise.legacy import routes as legacy
from services.enterprise.legacy.lists import legacy_filings
from services.enterprise.packets import lists as packet_list
from services.enterprise.packets import policies as packet_policies
from services.enterprise.packets import routes as packets
from services.enterprise.packets.domain import Packet
from services.enterprise.packets.effects import effects
from services.enterprise.packets.person_filings import person_filings
from services.enterprise.worklist import awaiting
from services.kaohe import kaohe_service
from services.worklist import worklist_router

NAME = "enterprise"
LISTS = Projection(
    "enterprise.lists", [enterprises, filing_list.filings, legacy_filings], version=3
)
PACKETS = Projection("enterprise.packets", [packet_list.packets])
PERSON_FILINGS = Projection("enterprise.person-filings", [person_filings])
SENT_SCANS = Projection("enterprise.sent-scans", [scans])

SERVICE = kaohe_service(
    NAME,
    title=("企业信息与备案", "Enterprises: their information, filings and packets"),
    readers=(
        Reader("enterprise.lists", NAME, projection=LISTS),
        Reader("enterprise.packets", NAME, projection=PACKETS),
        Reader(
            "enterprise.person-filings",
            "personnel",
            projection=PERSON_FILINGS,
            policy=packet_policies.papers,
        ),
        Reader("enterprise.sent-scans", NAME, projection=SENT_SCANS),
        Reader("enterprise.decisions", "review", policy=filing_policies.decisions),
    ),
    routers=(
        information.router,
        filings.router,
        legacy.router,
        packets.router,
        worklist_router(NAME, awaiting),
    ),
    access=ACCESS,
    effects=effects,
    parts=(Packet.PartArrived,),
    drafts={"enterprise": {"save_information": "{id}", "save_filing": "{filing}"}},
)

if __name__ == "__main__":
    run(SERVICE)

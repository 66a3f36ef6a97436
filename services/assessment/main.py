"""The assessment service as a value, and its process."""

from libs.chassis.replicas import clock, directory, reference
from libs.chassis.run import run
from libs.chassis.service.service import Service
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.filing.catalogue import texts_of
from libs.filing.examples import EXAMPLES
from libs.filing.identifiers import enterprise_id
from libs.filing.reference import VERSION
from libs.filing.rules.states import STATE_RULES
from libs.filing.rules.upload import e19
from libs.filing.visibility import SILENT
from services.assessment.access import ACCESS
from services.assessment.campaigns import routes as campaigns
from services.assessment.campaigns.lists import absences
from services.assessment.campaigns.lists import campaigns as campaign_list
from services.assessment.course.policies import decisions
from services.assessment.drifts import policies as drifts
from services.assessment.neighbours import enterprises, people, performance
from services.assessment.progress import due, places, totals
from services.assessment.progress import routes as progress
from services.assessment.progress.lists import spans
from services.assessment.records import routes as records
from services.assessment.records.domain.record import Record
from services.assessment.records.lists import records as record_list
from services.assessment.records.sent_scans import (
    generated_scans,
    is_before_expert,
    is_sent,
    sent_generations,
)
from services.assessment.wizard import routes as wizard
from services.assessment.wizard.claimed_stages import claimed_stages
from services.assessment.worklist import awaiting
from services.kaohe import told_by_log
from services.worklist import worklist_router

NAME = "assessment"
LISTS = Projection("assessment.lists", [campaign_list, record_list, claimed_stages], version=5)
ABSENCES = Projection("assessment.absences", [absences])
ENTERPRISES = Projection(
    "assessment.enterprises", [enterprises.enterprise_filings, enterprises.filed_enterprises]
)
PEOPLE = Projection("assessment.people", [people.person_filings, people.filed_people])
PERFORMANCE = Projection(
    "assessment.performance", [performance.contracts, performance.projects, performance.stages]
)
SENT_SCANS = Projection("assessment.sent-scans", [generated_scans, sent_generations])
PROGRESS = Projection(
    "assessment.progress",
    [
        spans,
        places.places,
        totals.state_totals,
        totals.state_days,
        totals.shortage_totals,
        totals.shortage_days,
    ],
)
DUE = Projection("assessment.due", [due.standings, due.due_totals, due.due_days])

SERVICE = Service(
    name=NAME,
    title=("动态考核记录与考核期", "Dynamic assessment: campaigns and records"),
    readers=(
        Reader("assessment.lists", NAME, projection=LISTS),
        Reader("assessment.absences", NAME, projection=ABSENCES),
        Reader("assessment.sent-scans", NAME, projection=SENT_SCANS),
        Reader("assessment.progress", NAME, projection=PROGRESS),
        Reader("assessment.due", "enterprise", projection=DUE),
        Reader("assessment.sendings", NAME, policy=drifts.sendings),
        Reader(
            "assessment.enterprises",
            "enterprise",
            projection=ENTERPRISES,
            policy=drifts.enterprises,
        ),
        Reader("assessment.people", "personnel", projection=PEOPLE, policy=drifts.people),
        Reader(
            "assessment.performance",
            "projects",
            projection=PERFORMANCE,
            policy=drifts.performance,
        ),
        Reader("assessment.decisions", "review", policy=decisions),
        directory.reader(NAME),
        reference.reader(NAME),
        clock.reader(NAME),
    ),
    routers=(
        campaigns.router,
        progress.router,
        records.router,
        wizard.router,
        worklist_router(NAME, awaiting),
    ),
    access=ACCESS,
    texts=texts_of,
    enterprise_id=enterprise_id,
    drafts={
        "record": {
            "save_enterprise_step": "{id}-enterprise",
            "save_qualifications_step": "{id}-qualifications",
            "save_people_step": "{id}-people",
            "save_performance_step": "{id}-performance",
            "save_social_insurance_step": "{id}-social-insurance",
        }
    },
    references={"codelists": VERSION},
    check_upload=e19,
    examples=EXAMPLES,
    state_rules=STATE_RULES,
    subjects=(Record,),
    told=told_by_log,
    silent=SILENT,
    is_sent=is_sent,
    is_before_expert=is_before_expert,
)

if __name__ == "__main__":
    run(SERVICE)

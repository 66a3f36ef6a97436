"""Who may do what at the assessment service. What no row allows is denied."""

from libs.chassis.identity.access import ANY, OFFICE, OWN, SENT, Grant, allow
from libs.chassis.ports.principal import PUBLIC

CLERK = ("ENT_CLERK", "ENT_LEGAL")
CITY = ("CITY_OFFICER", "CITY_LEAD")
PROVINCE = ("PROV_OFFICER", "PROV_LEAD")
OFFICERS = (*CITY, *PROVINCE)
AUDITOR = ("AUDITOR",)
EXPERT = ("EXPERT",)
READS = ("list_records", "read_record", "read_record_history", "compare_generations")
ACTS = (
    "start_record",
    "check_new_record",
    "list_choices",
    "save_enterprise_step",
    "save_qualifications_step",
    "save_people_step",
    "save_performance_step",
    "save_social_insurance_step",
    "generate_record",
    "check_record",
    "send_record",
    "ask_withdrawal",
)

ACCESS: list[Grant] = [
    *(
        allow(name, PROVINCE, ANY)
        for name in ("plan_campaign", "change_campaign", "open_campaign", "close_campaign")
    ),
    allow("read_roster", PROVINCE, ANY, view=SENT),
    allow("read_roster", AUDITOR, ANY),
    allow("read_roster", CLERK, OWN),
    allow("read_progress", (*PROVINCE, *AUDITOR), ANY),
    allow("read_progress", CITY, OFFICE),
    *(
        allow(name, (*CLERK, *OFFICERS, *AUDITOR, "SYS_ADMIN"), ANY)
        for name in ("list_campaigns", "read_campaign", "read_campaign_history")
    ),
    allow("list_campaigns", (PUBLIC,), ANY, view="public"),
    *(
        row
        for name in READS
        for row in (
            allow(name, CLERK, OWN),
            allow(name, OFFICERS, OFFICE, view=SENT),
            allow(name, AUDITOR, ANY, view="masked"),
        )
    ),
    allow("read_record", EXPERT, ANY, view="expert"),  # what lies before the experts
    *(allow(name, CLERK, OWN) for name in ACTS),
    allow("list_work", CLERK, OWN),
    allow("list_work", PROVINCE, ANY),
]

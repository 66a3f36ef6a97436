"""Who may do what at the personnel service. What no row allows is denied."""

from libs.chassis.identity.access import ANY, OFFICE, OWN, SENT, Grant, allow

CLERK = ("ENT_CLERK",)
ENTERPRISE = ("ENT_CLERK", "ENT_LEGAL")
OFFICERS = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")
AUDITOR = ("AUDITOR",)
READS = (
    "list_people",
    "read_person",
    "read_person_history",
    "list_person_versions",
    "read_person_version",
    "list_filings",
    "read_filing",
    "read_filing_history",
    "compare_filing",
)
ACTS = (
    "add_person",
    "save_person",
    "check_person",
    "add_filings",
    "download_person",
    "release_person",
    "save_filing",
    "check_filings",
    "send_filings",
    "ask_withdrawal",
    "void_filing",
)

ACCESS: list[Grant] = [
    *(
        row
        for name in READS
        for row in (
            allow(name, ENTERPRISE, OWN),
            allow(name, OFFICERS, OFFICE, view=SENT),
            allow(name, AUDITOR, ANY, view="masked"),
        )
    ),
    *(allow(name, CLERK, OWN) for name in ACTS),
    allow("list_work", ENTERPRISE, OWN),
]

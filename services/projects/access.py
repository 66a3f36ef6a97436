"""Who may do what at the projects service. What no row allows is denied."""

from libs.chassis.identity.access import ANY, OFFICE, OWN, SENT, Grant, allow

CLERK = ("ENT_CLERK",)
ENTERPRISE = ("ENT_CLERK", "ENT_LEGAL")
OFFICERS = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")
AUDITOR = ("AUDITOR",)
READS = (
    "list_contracts",
    "read_contract",
    "read_contract_history",
    "list_projects",
    "read_project",
    "read_project_history",
    "list_stages",
    "read_stage",
)
ACTS = (
    "add_contract",
    "save_contract",
    "delete_contract",
    "check_contract",
    "add_placeholder",
    "add_project",
    "save_project",
    "delete_project",
    "check_project",
    "add_stage",
    "save_stage",
    "remove_stage",
)

ACCESS: list[Grant] = [
    *(
        row
        for name in READS
        for row in (
            allow(name, ENTERPRISE, OWN),
            allow(name, OFFICERS, OFFICE, view=SENT),
            allow(name, AUDITOR, ANY),
        )
    ),
    *(allow(name, CLERK, OWN) for name in ACTS),
    allow("list_work", ENTERPRISE, OWN),
]

"""Who may do what at the review service. What no row allows is denied."""

from libs.chassis.identity.access import ANY, OFFICE, OWN, Grant, allow
from libs.chassis.ports.principal import PUBLIC

OFFICERS = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")
CITY_LEAD, PROV_OFFICER, PROV_LEAD, EXPERT = (
    ("CITY_LEAD",),
    ("PROV_OFFICER",),
    ("PROV_LEAD",),
    ("EXPERT",),
)
PROVINCE, RECTIFIERS = (*PROV_OFFICER, *PROV_LEAD), (*CITY_LEAD, *PROV_OFFICER, *PROV_LEAD)
ENTERPRISE = ("ENT_CLERK", "ENT_LEGAL")
AUDITOR = ("AUDITOR",)
EVERYBODY = (PUBLIC,)  # with or without a token
OPERATOR = ("SYS_ADMIN",)

ACCESS: list[Grant] = [
    *(
        row
        for name in ("list_cases", "read_case", "read_case_history")
        for row in (
            allow(name, OFFICERS, OFFICE),
            allow(name, AUDITOR, ANY, view="audit"),
            allow(name, EXPERT, ANY, view="expert"),
        )
    ),
    *(
        allow(name, OFFICERS, OFFICE)
        for name in (
            "check_case",
            "open_case",
            "release_case",
            "assign_case",
            "decide_case",
            "decide_cases",
            "record_onsite",
            "declare_interest",
            "lapse_case",
        )
    ),
    *(
        allow(name, EXPERT, ANY, view="expert")
        for name in ("check_case", "declare_interest", "give_opinion")
    ),
    allow("sign_case", CITY_LEAD, OFFICE),
    *(
        row
        for name in ("list_conclusions", "read_conclusion", "read_conclusion_history")
        for row in (allow(name, OFFICERS, OFFICE), allow(name, AUDITOR, ANY))
    ),
    allow("propose_conclusion", PROV_OFFICER, OFFICE),
    allow("approve_conclusion", PROV_LEAD, OFFICE),
    *(
        row
        for name in ("list_publicities", "read_publicity")
        for row in (allow(name, PROVINCE, ANY), allow(name, EVERYBODY, ANY, view="public"))
    ),
    allow("read_publicity_history", (*OFFICERS, *AUDITOR), ANY),
    *(
        allow(name, PROVINCE, ANY)
        for name in (
            "open_publicity",
            "check_publicity",
            "raise_objection",
            "close_objection",
            "announce_results",
        )
    ),
    *(
        row
        for name in (
            "list_rectifications",
            "read_rectification",
            "read_rectification_history",
            "check_rectification",
        )
        for row in (allow(name, OFFICERS, OFFICE), allow(name, ENTERPRISE, OWN))
    ),
    *(
        allow(name, AUDITOR, ANY)
        for name in ("list_rectifications", "read_rectification", "read_rectification_history")
    ),
    allow("report_rectification", ENTERPRISE, OWN),
    *(
        allow(name, RECTIFIERS, OFFICE)
        for name in (
            "order_rectification",
            "recheck_rectification",
            "propose_withdrawal",
            "settle_withdrawal",
        )
    ),
    *(
        allow(name, (*OPERATOR, *AUDITOR, *OFFICERS), ANY)
        for name in (
            "read_reference",
            "read_reference_history",
            "read_office",
            "read_office_history",
        )
    ),
    # what was announced is everybody's, a blank form nobody's data
    *(
        allow(name, EVERYBODY, ANY)
        for name in (
            "list_results",
            "read_result",
            "list_forms",
            "read_form",
            "list_code_lists",
            "read_code_list",
        )
    ),
    *(
        allow(name, OPERATOR, ANY)
        for name in ("change_reference", "set_clock", "register_key", "confirm_key", "revoke_key")
    ),
    allow("list_work", OFFICERS, OFFICE),
    allow("list_overdue", OFFICERS, OFFICE),
    allow("list_overdue", AUDITOR, ANY),
    allow("list_work", ENTERPRISE, OWN),
    allow("list_work", EXPERT, ANY, view="expert"),
]

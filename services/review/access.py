"""Who may do what at the review service. What no row allows is denied."""

from libs.chassis.access import ANY, OFFICE, Row, allow

OFFICERS = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")
AUDITOR = ("AUDITOR",)
OPERATOR = ("SYS_ADMIN",)

ACCESS: list[Row] = [
    *(
        row
        for name in ("list_cases", "read_case", "read_case_history")
        for row in (allow(name, OFFICERS, OFFICE), allow(name, AUDITOR, ANY))
    ),
    *(allow(name, OFFICERS, OFFICE) for name in ("check_case", "open_case", "decide_case", "decide_cases")),
    *(
        allow(name, (*OPERATOR, *AUDITOR, *OFFICERS), ANY)
        for name in ("read_reference", "read_reference_history", "read_office", "read_office_history")
    ),
    *(allow(name, ("PUBLIC",), ANY) for name in ("list_forms", "read_form")),  # a blank form is nobody's data
    *(allow(name, OPERATOR, ANY) for name in ("change_reference", "set_clock", "register_key", "revoke_key")),
]

"""Who may do what at the enterprise service. What no row allows is denied."""

from libs.chassis.identity.access import ANY, OFFICE, OWN, SENT, Grant, allow

CLERK = ("ENT_CLERK",)
ENTERPRISE = ("ENT_CLERK", "ENT_LEGAL")
OFFICERS = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD")
AUDITOR = ("AUDITOR",)
OPERATOR = ("SYS_ADMIN",)


def _read(operation: str) -> list[Grant]:
    """The enterprise sees its own, drafts included; officers what was sent to their unit; auditors
    everything, masked.
    """
    return [
        allow(operation, ENTERPRISE, OWN, path="id"),
        allow(operation, OFFICERS, OFFICE, path="id", view=SENT),
        allow(operation, AUDITOR, ANY, view="masked"),
    ]


def _list(operation: str) -> list[Grant]:
    return [
        allow(operation, ENTERPRISE, OWN),
        allow(operation, OFFICERS, OFFICE, view=SENT),
        allow(operation, AUDITOR, ANY, view="masked"),
    ]


ACCESS: list[Grant] = [
    allow("register_enterprise", CLERK, OWN),
    *_list("list_enterprises"),
    *(
        row
        for name in ("read_enterprise", "read_enterprise_history", "read_version", "list_versions")
        for row in _read(name)
    ),
    *(
        row
        for name in ("list_filings", "read_filing", "read_filing_history", "compare_filing")
        for row in _read(name)
    ),
    *(
        allow(name, CLERK, OWN, path="id")
        for name in (
            "save_information",
            "check_information",
            "import_legacy",
            "add_filing",
            "save_filing",
            "check_filing",
            "send_filing",
            "ask_withdrawal",
            "void_filing",
        )
    ),
    allow("build_packet", CLERK, OWN, path="id"),
    allow("mail_packet", CLERK, OWN),
    allow("list_packets", ENTERPRISE, OWN, path="id"),
    allow("list_packets", AUDITOR, ANY),
    allow("read_packet_document", ENTERPRISE, OWN),
    *(
        row
        for name in ("read_packet", "read_packet_history")
        for row in (allow(name, ENTERPRISE, OWN), allow(name, AUDITOR, ANY))
    ),
    allow("offer_legacy", OPERATOR, ANY),
    *(
        allow(name, (*OPERATOR, *AUDITOR), ANY)
        for name in ("list_legacy_filings", "read_legacy_filing", "read_legacy_history")
    ),
    allow("list_work", ENTERPRISE, OWN),
]

"""The states of a case: their words and chips."""

from services.portal.render.words import N_

STATES = {
    "WAITING": (N_("待受理"), "sent"),
    "TAKEN": (N_("审核中"), "reviewing"),
    "ONSITE": (N_("待实地核查"), "reviewing"),
    "OPINION": (N_("已出意见，待签发或拟定结论"), "reviewing"),
    "DECIDED": (N_("已决定，待生效"), "approved"),
    "RETURNED": (N_("已退回，等企业改正"), "returned"),
    "WITHDRAWN": (N_("企业已撤回"), "void"),
    "CONCLUDED": (N_("已有结论"), "approved"),
    "PUBLISHED": (N_("公示中"), "approved"),
    "CLOSED": (N_("已办结"), "approved"),
}

# of a record (code list `assessment_status`)
RECORD_CHIPS = {
    "SENT": "sent",
    "RETURNED": "returned",
    "WITHDRAWN": "void",
    "CITY_PASSED": "approved",
    "CONCLUDED": "approved",
    "PUBLICITY": "approved",
    "ANNOUNCED": "approved",
    "CLOSED": "approved",
}

"""Numbers of identity documents, beyond the check digit of the resident ID (P02, E12)."""

import re

from libs.events.refusal import Finding
from libs.events.texts import compatible
from libs.filing import reference
from libs.filing.catalogue import FORMAT, finding


def document_no(type: str | None, number: str | None, at: str) -> list[Finding]:
    """Of the signs that this type of document has: what only looks like another number would make
    a second person of one.
    """
    if type is None or number is None:
        return []
    signs = reference.code_list("id_document_type").item(type).more("pattern")
    right = signs is None or re.fullmatch(signs, compatible(number))
    return [] if right else [finding(FORMAT, at, case="document_no")]

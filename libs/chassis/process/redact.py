"""Personal numbers do not leave by text: ID numbers and mobiles are struck out wherever they
appear.
"""

import re

# Traces, requests, items: in their digits any number may stand.
OWN_ID = (
    r"(?<![0-9A-Za-z])"
    r"(?:(?=\d*[a-f])[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?![0-9A-Za-z])"
)
# An ID number has 18 characters (17 digits and a check character) or, before 1999, 15 digits; a
# mobile has 11 and begins with 1.
PERSONAL_NUMBER = (
    r"(?<!\d)(?:[1-9]\d{16}[0-9Xx]|[1-9]\d{16}|[1-9]\d{14}|(?:\+?86[- ]?)?1[3-9]\d{9})(?!\d)"
)
EITHER = re.compile(rf"(?P<own>{OWN_ID})|{PERSONAL_NUMBER}")
SHORTEST = 11
STRUCK = "•••"


def redact(text: str) -> str:
    """An id of ours stays as it is, alone or in a path: without it nobody finds what a line is
    about.
    """
    if len(text) < SHORTEST:
        return text
    return EITHER.sub(lambda found: found["own"] or STRUCK, text)

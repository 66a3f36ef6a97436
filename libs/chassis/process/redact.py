"""Personal numbers do not leave by text: ID numbers and mobiles are struck out wherever they
appear.
"""

import re

# An ID number has 18 characters (17 digits and a check character) or, before 1999, 15 digits; a
# mobile has 11 and begins with 1.
NUMBERS = re.compile(
    r"(?<!\d)(?:[1-9]\d{16}[0-9Xx]|[1-9]\d{16}|[1-9]\d{14}|(?:\+?86[- ]?)?1[3-9]\d{9})(?!\d)"
)
SHORTEST = 11
STRUCK = "•••"


def redact(text: str) -> str:
    return NUMBERS.sub(STRUCK, text) if len(text) >= SHORTEST else text

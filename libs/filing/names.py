"""Names of persons, judged alike on every Python: what an interpreter calls a letter depends on
its edition of Unicode, and newer ideographs stand in names on identity cards.
"""

import re
from unicodedata import ucd_3_2_0  # the one edition that every Python has

# Names of Unicode 16.0's DerivedName.txt that begin with CJK UNIFIED IDEOGRAPH or CJK
# COMPATIBILITY IDEOGRAPH, by block; and 〇, which is written as a character
IDEOGRAPH = re.compile(
    "[\u3007"
    "\u3400-\u4dbf\u4e00-\u9fff"  # Extension A, the first block
    "\uf900-\ufa6d\ufa70-\ufad9\U0002f800-\U0002fa1d"  # compatibility
    "\U00020000-\U0002a6df\U0002a700-\U0002b739\U0002b740-\U0002b81d"  # B, C, D
    "\U0002b820-\U0002cea1\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d"  # E, F, I
    "\U00030000-\U0003134a\U00031350-\U000323af]"  # G, H
)
LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
DOT = "·"  # between the parts of a name in characters
BETWEEN = re.compile("[ '’‐-]")  # the parts of a name in an alphabet


def is_name(name: str, *, passport: bool) -> bool:
    """Of letters and ideographs, the parts of it with `·` between them; as in a passport, letters
    of an alphabet may have a blank, hyphen or apostrophe between them.
    """
    if passport and all(_is_of_an_alphabet(sign) for sign in BETWEEN.sub("", name)):
        return all(BETWEEN.split(name))
    return all(part and all(map(_is_letter, part)) for part in name.split(DOT))


def _is_of_an_alphabet(sign: str) -> bool:
    return _is_letter(sign) and not IDEOGRAPH.match(sign)


def _is_letter(sign: str) -> bool:
    known = IDEOGRAPH.match(sign) or LATIN.match(sign)
    return known is not None or ucd_3_2_0.category(sign).startswith("L")

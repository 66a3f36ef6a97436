"""Texts as they are kept: one cleaning at the edge, and the normal form in which keys are compared.

A text is in NFC, trimmed, and without signs that nobody sees: two that look alike are one. Only a
text of several lines has line ends.
"""

import re
from typing import Any
from unicodedata import normalize

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), which has the bidi
# controls, zero-width signs and variation selectors in it; and the interlinear annotations
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
LINE_END = re.compile("\r\n|[\n\v\f\r\u0085\u2028\u2029]")
BREAK = re.compile(" *[\t\n\v\f\r\u0085\u2028\u2029][ \t\n\v\f\r\u0085\u2028\u2029]*")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # what is left is refused
HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def one_line(text: str) -> str:
    """Where the text broke into lines, and for each tab, there is a blank."""
    return BREAK.sub(" ", _seen(text)).strip()


def lines(text: str) -> str:
    """Its lines end in LF, whatever they ended in."""
    return LINE_END.sub("\n", _seen(text)).strip()


def normal(key: str) -> str:
    """A number or name as keys are compared: half-width, no blanks, upper case. `０１ x` becomes
    `01X`.
    """
    return normalize("NFC", "".join(_seen(key).translate(HALF_WIDTH).split()).upper())


def compatible(key: str) -> str:
    """As `normal`, and in NFKC: what is only drawn otherwise (circled, bold, small digits and
    letters) is the same sign.
    """
    return normal(normalize("NFKC", key))


def cleaned(value: Any) -> Any:
    """JSON with every text in it as `lines` has it, names of fields too."""
    if isinstance(value, str):
        return lines(value)
    if isinstance(value, dict):
        return {cleaned(name): cleaned(each) for name, each in value.items()}
    return [cleaned(each) for each in value] if isinstance(value, list) else value


def _seen(text: str) -> str:
    return text if text.isascii() else normalize("NFC", INVISIBLE.sub("", text))

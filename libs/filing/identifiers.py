"""Numbers of enterprises, persons and certificates: their normal form, their check digits, their masks."""

import unicodedata


def normal(number: str) -> str:
    """Half-width, no blanks, upper case: ０１ x becomes 01X."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()

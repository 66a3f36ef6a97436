"""Numbers of enterprises, persons and certificates: their check digits and their masks, judged in
their normal form.
"""

import re
from datetime import date
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.texts import normal
from libs.filing import reference

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O S V Z
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^i mod 31
ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714: letters count 10 to 35
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_CHECKS = "10X98765432"
STARS = "*" * 10
KEPT = 4096  # answers about credit codes; of persons' numbers nothing is kept


def uscc_check(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100)."""
    total = sum(
        USCC_ALPHABET.index(char) * weight
        for char, weight in zip(first17, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[-total % 31]


@lru_cache(KEPT)
def is_uscc(code: str) -> bool:
    """Form and check digit (E02). The first two characters are never tested: public institutions
    and others exist.
    """
    code = normal(code)
    return (
        bool(re.fullmatch(f"[{USCC_ALPHABET}]{{18}}", code)) and uscc_check(code[:17]) == code[17]
    )


def org_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714)."""
    total = sum(
        ORG_ALPHABET.index(char) * weight for char, weight in zip(first8, ORG_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def is_org_code(code: str) -> bool:
    """XXXXXXXX-X or without the hyphen, with its check digit."""
    code = normal(code).replace("-", "")
    return bool(re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code)) and org_check(code[:8]) == code[8]


@lru_cache(KEPT)
def has_sound_org_code(uscc: str) -> bool:
    """Positions 9-17 of a credit code pass their own check; some older codes do not (E27, a
    warning).
    """
    return is_org_code(normal(uscc)[8:17])


@lru_cache(KEPT)
def enterprise_id(uscc: str) -> UUID:
    """The enterprise's stream: the same for every service and for ever."""
    return uuid5(NAMESPACE_URL, "/enterprises/" + normal(uscc))


def id_check(first17: str) -> str:
    """The 18th character of a resident ID number (GB 11643)."""
    return ID_CHECKS[
        sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True)) % 11
    ]


def is_resident_id(number: str) -> bool:
    """Form, real birth date and check digit (P02, E12). The region is never tested: counties are
    renamed and newly founded.
    """
    number = normal(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    return id_check(number[:17]) == number[17] and _date(number[6:14]) is not None


def birth_date(number: str) -> date | None:
    """From a right resident ID number; None otherwise."""
    return _date(normal(number)[6:14]) if is_resident_id(number) else None


def sex(number: str) -> str | None:
    """Code of list `sex` from a right resident ID number: 1 male, 2 female; None otherwise."""
    return ("2", "1")[int(normal(number)[16]) % 2] if is_resident_id(number) else None


def is_certificate_no(number: str, class_: str) -> bool:
    """Class letter A design or B survey, W if foreign-invested, level, province, sequence (Q01).
    Its check digit is not public.
    """
    return bool(
        re.fullmatch(rf"{re.escape(class_)}W?[123][0-9]{{8}}", normal(number))
    ) and class_ in ("A", "B")


def certificate_province(number: str) -> str:
    """The two province digits of a certificate number, 41 for Henan (Q02); empty if they cannot be
    read.
    """
    found = re.match(r"[A-Z]W?[0-9]([0-9]{2})", normal(number))
    return found[1] if found else ""


def certificate_level(number: str) -> str:
    """Who granted it: 1 ministry, 2 province, 3 city; empty if it cannot be read."""
    found = re.match(r"[A-Z]W?([123])[0-9]{8}$", normal(number))
    return found[1] if found else ""


def is_registration_no(number: str, type_: str) -> bool:
    """As the pattern of its registration type asks (P14); a type without a pattern takes any
    number.
    """
    pattern = reference.code_list("registration_type").item(type_).more("pattern")
    return pattern is None or bool(re.search(pattern, normal(number), re.ASCII))


def mask(number: str) -> str:
    """A document number in lists, for auditors and on paper: 4101**********1234; shorter ones keep
    two at each end.
    """
    if len(number) == 18:
        return number[:4] + STARS + number[-4:]
    return number[:2] + STARS + number[-2:] if len(number) > 4 else STARS


def mask_mobile(number: str) -> str:
    """First three and last four: 138****5678."""
    return number[:3] + "****" + number[-4:] if len(number) >= 11 else STARS


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None

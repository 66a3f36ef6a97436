"""大写: an amount of money as it is written out, so that a wrong unit is seen at once."""

from decimal import Decimal, InvalidOperation

WAN = "万元"  # the unit in which amounts are typed
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
MOST = 10 ** (4 * len(GROUPS))


def written_out(wan: object) -> str:
    """An amount in 万元; empty for what is no amount, or not one of whole yuan."""
    try:
        yuan = Decimal(str(wan).replace(",", "")) * 10_000
        whole = int(yuan)
    except (InvalidOperation, ValueError, OverflowError):
        return ""
    if yuan != whole or abs(whole) >= MOST:
        return ""
    return f"{'负' if whole < 0 else ''}{_number(abs(whole)) or '零'}元整"


def _number(whole: int) -> str:
    """Group by group of four digits; a gap is one 零."""
    written = ""
    for n in reversed(range(len(GROUPS))):
        group = whole // 10_000**n % 10_000
        if not group:
            continue
        follows = bool(written)
        has_gap = group < 1000 or not whole // 10_000 ** (n + 1) % 10_000
        written += ("零" if follows and has_gap else "") + _group(group) + GROUPS[n]
    return written


def _group(group: int) -> str:
    """Up to 9999."""
    written, gap = "", False
    for n in reversed(range(len(PLACES))):
        digit = group // 10**n % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + PLACES[n]
        gap = not digit
    return written

"""What is wrong with a request's form, by pydantic's error types, in words; the value that was
sent is never repeated.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from libs.chassis.problems.problem import ProblemItem
from libs.chassis.problems.union_errors import Located, nearest
from libs.chassis.process.redact import redact

RULE = "FORMAT"
MOST = 100  # items in one answer
# a validator of a request model may raise PydanticCustomError with words of its own, `zh` and
# `en`, and with a rule of the catalogue
OWN_RULE = re.compile(r"[A-Z]\d{2}")

UNKNOWN_ID = ("所选内容无法识别，请重新选择", "Not known: a UUID is expected, choose again")
TEXTS = {
    "missing": ("此项必填", "This field is required"),
    "extra_forbidden": ("没有此项", "There is no such field"),
    "json_invalid": ("内容不是有效的 JSON", "The body is not valid JSON"),
    "string_type": ("应为文本", "Must be text"),
    "string_unicode": ("含有无效字符", "Contains invalid characters"),
    "string_too_short": ("至少 {min_length} 个字", "At least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字", "At most {max_length} characters"),
    "string_pattern_mismatch": ("格式不正确", "Wrong format"),
    "literal_error": ("应为下列之一：{expected_zh}", "Must be one of {expected}"),
    "enum": ("应为下列之一：{expected_zh}", "Must be one of {expected}"),
    "unknown_code": (
        "请从“{titles_zh}”中选择",
        "Choose from the list {titles_en}",
    ),
    "not_storable": (
        "只能是文字、整数、是或否，以及由其组成的列表",
        "Must be text, whole numbers, true or false, or lists of these",
    ),
    "unordered": ("结束不应早于开始", "Must not end before it begins"),
    "bool_type": ("应为是或否", "Must be true or false"),
    "bool_parsing": ("应为是或否", "Must be true or false"),
    "int_type": ("应为整数", "Must be a whole number"),
    "int_parsing": ("应为整数", "Must be a whole number"),
    "int_from_float": ("应为整数", "Must be a whole number"),
    "decimal_type": ("应为数字", "Must be a number"),
    "decimal_parsing": ("应为数字", "Must be a number"),
    "finite_number": ("应为数字", "Must be a number"),
    "decimal_max_digits": ("最多 {max_digits} 位数字", "At most {max_digits} digits"),
    "decimal_max_places": (
        "最多 {decimal_places} 位小数",
        "At most {decimal_places} decimal places",
    ),
    "decimal_whole_digits": (
        "整数部分最多 {whole_digits} 位",
        "At most {whole_digits} digits before the decimal point",
    ),
    "greater_than": ("应大于 {gt}", "Must be greater than {gt}"),
    "greater_than_equal": ("不应小于 {ge}", "Must be at least {ge}"),
    "less_than": ("应小于 {lt}", "Must be less than {lt}"),
    "less_than_equal": ("不应大于 {le}", "Must be at most {le}"),
    "list_type": ("应为列表", "Must be a list"),
    "tuple_type": ("应为列表", "Must be a list"),
    "too_short": ("至少 {min_length} 项", "At least {min_length} items"),
    "too_long": ("最多 {max_length} 项", "At most {max_length} items"),
    "model_attributes_type": ("应为对象", "Must be an object"),
    "model_type": ("应为对象", "Must be an object"),
    "dict_type": ("应为对象", "Must be an object"),
    "uuid_type": UNKNOWN_ID,
    "uuid_parsing": UNKNOWN_ID,
    "day": ("应为日期（年-月-日）", "Must be a date (YYYY-MM-DD)"),
    "day_range": ("年份应在 {first} 至 {last} 之间", "The year must be from {first} to {last}"),
    "date_type": ("应为日期（年-月-日）", "Must be a date (YYYY-MM-DD)"),
    "date_parsing": ("应为日期（年-月-日）", "Must be a date (YYYY-MM-DD)"),
    "date_from_datetime_parsing": ("应为日期（年-月-日）", "Must be a date (YYYY-MM-DD)"),
    "date_from_datetime_inexact": ("应为日期（年-月-日）", "Must be a date (YYYY-MM-DD)"),
    "datetime_type": ("应为日期时间", "Must be a date and time"),
    "datetime_parsing": ("应为日期时间", "Must be a date and time"),
    "datetime_from_date_parsing": ("应为日期时间", "Must be a date and time"),
    "instant": (
        "应为日期时间（如 2024-09-02T09:00:00+08:00）",
        "Must be a date and time (e.g. 2024-09-02T09:00:00+08:00)",
    ),
    "timezone_aware": ("日期时间须带时区", "The time needs its zone"),
}
OTHERWISE = ("填写不正确", "Not valid")


def item(zh: str, en: str, pointer: str = "") -> ProblemItem:
    return ProblemItem(rule=RULE, pointer=pointer, zh=zh, en=en)


def is_malformed(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the request itself cannot be read (400), rather than a field of its body being wrong
    (422).
    """
    return any(error["loc"][0] != "body" or error["type"] == "json_invalid" for error in errors)


def items(errors: Sequence[Mapping[str, Any]], body: Any = None) -> list[ProblemItem]:
    """`body`: what was sent, to tell its own names from those of alternatives, which pydantic puts
    between them.
    """
    return [_item(each) for each in nearest(errors, body)][:MOST]


def _item(read: Located) -> ProblemItem:
    error = read.error
    kind, context = error["type"], {key: str(value) for key, value in error.get("ctx", {}).items()}
    context["expected_zh"] = context.get("expected", "").replace(" or ", "、").replace(", ", "、")
    place = "" if kind == "json_invalid" else pointer(read.place)
    if "zh" in context and "en" in context:
        rule = kind if OWN_RULE.fullmatch(kind) else RULE
        return ProblemItem(rule=rule, pointer=place, zh=context["zh"], en=context["en"])
    zh, en = TEXTS.get(kind, OTHERWISE)
    return item(zh.format_map(context), en.format_map(context), place)


def pointer(place: Sequence[str | int]) -> str:
    """RFC 6901. A name that a client made up is cut and cleared of numbers, for it is a value
    too.
    """
    return "".join(
        "/" + redact(str(part)[:64]).replace("~", "~0").replace("/", "~1") for part in place
    )

"""The headers of answers, for the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

NAMES: Mapping[str, tuple[str, str, str]] = {  # zh, en, example
    "ETag": ("数据的版本", "Version of the item; comes back in If-Match", '"17"'),
    "Location": ("所创建数据的地址", "Where what was begun is found", "/api/v1/records/0190a6c2"),
    "Link": (
        "下一页",
        "The next page, where there is one",
        '</api/v1/people?cursor=W10>; rel="next"',
    ),
    "X-Event-Position": (
        "所记事件的位置，可用于 min_position",
        "Position of what was appended; a list waits for it as min_position",
        "enterprise/12",
    ),
    "Idempotency-Replayed": (
        "重复请求：返回首次的结果",
        "`true`: the command was carried out before, this is its answer again",
        "true",
    ),
    "Retry-After": ("多少秒后重试", "Seconds after which to try again", "1"),
    "Allow": (
        "此地址上本角色可用的请求方法；405 时为此地址支持的全部方法",
        "The methods that the caller's role may use at this address; of 405, all that are served",
        "GET, HEAD",
    ),
    "WWW-Authenticate": ("如何登录", "How to sign in", 'Bearer realm="kaohe"'),
    "Content-Language": ("说明所用的语言", "Language of title and detail", "zh"),
    "X-Request-ID": ("请求标识", "The request's id, in every log line", "0190a6c2"),
    "traceparent": (
        "跟踪号（W3C）",
        "W3C trace context",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
}
EVERY = ("Allow", "X-Request-ID", "traceparent")
OF_PROBLEMS = {
    "401": ("WWW-Authenticate",),
    "412": ("ETag",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}


def components() -> dict[str, Any]:
    return {
        name: {
            "description": f"{zh} · {en}",
            "schema": {"type": "string"},
            "example": example,
        }
        for name, (zh, en, example) in NAMES.items()
    }


def add_headers(operation: dict[str, Any]) -> None:
    """To each response of an operation those that it may have. What has an entity tag may also be
    answered with 304.
    """
    parameters = {each["name"] for each in operation.get("parameters", [])}
    responses = operation["responses"]
    if "If-None-Match" in parameters:
        responses["304"] = {"description": "未改变 / Not modified"}
    for status, response in responses.items():
        response["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"}
            for name in sorted({*EVERY, *_of(status, parameters)})
        }


def _of(status: str, parameters: set[str]) -> Iterator[str]:
    if status[0] in "45":
        yield "Content-Language"
        yield from OF_PROBLEMS.get(status, ())
    if status[0] in "23":
        if parameters & {"If-None-Match", "Idempotency-Key"}:
            yield "ETag"
        if "Idempotency-Key" in parameters:
            yield from ("X-Event-Position", "Idempotency-Replayed")
        if status in ("201", "202"):
            yield "Location"
        if "cursor" in parameters:
            yield "Link"

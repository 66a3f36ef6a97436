from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.chassis.problems.problem import language
from libs.events.errors import (
    Conflict,
    KeyReused,
    NotAppended,
    NotFound,
    TooLarge,
    Unavailable,
    VersionMismatch,
)
from tests.chassis.ledgers import ID_NUMBER, NOBODYS, OURS, THEIRS, World

MEMBERS = {"type", "title", "status", "detail", "instance", "trace_id", "errors"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def post(client: httpx.AsyncClient, body: Any = None, **more: Any) -> httpx.Response:
    return await client.post(
        "/api/v1/ledgers",
        **({"json": body} if body is not None else {}),
        headers=key() | more.pop("headers", {}),
        **more,
    )


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    ), answer.text
    document: dict[str, Any] = answer.json()
    assert set(document) == MEMBERS
    assert document["errors"], "nothing is said in both languages"
    assert all(each["rule"] and each["zh"] and each["en"] for each in document["errors"])
    assert document["status"] == status
    assert document["type"].startswith("/problems/")
    assert ID_NUMBER not in answer.text
    return document


async def test_every_broken_rule_is_told_in_chinese_and_english(clerk: httpx.AsyncClient) -> None:
    told = problem(await post(clerk, {"text": "wrong"}), 422)
    assert told["errors"] == [
        {"rule": "E10", "severity": "B", "pointer": "/amount", "zh": "规则E10", "en": "Rule E10"},
        {"rule": "E11", "severity": "B", "pointer": "", "zh": "规则E11", "en": "Rule E11"},
    ]


async def test_a_refusal_about_state_is_a_conflict(clerk: httpx.AsyncClient) -> None:
    assert problem(await post(clerk, {"text": "sent"}), 409)["type"] == "/problems/wrong-state"


async def test_the_language_is_chinese_unless_english_is_preferred(
    clerk: httpx.AsyncClient,
) -> None:
    chinese = await clerk.get("/api/v1/nothing")
    english = await clerk.get("/api/v1/nothing", headers={"Accept-Language": "en-GB, zh;q=0.4"})
    assert (problem(chinese, 404)["title"], chinese.headers["content-language"]) == ("未找到", "zh")
    assert (problem(english, 404)["title"], english.headers["content-language"]) == (
        "Not found",
        "en",
    )


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "zh"),
        ("fr", "zh"),
        ("en", "en"),
        ("zh,en;q=0.9", "zh"),
        ("zh;q=0.1,en;q=0.2", "en"),
        ("en; q=0.9, zh; q=0.5", "en"),
        ("en ;Q= 0.3,\tzh-Hans-CN ; q=0.2", "en"),
        ("zh; q=0.9, en; q=0.5", "zh"),
        ("en;q=0, zh;q=0", "zh"),
        ("en;q=\xb2", "zh"),  # what cannot be read says nothing
        ("en;q=9", "zh"),
    ],
)
def test_a_tie_is_chinese(accepted: str, chosen: str) -> None:
    assert language(accepted) == chosen


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b'{"text": "\\u0000"}', "application/json", 400),
        ('{"text": "\\u0000"}'.encode("utf-16"), "application/json", 400),
        (b'{"text": ' + b"[" * 40_000 + b"]" * 40_000 + b"}", "application/json", 400),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"text": "' + b"a" * 2_000_000 + b'"}', "application/json", 413),
        (b'{"text": [' + b"{}," * 300_000 + b"{}]}", "application/json", 413),
        (b'{"text": [' + b"1," * 500_000 + b"1]}", "application/json", 413),
        (b'{"text": ' + b"[" * 500_000, "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_problem(
    clerk: httpx.AsyncClient, content: bytes, content_type: str, status: int
) -> None:
    problem(await post(clerk, content=content, headers={"Content-Type": content_type}), status)


async def test_a_body_without_a_length_is_measured_as_it_comes(clerk: httpx.AsyncClient) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 100_000

    problem(await post(clerk, content=endless(), headers={"Content-Type": "application/json"}), 413)


async def test_a_field_that_is_wrong_is_named_and_its_value_is_not_repeated(
    clerk: httpx.AsyncClient,
) -> None:
    told = problem(
        await post(
            clerk, {"text": ID_NUMBER, "amount": ID_NUMBER + "X", "id/no": ID_NUMBER, ID_NUMBER: 1}
        ),
        422,
    )
    assert {(e["rule"], e["pointer"], e["zh"]) for e in told["errors"]} == {
        ("FORMAT", "/text", "最多 10 个字"),
        ("FORMAT", "/amount", "应为整数"),
        ("FORMAT", "/id~1no", "没有此项"),
        ("FORMAT", "/•••", "没有此项"),
    }


async def test_an_unknown_or_malformed_parameter_is_malformed(clerk: httpx.AsyncClient) -> None:
    assert [
        e["pointer"]
        for e in problem(await clerk.get("/api/v1/ledgers?colour=red&limit=5"), 400)["errors"]
    ] == ["/query/colour"]
    assert [
        e["pointer"] for e in problem(await clerk.get("/api/v1/ledgers?limit=1000"), 400)["errors"]
    ] == ["/query/limit"]
    assert [
        e["pointer"]
        for e in problem(await clerk.get("/api/v1/ledgers?limit=1&limit=2"), 400)["errors"]
    ] == ["/query/limit"]
    assert [
        e["pointer"]
        for e in problem(await clerk.get(f"/api/v1/ledgers/{ID_NUMBER}"), 400)["errors"]
    ] == ["/path/id"]


async def test_a_path_with_a_number_of_a_person_does_not_repeat_it(
    clerk: httpx.AsyncClient,
) -> None:
    problem(await clerk.get(f"/api/v1/people/{ID_NUMBER}"), 404)


async def test_a_method_nobody_serves_is_a_problem(clerk: httpx.AsyncClient) -> None:
    assert (await clerk.delete("/api/v1/results")).headers["allow"]
    problem(await clerk.delete("/api/v1/results"), 405)


async def test_foreign_and_missing_answer_alike(clerk: httpx.AsyncClient) -> None:
    foreign, missing = (
        await clerk.get(f"/api/v1/ledgers/{THEIRS}"),
        await clerk.get(f"/api/v1/ledgers/{NOBODYS}"),
    )
    own = {"instance", "trace_id"}
    assert [{k: v for k, v in problem(a, 404).items() if k not in own} for a in (foreign,)] == [
        {k: v for k, v in problem(missing, 404).items() if k not in own}
    ]
    varying = {"traceparent", "x-request-id"}
    assert {k: v for k, v in foreign.headers.items() if k not in varying} == {
        k: v for k, v in missing.headers.items() if k not in varying
    }


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (NotFound(), 404, None),
        (VersionMismatch(18), 412, ("etag", '"18"')),
        (KeyReused(), 422, None),
        (TooLarge(f"event of {ID_NUMBER}"), 413, None),
        (NotAppended(f"stream of {ID_NUMBER}"), 500, None),
        (Conflict(OURS), 503, ("retry-after", "1")),
        (Unavailable("a dependency", f"down {ID_NUMBER}", 3), 503, ("retry-after", "3")),
        (RuntimeError(f"who is {ID_NUMBER}?"), 500, None),
    ],
)
async def test_the_kernel_s_errors_have_their_status(
    clerk: httpx.AsyncClient,
    world: World,
    error: Exception,
    status: int,
    header: tuple[str, str] | None,
) -> None:
    world.raised = error
    answer = await post(clerk, {"text": "a"})
    problem(answer, status)
    assert header is None or answer.headers[header[0]] == header[1]


async def test_an_answer_of_a_route_that_forgot_to_ask_does_not_leave(
    clerk: httpx.AsyncClient,
) -> None:
    problem(await clerk.get(f"/api/v1/careless/{THEIRS}"), 500)


async def test_a_problem_s_type_has_a_page(signed_in: Callable[..., httpx.AsyncClient]) -> None:
    client = signed_in("ENT_CLERK")
    kind = problem(await client.get("/api/v1/nothing"), 404)["type"]
    assert (await client.get(kind)).json()[0]["title"] == ["未找到", "Not found"]

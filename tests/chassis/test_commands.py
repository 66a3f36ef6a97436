from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from libs.chassis.http import positions
from libs.chassis.http.commands import command_id, fingerprint
from libs.chassis.ports.principal import Principal
from tests.chassis.ledgers import OURS, USCC, World

KEY = {"Idempotency-Key": "k-1"}


async def test_a_command_carries_who_when_and_the_key(
    clerk: httpx.AsyncClient, world: World
) -> None:
    answer = await clerk.post(
        "/api/v1/ledgers",
        json={"text": "租金"},
        headers=KEY | {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
    )
    assert answer.status_code == 201
    (command,) = world.seen
    assert (command.id, command.act.at, command.act.by.enterprise) == (
        command_id(Principal("u-1", ("ENT_CLERK",), org=USCC), "ENT_CLERK", "k-1"),
        world.now,
        OURS,
    )
    assert command.trace.startswith(f"00-{'a' * 32}-")
    assert b"b" * 16 not in command.trace.encode()


async def test_the_answer_says_version_position_and_place(clerk: httpx.AsyncClient) -> None:
    first = await clerk.post("/api/v1/ledgers", json={"text": "a"}, headers=KEY)
    again = await clerk.post("/api/v1/ledgers", json={"text": "a"}, headers=KEY)
    assert (first.headers["etag"], first.headers["x-event-position"]) == ('"1"', "ledgers/42")
    assert first.headers["location"] == f"/api/v1/ledgers/{OURS}"
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (
        False,
        "true",
    )
    assert again.json() == first.json()


async def test_the_fingerprint_tells_bodies_and_paths_apart(
    clerk: httpx.AsyncClient, world: World
) -> None:
    for text in ("a", "a", "b"):
        await clerk.post("/api/v1/ledgers", json={"text": text}, headers=KEY)
    same, repeated, other = (command.fingerprint for command in world.seen)
    assert same == repeated != other
    assert fingerprint(b"k", "POST", "/a", b"b") != fingerprint(b"k", "POST", "/a\n", b"b")
    assert fingerprint(b"k", "POST", "/a", b"b") != fingerprint(b"l", "POST", "/a", b"b")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "a b"}, {"Idempotency-Key": "k" * 129}],
)
async def test_a_command_without_a_proper_key_is_malformed(
    clerk: httpx.AsyncClient, world: World, headers: dict[str, str]
) -> None:
    answer = await clerk.post("/api/v1/ledgers", json={"text": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], world.seen) == (
        400,
        "/header/Idempotency-Key",
        [],
    )


@pytest.mark.parametrize(
    ("if_match", "expected"),
    [
        ('"3"', [3]),
        ("*", None),  # whichever stands
        ('"3",\t"4" , W/"5"', [3, 4]),
        ('W/"3"', []),  # a weak tag never matches, nor does what is no tag of ours
        ('"abc", "3,4"', []),
    ],
)
async def test_a_change_says_which_version_it_was_made_from(
    clerk: httpx.AsyncClient, if_match: str, expected: list[int] | None
) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": if_match}
    answer = await clerk.put(f"/api/v1/ledgers/{OURS}", json={"text": "a"}, headers=headers)
    assert (answer.status_code, answer.json(), answer.headers["etag"]) == (
        200,
        {"expected": expected},
        '"4"',
    )
    assert "x-event-position" not in answer.headers  # nothing was written


async def test_several_lines_of_if_match_are_one_list(clerk: httpx.AsyncClient) -> None:
    lines = [("Idempotency-Key", str(uuid4())), ("If-Match", '"3"'), ("If-Match", '"4"')]
    answer = await clerk.put(f"/api/v1/ledgers/{OURS}", json={"text": "a"}, headers=lines)
    assert answer.json() == {"expected": [3, 4]}
    answer = await clerk.put(
        f"/api/v1/ledgers/{OURS}", json={"text": "a"}, headers=[*lines[:2], ("If-Match", "4")]
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/header/If-Match")


async def test_what_may_only_begin_changes_nothing_that_is_there(clerk: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*", "If-None-Match": "*"}
    answer = await clerk.put(f"/api/v1/ledgers/{OURS}", json={"text": "a"}, headers=headers)
    assert answer.json() == {"expected": []}


@pytest.mark.parametrize(
    ("if_match", "status"), [(None, 428), ("3", 400), ('"3", 4', 400), ('*, "3"', 400)]
)
async def test_a_change_without_a_proper_version_is_not_taken(
    clerk: httpx.AsyncClient, if_match: str | None, status: int
) -> None:
    headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": if_match} if if_match else {})
    answer = await clerk.put(f"/api/v1/ledgers/{OURS}", json={"text": "a"}, headers=headers)
    assert answer.status_code == status


async def test_an_item_the_caller_has_is_not_sent_again(clerk: httpx.AsyncClient) -> None:
    async def asked(if_none_match: str) -> tuple[int, str, bool]:
        answer = await clerk.get(
            f"/api/v1/ledgers/{OURS}", headers={"If-None-Match": if_none_match}
        )
        return answer.status_code, answer.headers.get("etag", ""), bool(answer.content)

    assert [await asked(each) for each in ('"16"', '"1,7"')] == [(200, '"17"', True)] * 2
    assert [await asked(each) for each in ('"16", W/"17"', '"17"', "*")] == [
        (304, '"17"', False)
    ] * 3
    assert (await asked("17"))[0] == 400


async def test_a_read_waits_for_the_positions_it_names(
    clerk: httpx.AsyncClient, world: World
) -> None:
    class Following(dict[str, int]):
        def __getitem__(self, service: str) -> int:
            self[service] = super().__getitem__(service) + 1
            return super().__getitem__(service)

    world.reached = Following(ledgers=5, other=9)
    answer = await clerk.get("/api/v1/ledgers?min_position=ledgers/8,other/3")
    assert (answer.status_code, dict.get(world.reached, "ledgers")) == (200, 8)


async def test_a_position_that_does_not_come_is_unavailable_for_now(
    clerk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "CATCH_UP_TIMEOUT", 0.05)
    answer = await clerk.get("/api/v1/ledgers?min_position=ledgers/8")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    "given",
    [
        "8",
        "ledgers/",
        "ledgers/x",
        "ledgers/-1",
        "ledgers/8,",
        "strange/1",
        "ledgers/" + "9" * 19,
        "",
    ],
)
async def test_a_position_nobody_could_have_given_is_malformed(
    clerk: httpx.AsyncClient, given: str
) -> None:
    answer = await clerk.get("/api/v1/ledgers", params={"min_position": given})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (
        400,
        "/query/min_position",
    )


async def test_pages_follow_each_other_to_the_end(clerk: httpx.AsyncClient) -> None:
    first = await clerk.get("/api/v1/ledgers?limit=2&state=open")
    assert (first.json()["items"], first.links["next"]["url"].split("?")[0]) == (
        [0, 1],
        "/api/v1/ledgers",
    )
    second = await clerk.get(first.links["next"]["url"])
    third = await clerk.get(
        "/api/v1/ledgers", params={"limit": 2, "cursor": second.json()["next_cursor"]}
    )
    assert (second.json()["items"], third.json(), "link" in third.headers) == (
        [2, 3],
        {"items": [4], "next_cursor": None},
        False,
    )


async def test_a_page_that_is_just_full_is_the_last(clerk: httpx.AsyncClient) -> None:
    assert (await clerk.get("/api/v1/ledgers?limit=5")).json() == {
        "items": [0, 1, 2, 3, 4],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!", "WyJhIl0", "WzFd", "eyJhIjoxfQ", "WyIxIiwiMiJd", "a" * 501]
)
async def test_a_cursor_that_was_never_given_out_is_malformed(
    clerk: httpx.AsyncClient, cursor: str
) -> None:
    assert (await clerk.get("/api/v1/ledgers", params={"cursor": cursor})).status_code == 400


async def test_the_cursor_of_no_parts_is_of_every_list_the_first_page(
    clerk: httpx.AsyncClient,
) -> None:
    first = await clerk.get("/api/v1/ledgers?limit=2")
    assert (await clerk.get("/api/v1/ledgers?limit=2&cursor=W10")).json() == first.json()


async def test_the_role_in_the_event_is_the_one_that_let_him_in(
    signed_in: Callable[..., httpx.AsyncClient], world: World
) -> None:
    both = signed_in("ENT_CLERK", org=USCC, roles=["ENT_LEGAL", "ENT_CLERK"])
    await both.post("/api/v1/ledgers", json={"text": "a"}, headers=KEY)
    assert world.seen[0].act.by.role == "ENT_CLERK"

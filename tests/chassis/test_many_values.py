"""A body of very many values does not hold the event loop: it is refused before it is read."""

import json

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message

from libs.chassis.http.edge import _limited

MEBIBYTE = 1 << 20
PIECE = 1 << 16


def many(row: str) -> bytes:
    """As many such rows as a body may have bytes for."""
    rows = ",".join([row] * (MEBIBYTE // (len(row) + 1) - 20))
    return f'{{"social_insurance":[{rows}]}}'.encode()


async def taken(body: bytes) -> int:
    """How many bytes of it are let in, as they come."""
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]
    coming = iter(pieces)

    async def receive() -> Message:
        piece = next(coming)
        return {"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]}

    limited = _limited(receive, MEBIBYTE, 60)
    return sum([len((await limited())["body"]) for _ in pieces])


@pytest.mark.parametrize("row", ["{}", "[]", "1", '{"month":"2024-06"}', "[[[[]]]]"])
async def test_so_many_rows_are_refused_as_they_come(row: str) -> None:
    assert len(many(row)) <= MEBIBYTE
    with pytest.raises(HTTPException) as refused:
        await taken(many(row))
    assert refused.value.status_code == 413


async def test_a_form_with_all_the_rows_that_anybody_has_is_let_in() -> None:
    row = {"month": "2024-06", "type": "1", "payer_name": "某设计院", "base_yuan": 5000}
    sent = json.dumps({"social_insurance": [row] * 5_000}, ensure_ascii=False).encode()
    assert await taken(sent) == len(sent)

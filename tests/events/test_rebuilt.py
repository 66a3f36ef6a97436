"""A read model built again leaves its source, also where a fact of it cannot be read."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from cryptography.exceptions import InvalidTag

from libs.events import rebuild
from libs.events.application import Codec
from libs.events.pools import Connection
from libs.events.projection import Projection
from libs.events.records import StoredEvent
from tests.events.test_envelope import stored


class Scratch:
    async def execute(self, _: str) -> None:
        """Tables are made."""


class Listening:
    """To facts of the one type."""

    sql = ""
    kinds = {stored().type: object}  # noqa: RUF012

    def changes(self, *_: Any) -> Sequence[Any]:
        return ()


async def test_a_source_with_a_fact_that_does_not_open_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[str] = []

    async def facts() -> rebuild.Batches:
        try:
            yield cast(Sequence[StoredEvent], [stored()])
        finally:
            left.append("the topic")

    async def sealed(*_: Any) -> None:
        raise InvalidTag

    monkeypatch.setattr(rebuild, "read_fact", sealed)
    projection = cast(Projection, Listening())
    source = facts()
    with pytest.raises(InvalidTag):
        await rebuild.rebuilt(cast(Connection, Scratch()), projection, cast(Codec, None), source)
    assert left == ["the topic"]

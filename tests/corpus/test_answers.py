"""What services say of items that an earlier commit stored: as that commit said it."""

from collections.abc import Mapping
from contextlib import suppress

import pytest

from libs.chassis.in_memory import ServiceInMemory
from libs.events.testing.tables import NeedsPostgres
from tests.corpus import asking, corpus

KEPT = asking.kept()
SERVICES = list(corpus.SERVICES)


def kept_of(name: str) -> Mapping[str, str]:
    """Digests by path."""
    digests = KEPT.digests.items()
    return {path.removeprefix(name): each for path, each in digests if path.startswith(f"{name}/")}


@pytest.mark.parametrize("name", SERVICES)
async def test_an_item_is_answered_as_it_was(name: str) -> None:
    made = await asking.in_memory(name, KEPT.at)
    kept = kept_of(name)
    found = {path: asking.digest(await asking.ask(made, path)) for path in kept}
    changed = [path for path in kept if found[path] != kept[path]]
    assert kept
    assert not changed, (
        "a field that answers have gained is left out while it is empty (exclude_if), or stands in "
        f"ADDED of tests/corpus/asking.py: {changed}"
    )


@pytest.mark.parametrize("name", SERVICES)
async def test_only_the_items_that_a_path_names_have_their_history_there(name: str) -> None:
    """A service's log holds streams of many kinds, and other enterprises' among them."""
    made = await asking.in_memory(name, KEPT.at)
    one_of_each = {at.type.split(".")[1]: at.stream for at in corpus.log("demo", name)}
    wrong = [
        path.format(id=stream)
        for path in asking.routes(name)
        if path.endswith("/{id}/history")
        for stream in one_of_each.values()
        if await _has_a_history_alone(made, path.format(id=stream))
    ]
    assert wrong == []


async def _has_a_history_alone(made: ServiceInMemory, path: str) -> bool:
    with suppress(NeedsPostgres):
        item = await asking.ask(made, path.removesuffix("/history"))
        return item.status_code != 200 == (await asking.ask(made, path)).status_code
    return False

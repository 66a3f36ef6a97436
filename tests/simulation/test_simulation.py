"""A thousand stories of two services, each from its seed."""

import asyncio
import os

import pytest

from tests.simulation.filing_story import FilingStory
from tests.simulation.world import Beginning, World

SEEDS, PARTS = 1000, 10
ALONE = os.environ.get("KAOHE_SEED", "")


async def told(seed: int, beginning: Beginning) -> None:
    world = World(seed, beginning)
    try:
        await FilingStory(world).play()
    except Exception as error:
        story = "\n".join(world.told)
        again = f"KAOHE_SEED={seed} ./kaohe test tests/simulation"
        raise AssertionError(f"{error!r}\n{story}\nTold again by: {again}") from error


@pytest.mark.parametrize("part", [int(ALONE) % PARTS] if ALONE else range(PARTS))
def test_whatever_comes_first_both_services_agree_in_the_end(
    part: int, beginning: Beginning
) -> None:
    for seed in [int(ALONE)] if ALONE else range(part, SEEDS, PARTS):
        asyncio.run(told(seed, beginning))

from collections.abc import AsyncIterator

import pytest

from libs.events.pools import open_pool
from services.review.main import SERVICE
from tests.review.review_in_memory import House


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    """Its read models stand in PostgreSQL too. A file whose tests need none has a `house` of its
    own.
    """
    pool = await open_pool(database)
    for each in SERVICE.projections:
        await pool.execute(each.sql)
    yield House(pool)
    await pool.close()

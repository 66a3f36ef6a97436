from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from libs.chassis.process.settings import ServiceSettings
from tests.chassis import bank
from tests.servers import S3


@pytest.fixture
async def settings(
    postgres: str, kafka: str, s3: S3, tmp_path: Path
) -> AsyncIterator[tuple[ServiceSettings, str, str]]:
    async with bank.made(postgres, kafka, s3, tmp_path) as made:
        yield made

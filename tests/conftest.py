import gc

import pytest

from libs.chassis.process import logs
from tests.servers import database, kafka, postgres, s3, servers

__all__ = ["database", "kafka", "postgres", "s3", "servers"]


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """As services write them: one line, without what a test said."""
    logs.set_up("tests")


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not look at it again and again (an
    eighth of the fast tests' time).
    """
    gc.freeze()

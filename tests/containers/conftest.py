import pytest

from tests.containers.engine import asked


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without an engine these are no tests at all: deselected, not skipped."""
    if not asked():
        left_out = [item for item in items if item.get_closest_marker("containers")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]

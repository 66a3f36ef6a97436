from collections.abc import Iterator

import pytest

from tests.deploy.clone import Clone


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """Up."""
    made = Clone(tmp_path_factory.mktemp("clone"))
    made.run("up")
    yield made
    made.run("down")

"""A database for figures: the one of KAOHE_POSTGRES, else a PostgreSQL of our own with fsync on,
gone afterwards.
"""

import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.embedded.postgres import start_postgres
from deploy.embedded.process import reserve
from tests.conformance.stage import forget, prepare
from tests.servers import fresh_database


def made(home: Path) -> Path:
    """A folder as the embedded servers want it: others pass through, its insides are for their
    owners.
    """
    home.chmod(0o711)
    for name in ("run", "log"):
        (home / name).mkdir()
    return home


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """DSN of a role that may create databases and roles."""
    if given := os.environ.get("KAOHE_POSTGRES"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-") as folder:
        home = made(Path(folder))
        password, port = secrets.token_hex(16), reserve()
        server = await start_postgres(home, port, {"postgres": password})
        try:
            yield f"postgresql://kaohe:{password}@127.0.0.1:{port}/postgres"
        finally:
            await server.stop()


@asynccontextmanager
async def log_database() -> AsyncIterator[tuple[str, str]]:
    """DSNs of a service's tables in a database of their own: its writer's, its owner's."""
    async with postgres() as admin, fresh_database(admin) as owner:
        writer = await prepare(owner)
        try:
            yield writer, owner
        finally:
            await forget(owner, writer)

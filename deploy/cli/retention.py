"""`retention`: answers to commands that nobody repeats any more."""

import asyncio
from datetime import timedelta
from typing import Annotated

import asyncpg
from cyclopts import App, Parameter, validators

from deploy.installation.installation import retention_dsns

FORGET = "SELECT forget_commands($1, $2)"
STEP = 1000
Days = Annotated[int, Parameter(validator=validators.Number(gte=7))]


def register(app: App) -> None:
    app.command(retention)


def retention(*, keep_days: Days = 90) -> int:
    """Forget the answers to commands that are older than that, by the log's own time; a repeat of
    one is then a new command. By the role that can do nothing else (ENTERPRISE_RETENTION_DSN …).
    """
    for name, dsn in retention_dsns().items():
        print(f"{name:12} {asyncio.run(forgotten(dsn, timedelta(days=keep_days)))} forgotten")
    return 0


async def forgotten(dsn: str, keep: timedelta) -> int:
    """Some at a time, each a transaction: no command waits for it."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        count = 0
        while step := await connection.fetchval(FORGET, keep, STEP):
            count += step
        return count
    finally:
        await connection.close()

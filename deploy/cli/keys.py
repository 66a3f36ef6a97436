"""`keys rewrap|renew`: keys that grow old, while commands run (decision 68)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cyclopts import App, Parameter

from deploy.embedded.process import StackError
from deploy.installation.installation import Installation, installation
from deploy.keeping.keys import Progress, renewed, rewrapped
from libs.events.pools import Connection

ONE = (
    "只有一个主密钥，没有可做的：请先把新主密钥写在文件第一行 / "
    "only one master key is known, nothing to do: first write the new one into the file, above it"
)

keys = App(name="keys", help="Keys of the subjects of personal data, and the master key.")
Before = Annotated[datetime | None, Parameter(help="Of those whose newest key was made before")]
All = Annotated[bool, Parameter(name="--all", help="Of every subject", negative=())]


def register(app: App) -> None:
    app.command(keys)


@keys.command
def rewrap() -> int:
    """Wrap every key by the newest master key, the first in MASTER_KEY_FILE; then the others are
    not needed any more. Begun again, it goes on. Needs the keys' owner (KAOHE_KEYS_OWNER_DSN).
    """
    return asyncio.run(_rewrap(installation()))


@keys.command
def renew(*subjects: UUID, before: Before = None, every: All = False) -> int:
    """Give subjects a key with the next number, by which everything is sealed from then on."""
    if every == bool(subjects or before):
        raise StackError(
            "没有改动：请写明换哪些密钥：--before 日期、主体编号，或 --all（全部，不与前两者同用）",
            "nothing was changed: say whose keys: --before DATE, SUBJECT…, or --all alone",
        )
    return asyncio.run(_renew(installation(), list(subjects), before))


async def _rewrap(place: Installation) -> int:
    masters, known, progress = place.masters(), place.count_of_masters(), Progress(0, 0)
    print(f"master keys in the file: {known}; the first wraps", flush=True)
    async with _owned(place) as connection:
        try:
            async for progress in rewrapped(connection, masters):
                print(f"{progress.seen} keys looked at, {progress.done} wrapped anew", flush=True)
        except InvalidTag:
            raise StackError(
                "有密钥打不开：请把当时的主密钥加回主密钥文件（另起一行）",
                f"after {progress.seen} keys one opens by none of the master keys: put the one of "
                f"its time back into the file, in a line of its own",
            ) from None
    print(f"done: {progress.seen} keys, {progress.done} wrapped anew")
    if known == 1 and not progress.done:
        print(ONE)
    return 0


async def _renew(place: Installation, subjects: list[UUID], before: datetime | None) -> int:
    at, progress = before or datetime.now(UTC), Progress(0, 0)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    async with _owned(place) as connection:
        async for progress in renewed(connection, place.masters(), at, subjects or None):
            print(f"{progress.done} subjects have a new key", flush=True)
    print(f"done: {progress.done} subjects")
    return 0


@asynccontextmanager
async def _owned(place: Installation) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(place.others()["keys"], timeout=10)
    try:
        yield connection
    finally:
        await connection.close()

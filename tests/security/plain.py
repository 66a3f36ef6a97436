"""A search for texts in everything that a stack has written, in whatever spelling."""

import email.policy
import io
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import suppress
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import asyncpg

Needles = Mapping[bytes, str]  # spelling → whose


def needles(texts: Mapping[str, str]) -> dict[bytes, str]:
    """`texts`: by a name that may be shown."""
    return {spelt: name for name, text in texts.items() for spelt in spellings(text)}


def spellings(text: str) -> Iterator[bytes]:
    """UTF-8, UTF-16 in both orders, hexadecimal, and base64 wherever in its groups of three the
    text begins.
    """
    raw = text.encode()
    yield from (raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode())
    for shift in range(3):
        whole = b64encode(bytes(shift) + raw)
        # without the characters that depend on its neighbours
        yield whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]


def in_bytes(data: Any, wanted: Needles) -> set[str]:
    return {name for spelt, name in wanted.items() if data.find(spelt) >= 0}


def in_files(folder: Path, wanted: Needles) -> dict[str, set[str]]:
    """What was found, by file. Servers at work may delete a file between the listing and the
    reading: such a file holds nothing.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        with suppress(FileNotFoundError):
            # read, not mapped: a mapped file that is cut short ends the whole process
            if here := in_bytes(path.read_bytes(), wanted):
                found[str(path.relative_to(folder))] = here
    return found


async def in_tables(admin: str, wanted: Needles) -> dict[str, set[str]]:
    """What PostgreSQL holds, unpacked: in its files long values are compressed. By database and
    table.
    """
    found: dict[str, set[str]] = {}
    for database in await _column(admin, "SELECT datname FROM pg_database WHERE datallowconn"):
        connection = await asyncpg.connect(admin.removesuffix("/postgres") + f"/{database}")
        try:
            async for table, data in _tables(connection):
                if here := in_bytes(data, wanted):
                    found[f"{database}.{table}"] = here
        finally:
            await connection.close()
    return found


async def _tables(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> AsyncIterator[tuple[str, bytes]]:
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for row in rows:
        copied = bytearray()

        async def keep(data: bytes, into: bytearray = copied) -> None:
            into.extend(data)

        await connection.copy_from_table(row["tablename"], output=keep, format="binary")
        yield row["tablename"], bytes(copied)


def in_mail(folder: Path, wanted: Needles) -> dict[str, set[str]]:
    """What letters carry, unpacked."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.eml")):
        message = BytesParser(policy=email.policy.default).parse(path.open("rb"))
        for part in message.walk():
            for name, data in _unpacked(
                part.get_filename() or "body", part.get_payload(decode=True) or b""
            ):
                if here := in_bytes(data, wanted):
                    found[f"{path.name}/{name}"] = here
    return found


def _unpacked(name: str, data: Any) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        yield name, data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for each in archive.namelist():
            yield from _unpacked(f"{name}/{each}", archive.read(each))


async def ask(admin: str, *statements: str) -> None:
    connection = await asyncpg.connect(admin)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _column(admin: str, query: str) -> Collection[str]:
    connection = await asyncpg.connect(admin)
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()

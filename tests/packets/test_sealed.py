"""A part of a packet is sealed frame by frame: never whole in memory, and nothing in it can be
exchanged.
"""

import os
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID
from zipfile import ZipFile

import pytest
from cryptography.exceptions import InvalidTag

from libs.events.personal import Opener, Sealer
from libs.papers.archive import File, Pipe, add, unpack
from libs.papers.sealed import FRAME, MARK, TAGGED, SealedWriter, opened

SUBJECT, NAME = UUID(int=7), "an-object"
SEALER = Sealer(SUBJECT, 1, bytes(range(32)))
OPENER = Opener({(SUBJECT, 1): SEALER.key})


def sealed(data: bytes, name: str = NAME) -> bytes:
    buffer = BytesIO()
    writer = SealedWriter(SEALER, name, buffer)
    for start in range(0, len(data), 300_000):
        writer.write(data[start : start + 300_000])
    writer.finish()
    assert writer.size_bytes == len(data)
    return buffer.getvalue()


def in_clear(found: bytes) -> bytes:
    return opened(OPENER, SUBJECT, 1, NAME, found)


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 7])
def test_what_was_sealed_in_frames_is_opened(size: int) -> None:
    data = os.urandom(size)
    assert in_clear(sealed(data)) == data


def test_what_an_earlier_commit_sealed_whole_is_opened() -> None:
    assert in_clear(SEALER.encrypt(NAME, b"a zip")) == b"a zip"


FIRST, SECOND, THIRD = (
    slice(len(MARK) + TAGGED * n, len(MARK) + TAGGED * (n + 1)) for n in range(3)
)
FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "two exchanged": lambda whole: MARK + whole[SECOND] + whole[FIRST] + whole[THIRD],
    "the last gone": lambda whole: whole[:-TAGGED],
    "the first gone": lambda whole: MARK + whole[SECOND] + whole[THIRD],
    "one more": lambda whole: whole + whole[THIRD],
    "a byte gone": lambda whole: whole[:-1],
    "all gone": lambda whole: MARK,
    "a bit": lambda whole: whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
    "another's": lambda _: sealed(b"another's", name="another-object"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_frames_that_were_exchanged_moved_or_cut_off_are_not_opened(forgery: str) -> None:
    whole = sealed(os.urandom(3 * FRAME))
    with pytest.raises(InvalidTag):
        in_clear(FORGERIES[forgery](whole))


def test_sixty_scans_of_ten_megabytes_take_the_memory_of_one(tmp_path: Path) -> None:
    scan = File("a.pdf", "application/pdf", os.urandom(10 << 20))
    with (tmp_path / "sealed").open("wb") as file:
        writer = SealedWriter(SEALER, NAME, file)
        tracemalloc.start()
        try:
            with ZipFile(cast(BinaryIO, writer), "w") as archive:
                for number in range(60):
                    add(archive, File(f"{number}.pdf", scan.mime, scan.data))
            writer.finish()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert writer.size_bytes > 60 * len(scan.data)
    assert most < 3 * len(scan.data)


def test_an_archive_that_was_written_into_frames_is_read_back() -> None:
    buffer = BytesIO()
    writer = SealedWriter(SEALER, NAME, buffer)
    with ZipFile(cast(BinaryIO, writer), "w") as archive:
        for name in ("备案表.html", "扫描件/01.pdf"):
            add(archive, File(name, "application/pdf", name.encode()))
    writer.finish()
    found = unpack(in_clear(buffer.getvalue()))
    assert found == {name: name.encode() for name in ("备案表.html", "扫描件/01.pdf")}


def test_an_archive_is_handed_over_while_it_is_written() -> None:
    pipe, pieces = Pipe(), list[bytes]()
    with ZipFile(cast(BinaryIO, pipe), "w") as archive:
        for number in range(20):
            add(archive, File(f"{number}.pdf", "application/pdf", bytes(1 << 20)))
            pieces.append(pipe.taken())
    pieces.append(pipe.taken())
    assert all((1 << 20) <= len(piece) < (1 << 20) + 200 for piece in pieces[:-1])
    assert len(unpack(b"".join(pieces))) == 20

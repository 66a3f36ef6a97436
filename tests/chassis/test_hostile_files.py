"""Files of strangers: whatever they are, the service answers why they are not taken, or keeps what
they show and nothing else.
"""

import re
from collections.abc import Sequence

import pytest

from libs.chassis.scans.parser.limits import Fault, Unacceptable
from libs.chassis.scans.parser.pool import Parser
from tests.chassis.hostile.documents import all_documents
from tests.chassis.hostile.made import PDF, TAKEN, Hostile, image
from tests.chassis.hostile.pictures import all_pictures
from tests.chassis.hostile.strays import all_strays

ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|URI|SubmitForm|ImportData|GoToR|Rendition|OpenAction|AA|Annots"
    rb"|EmbeddedFile|Filespec|AcroForm|XFA)\b"
)
SEVERAL = (
    "a form that calls itself 10 times",
    "forms 2 wide, 40 deep",
    "a page of 0 0 1e9 1e9",
    "501 pages",
    "locked, version 2.3",
    "hidden script behind a link",
    "a program pinned to a page",
    "1000 passes",
    "65,535 rows",
    "a profile of 2 MB",
    "2147483647 x 2147483647",
    "animated",
    "HEIC as image/jpeg",
)


def every() -> Sequence[Hostile]:
    return (*all_documents(), *all_pictures(), *all_strays())


async def answer(parser: Parser, file: Hostile) -> str:
    try:
        kept = await parser.clean(file.mime, file.make())
    except Unacceptable as error:
        return error.fault
    assert kept
    if file.mime == PDF:
        assert not ACTIVE.search(kept), file.name
    return TAKEN


async def wrong_answers(files: Sequence[Hostile]) -> dict[str, str]:
    """Of each file that is answered otherwise than it should be, the answer; and the service goes
    on reading.
    """
    parser = Parser()
    found = [await answer(parser, each) for each in files]
    assert await parser.clean("image/jpeg", image())
    return {
        f"{each.mime} {each.name}": f"{said or 'taken'}, not {sorted(each.answers)}"
        for each, said in zip(files, found, strict=True)
        if said not in each.answers
    }


@pytest.mark.slow
async def test_no_hostile_file_brings_the_service_down_and_each_is_told_why() -> None:
    files = every()
    assert len(files) >= 200
    assert await wrong_answers(files) == {}


async def test_a_file_of_each_kind_is_told_why_it_is_not_taken() -> None:
    chosen = [each for each in every() if any(each.name.endswith(name) for name in SEVERAL)]
    assert len(chosen) == len(SEVERAL)
    assert await wrong_answers(chosen) == {}


def test_every_reason_is_answered_by_some_file() -> None:
    """But for those that the corpus cannot know: bytes that were announced otherwise."""
    told = {reason for each in every() if len(each.answers) < 4 for reason in each.answers}
    assert set(Fault) - told == {Fault.OTHER_BYTES}

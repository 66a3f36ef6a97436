"""What a file may cost its reader, and why one is turned away."""

from enum import StrEnum

# Of the process that reads one file: enforced by the kernel. The numbers below them are counted in
# the file's bytes before anything is decoded, so that a refusal names what was too much.
CPU_SECONDS = 2
WALL_SECONDS = 20.0  # a busy machine gives little CPU
MEMORY = 300 << 20  # its whole address space
MOST_OUTPUT = 64 << 20

MOST_PIXELS = 36_000_000  # A4 at 600 dpi
MOST_KEPT = 16_000_000  # pixels; what has more is kept at half its resolution
MOST_SCANS = 30  # of a progressive JPEG; encoders write about ten
MOST_PAGES = 500
LONGEST_SIDE = 14_400  # of a page, in points: five metres, the most that PDF itself knows
MOST_OBJECTS = 50_000
MOST_CHUNKS = 20_000  # of a PNG: its pixels come in pieces of 8 KB
MOST_INFLATED = 32 << 20  # bytes of one stream
MOST_INFLATED_IN_ALL = 96 << 20
MOST_TEXT = 1 << 20  # of a PNG's profile or text, inflated
SUSPECT, STEEPEST = 4 << 20, 100  # from so many bytes on: inflated no more than so many times


class Fault(StrEnum):
    """Why nobody can read a file, though its format and size are right: a case of E19."""

    OTHER_BYTES = "other_bytes"  # not those that were announced
    OTHER_TYPE = "other_type"  # not the type it says
    UNREADABLE = "unreadable"  # damaged
    PASSWORD = "password"
    ANIMATED = "animated"
    ACTIVE = "active"  # with what would run, even when it is built anew
    # too much for a reader
    PIXELS = "pixels"
    PAGES = "pages"
    BOX = "box"  # the size of a page
    SCANS = "scans"  # passes of a progressive JPEG
    OBJECTS = "objects"
    INFLATED = "inflated"  # a bomb
    MEMORY = "memory"
    TIME = "time"


class Unacceptable(Exception):
    """A file that is not taken, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

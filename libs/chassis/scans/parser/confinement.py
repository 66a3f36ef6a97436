"""What the process that reads one file can still do: compute, and write its answer.

The list of system calls says what there is, not what there is not: what a newer kernel brings is
closed already. Resource limits, Landlock (where the kernel has it) and a seccomp filter, all
without privileges. Nothing is loosened again. Each raises OSError: where a wall cannot be built no
file is read.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Iterable, Sequence

from libs.chassis.scans.parser.limits import CPU_SECONDS, MEMORY, MOST_OUTPUT

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")
SET_NO_NEW_PRIVS, SET_SECCOMP, SET_DEATH_SIGNAL, KILL = 38, 22, 1, 9
# system calls by name, as x86_64 and aarch64 number them: no socket, no process, no signal, no
# file that is not open already; of processes that are alike, this is the whole list
READING = {"openat": (257, 56), "getdents64": (217, 61)}  # below FONTS, if Landlock says so
COMPUTING = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "readv": (19, 65),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "futex": (202, 98),
    "sched_yield": (24, 124),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "gettimeofday": (96, 169),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
ALLOW, REFUSE, ABORT = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
LOAD, EQUAL, ANSWER = 0x20, 0x15, 0x06
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
libc = ctypes.CDLL(None, use_errno=True)


def limit() -> None:
    """Of CPU, memory and output; no core is left behind."""
    for kind, most, beyond in (
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_FSIZE, MOST_OUTPUT, MOST_OUTPUT),
        (resource.RLIMIT_NOFILE, 16, 16),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (most, beyond))


def keep_two(reading: int, writing: int) -> None:
    """The file is 0, the answer 1, and no other descriptor is left."""
    os.dup2(reading, 0)
    os.dup2(writing, 1)
    os.closerange(2, 1 << 16)


def die_with_parent() -> None:
    """Nobody is left behind when the nursery ends."""
    _must(libc.prctl(SET_DEATH_SIGNAL, KILL, 0, 0, 0))


def gain_nothing() -> None:
    """No program that is run from here has more rights than this one."""
    _must(libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def see_fonts_only() -> bool:
    """From now on every file is closed but fonts, for reading. False: this kernel has no Landlock;
    then `compute_only` lets nothing be opened.
    """
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << min(16, 12 + version)) - 1  # 13 in its first version; later ones brought more
    attributes = struct.pack("=Q", rights)
    rules = _must(libc.syscall(LANDLOCK_CREATE, attributes, len(attributes), 0))
    for folder in filter(os.path.isdir, FONTS):
        opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        rule = struct.pack("=Qi", READ_FILE | READ_FOLDER, opened)
        _must(libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0))
        os.close(opened)
    _must(libc.syscall(LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)
    return True


def compute_only(reading: bool) -> None:
    """Any system call but these is answered with EPERM. Raises OSError on a machine whose calls are
    in no list.
    """
    if platform.machine() not in MACHINES:
        raise OSError(errno.ENOSYS, f"no list of system calls for {platform.machine()}")
    column, architecture = MACHINES[platform.machine()]
    allowed = COMPUTING | (READING if reading else {})
    code = _filter(architecture, [numbers[column] for numbers in allowed.values()])
    program = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(program))
    _must(libc.prctl(SET_SECCOMP, 2, head, 0, 0))


def _filter(architecture: int, allowed: Iterable[int]) -> bytes:
    """BPF: of this architecture, one of these calls."""
    steps: Sequence[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, architecture),
        (ANSWER, 0, 0, ABORT),
        (LOAD, 0, 0, 0),
        *(step for call in allowed for step in ((EQUAL, 0, 1, call), (ANSWER, 0, 0, ALLOW))),
        (ANSWER, 0, 0, REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _must(result: int) -> int:
    """Raises OSError where the system says no."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "a wall cannot be built")
    return result

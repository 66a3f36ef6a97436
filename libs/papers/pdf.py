"""A paper as PDF, where the machine has a Chinese font; the same paper is the same bytes.

It is typeset in a process of its own, which begins with the first paper and ends when none came for
a while: what fonts and layouts take, 60 MiB, the typesetter gives back to nobody while it lives.
"""

import json
import subprocess
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from libs.chassis.process import alone
from libs.events.errors import Unavailable
from libs.papers.paper import Paper

TYPESETTING = "libs.papers.typesetting"
PATIENCE = 60.0  # seconds that a paper may take on a busy machine


class Typesetter:
    """One paper after the other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._control: Connection | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def pdf(self, paper: Paper) -> bytes | None:
        """None without a Chinese font: the HTML is enough. Raises Unavailable."""
        asked = json.dumps(paper.plain(), ensure_ascii=False).encode()
        with self._lock:
            try:
                return self._ask(asked) or None
            except (OSError, EOFError):  # it may just have ended, for want of papers
                self._end()
            try:
                return self._ask(asked) or None
            except (OSError, EOFError) as error:
                self._end()
                raise Unavailable("papers", "the process that typesets them") from error

    def _ask(self, asked: bytes) -> bytes:
        """Raises OSError or EOFError where it does not answer."""
        if self._control is None:
            self._control, its = Pipe()
            with its:
                self.process = alone.begin(TYPESETTING, packages=["typst"], control=its)
        self._control.send_bytes(asked)
        if not self._control.poll(PATIENCE):
            raise EOFError
        return self._control.recv_bytes()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self._control = self.process = None


pdf = Typesetter().pdf

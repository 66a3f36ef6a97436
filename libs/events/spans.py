"""Spans of a trace: what one click came to, from process to process. The traceparent that each
event has in its meta is the thread; whoever acts because of an event goes on from there.

Nothing is traced until `begin`: then who acts asks whether `tracing` is on, and that is all
(decision 70). A span's attributes name code and kinds of events, never people or items.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Any, Protocol

Attributes = Mapping[str, Any]  # text and numbers


class SpanKind(StrEnum):
    SERVER = "server"
    CLIENT = "client"
    PRODUCER = "producer"
    CONSUMER = "consumer"
    INTERNAL = "internal"


class Span(Protocol):
    """`parent`: the traceparent with which what it causes goes on."""

    parent: str

    def called(self, name: str, attributes: Attributes) -> None:
        """What is known only at its end."""

    def failed(self, why: str) -> None:
        """`why`: the kind of error, never its words."""


class Tracing(Protocol):
    def span(
        self, name: str, kind: SpanKind, parent: str, attributes: Attributes
    ) -> AbstractContextManager[Span]:
        """From now to the end of the block, below `parent`, a traceparent; empty: a new trace."""


class _Switch:
    tracing: Tracing | None = None


_switch = _Switch()


def begin(tracing: Tracing | None) -> None:
    """For all of the process, from now on; None: nothing is traced."""
    _switch.tracing = tracing


def tracing() -> Tracing | None:
    return _switch.tracing


@contextmanager
def span(name: str, kind: SpanKind, parent: str, attributes: Attributes) -> Iterator[str]:
    """The traceparent with which what happens in the block goes on: `parent` itself where nothing
    is traced.
    """
    if _switch.tracing is None or not parent.strip("0-"):  # of nobody's trace
        yield parent
        return
    with _switch.tracing.span(name, kind, parent, attributes) as made:
        yield made.parent

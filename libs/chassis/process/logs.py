"""Logs as lines of JSON that cannot hold personal data: scalars only, numbers of persons struck
out, exceptions by type and place.
"""

import asyncio
import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import date
from decimal import Decimal
from enum import Enum
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog

from libs.chassis.process import trace
from libs.chassis.process.redact import redact

Line = MutableMapping[str, Any]
FRAMES = 8
PLAIN = (bool, int, float, type(None))
SHOWN = (UUID, date, Decimal)


def set_up(service: str, level: str = "INFO", out: TextIO = sys.stderr) -> None:
    """Logs of this process, the libraries' included. Call once, at start."""
    structlog.configure(
        processors=[
            *PROCESSORS,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    structlog.contextvars.bind_contextvars(service=service)
    root = logging.getLogger()
    root.handlers[:] = [_FromLibraries()]
    root.setLevel(logging.WARNING)


def unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For the event loop: its own handler prints the exception, and with it what the message
    quotes.
    """
    structlog.get_logger("loop").error(
        "unhandled", what=context["message"], exc_info=context.get("exception")
    )


def frames(tb: TracebackType | None) -> list[str]:
    """Where it happened, innermost last: module path, line and function; no source line, no
    values.
    """
    return [
        f"{f.filename.rpartition('/site-packages/')[2]}:{f.lineno} {f.name}"
        for f in traceback.extract_tb(tb)[-FRAMES:]
    ]


def _exception(_logger: Any, _method: str, line: Line) -> Line:
    """An exception's message may quote what a person typed; its type and place may not."""
    if error := line.pop("exc_info", None):
        known = error if isinstance(error, BaseException) else sys.exc_info()[1]
        if known:
            line["error"], line["frames"] = type(known).__qualname__, frames(known.__traceback__)
    return line


def _context(_logger: Any, _method: str, line: Line) -> Line:
    if (now := trace.current.get()) is not trace.NONE:
        line["trace"], line["request_id"] = now.trace_id, now.request_id
    return line


def _clean(_logger: Any, _method: str, line: Line) -> Line:
    return {key: value if key == "trace" else _cleaned(value) for key, value in line.items()}


def _cleaned(value: Any) -> Any:
    if isinstance(value, Enum):
        return _cleaned(value.value)
    if isinstance(value, SHOWN):
        return str(value) if isinstance(value, UUID | date) else redact(str(value))
    if isinstance(value, bool | None):
        return value
    if isinstance(value, PLAIN):
        return value if redact(str(value)) == str(value) else redact(str(value))
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [redact(each) for each in value]
    # a model, a record, an exception: whatever it holds stays out
    return f"<{type(value).__name__}>"


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _context,
    _exception,
    _clean,
]


def _json(line: Line, **_: Any) -> str:
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS).decode()


class _FromLibraries(logging.Handler):
    """The format string says what happened; the arguments may say to whom, so they are left out."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(
            record.levelno,
            str(record.msg),
            logger=record.name,
            exc_info=record.exc_info[1] if record.exc_info else None,
        )

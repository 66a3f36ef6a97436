"""Where a request comes from: W3C traceparent and X-Request-ID, taken from the caller or begun
here.
"""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Trace:
    trace_id: str  # 32 hexadecimal digits
    span_id: str
    flags: str
    request_id: str

    @property
    def parent(self) -> str:
        """What goes into an event's meta and to whomever is asked next."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def begun(traceparent: str = "", request_id: str = "") -> Trace:
    known = PARENT.fullmatch(traceparent)
    trace_id, flags = known.groups() if known else (secrets.token_hex(16), "01")
    return Trace(
        trace_id,
        secrets.token_hex(8),
        flags,
        request_id if REQUEST_ID.fullmatch(request_id) else trace_id,
    )


def valid(traceparent: str) -> str:
    """The same, or nothing if it is none."""
    return traceparent if PARENT.fullmatch(traceparent) else ""


def of(parent: str, request_id: str = "") -> Trace:
    """That of a span: `parent` is its own traceparent."""
    _, trace_id, span_id, flags = parent.split("-")
    known = REQUEST_ID.fullmatch(request_id)
    return Trace(trace_id, span_id, flags, request_id if known else trace_id)


NONE = Trace("0" * 32, "0" * 16, "00", "-")
current: ContextVar[Trace] = ContextVar("trace", default=NONE)

"""A request's place in its trace: taken from whoever asks, or begun here."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Scope

from libs.chassis.process import trace
from libs.events import spans
from libs.events.spans import Span, SpanKind


@contextmanager
def incoming(scope: Scope) -> Iterator[Span | None]:
    """`trace.current` while the request is answered; the span, if anything is traced."""
    headers = Headers(scope=scope)
    given, request_id = headers.get("traceparent", ""), headers.get("x-request-id", "")
    tracing = spans.tracing()
    if tracing is None:
        with _current(trace.begun(given, request_id)):
            yield None
        return
    asked = {"http.request.method": scope["method"]}
    with (
        tracing.span(scope["method"], SpanKind.SERVER, trace.valid(given), asked) as span,
        _current(trace.of(span.parent, request_id)),
    ):
        yield span


def answered(span: Span, service: str, method: str, route: str, status: int) -> None:
    """What is known of it at its end."""
    told = {"http.route": route, "http.response.status_code": status, "kaohe.service": service}
    span.called(f"{method} {route}", told)
    if status >= 500:
        span.failed(str(status))


@contextmanager
def _current(now: trace.Trace) -> Iterator[None]:
    token = trace.current.set(now)
    try:
        yield
    finally:
        trace.current.reset(token)

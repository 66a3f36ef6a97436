"""A request's place in its trace: taken from whoever asks, or begun here."""

from contextlib import AbstractContextManager
from contextvars import Token
from types import TracebackType

from starlette.datastructures import Headers
from starlette.types import Scope

from libs.chassis.process import trace
from libs.events import spans
from libs.events.spans import Span, SpanKind


class Incoming:
    """`trace.current` while the request is answered; yields its span, if anything is traced."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._span: AbstractContextManager[Span] | None = None

    def __enter__(self) -> Span | None:
        headers = Headers(scope=self._scope)
        given, request_id = headers.get("traceparent", ""), headers.get("x-request-id", "")
        tracing, span = spans.tracing(), None
        if tracing is None:
            now = trace.begun(given, request_id)
        else:
            method = self._scope["method"]
            asked = {"http.request.method": method}
            self._span = tracing.span(method, SpanKind.SERVER, trace.valid(given), asked)
            span = self._span.__enter__()
            now = trace.of(span.parent, request_id)
        self._token: Token[trace.Trace] = trace.current.set(now)
        return span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        trace.current.reset(self._token)
        if self._span:
            self._span.__exit__(kind, error, traceback)


def answered(span: Span, service: str, method: str, route: str, status: int) -> None:
    """What is known of it at its end."""
    told = {"http.route": route, "http.response.status_code": status, "kaohe.service": service}
    span.called(f"{method} {route}", told)
    if status >= 500:
        span.failed(str(status))

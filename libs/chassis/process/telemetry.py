"""Spans told to a collector by OpenTelemetry's own protocol (OTLP over HTTP). The packages are
imported only where an endpoint is set.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from libs.chassis.process.settings import Traces
from libs.events import spans
from libs.events.spans import Attributes, Span, SpanKind

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as OpenSpan


def begin(service: str, settings: Traces | None) -> Callable[[], None]:
    """Traces all of the process from now on, if an endpoint is set; until the returned function is
    called, which tells what is left to tell.
    """
    if settings is None:
        return _nothing
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    resource = Resource.create({"service.name": service, "service.namespace": "kaohe"})
    sampler = ParentBased(TraceIdRatioBased(settings.share))
    provider = TracerProvider(resource=resource, sampler=sampler, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=settings.endpoint, timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    spans.begin(OpenTelemetry(provider))
    return provider.shutdown


def _nothing() -> None:
    """Nothing was traced."""


class OpenTelemetry:
    """Spans by a provider."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._tracer = provider.get_tracer("kaohe")

    @contextmanager
    def span(
        self, name: str, kind: SpanKind, parent: str, attributes: Attributes
    ) -> Iterator[Span]:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind as OpenKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract({"traceparent": parent}, Context())
        made = self._tracer.start_span(
            name, context, OpenKind[kind.name], attributes, record_exception=False
        )
        told = _Span(made)
        try:
            yield told
        except BaseException as error:
            told.failed(type(error).__name__)
            raise
        finally:
            made.end()


class _Span:
    def __init__(self, made: "OpenSpan") -> None:
        self._made, context = made, made.get_span_context()
        self.parent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def called(self, name: str, attributes: Attributes) -> None:
        self._made.update_name(name)
        self._made.set_attributes(attributes)

    def failed(self, why: str) -> None:
        from opentelemetry.trace import Status, StatusCode

        self._made.set_attribute("error.type", why)
        self._made.set_status(Status(StatusCode.ERROR))

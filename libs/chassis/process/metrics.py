"""Figures for Prometheus, in a registry of their own: several services may share a process."""

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        self._durations = Histogram(
            "kaohe_http_request_duration_seconds",
            "Time to answer, by operation",
            ("service", "method", "operation", "status"),
            registry=self._registry,
            buckets=BUCKETS,
        )
        self._service = service

    def answered(self, method: str, operation: str, status: int, seconds: float) -> None:
        self._durations.labels(
            self._service, method if method in METHODS else "OTHER", operation, str(status)
        ).observe(seconds)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self._registry)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

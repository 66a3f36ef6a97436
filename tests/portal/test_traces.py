"""One click is one trace: from the portal to the service that owns the filing, on to review, and
from an officer's decision back to what it came to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from libs.chassis.process import trace
from libs.chassis.process.telemetry import OpenTelemetry
from libs.events import spans
from tests.in_memory.firm import Firm, filed
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = pytest.mark.servers


@dataclass
class Traced:
    exporter: InMemorySpanExporter

    def of(self, name: str, route: str) -> Sequence[ReadableSpan]:
        """The trace of the last request of the portal to this route."""
        every = self.exporter.get_finished_spans()
        roots = [each for each in every if each.name == f"{name} {route}" and not each.parent]
        assert roots, sorted({each.name for each in every if not each.parent})
        return [each for each in every if trace_of(each) == trace_of(roots[-1])]


def trace_of(span: ReadableSpan) -> int:
    return int(span.context.trace_id)


def names(found: Sequence[ReadableSpan]) -> list[str]:
    return [each.name for each in found]


def path(found: Sequence[ReadableSpan], name: str) -> list[str]:
    """From the click to the first span of this name."""
    by_id = {each.context.span_id: each for each in found}
    span = next(each for each in found if each.name == name)
    way = [span.name]
    while span.parent:
        span = by_id[span.parent.span_id]
        way.insert(0, span.name)
    return way


@pytest.fixture
def traced() -> Iterator[Traced]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    spans.begin(OpenTelemetry(provider))
    try:
        yield Traced(exporter)
    finally:
        spans.begin(None)


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return filed(portal.services)


def sent(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    """A filed person changed and sent, at the screen."""
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/changes")
    clerk.press("下载", {"person": next(iter(firm.staff.people.values()))})
    clerk.press("保存", {"/mobile": "13800000009"})
    clerk.press("在线发送")
    assert "已发送，回执号" in clerk.text, clerk.text
    return clerk


def test_sending_leads_to_the_case_that_review_opens(
    portal: PortalInMemory, firm: Firm, traced: Traced
) -> None:
    sent(portal, firm)
    found = traced.of("POST", "/people/{kind}/{filing:uuid}")
    assert path(found, "review.person-filings") == [
        "POST /people/{kind}/{filing:uuid}",
        "POST personnel",
        "POST /filings:send",
        "review.person-filings",
    ]
    assert path(found, "log append")[:-1] != []
    requests = [each for each in found if each.kind is SpanKind.SERVER]
    services = {(each.attributes or {})["kaohe.service"] for each in requests}
    assert services == {"portal", "personnel"}


def test_a_decision_leads_to_what_it_came_to_and_back(
    portal: PortalInMemory, firm: Firm, traced: Traced
) -> None:
    clerk = sent(portal, firm)
    (row,) = (
        each
        for each in portal.services["review"].rows("cases")
        if str(each["filing"]) == clerk.path.rpartition("/")[2]
    )
    officer = portal.visitor("CITY_OFFICER", "one", city="410100")
    officer.open(f"/cases/{row['id']}")
    officer.press("受理")
    officer.press("不通过", {"comment": "证书与本人不符"})
    found = traced.of("POST", "/cases/{id}")
    decided = ["POST /cases/{id}", "POST review", "POST /cases/{id}:decide"]
    assert path(found, "log append") == [*decided, "log append"]
    applied = [*decided, "personnel.decisions"]
    assert path(found, "personnel.decisions") == applied
    assert path(found, "review.person-filings") == [*applied, "review.person-filings"]
    (span,) = (each for each in found if each.name == "personnel.decisions")
    assert (span.attributes or {})["kaohe.event"] == "review.Case.Decided"


def test_who_asks_the_portal_without_a_trace_begins_one_that_events_keep(
    portal: PortalInMemory, firm: Firm
) -> None:
    sent(portal, firm)  # nothing is traced: the thread is there all the same
    told = {
        type: [each for each in portal.services[service].log.records if each.type.endswith(type)]
        for service, type in (("personnel", "FilingSent"), ("review", "CaseOpened"))
    }
    threads = {each[-1].metadata["trace"] for each in told.values()}
    assert len(threads) == 1
    assert trace.PARENT.fullmatch(threads.pop())

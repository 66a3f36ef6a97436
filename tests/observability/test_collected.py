"""Spans reach a collector by OTLP over HTTP: of a request, its append, the publication of its event
and its effect. Where no endpoint is set, nothing of OpenTelemetry's SDK is even imported.
"""

import subprocess
import sys
from uuid import uuid4

import pytest
from pydantic import ValidationError

from libs.chassis.process import telemetry
from libs.chassis.process.settings import ServiceSettings, Traces
from libs.events import spans
from tests.chassis import bank
from tests.chassis.bank import new_enterprise
from tests.observability.collector import Collector, Told, collecting
from tests.observability.test_firing import Failing, at_work
from tests.servers import ROOT

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


async def collected(
    collector: Collector, settings: tuple[ServiceSettings, str, str]
) -> dict[str, Told]:
    """What the collector is told of one trace, by name."""
    end = telemetry.begin("books", Traces(endpoint=collector.endpoint))
    try:
        async with at_work(*settings, Failing().effects) as found:
            client = found.bank.sign_in("ENT_CLERK", org=new_enterprise()[0])
            headers = {"Idempotency-Key": str(uuid4()), "traceparent": f"00-{TRACE}-{CALLER}-01"}
            answer = await client.post("/api/v1/books", json={"city": "410100"}, headers=headers)
            assert answer.status_code == 201
            await found.until("kaohe_relay_position", lambda position: position > 0)
            effects = found.bank.runtime.effects["books.mail"]
            await bank.until(lambda: _reached(effects.position))
    finally:
        spans.begin(None)
        end()
    return {each.name: each for each in collector.spans if each.trace == TRACE}


async def _reached(position: int) -> bool:
    return position > 0


@pytest.mark.servers
async def test_a_request_its_append_its_record_and_its_effect_are_one_trace(
    settings: tuple[ServiceSettings, str, str],
) -> None:
    with collecting() as collector:
        found = await collected(collector, settings)
    request = found["POST /books"]
    assert (request.parent, request.service) == (CALLER, "books")
    assert request.attributes["http.route"] == "/books"
    for name in ("log append", "publish", "books.mail"):
        assert found[name].parent == request.id, name
    assert found["publish"].attributes["messaging.destination.name"].startswith("kaohe.books")
    assert found["books.mail"].attributes["kaohe.event"].endswith("Book.BookOpened")


def test_without_an_endpoint_nothing_is_imported() -> None:
    look = (
        "import sys, services.review.main, services.portal.main;"
        "from libs.chassis.process import telemetry; telemetry.begin('review', None);"
        "print([each for each in sys.modules if each.startswith('opentelemetry.sdk')"
        " or each.startswith('opentelemetry.exporter')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("endpoint", ["collector:4318", "https://collector", "ftp://a/v1/traces"])
def test_an_endpoint_is_the_whole_address(endpoint: str) -> None:
    with pytest.raises(ValidationError):
        Traces(endpoint=endpoint)

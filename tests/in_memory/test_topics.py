"""What services put on their topics, read by the official CloudEvents SDK and held against the
contracts; each record says where its schema is, and the service shows it there.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cloudevents.core.bindings import kafka
from jsonschema_rs import Draft202012Validator, ValidationError

from libs.events.envelope import DATASCHEMA, KafkaRecord, is_same, to_record
from tests.contracts.documents import documents
from tests.in_memory.firm import Firm, open_campaign
from tests.in_memory.installation import ALL, Installation

AUTHORITY = ("kaohe.authority.inbox.v1", "kaohe.authority.receipts.v1")
CONTRACTS = Path(__file__).parents[2] / "contracts"


@pytest.fixture(scope="module")
def at() -> Iterator[Installation]:
    with Installation(*ALL) as made:
        firm = Firm(made, 41, "郑州示范设计有限公司")
        campaign = open_campaign(made)
        firm.file()
        firm.hire()
        firm.make_record(campaign, [firm.project()])
        firm.record.send()
        yield made


def published(at: Installation, service: str) -> list[KafkaRecord]:
    log, url = at[service].log.records, at.urls[service]
    return [to_record(service, event, url) for event in log]


def read(record: KafkaRecord) -> Any:
    message = kafka.KafkaMessage(dict(record.headers), record.key, record.value)
    return kafka.from_binary_event(message)


@cache
def headers_of(type: str) -> Draft202012Validator:
    messages = json.loads(documents()["asyncapi.json"])["components"]["messages"]
    return Draft202012Validator(messages[type]["headers"], validate_formats=True)


@pytest.mark.parametrize("service", ALL)
def test_the_official_sdk_reads_every_record_and_its_schema_is_where_it_says(
    at: Installation, service: str
) -> None:
    client, schemas = httpx.Client(transport=at), dict[str, Any]()
    records = published(at, service)
    assert records
    for record in records:
        event = read(record)
        assert event.get_data() == json.loads(record.value)
        type, place = event.get_type().removeprefix("kaohe."), event.get_dataschema()
        headers = {name: value.decode() for name, value in record.headers}
        assert [str(each) for each in headers_of(type).iter_errors(headers)] == []
        assert urlsplit(place)[:2] == ("http", service)
        if place not in schemas:
            answer = client.get(place)
            assert answer.headers["Content-Type"] == "application/schema+json"
            schemas[place] = answer.json()
            assert schemas[place]["$id"] == urlsplit(place).path
            assert schemas[place]["title"] == type
        Draft202012Validator(schemas[place]).validate(event.get_data())


def test_what_the_authority_is_told_is_read_by_the_sdk_too(at: Installation) -> None:
    told = at["review"].published(AUTHORITY[0])
    assert [read(each).get_source() for each in told] == ["/services/review"] * len(told)
    assert told


def test_every_schema_there_is_can_be_read_at_each_service_by_anybody(at: Installation) -> None:
    client = httpx.Client(transport=at)
    paths = [path.relative_to(CONTRACTS.parent) for path in CONTRACTS.glob("events/*/*.json")]
    assert len(paths) > 100
    for service in ALL:
        for path in paths if service == "review" else paths[:5]:
            answer = client.get(f"http://{service}/{path}")
            assert (answer.status_code, answer.text) == (200, (CONTRACTS.parent / path).read_text())


@pytest.mark.parametrize(
    "path",
    [
        "review.Case.Decided/v9.schema.json",
        "review.Case.Decided/v0.schema.json",
        "review.Case.Nothing/v1.schema.json",
        "../released.json",
        "%2e%2e/released.json",
        "..%2f/released.json",
        "review.Case.Decided/..%2f..%2freleased.json",
        "review.Case.Decided/v1.schema.json/",
    ],
)
def test_what_is_no_schema_is_not_found(at: Installation, path: str) -> None:
    answer = httpx.Client(transport=at).get(f"http://review/contracts/events/{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def with_header(record: KafkaRecord, header: str, text: str) -> KafkaRecord:
    return replace(
        record,
        headers=tuple(
            (name, text.encode() if name == header else value) for name, value in record.headers
        ),
    )


def test_a_record_is_the_same_wherever_its_schema_is_shown(at: Installation) -> None:
    record = published(at, "review")[0]
    path = urlsplit(record.header(DATASCHEMA)).path
    for url in ("", "https://kaohe.example", "https://kaohe.example/review"):
        other = with_header(record, DATASCHEMA, url + path)
        assert is_same(record, other)
        assert is_same(other, record)
    assert not is_same(record, with_header(record, DATASCHEMA, "/contracts/events/a.B.C/v1.json"))
    assert not is_same(record, with_header(record, "ce_position", "2"))
    assert not is_same(record, replace(record, value=b"{}"))
    assert not is_same(record, replace(record, headers=record.headers[:-1]))


def test_a_relative_place_or_a_missing_header_would_be_found(at: Installation) -> None:
    record = published(at, "review")[0]
    headers = {name: value.decode() for name, value in record.headers}
    validator = headers_of(record.header("ce_type").removeprefix("kaohe."))
    validator.validate(headers)
    for wrong in ({DATASCHEMA: "schemas/v1.json"}, {"ce_id": "1"}):
        with pytest.raises(ValidationError):
            validator.validate(headers | wrong)

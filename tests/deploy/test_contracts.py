"""contracts/ is generated from the code and committed; what is told is what is described."""

import json
from functools import cache

import pytest
from jsonschema_rs import Draft202012Validator, validator_for

from deploy.cli import contracts, readers
from deploy.embedded.places import existing_services
from libs.chassis.http.commands import API
from libs.chassis.service.service import Service
from libs.events.aggregate import STAMPS
from libs.events.reader import Reader
from tests.contracts.documents import documents
from tests.deploy.services import service

DOCUMENTS = documents()
READERS = [(name, reader) for name in existing_services() for reader in service(name).readers]


def test_the_committed_documents_are_as_the_code_is() -> None:
    remedies = [*contracts.wanting(DOCUMENTS), "run ./kaohe contracts and commit"]
    assert contracts.differing(DOCUMENTS) == [], "; then ".join(remedies)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.startswith("events/")])
def test_every_event_type_has_a_schema_of_its_stored_bytes(path: str) -> None:
    schema = json.loads(DOCUMENTS[path])
    validator_for(schema)
    assert schema["$id"] == f"/contracts/{path}"
    assert "act" in schema["required"]
    assert not STAMPS & set(schema["properties"])


@pytest.mark.parametrize("name", existing_services())
def test_every_operation_is_described_with_its_problems(name: str) -> None:
    document = json.loads(DOCUMENTS[f"openapi/{name}.json"])
    operations = [
        each
        for address, path in document["paths"].items()
        for each in path.values()
        if "operationId" in each and address.startswith(API)
    ]
    assert document["openapi"].startswith("3.1")
    for each in operations:
        problems = [response for status, response in each["responses"].items() if status[0] in "45"]
        assert problems, each["operationId"]
        assert all(
            "example" in problem["content"]["application/problem+json"] for problem in problems
        ), each["operationId"]


def test_the_message_document_names_each_topic_and_only_messages_that_exist() -> None:
    document = json.loads(DOCUMENTS["asyncapi.json"])
    services = {f"kaohe.{name}.v1" for name in existing_services()}
    authority = {f"kaohe.authority.{name}.v1" for name in ("inbox", "decisions", "receipts")}
    assert {channel["address"] for channel in document["channels"].values()} == services | authority
    told = {
        f"#/channels/{name}/messages/{kind}"
        for name, channel in document["channels"].items()
        for kind in channel["messages"]
    }
    heard = {
        message["$ref"]
        for each in document["operations"].values()
        for message in each.get("messages", [])
    }
    assert heard <= told


@pytest.mark.parametrize(
    ("owner", "reader"), READERS, ids=[f"{owner}: {reader.name}" for owner, reader in READERS]
)
def test_a_reader_hears_only_what_its_source_tells(owner: str, reader: Reader) -> None:
    types = _types(reader.source)
    assert set(reader.kinds) <= types, f"{owner} listens for what {reader.source} never tells"


def test_the_pages_that_are_made_are_as_the_code_and_their_data_are() -> None:
    made = contracts.pages(DOCUMENTS)
    assert {path.name for path in made} == {"who-hears-what.md", "security.md", "metrics.md"}
    for path, drawn in made.items():
        assert path.read_text() == drawn, "run ./kaohe contracts and commit"


def test_a_new_event_type_makes_the_map_of_readers_stale() -> None:
    services = [service(name) for name in existing_services()]
    told = {each.name: [kind.TOPIC for kind in contracts.stored(each)] for each in services}
    assert json.loads(DOCUMENTS["readers.json"]) == readers.readers(services, told)
    told["enterprise"].append("enterprise.Enterprise.NeverHeardOf")
    assert json.loads(DOCUMENTS["readers.json"]) != readers.readers(services, told)


def test_tables_change_only_together_with_their_version() -> None:
    before = json.loads(DOCUMENTS["lists.json"])
    assert readers.changed_under_one_version(before, before) == []
    now = json.loads(DOCUMENTS["lists.json"])
    now["enterprise.lists"]["sha256"] = "another"
    assert readers.changed_under_one_version(before, now) == ["enterprise.lists"]
    now["enterprise.lists"]["version"] += 1
    assert readers.changed_under_one_version(before, now) == []


def test_a_column_without_a_version_is_told_with_the_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = json.loads(DOCUMENTS["lists.json"])
    version = lists["enterprise.lists"]["version"]
    lists["enterprise.lists"]["sha256"] = "another"
    changed = DOCUMENTS | {"lists.json": json.dumps(lists)}
    monkeypatch.setattr(contracts, "documents", lambda _: changed)
    assert contracts.contracts(check=True) == 1
    told = capsys.readouterr().out
    assert "stale: contracts/lists.json" in told
    assert "the tables of enterprise.lists changed: give its Projection" in told
    assert f"the next version ({version + 1})" in " ".join(told.split())
    assert told.endswith("then run ./kaohe contracts and commit what it writes\n")


@cache
def _types(name: str) -> frozenset[str]:
    found: Service = service(name)
    return frozenset(kind.TOPIC for kind in contracts.stored(found))


def test_a_sealed_field_is_described_as_it_is_stored() -> None:
    schema = json.loads(DOCUMENTS["events/enterprise.Enterprise.FilingSent/v2.schema.json"])
    Draft202012Validator(schema)
    assert "$pii" in json.dumps(schema)

"""Whoever reads another service's events still reads what was stored under every schema there ever
was.
"""

import json

import pytest
from jsonschema_rs import Draft202012Validator

from deploy.cli import contracts, releases
from libs.events.codec import decode, encode, is_canonical
from tests.contracts.documents import documents
from tests.contracts.samples import KEY, OPENER, Sample, readers, samples

DOCUMENTS = documents()
EVERY = pytest.mark.parametrize("sample", samples(), ids=str)


def schema(sample: Sample) -> str:
    path = f"events/{sample.type}/v{sample.schema}.schema.json"
    return DOCUMENTS.get(path) or releases.text(contracts.FOLDER, path) or ""


def test_every_event_type_that_others_read_has_a_sample_of_each_schema() -> None:
    told = {path for path in DOCUMENTS if path.startswith("events/")} | releases.released(
        contracts.FOLDER
    ).keys()
    wanted = {path for path in told if path.split("/")[1] in readers()}
    kept = {f"events/{each.type}/v{each.schema}.schema.json" for each in samples()}
    silent = sorted(wanted - kept)
    assert not silent, f"python -m pytest -p tests.contracts.record tests/<service> for {silent}"


@EVERY
def test_a_sample_holds_exact_bytes_as_its_schema_says(sample: Sample) -> None:
    assert is_canonical(sample.data)
    errors = Draft202012Validator(json.loads(schema(sample)), validate_formats=True).iter_errors(
        json.loads(sample.data)
    )
    assert [f"{error.instance_path} {error.message}" for error in errors] == []


@EVERY
def test_every_contract_reads_it(sample: Sample) -> None:
    assert readers()[sample.type]
    for kind in readers()[sample.type]:
        found = kind.model_validate_json(sample.data)
        assert found.act.by.role


@EVERY
def test_its_own_service_reads_it(sample: Sample) -> None:
    event = decode(sample.type, KEY.subject, 1, sample.data, OPENER)
    assert decode(sample.type, KEY.subject, 1, encode(event, KEY), OPENER) == event


@EVERY
def test_its_personal_data_is_sealed(sample: Sample) -> None:
    if b'"$pii"' in sample.data:
        with pytest.raises(ValueError, match="sealed"):
            decode(sample.type, KEY.subject, 1, sample.data)

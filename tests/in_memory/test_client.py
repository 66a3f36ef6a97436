"""openapi-python-client makes of each document a client that lacks nothing; one filing is carried
out by such clients alone.
"""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo import people, scans
from libs.chassis.in_memory import token
from libs.events.testing.tables import Row
from tests.contracts.documents import documents, openapi
from tests.in_memory.installation import ALL, CITY, Installation

pytestmark = pytest.mark.slow  # generators take their time
SCANS = ("ENT_LICENSE", "ENT_CERT", "ENT_LEGAL_ID")
METHODS = {"get", "put", "post", "delete"}


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Packages named after the services, importable."""
    folder = tmp_path_factory.mktemp("clients")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def made(folder: Path, service: str) -> str:
    """Makes the client `<service>_client`, once; what the generator says meanwhile."""
    if (said := folder / f"{service}.txt").exists():
        return said.read_text()
    document, package = folder / f"{service}.json", f"{service}_client"
    document.write_text(documents()[f"openapi/{service}.json"])
    config = folder / "config.yml"
    config.write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    places = ["--path", f"{document}", "--output-path", f"{folder / package}"]
    done = subprocess.run(
        [*command, *places, "--config", f"{config}"], capture_output=True, text=True, check=True
    )
    said.write_text(done.stdout + done.stderr)
    return said.read_text()


@pytest.mark.parametrize("service", ALL)
def test_the_client_has_every_operation_and_nothing_is_left_out(
    clients: Path, service: str
) -> None:
    assert "WARNING" not in made(clients, service)
    operations = {
        (tag, each["operationId"])
        for path in openapi(service)["paths"].values()
        for method, each in path.items()
        if method in METHODS
        for tag in each["tags"]
    }
    api = clients / f"{service}_client" / "api"
    modules = {(path.parent.name.replace("_", "-"), path.stem) for path in api.glob("*/*.py")}
    assert {each for each in modules if each[1] != "__init__"} == operations


class Caller:
    """A service's generated client, as somebody."""

    def __init__(self, at: Installation, clients: Path, service: str, token: str) -> None:
        made(clients, service)
        self._package = f"{service}_client"
        self._client = self.module("client").AuthenticatedClient(
            f"http://{service}",
            token,
            httpx_args={"transport": at},
            raise_on_unexpected_status=True,
        )
        self.models = self.module("models")

    def module(self, name: str) -> ModuleType:
        return import_module(f"{self._package}.{name}")

    def __call__(self, operation: str, *ids: Any, status: int = 200, **given: Any) -> Any:
        """What the operation answers, as the client reads it."""
        call: Callable[..., Any] = self.module(f"api.{operation}").sync_detailed
        answer = call(*ids, client=self._client, **given)
        assert answer.status_code == status, answer.content.decode()
        return answer


def key() -> str:
    return str(uuid4())


def uploaded(clerk: Caller, type: str, data: bytes, mime: str, store: httpx.Client) -> Row:
    upload = clerk.models.Upload(
        mime=clerk.models.UploadMime(mime),
        scan_type=type,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )
    given = clerk("uploads.request_upload", body=upload, idempotency_key=key(), status=201).parsed
    store.put(given.upload_url, content=data, headers=given.headers.to_dict())
    done = clerk("uploads.complete_upload", given.scan, idempotency_key=key()).parsed
    read: BytesIO = clerk("scans.read_scan", given.scan).parsed.payload
    assert hashlib.sha256(read.read()).hexdigest() == done.stored_sha256
    return {"scan": str(given.scan), "scan_type": type}


def test_a_filing_is_made_sent_reviewed_and_approved_by_generated_clients(clients: Path) -> None:
    with Installation("enterprise", "personnel", "review") as at:
        random, store = Random(7), httpx.Client(transport=at)
        uscc, name = people.credit_code(random), "郑州示范建筑设计有限公司"
        clerk = Caller(at, clients, "enterprise", token("ENT_CLERK", org=uscc))
        models = clerk.models
        place = models.Registration(uscc=uscc, name=name, supervising_city_code=CITY)
        first = clerk(
            "enterprises.register_enterprise", body=place, idempotency_key=key(), status=201
        )
        enterprise = first.parsed.id
        assert first.headers["Location"].endswith(str(enterprise))

        files = [
            uploaded(clerk, each, scans.jpeg(each, uscc), "image/jpeg", store) for each in SCANS
        ]
        audit = scans.pdf("ENT_AUDIT", uscc)
        files.append(uploaded(clerk, "ENT_AUDIT", audit, "application/pdf", store))
        page = people.information(random, uscc, name) | {"scans": files}
        saved = clerk(
            "enterprises.save_information",
            enterprise,
            body=models.Information.from_dict(page),
            if_match=first.headers["ETag"],
            idempotency_key=key(),
        )
        added = clerk(
            "enterprises.add_filing",
            enterprise,
            body=models.NewFiling(type_=models.Type("ENT_INIT")),
            if_match=saved.headers["ETag"],
            idempotency_key=key(),
            status=201,
        )
        filing = added.parsed.id
        kept = clerk(
            "enterprises.save_filing",
            enterprise,
            filing,
            body=models.Information(),
            if_match=added.headers["ETag"],
            idempotency_key=key(),
        )
        checked = clerk("enterprises.check_filing", enterprise, filing).parsed
        warnings = sorted({each.rule for each in checked.findings if each.severity == "W"})
        sent = clerk(
            "enterprises.send_filing",
            enterprise,
            filing,
            body=models.Sending(acknowledged=warnings),
            if_match=kept.headers["ETag"],
            idempotency_key=key(),
        )
        assert (sent.parsed.round_, sent.parsed.receipt_no[:6]) == (1, CITY)

        officer = Caller(at, clients, "review", token("CITY_OFFICER", city=CITY))
        (row,) = at["review"].rows("cases")
        case = officer("cases.open_case", row["id"], idempotency_key=key()).parsed
        decision = officer.models.Deciding.from_dict(
            {"decision": "PASS", "round": case.round_, "reviewed": case.reviewed.to_dict()}
        )
        officer("cases.decide_case", case.id, body=decision, idempotency_key=key())
        now = clerk("enterprises.read_filing", enterprise, filing)
        assert (now.parsed.status, now.parsed.filed_version) == ("APPROVED", 1)
        again = clerk(
            "enterprises.read_filing",
            enterprise,
            filing,
            if_none_match=now.headers["ETag"],
            status=304,
        )
        assert again.parsed is None
        refused = clerk(
            "enterprises.void_filing",
            enterprise,
            filing,
            if_match=now.headers["ETag"],
            idempotency_key=key(),
            status=409,
        )
        assert {each.rule for each in refused.parsed.errors} & {"E24", "STATE"}

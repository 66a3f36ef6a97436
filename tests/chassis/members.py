"""Processes of one service side by side, each in its role, as an operator starts them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from joserfc.jwk import KeySet

from deploy.embedded.process import LAUNCH, reserve
from libs.chassis.process.settings import ServiceSettings
from tests.chassis.issuer import FakeIssuer
from tests.patience import PATIENCE
from tests.servers import ROOT, environment


@dataclass
class Member:
    process: "subprocess.Popen[bytes]"
    url: str
    log: str

    @property
    def checks(self) -> dict[str, Any]:
        """What its readiness says, nothing while it does not answer."""
        try:
            found = httpx.get(f"{self.url}/health/ready", timeout=5)
        except httpx.TransportError:
            return {}
        return dict(found.json()["checks"]) if found.status_code == 200 else {}

    def status_of(self, path: str) -> int:
        return httpx.get(self.url + path, timeout=5).status_code

    @property
    def works(self) -> Any:
        return self.checks.get("loops", {}).get("says", {}).get("worker")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


@dataclass
class Members:
    """`settings`: of the service, which every process has; `module`: what is run."""

    settings: Mapping[str, str]
    prefix: str
    folder: Any
    module: str = "tests.chassis.serving"
    running: list[Member] = field(default_factory=list)

    def start(self, role: str, **settings: str) -> Member:
        port, number = reserve(), len(self.running)
        log = self.folder / f"{role}-{number}.log"
        own = {f"{self.prefix}_HTTP__PORT": str(port)} | settings
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*LAUNCH, "as_is", "SIGTERM", sys.executable, "-P", "-m", self.module, role],
                env={**environment(ROOT), **self.settings, **own},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        self.running.append(Member(process, f"http://127.0.0.1:{port}", str(log)))
        return self.running[-1]

    def stop(self) -> list[int]:
        """Statuses of those that were not killed before."""
        living = [each.process for each in self.running if each.process.poll() is None]
        for each in living:
            each.terminate()
        return [each.wait(PATIENCE) for each in living]


def environment_of(settings: ServiceSettings, issuer: str) -> dict[str, str]:
    """The variables that say what `settings` do, but the owner's DSN."""
    said = {
        "PROFILE": settings.profile,
        "DB__DSN": settings.db.dsn.get_secret_value(),
        "KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "S3__ENDPOINT": settings.s3.endpoint,
        "S3__ACCESS_KEY": settings.s3.access_key.get_secret_value(),
        "S3__SECRET_KEY": settings.s3.secret_key.get_secret_value(),
        "S3__BUCKET": settings.s3.bucket,
        "S3__QUARANTINE": settings.s3.quarantine,
        "AUTH__ISSUER": issuer,
        "KEYRING__DSN": settings.keyring.dsn.get_secret_value(),
        "KEYRING__MASTER_KEY_FILE": str(settings.keyring.master_key_file),
        "KEYRING__PERSON_KEY_FILE": str(settings.keyring.person_key_file),
        "RECORDS__KEY_FILE": str(settings.records.key_file),
        "RECORDS__KNOWN_FILE": str(settings.records.known_file),
    }
    said |= {
        name.partition("_")[2]: value
        for name, value in os.environ.items()
        if name.startswith("KAOHE_KAFKA__")
    }
    return {f"{settings.service.upper()}_{name}": value for name, value in said.items()}


@contextmanager
def issuing(issuer: FakeIssuer) -> Iterator[str]:
    """Its documents over HTTP, for other processes; the URL."""

    class Documents(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = KeySet([issuer.key]).as_dict(private=False)
            known = {"issuer": url, "jwks_uri": f"{url}/jwks"}
            body = json.dumps(keys if self.path == "/jwks" else known).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Documents)
    url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def waits_until(look: Any, what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)
    return found

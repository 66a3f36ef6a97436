"""A Prometheus server of Debian's package, with the rules of deploy/observability."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from deploy.embedded.process import reserve
from tests.observability.rules import RULES
from tests.patience import PATIENCE

OFTEN = "2s"


@dataclass(frozen=True)
class Prometheus:
    url: str

    def told(self, path: str, **asked: str) -> Any:
        """What its API answers. AssertionError with its words, where it does not."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=asked, timeout=30).json()
        assert answer["status"] == "success", answer["error"]
        return answer["data"]

    def asked(self, expression: str) -> list[dict[str, Any]]:
        """The series that it makes of an expression now."""
        return list(self.told("query", query=expression)["result"])

    def targets(self) -> dict[str, str]:
        """How each job's process is."""
        found = self.told("targets", state="active")["activeTargets"]
        return {each["labels"]["job"]: each["health"] for each in found}

    def rules(self) -> list[dict[str, Any]]:
        return [each for group in self.told("rules")["groups"] for each in group["rules"]]

    def alerts(self, state: str) -> list[dict[str, str]]:
        """Labels of those that are `pending` or `firing`."""
        found = self.told("alerts")["alerts"]
        return [each["labels"] for each in found if each["state"] == state]

    def waits_until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < end, [self.targets(), self.told("alerts")]
            time.sleep(0.5)


@contextmanager
def prometheus(folder: Path, urls: Mapping[str, str]) -> Iterator[Prometheus]:
    """It asks each process of `urls` by a job of its name."""
    jobs = [
        {"job_name": f"kaohe-{name}", "static_configs": [{"targets": [urlsplit(url).netloc]}]}
        for name, url in urls.items()
    ]
    config = {
        "global": {"scrape_interval": OFTEN, "scrape_timeout": OFTEN, "evaluation_interval": OFTEN},
        "rule_files": [str(RULES)],
        "scrape_configs": jobs,
    }
    file, port = folder / "prometheus.yaml", reserve()
    file.write_text(yaml.safe_dump(config))
    command = [
        "prometheus",
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            answers(process, f"http://127.0.0.1:{port}/-/ready", folder / "log")
            yield Prometheus(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def answers(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)

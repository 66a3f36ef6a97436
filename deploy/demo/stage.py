"""Actors who call the APIs as frontends do, and what is told of each act."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from deploy.embedded.process import StackError

API = "/api/v1"
UNAVAILABLE = 503
NAMED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PATIENCE = 60.0  # seconds until what was sent must have arrived, on a busy machine too


class RequestRefused(StackError):
    def __init__(self, answer: httpx.Response) -> None:
        self.problem: dict[str, Any] = answer.json()
        rules = "; ".join(
            f"{each['rule']} {each['pointer']} {each['zh']}"
            for each in self.problem.get("errors", [])
        )
        super().__init__(
            f"{answer.request.method} {answer.request.url.path} → {answer.status_code} "
            f"{self.problem.get('title')}: {rules}"
        )


@dataclass
class Teller:
    """Prints a line per act: for people, or as JSON."""

    as_json: bool = False
    step: int = 0

    def act(self, actor: str, answer: httpx.Response, ids: Mapping[str, str], says: str) -> None:
        self.step += 1
        service, request = (
            answer.headers.get("X-Event-Position", "/").partition("/")[0],
            answer.request,
        )
        position = answer.headers.get("X-Event-Position", "")
        line = {
            "step": self.step,
            "actor": actor,
            "service": service,
            "method": request.method,
            "path": request.url.path,
            "status": answer.status_code,
            "ids": dict(ids),
            "position": position,
            "says": says,
        }
        print(
            json.dumps(line, ensure_ascii=False)
            if self.as_json
            else f"{self.step:3}  {actor}  {says}",
            flush=True,
        )

    def note(self, text: str) -> None:
        if not self.as_json:
            print(f"     {text}", flush=True)

    def chapter(self, title: str) -> None:
        if not self.as_json:
            print(f"\n{title}", flush=True)


@dataclass
class DemoUser:
    """Somebody with a token. Every command has a key of its own, so that it can be repeated
    safely.
    """

    name: str
    token: str
    services: Mapping[str, str]
    teller: Teller
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    def get(self, service: str, path: str, **query: Any) -> dict[str, Any]:
        return dict(self._call("GET", service, path, params=query).json())

    def do(
        self,
        method: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        says: str = "",
    ) -> dict[str, Any]:
        """A command; `says` tells it."""
        headers = {"Idempotency-Key": str(uuid4())} | (
            {"If-Match": f'"{version}"'} if version is not None else {}
        )
        answer = self._call(method, service, path, json=body, headers=headers)
        found: dict[str, Any] = answer.json()
        if says:
            self.teller.act(
                self.name, answer, ids_in(found), says.format(**found) if "{" in says else says
            )
        return found

    def position(self, service: str, path: str) -> str:
        """How far a service's log must be followed to see all that happened to an item: for
        `min_position`.
        """
        history: Any = self._call("GET", service, f"{path}/history").json()
        return f"{service}/{max(each['position'] for each in history)}"

    def upload(
        self, service: str, scan_type: str, data: bytes, mime: str, subject: str | None = None
    ) -> dict[str, str]:
        """Ticket, upload into quarantine, completion; answers what a content refers to."""
        digest = hashlib.sha256(data).hexdigest()
        ticket = self.do(
            "POST",
            service,
            "/uploads",
            {
                "size": len(data),
                "mime": mime,
                "sha256": digest,
                "scan_type": scan_type,
                "subject": subject,
            },
        )
        self.client.put(
            ticket["upload_url"], content=data, headers=ticket["headers"]
        ).raise_for_status()
        self.do("POST", service, f"/uploads/{ticket['scan']}:complete")
        return {"scan": ticket["scan"], "scan_type": scan_type}

    def wait(self, what: str, look: Callable[[], Any]) -> Any:
        """Until it is there: facts travel by topic."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end:
                raise StackError(
                    f"等了 {PATIENCE:.0f} 秒仍未完成", f"waited {PATIENCE:.0f} s in vain for {what}"
                )
            time.sleep(0.02)
        return found

    def _call(self, method: str, service: str, path: str, **given: Any) -> httpx.Response:
        """Asked again, under the same key, while the service says "later" (503)."""
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        url, end = f"{self.services[service]}{API}{path}", time.monotonic() + PATIENCE
        while True:
            answer = self.client.request(method, url, headers=headers, **given)
            if answer.status_code != UNAVAILABLE or time.monotonic() > end:
                break
            time.sleep(int(answer.headers.get("Retry-After", "1")))
        if answer.is_error:
            raise RequestRefused(answer)
        return answer


def ids_in(found: Mapping[str, Any]) -> dict[str, str]:
    """What an answer names: ids and numbers by which it can be asked for again."""
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and (NAMED.fullmatch(value) or name.endswith("_no"))
    }

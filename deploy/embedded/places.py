"""Where the stack keeps things below its home folder, and what it has made up: ports, passwords,
keys.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deploy.embedded.process import StackError, cached, free, reserve, write_private

SERVICES = ("enterprise", "personnel", "projects", "assessment", "review")
PORTAL = "portal"
SERVERS = ("postgres", "kafka", "seaweedfs")
ALONE = "servers"  # the supervisor's part that is all of them, and nothing that works on them
PASSWORDS = ("postgres", "s3_access", "s3_secret", "weed", "issuer_client")
RECORDS = tuple(f"records_{service}" for service in SERVICES)  # keys that sign what each publishes
KEYS = ("master", "person", "session", *RECORDS)
DEVELOPMENT = "development "  # marks keys that production refuses


def existing_services() -> list[str]:
    """Those that are built, in the order of the manual."""
    return [
        name
        for name in SERVICES
        if find_spec(f"services.{name}") and find_spec(f"services.{name}.main")
    ]


@dataclass(frozen=True)
class Home:
    path: Path

    def make(self) -> None:
        """PostgreSQL's user passes through the folder; everything inside is 0600 or 0700."""
        try:
            self.path.mkdir(exist_ok=True, parents=True)
            self.path.chmod(0o711)
            for name in ("run", "log"):
                (self.path / name).mkdir(exist_ok=True)
        except OSError as error:
            raise StackError(
                f"不能在 {self.path} 保存数据：请检查权限和空间",
                f"cannot keep data in {self.path}: {error.strerror}",
            ) from None

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Made at the first start, kept 0600; what a later version needs besides is added."""
        roles = [
            f"{service}{suffix}"
            for service in (*SERVICES, "keys")
            for suffix in ("", "_owner", "_reader", "_keys", "_retention")
        ]
        names = dict.fromkeys((*PASSWORDS, *roles, PORTAL, f"{PORTAL}_owner"), 24)
        sizes = names | dict.fromkeys(KEYS, 32)
        known = cached(self.path / "secrets.json", dict)
        if missing := sizes.keys() - known.keys():
            known |= {name: secrets.token_hex(sizes[name]) for name in missing}
            write_private(self.path / "secrets.json", json.dumps(known))
        return known

    def key_file(self, name: str) -> Path:
        path = self.path / "run" / f"{name}.key"
        write_private(path, DEVELOPMENT + self.secrets[name])
        return path

    def log(self, name: str) -> Path:
        return self.path / "log" / f"{name}.log"

    @property
    def signatories(self) -> Path:
        """How the services know each other's records; see `provision.signatories`."""
        return self.path / "signatories.json"

    def ports(self, parts: Iterable[str]) -> dict[str, int]:
        """Free loopback ports, the same as last time where they still are free."""
        known = cached(self.path / "ports.json", dict)
        ports = known | {
            part: str(known[part] if part in known and free(int(known[part])) else reserve())
            for part in parts
        }
        write_private(self.path / "ports.json", json.dumps(ports))
        return {part: int(port) for part, port in ports.items()}

    @property
    def endpoints(self) -> dict[str, Any] | None:
        """Where everything is; None while the stack is not up."""
        try:
            return dict(json.loads((self.path / "endpoints.json").read_text()))
        except FileNotFoundError:
            return None

    def tell(self, endpoints: dict[str, Any]) -> None:
        write_private(self.path / "endpoints.json", json.dumps(endpoints))

    def forget(self) -> None:
        (self.path / "endpoints.json").unlink(missing_ok=True)

"""`python -m deploy.image.provisioning`: what the services find, made by the administrators of
PostgreSQL and S3: databases with their roles, buckets. It may be repeated. Secrets are files below
KAOHE_SECRETS; the administrator's DSN is KAOHE_POSTGRES, else the file `kaohe_dsn`.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.embedded import provision
from deploy.embedded.outside import hosts
from deploy.embedded.places import SERVICES
from deploy.embedded.process import StackError


class Passwords(Mapping[str, str]):
    """Of roles, by name; read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, role: str) -> str:
        return secret(self._folder / f"{role}_password")

    def __iter__(self) -> Iterator[str]:
        return (each.name.removesuffix("_password") for each in self._folder.glob("*_password"))

    def __len__(self) -> int:
        return len(list(iter(self)))


def secret(path: Path) -> str:
    """Raises StackError for a file that is not there, or not ours to read."""
    try:
        return path.read_text().strip()
    except OSError as error:
        raise StackError(
            f"无法读取 {path}：KAOHE_SECRETS 应为 deploy.image.material 所生成的目录",
            f"{path}: {error.strerror}; KAOHE_SECRETS names the folder of deploy.image.material",
        ) from None


async def provisioned(folder: Path, s3: str) -> None:
    """Raises StackError for a server that does not take us, and for a secret that is missing."""
    words = Passwords(folder)
    admin = os.environ.get("KAOHE_POSTGRES") or secret(folder / "kaohe_dsn")
    keys = [secret(folder / f"s3_{name}") for name in ("access", "secret")]
    with provision.reaching(f"PostgreSQL at {hosts(admin)}", "KAOHE_POSTGRES"):
        await provision.databases(admin, SERVICES, words)
        await provision.portal_database(admin, words)
    await provision.buckets(s3, keys[0], keys[1], (*SERVICES, "quarantine"))


def main() -> int:
    folder = Path(os.environ.get("KAOHE_SECRETS") or "/run/secrets")
    try:
        if not (s3 := os.environ.get("KAOHE_S3_ENDPOINT")):
            raise StackError(
                "请设置 KAOHE_S3_ENDPOINT：http(s)://host:port",
                "set KAOHE_S3_ENDPOINT: http(s)://host:port",
            )
        asyncio.run(provisioned(folder, s3))
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

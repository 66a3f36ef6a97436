"""`python -m deploy.image.provisioning`: what the services find, made by the administrators of
PostgreSQL and S3: databases with their roles, buckets. It may be repeated. Secrets are files below
KAOHE_SECRETS.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.embedded import provision
from deploy.embedded.places import SERVICES


class Passwords(Mapping[str, str]):
    """Of roles, by name; read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, role: str) -> str:
        return (self._folder / f"{role}_password").read_text().strip()

    def __iter__(self) -> Iterator[str]:
        return (each.name.removesuffix("_password") for each in self._folder.glob("*_password"))

    def __len__(self) -> int:
        return len(list(iter(self)))


async def provisioned(folder: Path, s3: str) -> None:
    """Raises StackError for a server that does not take us."""
    words = Passwords(folder)
    admin = os.environ.get("KAOHE_POSTGRES") or (folder / "kaohe_dsn").read_text().strip()
    await provision.databases(admin, SERVICES, words)
    await provision.portal_database(admin, words)
    keys = [(folder / f"s3_{name}").read_text().strip() for name in ("access", "secret")]
    await provision.buckets(s3, keys[0], keys[1], (*SERVICES, "quarantine"))


def main() -> int:
    folder = Path(os.environ.get("KAOHE_SECRETS", "/run/secrets"))
    asyncio.run(provisioned(folder, os.environ["KAOHE_S3_ENDPOINT"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

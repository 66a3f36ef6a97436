"""`python -m deploy.migrating NAME...`: the migration step of services and of the portal. It alone
has the DSNs of those who own tables (`ENTERPRISE_DB__OWNER_DSN`): nobody serves with them (decision
55).
"""

import asyncio
import importlib
import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

from deploy.embedded.places import PORTAL
from libs.chassis.process.migrations import migrate
from libs.chassis.process.settings import load_migration
from services.portal.web import accounts
from services.portal.web.sessions import prepare


async def migrated(names: Iterable[str]) -> None:
    """Each one's tables as its code needs them, and its roles' rights. Raises pydantic's
    ValidationError for settings that are missing, and as `migrate`.
    """
    for name in names:
        database = load_migration(name).db
        if name == PORTAL:
            await prepare(database, accounts.SCHEMA)
            continue
        service = importlib.import_module(f"services.{name}.main").SERVICE
        writer = urlsplit(database.dsn.get_secret_value()).username or name
        await migrate(
            database.owner_dsn.get_secret_value(), writer, service.migrations, service.projections
        )


def main() -> int:
    asyncio.run(migrated(sys.argv[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`migrate`: the step between two versions of the code, before the new one starts."""

import asyncio
import os

from cyclopts import App
from pydantic import ValidationError

from deploy.embedded.places import PORTAL, SERVICES
from deploy.embedded.process import StackError
from deploy.installation.installation import owner_of
from libs.chassis.process.settings import said_of


def register(app: App) -> None:
    app.command(migrate)


def migrate(*names: str) -> int:
    """Make and change tables and rights, of these services (or `portal`), else of all whose owner
    the environment names (ENTERPRISE_DB__OWNER_DSN, with ENTERPRISE_DB__DSN for the role that
    serves). `up` does it for the local stack.
    """
    from deploy.migrating import migrated

    known = (*SERVICES, PORTAL)
    wanted = names or tuple(name for name in known if os.environ.keys() & owner_of(name))
    if not wanted or (strange := set(wanted) - set(known)):
        said = ", ".join(sorted(strange)) if wanted else owner_of("enterprise")[0]
        raise StackError(
            f"没有可迁移的服务（{said}）：请写服务名并设置其 DB__OWNER_DSN",
            f"nothing to migrate ({said}): name services, and set their DB__OWNER_DSN",
        )
    for name in wanted:
        try:
            asyncio.run(migrated([name]))
        except ValidationError as error:
            raise StackError(
                f"{name} 的设置不全", f"settings of {name}: {said_of(name, error)}"
            ) from None
        print(f"{name:12} migrated")
    return 0

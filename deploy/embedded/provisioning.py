"""`python -m deploy.embedded.provisioning databases|topics HOME`: what the services of the local
stack find, made by a process of its own: the supervisor lives as long as the stack and reads none
of the clients' code (decision 81). Where the servers are stands in the environment
(`Servers`).
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from deploy.embedded import provision
from deploy.embedded.outside import Servers, kafka_security
from deploy.embedded.places import Home, existing_services
from deploy.embedded.process import REFUSED, StackError, said


async def databases(home: Home, servers: Servers) -> None:
    await provision.databases(servers.postgres, existing_services(), home.secrets)
    await provision.portal_database(servers.postgres, home.secrets)
    if servers.owns_postgres:
        await provision.close_others(servers.postgres)


async def topics(home: Home, servers: Servers) -> None:
    """And buckets, and how the services know each other's records."""
    named = [*existing_services(), "quarantine"]
    await asyncio.gather(
        provision.topics(servers.kafka, kafka_security(), is_own=servers.owns_kafka),
        provision.buckets(**servers.s3, names=named),
    )
    await provision.signatories(servers.postgres, home)


STEPS: Mapping[str, Callable[[Home, Servers], Awaitable[None]]] = {
    "databases": databases,
    "topics": topics,
}


async def _taken(step: str, home: Home) -> None:
    await STEPS[step](home, Servers.told())


def main() -> int:
    try:
        asyncio.run(_taken(sys.argv[1], Home(Path(sys.argv[2]))))
    except StackError as error:
        said(str(error))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())

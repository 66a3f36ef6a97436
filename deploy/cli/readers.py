"""`contracts/readers.json` and `contracts/lists.json`: who hears which event, and what each list is
made of; generated, so that a person looks once at every new event type and at every new column.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from libs.chassis.service import Service
from libs.events.reader import Reader


def readers(services: Sequence[Service], told: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """By reader: its source, the stored types it hears, and those of its source that it passes
    over. `told`: by service, every type that may stand in its log.
    """
    return {
        name: {
            "source": reader.source,
            "hears": sorted(reader.kinds),
            "passes_over": sorted(set(told[reader.source]) - set(reader.kinds)),
        }
        for service in services
        for name, reader in ((_name(service, each), each) for each in service.readers)
    }


def lists(services: Sequence[Service]) -> dict[str, Any]:
    """By projection: its version, and the SQL of its tables with their digest."""
    return {
        projection.name: {
            "version": projection.version,
            "tables": {table: model.columns for table, model in projection.tables.items()},
            "sha256": hashlib.sha256(projection.sql.encode()).hexdigest(),
        }
        for service in services
        for projection in service.projections
    }


def changed_under_one_version(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Lists whose tables changed while their version did not: a database that has them would keep
    the old ones.
    """
    return sorted(
        name
        for name, made in now.items()
        if name in before
        and made["version"] == before[name]["version"]
        and made["sha256"] != before[name]["sha256"]
    )


def _name(service: Service, reader: Reader) -> str:
    """A reader of the chassis has the same name in every service."""
    own = reader.name.startswith(f"{service.name}.")
    return reader.name if own else f"{service.name}.{reader.name}"

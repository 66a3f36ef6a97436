"""What a route reads and begins, only within the caller's reach."""

from typing import Any, cast
from uuid import UUID

import pytest

from libs.chassis.identity.access import OWN, Reach, allow
from libs.chassis.ports.ports import Ports
from libs.chassis.ports.principal import Principal
from libs.events.application import Application
from libs.events.errors import NotFound
from tests.chassis.ledgers import FOREIGN, OURS, USCC, enterprise_id
from tests.events.ledger import Ledger

LEDGER = UUID(int=1)


class OurLedger:
    """The log: one ledger, of the enterprise with the first credit code."""

    async def read(self, kind: type[Ledger], id: UUID) -> Any:
        return type("OurLedger", (), {"id": id, "owner": OURS})()


def reach(org: str | None) -> Reach:
    ports = type("OnlyIds", (), {"enterprise_id": staticmethod(enterprise_id)})()
    clerk = Principal(sub="clerk", roles=("ENT_CLERK",), org=org)
    return Reach(clerk, [allow("read_ledger", ("ENT_CLERK",), OWN)], cast(Ports, ports))


async def test_an_item_is_read_by_its_owner_and_not_found_by_anybody_else() -> None:
    log = cast(Application, OurLedger())
    found = await reach(USCC).read(log, Ledger, LEDGER)
    assert (found.id, found.owner) == (LEDGER, OURS)
    for org in (FOREIGN, None):
        with pytest.raises(NotFound):
            await reach(org).read(log, Ledger, LEDGER)


async def test_a_caller_begins_something_for_their_own_enterprise_only() -> None:
    assert await reach(USCC).own() == OURS
    with pytest.raises(NotFound):
        await reach(None).own()


async def test_who_asked_for_an_item_or_for_their_own_has_asked() -> None:
    asked = reach(USCC)
    assert not asked.asked
    await asked.own()
    assert asked.asked

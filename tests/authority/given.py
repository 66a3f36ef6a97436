"""A review service without servers: its log in memory, one case that waits, one system of its
office with its keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.authority import registering
from deploy.authority.signing import Signer
from libs.chassis.clock import RandomIds
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Cause, Command, Unit
from libs.events.envelope import Record
from libs.events.keyring import MemoryKeyRing
from libs.events.reader import SYSTEM
from libs.events.records import Recorded
from libs.events.store import Log
from libs.events.value import Act
from services.review.authority import receiving, telling
from services.review.authority.bodies import NewKey
from services.review.domain.case import Case, Submission
from services.review.domain.office import Office
from services.review.domain.subject import Level, Subject, case_id
from tests.given import AT, ENTERPRISE, SEEN, USCC, clerk, id_of

FILING = id_of("filing")
CASE = case_id(FILING)
SUBJECT = Subject(
    kind="enterprise_filing",
    id=ENTERPRISE,
    filing=FILING,
    type="ENT_INIT",
    no="ENT_INIT-1",
    receipt_no="R-1",
    enterprise=ENTERPRISE,
    uscc=USCC,
    enterprise_name="某设计院",
    unit="410100",
)
ADMIN = Act(by=SYSTEM, at=AT - timedelta(days=1))
SIGNER = Signer(
    Ed25519PrivateKey.from_private_bytes(bytes(32)), "zz-approval", "410100", now=lambda: AT
)


@dataclass
class Memory:
    """The port of the log, as far as a policy uses it."""

    records: list[Recorded] = field(default_factory=list)

    async def stream(self, id: UUID, upto: int | None = None, after: int = 0) -> list[Recorded]:
        return [
            each
            for each in self.records
            if each.stream == id and after < each.version and (upto is None or each.version <= upto)
        ]

    async def at(self, id: UUID, version: int) -> Recorded | None:
        return next(
            (each for each in self.records if (each.stream, each.version) == (id, version)), None
        )


class Desk:
    """Review's side of the topic: what it is handed, in order, each at the offset where it lies."""

    def __init__(self) -> None:
        self.log = Memory()
        self._application = Application(cast(Log, self.log), MemoryKeyRing(), RandomIds())
        self.now, self._offset = AT, 0

    @property
    def types(self) -> list[str]:
        return [each.type.rpartition(".")[2] for each in self.log.records]

    async def save(self, aggregates: Iterable[Aggregate]) -> None:
        unit = Unit(
            self._application,
            Command(Act(by=SYSTEM, at=self.now)),
            {each.id: (0, each) for each in aggregates},
        )
        await self._keep(unit)

    async def hand(self, record: Record) -> dict[str, Any]:
        """The one receipt for it."""
        before = len(self.log.records)
        unit = Unit(self._application, Command(Act(by=SYSTEM, at=self.now)))
        # the client reads no value as an empty one
        placed = Record(record.key, record.value or b"", record.headers, self._offset)
        await receiving.receive(unit, placed)
        await self._keep(unit)
        self._offset += 1
        told = [each for event in self.log.records[before:] if (each := telling.receipt(event))]
        assert len(told) == 1
        return read(told[0])

    async def again(self, record: Record, offset: int) -> None:
        """The topic is read again from its beginning."""
        unit = Unit(self._application, Command(Act(by=SYSTEM, at=self.now)))
        await receiving.receive(unit, replace(record, offset=offset))
        await self._keep(unit)

    async def react(self, event: Recorded) -> None:
        unit = Unit(self._application, Command(Act(by=SYSTEM, at=self.now)))
        await receiving.effects.react(
            unit, (await self._application.codec.decode([event]))[0], event
        )
        await self._keep(unit)

    async def case(self) -> Case:
        return await self._application.read(Case, CASE)

    async def act(
        self, kind: type[Aggregate], id: UUID, command: Callable[..., None], *args: Any
    ) -> None:
        """Somebody else's command, from the portal or the administration."""
        unit = Unit(self._application, Command(Act(by=SYSTEM, at=self.now)))
        command(await unit.load(kind, id), *args)
        await self._keep(unit)

    async def _keep(self, unit: Unit) -> None:
        for event in await self._application.codec.encode(unit.collect(), Cause(RandomIds().new())):
            position = len(self.log.records) + 1
            self.log.records.append(
                Recorded(
                    position,
                    event.stream,
                    event.version,
                    event.type,
                    event.owner,
                    event.data,
                    event.meta,
                    self.now,
                )
            )


def read(record: Record) -> dict[str, Any]:
    return dict(orjson.loads(record.value))


def opened(round: int = 1) -> Case:
    sent = Submission(
        subject=SUBJECT, level=Level.CITY, round=round, reviewed=SEEN, due_on=date(2024, 9, 30)
    )
    return Case.begin_with(clerk(), sent)


def office(signer: Signer = SIGNER) -> Office:
    made = Office.begin_for(ADMIN, signer.office)
    for key_id, body in registering.keys(signer):
        made.register_key(ADMIN, NewKey.model_validate(body).named(key_id))
    made.revoke_key(ADMIN, f"{signer.key_id}-revoked")
    return made


async def desk(*more: Aggregate) -> Desk:
    made = Desk()
    await made.save([opened(), office(), *more])
    return made


def waiting(made: Desk) -> dict[str, Any]:
    """The case as the inbox tells it."""
    return read([told for event in made.log.records if (told := telling.waiting(event))][-1])

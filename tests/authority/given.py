"""A review service in memory: one case that waits, one system of its
office with its keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.authority import registering
from deploy.authority.signing import Signer
from libs.chassis.in_memory import MemoryClock, ServiceInMemory, Setting
from libs.events.aggregate import Aggregate
from libs.events.application import UnitOfWork
from libs.events.envelope import KafkaRecord
from libs.events.reader import SYSTEM
from libs.events.value import Act, Actor
from services.review.authority import telling
from services.review.authority.domain.office import Office
from services.review.authority.schemas import NewKey
from services.review.cases.domain.about import Submission
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level, Subject, case_id
from services.review.main import SERVICE
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
OTHER_ADMIN = Act(by=Actor(user="another", role="SYS_ADMIN"), at=ADMIN.at)
SIGNER = Signer(
    Ed25519PrivateKey.from_private_bytes(bytes(32)), "zz-approval", "410100", now=lambda: AT
)


class Desk(ServiceInMemory):
    """Review's side of the topic: what it is handed, in order, each at the offset where it lies."""

    def __init__(self) -> None:
        super().__init__(SERVICE, Setting(clock=MemoryClock(AT)))
        self._offset = 0

    @property
    def types(self) -> list[str]:
        return [each.type.rpartition(".")[2] for each in self.log.records]

    async def save(self, aggregates: Iterable[Aggregate]) -> None:
        async def add(work: UnitOfWork) -> None:
            for each in aggregates:
                work.add(each)

        await self.carry_out(add)

    async def hand(self, record: KafkaRecord) -> dict[str, Any]:
        """The one receipt for it."""
        before = len(self.log.records)
        # the client reads no value as an empty one
        await self.receive(
            KafkaRecord(record.key, record.value or b"", record.headers, self._offset)
        )
        self._offset += 1
        told = [each for event in self.log.records[before:] if (each := telling.receipt(event))]
        assert len(told) == 1
        return read(told[0])

    async def again(self, record: KafkaRecord, offset: int) -> None:
        """The topic is read again from its beginning."""
        await self.receive(replace(record, offset=offset))

    async def case(self) -> Case:
        return await self.application.read(Case, CASE)

    async def act(
        self, kind: type[Aggregate], id: UUID, command: Callable[..., None], *args: Any
    ) -> None:
        """Somebody else's command, from the portal or the administration."""

        async def decide(work: UnitOfWork) -> None:
            command(await work.load(kind, id), *args)

        await self.carry_out(decide)


def read(record: KafkaRecord) -> dict[str, Any]:
    return dict(orjson.loads(record.value))


def opened(round: int = 1) -> Case:
    sent = Submission(
        subject=SUBJECT, level=Level.CITY, round=round, reviewed=SEEN, due_on=date(2024, 9, 30)
    )
    return Case.begin_with(clerk(), sent)


def office(signer: Signer = SIGNER) -> Office:
    made = Office.begin_for(ADMIN, signer.office)
    for key_id, body in registering.keys(signer):
        made.propose_key(ADMIN, NewKey.model_validate(body).named(key_id))
        made.confirm_key(OTHER_ADMIN, key_id)
    made.revoke_key(ADMIN, f"{signer.key_id}-revoked")
    return made


async def desk(*more: Aggregate) -> Desk:
    made = Desk()
    await made.save([opened(), office(), *more])
    return made


def waiting(made: Desk) -> dict[str, Any]:
    """The case as the inbox tells it."""
    return read([told for event in made.log.records if (told := telling.waiting(event))][-1])

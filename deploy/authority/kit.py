"""The mock at work: follows the inbox, sends decisions, hears the receipts."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self

import orjson

from deploy.authority.signing import Signer
from libs.events.envelope import KafkaRecord
from libs.events.kafka import Bus, KafkaSettings

INBOX, DECISIONS, RECEIPTS = (
    "kaohe.authority.inbox.v1",
    "kaohe.authority.decisions.v1",
    "kaohe.authority.receipts.v1",
)
PATIENCE = 60.0  # seconds until an answer must be there, on a busy machine too


class Authority:
    def __init__(
        self, bootstrap: str, signer: Signer, security: Mapping[str, Any] | None = None
    ) -> None:
        self.signer = signer
        self._bus = Bus(
            KafkaSettings(bootstrap, f"authority-{signer.issuer}", dict(security or {}))
        )
        self._publisher = self._bus.publisher()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._publisher.end()

    async def decide(self, case: str, decision: str = "PASS", **said: Any) -> dict[str, Any]:
        """An honest decision on a case that the inbox tells of; its first receipt."""
        return await self.receipt(
            await self.send(
                self.signer.signed(self.signer.decision(await self.case(case), decision, **said))
            )
        )

    async def case(self, id: str, round: int = 1) -> dict[str, Any]:
        """As the inbox told it last, from this round on."""
        async with asyncio.timeout(PATIENCE):
            while not (
                found := [
                    each
                    for each in await self.waiting()
                    if each["case"] == id and each["round"] >= round
                ]
            ):
                await asyncio.sleep(0.1)
        return found[-1]

    async def waiting(self) -> list[dict[str, Any]]:
        """Every round of every case that the inbox told of, with all that a decision must name."""
        return [
            told
            async for told in self.all(INBOX)
            if told["type"] == "kaohe.authority.CaseWaiting.v1"
        ]

    async def receipts(self) -> list[dict[str, Any]]:
        return [told async for told in self.all(RECEIPTS)]

    async def send(self, record: KafkaRecord) -> int:
        """The offset: what the receipt will name."""
        _, offset = await self._publisher.publish(DECISIONS, [record])
        return offset

    async def sent(self, case: str) -> list[KafkaRecord]:
        """What this system has sent about a case."""
        mine = f"; {self.signer.office}/{self.signer.key_id}; ".encode()
        found = [
            record
            async for batch in self._bus.rest(DECISIONS, 0)
            for record in batch
            if record.key == case.encode()
        ]
        return [
            record for record in found if any(mine in (value or b"") for _, value in record.headers)
        ]

    async def receipt(self, offset: int, number: int = 1) -> dict[str, Any]:
        """The first receipt for a record tells whether it was accepted, the second whether it took
        effect.
        """
        async with asyncio.timeout(PATIENCE):
            async for told in self.follow(RECEIPTS):
                if told["offset"] == offset:
                    number -= 1
                    if not number:
                        return told
        raise AssertionError

    async def all(self, topic: str) -> AsyncIterator[dict[str, Any]]:
        """Everything that is on the topic now."""
        async for records in self._bus.rest(topic, 0):
            for record in records:
                yield orjson.loads(record.value)

    async def follow(self, topic: str) -> AsyncIterator[dict[str, Any]]:
        """Everything on the topic from its beginning, then what comes."""
        async with self._bus.reading(topic, 0) as subscription:
            while True:
                for record in await subscription.next(500):
                    yield orjson.loads(record.value)

"""Clerks file, officers review, as it comes; and what must be true when everybody was heard."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson

from libs.chassis.in_memory import ServiceInMemory
from libs.events.value import Actor
from libs.filing.filing import Answer, Decision, Filing, ReturnedItem, Status, Type
from services.enterprise.filings import commands as filings
from services.enterprise.information import commands as pages
from services.enterprise.information.domain import Enterprise
from services.review.cases import commands as cases
from services.review.cases.commands import Opinion
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import State, case_id
from tests.simulation.world import NAMES, Kept, World

PHONE = "/basic/office_phone"
OFFICERS = tuple(
    Actor(user=f"city_officer/{n}", role="CITY_OFFICER", office="410100") for n in (1, 2)
)
IN_REVIEW = {Status.SENT, Status.REVIEWING}
DECIDED = {"FilingApproved", "FilingReturned", "FilingRejected"}
DECISIONS = (Decision.PASS, Decision.PASS, Decision.RETURN, Decision.FAIL)
STEPS = 120
Step = Callable[[], Awaitable[None]]


class FilingStory:
    """`seen`: versions as the clerks saw them last, which others may have moved."""

    def __init__(self, world: World) -> None:
        self.world, self.random = world, world.random
        self.clerks = {
            each: Actor(user=f"clerk/{n}", role="ENT_CLERK", enterprise=each)
            for n, each in enumerate(world.beginning.enterprises)
        }
        self.seen: dict[UUID, Enterprise] = {}
        self.opened: dict[UUID, Case] = {}

    async def play(self) -> None:
        await self.world.settle()
        await self.look()
        own: list[tuple[Step, int]] = [
            (self.save, 3),
            (self.add, 2),
            (self.save_filing, 3),
            (self.send, 8),
            (self.withdraw, 2),
            (self.void, 1),
            (self.look, 3),
            (self.take, 5),
            (self.decide, 6),
            (self.world.follow, 24),
            (self.world.restart, 1),
            (self.world.repeat, 2),
            (self.world.pass_time, 2),
        ]
        steps, weights = zip(*own, strict=True)
        for step in self.random.choices(steps, weights, k=STEPS):
            await step()
        await self.end()

    # Clerks

    async def look(self) -> None:
        """A clerk opens the page, by whichever process."""
        for id in self.clerks:
            reader = self.random.choice(self.world.processes["enterprise"])
            self.seen[id] = await reader.read(Enterprise, id)

    def _seen(self) -> tuple[Actor, Enterprise]:
        id = self.random.choice(list(self.seen))
        return self.clerks[id], self.seen[id]

    async def _ask(self, by: Actor, at: Enterprise, use_case: Any, *arguments: Any) -> None:
        command = self.world.command(by, at.version)
        if done := await self.world.ask("enterprise", use_case, command, at.id, *arguments):
            self.seen[at.id] = done

    async def save(self) -> None:
        by, at = self._seen()
        if at.page:
            self.world.tell(f"{by.user} saves")
            await self._ask(by, at, pages.save_information, self._changed(at.page))

    async def add(self) -> None:
        by, at = self._seen()
        self.world.tell(f"{by.user} adds")
        await self._ask(by, at, filings.add_filing, Type.ENT_CHANGE if at.filed else Type.ENT_INIT)

    async def save_filing(self) -> None:
        if found := self._a_filing():
            by, at, filing = found
            content = at.content_of(filing)
            self.world.tell(f"{by.user} saves a filing")
            changed = self._changed(content) if content and self.random.random() < 0.7 else None
            await self._ask(by, at, filings.save_filing, filing.id, changed)

    async def send(self) -> None:
        if found := self._a_filing():
            by, at, filing = found
            await self._send(by, at, filing)

    async def _send(self, by: Actor, at: Enterprise, filing: Filing[Any]) -> None:
        self.world.tell(f"{by.user} sends round {filing.round + 1}")
        answers = tuple(
            Answer(pointer=each.pointer, text="已经核对，无误") for each in filing.returned_items
        )
        findings = at.findings_before_sending(filing, self.world.act(by), answers)
        acknowledged = tuple({each.rule for each in findings if not each.severity.blocks})
        await self._ask(by, at, filings.send_filing, filing.id, acknowledged, answers)

    async def withdraw(self) -> None:
        if found := self._a_filing():
            by, at, filing = found
            self.world.tell(f"{by.user} asks back")
            await self._ask(by, at, filings.ask_withdrawal, filing.id)

    async def void(self) -> None:
        if found := self._a_filing():
            by, at, filing = found
            self.world.tell(f"{by.user} gives up")
            await self._ask(by, at, filings.void_filing, filing.id)

    def _a_filing(self) -> tuple[Actor, Enterprise, Filing[Any]] | None:
        by, at = self._seen()
        running = [each for each in at.filings.values() if each.is_running]
        return (by, at, self.random.choice(running)) if running else None

    def _changed(self, page: Any) -> Any:
        phone = f"0371-{self.random.randrange(10**7, 10**8)}"
        return page.model_copy(
            update={"basic": page.basic.model_copy(update={"office_phone": phone})}
        )

    # Officers

    async def take(self) -> None:
        if case := await self._a_case():
            by = self.random.choice(OFFICERS)
            self.world.tell(f"{by.user} opens")
            await self._review(by, cases.open_case, case.id)

    async def decide(self) -> None:
        """On what was seen when the case was opened, which may be an earlier round."""
        if not self.opened:
            return
        case = self.random.choice(list(self.opened.values()))
        by = self.random.choice(OFFICERS)
        decision = self.random.choice(
            (Decision.PASS, Decision.PASS, Decision.RETURN, Decision.FAIL)
        )
        await self._decide(by, case, decision)

    async def _decide(self, by: Actor, case: Case, decision: Decision) -> None:
        self.world.tell(f"{by.user} decides {decision} on round {case.round}")
        items = (ReturnedItem(pointer=PHONE, reason="07", text="与营业执照不一致"),)
        opinion = Opinion(
            case.id,
            decision,
            case.round,
            case.reviewed,
            items if decision is Decision.RETURN else (),
            "材料不齐，不予通过" if decision is Decision.FAIL else "",
        )
        await self._review(by, cases.decide, [opinion])

    async def _review(self, by: Actor, use_case: Any, *arguments: Any) -> None:
        command = self.world.command(by)
        if done := await self.world.ask("review", use_case, command, *arguments):
            self.opened[done.id] = done

    async def _a_case(self) -> Case | None:
        found = self._cases()
        if not found:
            return None
        reader = self.random.choice(self.world.processes["review"])
        return await reader.read(Case, self.random.choice(found))

    def _cases(self) -> list[UUID]:
        log = self.world.log("review")
        return [each.stream for each in log.records if each.type == "review.Case.CaseOpened"]

    # What must be true

    async def end(self) -> None:
        """Everybody is heard; then what still waits is passed, and nothing is left."""
        await self.world.settle()
        await self._agree()
        for id in self._cases():
            case = await self.world.processes["review"][0].read(Case, id)
            if case.state in (State.WAITING, State.TAKEN):
                by = next((each for each in OFFICERS if each.user == case.assignee), OFFICERS[0])
                self.opened[id] = case
                await self._decide(by, case, Decision.PASS)
        await self.world.settle()
        await self._agree()
        assert not [
            each
            for id in self.clerks
            for each in (await self._enterprise(id)).filings.values()
            if each.status in IN_REVIEW
        ], "a filing waits for ever"
        self._each_command_is_one_unit()
        self._each_round_is_decided_once()
        await self._lists_are_what_the_logs_make()

    async def _enterprise(self, id: UUID) -> Enterprise:
        return await self.world.processes["enterprise"][0].read(Enterprise, id)

    async def _agree(self) -> None:
        """Both services say the same of each filing."""
        known = set(self._cases())
        for id in self.clerks:
            for filing in (await self._enterprise(id)).filings.values():
                assert (case_id(filing.id) in known) == bool(filing.round)
                if filing.round:
                    case = await self.world.processes["review"][0].read(Case, case_id(filing.id))
                    assert case.round == filing.round
                    assert case.state in AGREES[filing.status], (case.state, filing.status)
                    assert case.decision == DECIDED_AS.get(filing.status, case.decision)

    def _each_command_is_one_unit(self) -> None:
        """However often it was sent: its events stand together, and their last is what the caller
        was told.
        """
        for name in NAMES:
            positions: dict[str, list[int]] = {}
            for each in self.world.log(name).records:
                if command := each.metadata["command"]:
                    positions.setdefault(command, []).append(each.position)
            for found in positions.values():
                assert found == list(range(found[0], found[-1] + 1))
            for kept in (each for each in self.world.kept if each.service == name):
                assert positions[str(kept.command.id)][-1] == kept.done.position
                self._follows_what_it_was_made_from(kept)

    def _follows_what_it_was_made_from(self, kept: Kept) -> None:
        first = next(
            each
            for each in self.world.log(kept.service).records
            if each.metadata["command"] == str(kept.command.id)
        )
        assert first.version - 1 in (kept.command.expected or {first.version - 1})

    def _each_round_is_decided_once(self) -> None:
        rounds = Counter(
            (each.stream, fact["filing"], fact["round"])
            for each in self.world.log("enterprise").records
            if each.type.rpartition(".")[2] in DECIDED and (fact := orjson.loads(each.data))
        )
        assert not [each for each, count in rounds.items() if count > 1]

    async def _lists_are_what_the_logs_make(self) -> None:
        for name, one in self.world.services.items():
            anew = ServiceInMemory(one.service, one.setting)
            anew.topics |= one.topics
            anew.application.log = anew.log = one.log
            for reader in (each for each in one.service.readers if not each.policy):
                await anew.advance(reader)
            for projection in one.service.projections:
                for table in projection.tables:
                    assert anew.rows(table) == one.rows(table), (name, table)


AGREES = {
    Status.SENT: {State.WAITING},
    Status.REVIEWING: {State.TAKEN, State.WAITING},
    Status.RETURNED: {State.RETURNED},
    Status.WITHDRAWN: {State.WITHDRAWN},
    Status.SAVED: {State.WITHDRAWN},
    Status.APPROVED: {State.CLOSED},
    Status.SUPERSEDED: {State.CLOSED},
    Status.REJECTED: {State.CLOSED},
    Status.VOID: {State.CLOSED},
}
DECIDED_AS = {
    Status.APPROVED: Decision.PASS,
    Status.REJECTED: Decision.FAIL,
    Status.RETURNED: Decision.RETURN,
}

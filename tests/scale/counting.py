"""One enterprise's story on services in memory, in tables which hold it as often as is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tests.in_memory.installation import CITY, service
from tests.scale import story
from tests.scale.asking import Question, questions, token_of
from tests.scale.clones import Clones, Original
from tests.scale.counted import Asked
from tests.scale.installation import Tables
from tests.scale.story import Story

Reads = Mapping[tuple[str, str, str], Asked]  # by service, asker and statement


@dataclass
class Counting:
    tables: Tables
    story: Story
    clones: Mapping[str, Clones]

    @classmethod
    def begun(cls, tables: Tables) -> Self:
        told = story.play(tables)
        firm = told.firm
        original = Original(
            id=firm.enterprise.id,
            uscc=firm.uscc,
            name=firm.enterprise.name,
            city=CITY,
            campaign=told.campaign,
            publicity=told.publicity,
        )
        clones = {
            name: Clones(each.connection, service(name).projections)
            for name, each in tables.counted.items()
        }
        for each in clones.values():
            tables.run(each.learn(original))
        return cls(tables, told, clones)

    def fill(self, enterprises: int) -> None:
        """The tables hold so many, and nothing has been asked."""
        for each in self.clones.values():
            self.tables.run(each.fill(enterprises - 1))
        self.forget()

    def do_everything(self) -> None:
        story.days(self.tables)

    def ask_everything(self) -> None:
        for question in questions(self.story):
            self.ask(question)

    def ask(self, question: Question) -> None:
        """Its first page, and the one that follows where nothing narrows the list."""
        asked, path = self.story.at[question.operation.service], question.path(self.story)
        for _ in range(1 if question.filters else 2):
            got = asked.ask(token_of(question.role, self.story), "GET", path)
            answer = self.tables.run(got)
            following = question.is_list and answer.status_code == 200
            if not following or not (cursor := answer.json()["next_cursor"]):
                return
            path = f"{question.path(self.story)}&cursor={cursor}"

    def forget(self) -> None:
        for each in self.tables.counted.values():
            each.most.clear()

    @property
    def answered(self) -> set[str]:
        """Operations that were answered as wanted."""
        return set[str]().union(*(each.answered for each in self.tables.counted.values()))

    @property
    def reads(self) -> Reads:
        counted = self.tables.counted.items()
        return {(name, *key): asked for name, each in counted for key, asked in each.most.items()}

    def execute(self, service: str, sql: str) -> None:
        self.tables.run(self.tables.counted[service].connection.execute(sql))

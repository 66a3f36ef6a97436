"""A contract of one enterprise: saved, never filed on its own; judged inside the assessment record
(domain book 4.3, 5.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.texts import normal
from libs.events.value import Act
from libs.filing.content.performance import Contract as Content
from libs.filing.facts.projects import ContractFacts
from libs.filing.rules import contract as rules
from libs.filing.rules.placeholder import is_placeholder

# claims: one number, one 暂无业绩 in an enterprise
NUMBER, PLACEHOLDER = "contract-number", "placeholder"


class Claimed(NamedTuple):
    """A value that no other contract of the enterprise may have."""

    kind: str
    key: str

    @property
    def spellings(self) -> list[Claimed]:
        """Composed, and decomposed as it may stand in logs from before texts were cleaned."""
        return sorted({self, self._replace(key=normalize("NFD", self.key))})


class Contract(Aggregate):
    # Adding 添加

    class ContractAdded(Aggregate.Created):
        contract: UUID
        enterprise: UUID

    @staticmethod
    def create_id(contract: UUID) -> UUID:
        return contract

    @classmethod
    def add(cls, act: Act, contract: UUID, enterprise: UUID) -> Contract:
        """Nothing is filled in until it is saved."""
        added = cls.ContractAdded(act=act, contract=contract, enterprise=enterprise)
        return cls.begin(cls.create_id(contract), added)

    @evolves(ContractAdded)
    def _added(self, e: ContractAdded) -> None:
        self.enterprise = e.enterprise
        self.saved = Content()
        self.deleted = False

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @property
    def is_saved(self) -> bool:
        return self.saved != Content() and not self.deleted

    @property
    def claims(self) -> frozenset[Claimed]:
        """What it holds as long as it has it, so that no other contract can have it."""
        if self.deleted or not self.saved.contract_no:
            return frozenset()
        claimed = {number_claim(self.enterprise, self.saved.contract_no)}
        if self.saved.is_placeholder:
            claimed.add(placeholder_claim(self.enterprise))
        return frozenset(claimed)

    def actions(
        self, saving: Sequence[Finding], deleting: Sequence[Finding]
    ) -> dict[str, Sequence[Finding]]:
        """What may be done next, with the findings against each."""
        return {"save": saving, "delete": deleting}

    # Saving 保存

    class ContractSaved(Aggregate.Event):
        content: Content

    def save(self, act: Act, content: Content, facts: ContractFacts) -> None:
        """Refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(content, act, facts) if f.severity.blocks])
        self.record(self.ContractSaved(act=act, content=content))

    def findings_before_saving(
        self, content: Content, act: Act, facts: ContractFacts
    ) -> list[Finding]:
        return rules.before_saving(content, act.today, facts)

    @evolves(ContractSaved)
    def _saved(self, e: ContractSaved) -> None:
        self.saved = e.content

    # Deleting 删除

    class ContractDeleted(Aggregate.Event):
        pass

    def delete(self, act: Act) -> None:
        """Its use ends in the same unit of work, and refuses while it has projects (C11)."""
        self.record(self.ContractDeleted(act=act))

    @evolves(ContractDeleted)
    def _deleted(self, e: ContractDeleted) -> None:
        self.deleted = True


def marked(content: Content) -> Content:
    """With what follows from its name, whatever the client says: 暂无业绩 is a design contract
    unless another kind is named.
    """
    placeholder = is_placeholder(content.name)
    type = content.contract_type or (rules.DESIGN if placeholder else None)
    return content.model_copy(update={"is_placeholder": placeholder, "contract_type": type})


def number_claim(enterprise: UUID, contract_no: str) -> Claimed:
    """Numbers that look alike are one number."""
    return Claimed(NUMBER, f"{enterprise}/{normal(contract_no)}")


def placeholder_claim(enterprise: UUID) -> Claimed:
    return Claimed(PLACEHOLDER, str(enterprise))

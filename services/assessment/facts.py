"""What the projections hold of one enterprise, opened and typed, for the application."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson

from libs.events.keyring import KeyRing
from libs.events.personal import Opener, subjects
from libs.events.pools import Pool
from libs.events.value import Value
from libs.filing.content.enterprise import Information
from libs.filing.content.performance import Contract, Project, Stage
from libs.filing.content.person import Person as Content
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.projects import SavedContract, SavedProject, SavedStage, StageClaim
from services.assessment.domain.snapshot import FrozenEnterprise, Ref
from services.assessment.domain.sources import Person, Work

V = TypeVar("V", bound=Value)
Row = Any

ENTERPRISE = """
SELECT f.filed_version, s.filing, s.content, s.version, s.position, s.data_sha256,
       EXISTS (SELECT FROM enterprise_filings o WHERE o.enterprise = $1 AND o.is_open
           AND o.type = 'ENT_CHANGE') AS change_open
FROM filed_enterprises f JOIN enterprise_filings s USING (filing) WHERE f.enterprise = $1
"""
PEOPLE = """
SELECT f.person, f.filed_version, f.released, s.filing, s.person_key, s.content, s.version,
    s.position, s.data_sha256
FROM filed_people f JOIN person_filings s USING (filing) WHERE f.enterprise = $1 ORDER BY f.person
"""
NAMES = "SELECT filing, content -> 'name' AS name FROM person_filings WHERE filing = ANY($1)"
WORKS = """
SELECT p.id, p.content, p.version, p.position, p.data_sha256, p.contract, c.content
    AS contract_content, c.version AS contract_version,
       c.position AS contract_position, c.data_sha256 AS contract_sha256,
       (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'content', s.content) ORDER BY s.id)
           FROM stages s WHERE s.project = p.id) AS stages
FROM projects p JOIN contracts c ON c.id = p.contract WHERE p.enterprise = $1 ORDER BY p.id
"""
CLAIMED = """
SELECT c.claims FROM claimed_stages c JOIN records r ON r.id = c.record
WHERE r.campaign = $1 AND r.enterprise <> $2 AND r.round > 0 AND r.status <> 'WITHDRAWN'
"""


@dataclass(frozen=True)
class Filed:
    """The enterprise's approved version and the event that sent it."""

    fact: FiledEnterprise
    frozen: FrozenEnterprise


class Facts:
    """Read models of one service; contents are opened with the keys of those they are about."""

    def __init__(self, pool: Pool, keyring: KeyRing) -> None:
        self._pool, self._keyring = pool, keyring

    async def enterprise(self, id: UUID) -> Filed | None:
        row = await self._pool.fetchrow(ENTERPRISE, id)
        if row is None:
            return None
        content = orjson.loads(row["content"])
        information = Information.model_validate(content, context=await self._opener([content]))
        fact = FiledEnterprise(
            version=row["filed_version"], information=information, change_open=row["change_open"]
        )
        return Filed(
            fact,
            FrozenEnterprise(
                filing=row["filing"], filed_version=row["filed_version"], sent=_ref(row, id)
            ),
        )

    async def people(self, enterprise: UUID) -> dict[UUID, Person]:
        rows = await self._pool.fetch(PEOPLE, enterprise)
        contents = [orjson.loads(row["content"]) for row in rows]
        opener = await self._opener(contents)
        return {
            row["person"]: _person(row, content, opener)
            for row, content in zip(rows, contents, strict=True)
        }

    async def names(self, filings: Collection[UUID]) -> dict[UUID, str]:
        """Names of persons as approved, by filing."""
        rows = await self._pool.fetch(NAMES, list(filings))
        sealed = {row["filing"]: {"name": orjson.loads(row["name"])} for row in rows if row["name"]}
        opener = await self._opener(sealed.values())
        return {
            filing: Content.model_validate(each, context=opener).name or ""
            for filing, each in sealed.items()
        }

    async def works(self, enterprise: UUID) -> dict[UUID, Work]:
        return {row["id"]: _work(row) for row in await self._pool.fetch(WORKS, enterprise)}

    async def claimed(self, campaign: UUID, enterprise: UUID) -> list[StageClaim]:
        """What sent records of other enterprises put forward in this campaign."""
        rows = await self._pool.fetch(CLAIMED, campaign, enterprise)
        return [StageClaim(*each) for row in rows for each in orjson.loads(row["claims"])]

    async def _opener(self, contents: Collection[Any]) -> Opener:
        return await self._keyring.opener({need for each in contents for need in subjects(each)})


def _person(row: Row, content: Mapping[str, Any], opener: Opener) -> Person:
    fact = FiledPerson(
        id=row["person"],
        filing=row["filing"],
        version=row["filed_version"],
        content=Content.model_validate(content, context=opener),
        released=row["released"],
    )
    return Person(fact, _ref(row, row["person"]), row["person_key"])


def _work(row: Row) -> Work:
    contract = SavedContract(
        id=row["contract"],
        version=row["contract_version"],
        content=_typed(Contract, row["contract_content"]),
    )
    stages = _stages(orjson.loads(row["stages"]) if row["stages"] else ())
    project = SavedProject(
        id=row["id"],
        version=row["version"],
        contract=contract,
        content=_typed(Project, row["content"]),
        stages=stages,
    )
    signed = Ref(
        stream=row["contract"],
        version=row["contract_version"],
        position=row["contract_position"],
        data_sha256=row["contract_sha256"],
    )
    return Work(project, _ref(row, row["id"]), signed)


def _stages(rows: Sequence[Mapping[str, Any]]) -> tuple[SavedStage, ...]:
    return tuple(
        SavedStage(id=row["id"], content=Stage.model_validate(row["content"], extra="ignore"))
        for row in rows
    )


def _typed(kind: type[V], content: str) -> V:
    return kind.model_validate_json(content, extra="ignore")


def _ref(row: Row, stream: UUID) -> Ref:
    return Ref(
        stream=stream,
        version=row["version"],
        position=row["position"],
        data_sha256=row["data_sha256"],
    )

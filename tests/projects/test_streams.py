"""How each stream of the projects service begins: with one event, under its own id, owned by the
enterprise.
"""

from uuid import UUID

import pytest

from libs.events.aggregate import Aggregate
from libs.events.testing import facts
from services.projects.contracts.domain import Contract
from services.projects.contracts.use import ContractUse
from services.projects.projects.domain import Project
from tests.given import ENTERPRISE, clerk, id_of

CONTRACT, PROJECT = id_of("contract"), id_of("project")

CONTRACTS = (
    Contract.add(clerk(), CONTRACT, ENTERPRISE),
    Contract.ContractAdded(act=clerk(), contract=CONTRACT, enterprise=ENTERPRISE),
    CONTRACT,
)
PROJECTS = (
    Project.add(clerk(), PROJECT, ENTERPRISE, CONTRACT),
    Project.ProjectAdded(act=clerk(), project=PROJECT, enterprise=ENTERPRISE, contract=CONTRACT),
    PROJECT,
)
USES = (
    ContractUse.begin_for(clerk(), CONTRACT, ENTERPRISE),
    ContractUse.UseBegun(act=clerk(), contract=CONTRACT, enterprise=ENTERPRISE),
    ContractUse.create_id(CONTRACT),
)


@pytest.mark.parametrize(("begun", "first", "stream"), [CONTRACTS, USES, PROJECTS])
def test_a_stream_begins_with_one_event_under_its_id_and_belongs_to_the_enterprise(
    begun: Aggregate, first: Aggregate.Event, stream: UUID
) -> None:
    assert (begun.id, begun.owner, begun.version) == (stream, ENTERPRISE, 1)
    assert [facts(each) for each in begun.collect_events()] == [facts(first)]

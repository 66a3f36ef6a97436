"""Experts and what they were assigned: the one who was named finds case, record and scans, before
and after nobody does, and another never; at every operation that has a row for experts.
"""

from collections.abc import Iterator

import pytest

from deploy.demo.stage import API
from tests.http.http_client import Asker, bearer
from tests.http.operations import Operation, operations
from tests.in_memory.firm import Firm, open_campaign
from tests.in_memory.installation import ALL, ActorInMemory, Installation

pytestmark = pytest.mark.slow
NAMED, ANOTHER = "expert-1", "expert-2"


class Escalated:
    """A record that the province has asked the experts about."""

    def __init__(self, at: Installation) -> None:
        self.at, self.firm = at, Firm(at)
        self.firm.file()
        self.firm.hire()
        self.firm.make_record(open_campaign(at), [self.firm.project()])
        self.firm.record.send()
        record = self.firm.record
        city, lead, province = (
            at.reviewer(role) for role in ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER")
        )
        city.decide(city.open(record, "CITY"), "PASS", "")
        lead.sign(record)
        province.decide(province.open(record, "PROV"), "ESCALATE", "", comment="请专家核定")
        (chosen,) = record.now["steps"]["performance"]["performances"]
        self.chief = at.reviewer("PROV_LEAD")
        self.case = self.chief.case(record, "EXPERT")
        self._ids = {
            ("review", "cases"): {"id": self.case["id"]},
            ("assessment", "records"): {"id": record.id},
            ("assessment", "scans"): {"scan": chosen["scans"][0]["scan"], "n": "1"},
        }

    def name(self, expert: str) -> None:
        self.chief.hand_over(self.case, expert, "请核定业绩规模")

    def reads(self) -> Iterator[tuple[Operation, str]]:
        """What experts may read of something, and its address here."""
        for each in operations():
            collection = each.service, each.path.split("/")[1]
            known, named = self._ids.get(collection, {}), each.named("path").keys()
            is_read = each.method == "GET" and each.row("EXPERT") and named
            if is_read and named <= known.keys():
                yield each, each.path.format(**known)

    def statuses(self, expert: str) -> dict[str, int]:
        asker, token = Asker(self.at, self.at), self._actor(expert).token
        return {
            str(operation): asker.client.get(
                f"{self.at.urls[operation.service]}{API}{path}", headers=bearer(token)
            ).status_code
            for operation, path in self.reads()
        }

    def _actor(self, expert: str) -> ActorInMemory:
        return self.at.actor("EXPERT", expert)


@pytest.fixture
def escalated() -> Iterator[Escalated]:
    with Installation(*ALL) as at:
        yield Escalated(at)


def test_an_expert_finds_what_they_were_named_for_and_nobody_else_does(
    escalated: Escalated,
) -> None:
    nobody = escalated.statuses(NAMED)
    assert len(nobody) >= 5
    assert {*nobody.values()} == {404}
    escalated.name(NAMED)
    assert {*escalated.statuses(NAMED).values()} == {200}
    assert {*escalated.statuses(ANOTHER).values()} == {404}
    escalated.name(ANOTHER)
    assert {*escalated.statuses(NAMED).values()} == {404}
    assert {*escalated.statuses(ANOTHER).values()} == {200}

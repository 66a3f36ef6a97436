"""What a route reads, lists and begins, only within the caller's reach: relation by caller."""

from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any, cast
from uuid import UUID

import pytest

from libs.chassis.identity.access import (
    ANY,
    NOBODY,
    OFFICE,
    OWN,
    SENT,
    Reach,
    Relation,
    Scope,
    _scoped,
    allow,
)
from libs.chassis.ports.ports import Ports
from libs.chassis.ports.principal import Principal
from libs.chassis.problems.problem import Stopped
from libs.events.application import Application
from libs.events.errors import NotFound
from libs.events.scoped import Scoped
from tests.chassis.ledgers import FOREIGN, NOBODYS, OURS, THEIRS, USCC, World, enterprise_id
from tests.events.ledger import Ledger

LEDGER = UUID(int=1)
CALLERS = {
    "own": Principal(sub="a", roles=("ENT_CLERK",), org=USCC),
    "foreign": Principal(sub="b", roles=("ENT_CLERK",), org=FOREIGN),
    "city": Principal(sub="c", roles=("CITY_OFFICER",), city="410100"),
    "province": Principal(sub="d", roles=("PROV_OFFICER",), city="410000"),
    "placeless": Principal(sub="e", roles=("ENT_CLERK", "CITY_OFFICER")),
}
# who reaches what is ours, and what is theirs; and what a list may hold
REACHED: dict[tuple[Relation, str], tuple[bool, bool, Scope | None]] = {
    (OWN, "own"): (True, False, Scope(enterprise=OURS)),
    (OWN, "foreign"): (False, True, Scope(enterprise=THEIRS)),
    (OWN, "city"): (False, False, None),
    (OWN, "province"): (False, False, None),
    (OWN, "placeless"): (False, False, None),
    (OFFICE, "own"): (False, False, None),
    (OFFICE, "foreign"): (False, False, None),
    (OFFICE, "city"): (True, False, Scope(city="410100")),
    (OFFICE, "province"): (True, True, Scope(everything=True)),
    (OFFICE, "placeless"): (False, False, None),
    **{(ANY, who): (True, True, Scope(everything=True)) for who in CALLERS},
}


@dataclass
class Fact:
    version: int
    type: str = "Opened"


@dataclass
class OurLedger:
    """The log: one ledger, of the enterprise with the first credit code, at its third version. The
    second is of a kind that was only saved, the third of one of which nobody is told.
    """

    id: UUID = LEDGER
    owner: UUID = OURS
    version: int = 3
    facts: Sequence[Fact] = (Fact(1), Fact(2, "Saved"), Fact(3, "Silent"))
    asked: list[object] = field(default_factory=list)

    async def read(self, kind: type[Ledger], id: UUID, version: int | None = None) -> Any:
        return self if version is None else ("at", version)

    async def history(self, id: UUID) -> Sequence[Fact]:
        return self.facts

    async def replay(self, kind: type[Ledger], facts: Sequence[Fact]) -> Any:
        return [fact.version for fact in facts]


async def told(_: object, records: Sequence[Fact]) -> Sequence[Fact]:
    return [fact for fact in records if fact.type != "Saved"]


def ports() -> Ports:
    needed = {
        "enterprise_id": staticmethod(enterprise_id),
        "supervising_city": staticmethod(World().supervising_city),
        "told": staticmethod(told),
        "silent": frozenset({"Silent"}),
    }
    return cast(Ports, type("OnlyThese", (), needed)())


def reach(who: str, relation: Relation = OWN, view: str = "full") -> Reach:
    row = allow("read_ledger", ("ENT_CLERK",), relation, view=view)
    return Reach(CALLERS[who], [row], ports())


def log() -> Application:
    return cast(Application, OurLedger())


async def is_reached(by: Reach, owner: UUID) -> bool:
    try:
        await by.to(owner)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(("relation", "who"), REACHED)
async def test_who_reaches_what(relation: Relation, who: str) -> None:
    ours, theirs, scope = REACHED[relation, who]
    by = reach(who, relation)
    assert [await is_reached(by, owner) for owner in (OURS, THEIRS)] == [ours, theirs]
    assert await is_reached(by, NOBODYS) is (relation is ANY or (ours and theirs))
    if scope is None:
        with pytest.raises(Stopped):
            _ = by.scope
    else:
        assert by.scope == scope


async def test_an_item_is_read_by_its_owner_and_not_found_by_anybody_else() -> None:
    found = await reach("own").read(log(), Ledger, LEDGER)
    assert (found.id, found.owner) == (LEDGER, OURS)
    for who in ("foreign", "placeless"):
        with pytest.raises(NotFound):
            await reach(who).read(log(), Ledger, LEDGER)


async def test_an_item_is_read_as_it_stood_at_a_version() -> None:
    found: Any = await reach("own").read(log(), Ledger, LEDGER, 2)
    assert found == ("at", 2)


@pytest.mark.parametrize(("version", "told"), [(None, [1, 3]), (2, [1]), (3, [1, 3])])
async def test_to_an_officer_an_item_is_what_was_sent_makes_it(
    version: int | None, told: list[int]
) -> None:
    by = reach("city", OFFICE, SENT)
    assert by.only_sent
    found: Any = await by.read(log(), Ledger, LEDGER, version)
    assert found == told


@pytest.mark.parametrize(("view", "versions"), [("full", [1, 2, 3]), (SENT, [1])])
async def test_a_history_holds_what_its_reader_may_know(view: str, versions: list[int]) -> None:
    by = reach("city", OFFICE, view)
    assert by.only_sent is (view == SENT)
    records: Any = await by.history(log(), Ledger, LEDGER)
    assert [at.version for at in records] == versions
    with pytest.raises(NotFound):
        await reach("foreign", OFFICE, view).history(log(), Ledger, LEDGER)


async def test_a_caller_begins_something_for_their_own_enterprise_only() -> None:
    assert await reach("own").own() == OURS
    with pytest.raises(NotFound):
        await reach("placeless").own()


@pytest.mark.parametrize(
    "ask",
    [
        lambda by: by.own(),
        lambda by: by.to(OURS),
        lambda by: by.read(log(), Ledger, LEDGER),
        lambda by: by.history(log(), Ledger, LEDGER),
    ],
)
async def test_who_asked_for_an_item_or_for_their_own_has_asked(
    ask: Callable[[Reach], Any],
) -> None:
    by = reach("own")
    assert not by.asked
    await ask(by)
    assert by.asked


def test_who_asked_for_a_list_s_scope_has_asked_and_who_may_see_all_need_not() -> None:
    by = reach("own")
    assert not by.asked
    assert by.scope
    assert by.asked
    assert reach("own", ANY).asked


COLUMNS = {"city": "supervising_city_code", "enterprise": "owner"}


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (Scope(everything=True), []),
        (Scope(city="410100"), [("supervising_city_code", "410100")]),
        (Scope(enterprise=OURS), [("owner", OURS)]),
    ],
)
def test_a_list_holds_the_rows_within_its_scope(
    scope: Scope, wanted: list[tuple[str, object]]
) -> None:
    assert scope.equal(**COLUMNS) == wanted


@pytest.mark.parametrize("scope", [Scope(), Scope(enterprise=OURS)])
def test_a_list_without_a_column_for_the_scope_is_not_shown(scope: Scope) -> None:
    with pytest.raises(Stopped):
        scope.equal(city="supervising_city_code")


@pytest.mark.parametrize(
    ("right", "wider"),
    [(Scope(city="410100"), "everything"), (allow("list", ("ENT_CLERK",), OWN), "relation")],
)
def test_what_was_granted_once_is_not_widened(right: object, wider: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(right, wider, True)


async def test_of_several_rights_the_first_counts_until_an_owner_is_asked_for() -> None:
    """A clerk who is an officer too: their own enterprise by one right, all others by the other."""
    rows = [
        allow("read_ledger", ("ENT_CLERK",), OWN),
        allow("read_ledger", ("CITY_OFFICER",), OFFICE, view=SENT),
        allow("read_ledger", ("AUDITOR",), ANY, view="masked"),
    ]
    both = Principal(sub="f", roles=("CITY_OFFICER", "ENT_CLERK"), org=FOREIGN, city="410100")
    by = Reach(both, rows, ports())
    assert (by.view, by.role, by.scope) == ("full", "ENT_CLERK", Scope(enterprise=THEIRS))
    await by.to(OURS)
    assert (by.view, by.role) == (SENT, "CITY_OFFICER")
    await by.to(THEIRS)
    assert (by.view, by.role) == ("full", "ENT_CLERK")
    await by.to(NOBODYS)
    assert (by.view, by.role) == ("masked", "PUBLIC")


def test_who_may_see_all_by_one_of_their_rights_only_has_to_ask() -> None:
    rows = [allow("read_ledger", ("ENT_CLERK",), each) for each in (ANY, OWN)]
    assert not Reach(CALLERS["own"], rows, ports()).asked


@pytest.mark.parametrize(
    ("who", "relations", "shown"),
    [
        ("own", [OWN], OURS),
        ("foreign", [OWN, OWN], THEIRS),
        ("placeless", [OWN], NOBODY),
        ("own", [OWN, OFFICE], None),
        ("own", [ANY], None),
        ("city", [OFFICE], None),
    ],
)
def test_the_database_shows_whose_rights_end_at_their_own_enterprise_nothing_else(
    who: str, relations: list[Relation], shown: UUID | None
) -> None:
    rows = [allow("list", ("ENT_CLERK",), relation) for relation in relations]
    needed = {"enterprise_id": staticmethod(enterprise_id), "scoped_role": "asker"}
    for reads in (True, False):
        ports = cast(Ports, type("OnlyThese", (), needed)())
        found = _scoped(CALLERS[who], rows, ports, reads)
        assert found == (shown and Scoped("asker", shown, reads))
    needed["scoped_role"] = None
    unscoped = cast(Ports, type("OnlyThese", (), needed)())
    assert _scoped(CALLERS[who], rows, unscoped, reads=True) is None

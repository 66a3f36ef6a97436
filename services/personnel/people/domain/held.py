"""Which documents a person's data and filings hold, by their keys (domain book 5.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from libs.filing.filing import Type
from services.personnel.people.domain.person import Person


class HeldDocuments(NamedTuple):
    """`claimed`: for this enterprise before all others, while a filing is open and as long as the
    person is filed. `here`: before everybody else of the enterprise, as soon as it is saved.
    `once`: all that their filings were ever about.
    """

    claimed: frozenset[str]
    here: frozenset[str]
    once: frozenset[str]


def held(person: Person) -> HeldDocuments:
    """What the person holds as they stand: of a change that is under way both documents."""
    about = [each for each in person.filings.values() if each.type is not Type.PER_RELEASE]
    pending = {person.keys.get(each.id) for each in about if each.is_open}
    filed = {person.filed.person_key} if person.filed else set()
    saved = {person.key_of(each) for each in about if each.is_running}
    return HeldDocuments(
        claimed=_known(pending | filed),
        here=_known(saved | {person.person_key}),
        once=_known(person.keys.values()),
    )


def _known(keys: Iterable[str | None]) -> frozenset[str]:
    return frozenset(key for key in keys if key)

"""The best of all maximum matchings between slots and persons, and only one is best.

Slots stand in two groups, registered and professional. Best (domain book, section 8.1): the most
slots filled; then the greatest smaller ratio of the two groups; then the most registered slots;
then the smallest persons in slot order, an empty slot last.

Sets of slots that can be filled together form a matroid, so the number of registered slots in a
maximum matching takes every value between its extremes: how many to fill is known before who fills
them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

REGISTERED, PROFESSIONAL = 0, 1


class SlotKind(NamedTuple):
    """`places` slots that accept the same persons, in ascending order."""

    group: int
    places: int
    persons: Sequence[int]


def best(kinds: Sequence[SlotKind]) -> list[int | None]:
    """Who fills each slot, kind by kind; None: left open."""
    matching = _Matching(kinds)
    matching.fill(REGISTERED)
    most = matching.filled(REGISTERED)
    matching.fill(PROFESSIONAL)
    if None in matching.person:
        for _ in range(most - _registered_share(kinds, most, matching.filled(PROFESSIONAL))):
            matching.refill(PROFESSIONAL, spare=REGISTERED)
    matching.settle()
    return matching.person


def _registered_share(kinds: Sequence[SlotKind], most: int, professionals: int) -> int:
    """How many registered slots the best maximum matching fills, where `most` can be filled beside
    so many professional ones.
    """
    alone = _Matching([kind for kind in kinds if kind.group == PROFESSIONAL])
    alone.fill(PROFESSIONAL)
    total = most + professionals
    slots = [
        sum(kind.places for kind in kinds if kind.group == group)
        for group in (REGISTERED, PROFESSIONAL)
    ]
    possible = range(total - alone.filled(PROFESSIONAL), most + 1)
    # Ratios with both denominators multiplied out; a group without slots leaves only one choice.
    return max(
        possible,
        key=lambda share: (
            min(share * slots[PROFESSIONAL], (total - share) * slots[REGISTERED]),
            share,
        ),
    )


class _Matching:
    """Grows by alternating paths. Slots before `settled` are decided and no path touches them or
    their persons.
    """

    def __init__(self, kinds: Sequence[SlotKind]) -> None:
        self._alike = _alike(kinds)
        useful = _useful(self._alike, kinds)
        self._group = [kind.group for kind in kinds for _ in range(kind.places)]
        self._choices = [
            choice
            for kind in kinds
            for choice in [[each for each in kind.persons if each in useful]] * kind.places
        ]
        self.person: list[int | None] = [None] * len(self._group)
        self._slot: dict[int, int] = {}
        self._settled = 0
        self._seen: set[int] = set()
        self._asked: set[int] = set()

    def filled(self, group: int) -> int:
        return sum(
            person is not None and each == group
            for person, each in zip(self.person, self._group, strict=True)
        )

    def fill(self, group: int) -> None:
        """As many slots of the group as can be, without emptying one of the other group on
        balance.
        """
        while self.refill(group):
            pass

    def refill(self, group: int, spare: int | None = None) -> bool:
        """Fill one more slot of the group; `spare` names a group that may lose one for it. False:
        impossible, nothing changed.
        """
        self._seen.clear()
        self._asked.clear()
        return self._fill_one(group, spare)

    def settle(self) -> None:
        """Exchange persons, as many slots of each group filled as before, until each slot has the
        smallest it can, in slot order.
        """
        for slot in range(len(self.person)):
            self._settled = slot + 1
            hopeless: set[int] = set()
            for person in self._choices[slot]:
                if self._slot.get(person, slot) < slot or self._alike[person] in hopeless:
                    continue
                if self._give(slot, person):
                    break
                hopeless.add(self._alike[person])  # whoever fits the same slots fails the same way

    def _give(self, slot: int, person: int) -> bool:
        """The slot to this person, others moving up; False: impossible, nothing changed."""
        held, left = self.person[slot], self._slot.get(person)
        if held == person:
            return True
        if held is not None:
            del self._slot[held]
        self._seat(slot, person)
        if left is None:
            return True
        self.person[left] = None
        spare = self._group[slot] if held is None else None
        if spare == self._group[left] or self.refill(self._group[left], spare):
            return True
        self._seat(left, person)
        self.person[slot] = held
        if held is not None:
            self._slot[held] = slot
        return False

    def _seat(self, slot: int, person: int) -> None:
        self.person[slot] = person
        self._slot[person] = slot

    def _open(self, group: int) -> Iterator[int]:
        return (
            slot
            for slot in range(self._settled, len(self.person))
            if self.person[slot] is None and self._group[slot] == group
        )

    def _fill_one(self, group: int, spare: int | None) -> bool:
        self._asked.add(group)
        return any(self._find(slot, spare) for slot in self._open(group))

    def _find(self, slot: int, spare: int | None) -> bool:
        """Somebody for the slot: one who is free, else one whose own slot can do without him."""
        choices = self._choices[slot]
        for person in choices:
            if person not in self._slot:
                self._seat(slot, person)
                return True
        for person in choices:
            if person not in self._seen and self._slot[person] >= self._settled:
                self._seen.add(person)
                if self._do_without(self._slot[person], spare):
                    self._seat(slot, person)
                    return True
        return False

    def _do_without(self, slot: int, spare: int | None) -> bool:
        """Its person may go: another comes, or the slot stays open and its group is spared it or
        fills another.
        """
        group = self._group[slot]
        if self._find(slot, spare):
            return True
        if group == spare or (group not in self._asked and self._fill_one(group, spare)):
            self.person[slot] = None
            return True
        return False


def _alike(kinds: Sequence[SlotKind]) -> dict[int, int]:
    """Each person's kinds as bits."""
    fits: dict[int, int] = {}
    for number, kind in enumerate(kinds):
        for person in kind.persons:
            fits[person] = fits.get(person, 0) | 1 << number
    return fits


def _useful(alike: dict[int, int], kinds: Sequence[SlotKind]) -> set[int]:
    """Of persons who fit the same kinds, the smallest, and no more than there are slots: others
    can never be in the best matching.
    """
    slots = sum(kind.places for kind in kinds)
    room: dict[int, int] = {}
    return {person for person in sorted(alike) if _enter(room, alike[person], slots)}


def _enter(room: dict[int, int], fits: int, slots: int) -> bool:
    room[fits] = room.get(fits, 0) + 1
    return room[fits] <= slots

"""The best matching, beside all matchings there are and beside networkx."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.filing.staffing.matching import PROFESSIONAL, REGISTERED, SlotKind, best

Found = list[int | None]


def kinds_of(persons: int, most: int) -> st.SearchStrategy[list[SlotKind]]:
    kind = st.tuples(
        st.integers(0, 1), st.integers(1, most), st.sets(st.integers(1, persons)).map(sorted)
    )
    return st.lists(kind, max_size=5).map(
        lambda drawn: [SlotKind(*each) for each in sorted(drawn, key=lambda each: each[0])]
    )


def matchings(slots: list[SlotKind]) -> Iterator[tuple[int | None, ...]]:
    for found in product(*([*kind.persons, None] for kind in slots)):
        seated = [person for person in found if person is not None]
        if len(set(seated)) == len(seated):
            yield found


def by_the_book(slots: list[SlotKind]) -> Found:
    """Section 8.1, word by word, over every matching."""

    def filled(found: tuple[int | None, ...], group: int) -> int:
        return sum(
            person is not None
            for person, slot in zip(found, slots, strict=True)
            if slot.group == group
        )

    def ratio(found: tuple[int | None, ...], group: int) -> Fraction:
        size = sum(slot.group == group for slot in slots)
        return Fraction(filled(found, group), size) if size else Fraction(1)

    def worth(found: tuple[int | None, ...]) -> tuple[Any, ...]:
        smaller = min(ratio(found, REGISTERED), ratio(found, PROFESSIONAL))
        smallest_first = tuple(-person if person is not None else float("-inf") for person in found)
        return (
            sum(person is not None for person in found),
            smaller,
            filled(found, REGISTERED),
            smallest_first,
        )

    greatest = max(matchings(slots), key=worth)
    return list(greatest)


@pytest.mark.parametrize("seed", range(10))
def test_the_best_of_all_matchings_is_found_for_tables_drawn_once(seed: int) -> None:
    """The same tables in every run: scarce and plentiful persons, alike and different lines."""
    draw = Random(seed)
    for _ in range(25):
        groups = sorted(draw.choice((REGISTERED, PROFESSIONAL)) for _ in range(draw.randint(1, 4)))
        persons = range(1, draw.randint(2, 7))
        kinds = [
            SlotKind(
                group,
                draw.choice((1, 1, 2)),
                sorted(draw.sample(persons, draw.randint(0, min(4, len(persons))))),
            )
            for group in groups
        ]
        assert best(kinds) == by_the_book([kind for kind in kinds for _ in range(kind.places)]), (
            kinds
        )


@pytest.mark.slow
@settings(max_examples=400)
@given(kinds_of(persons=5, most=2).filter(lambda kinds: sum(kind.places for kind in kinds) <= 5))
def test_the_best_of_all_matchings_is_found(kinds: list[SlotKind]) -> None:
    slots = [kind for kind in kinds for _ in range(kind.places)]
    assert best(kinds) == by_the_book(slots)


@pytest.mark.slow
@settings(max_examples=200)
@given(kinds_of(persons=30, most=8))
def test_as_many_slots_are_filled_as_a_plain_bipartite_matching_fills(
    kinds: list[SlotKind],
) -> None:
    found = best(kinds)
    slots = [kind for kind in kinds for _ in range(kind.places)]
    graph: networkx.Graph[Any] = networkx.Graph(
        [(("slot", n), person) for n, slot in enumerate(slots) for person in slot.persons]
    )
    top = [("slot", n) for n, slot in enumerate(slots) if slot.persons]
    plain = networkx.bipartite.hopcroft_karp_matching(graph, top)
    assert sum(person is not None for person in found) == len(plain) // 2
    assert all(
        person is None or person in slot.persons for person, slot in zip(found, slots, strict=True)
    )
    seated = [person for person in found if person is not None]
    assert len(set(seated)) == len(seated)


def test_one_who_fits_two_slots_leaves_the_one_another_can_fill() -> None:
    assert best([SlotKind(REGISTERED, 1, [1, 2]), SlotKind(PROFESSIONAL, 1, [1])]) == [2, 1]


def test_the_smaller_ratio_counts_before_registered_slots() -> None:
    """Example 2 of the book: one person is a class-2 structural engineer or a structural
    professional.
    """
    kinds = [
        SlotKind(REGISTERED, 1, [1]),
        SlotKind(REGISTERED, 1, [2]),
        SlotKind(PROFESSIONAL, 1, [3]),
        SlotKind(PROFESSIONAL, 1, [2]),
    ]
    assert best([*kinds, *(SlotKind(PROFESSIONAL, 1, [n]) for n in (4, 5, 6))]) == [
        1,
        2,
        3,
        None,
        4,
        5,
        6,
    ]


def test_registered_slots_are_given_up_where_that_raises_the_smaller_ratio() -> None:
    kinds = [SlotKind(REGISTERED, 4, [1, 2, 3, 4]), SlotKind(PROFESSIONAL, 1, [1, 2, 3, 4])]
    assert best(kinds) == [1, 2, 3, None, 4]


def test_equal_ratios_go_to_the_registered() -> None:
    assert best([SlotKind(REGISTERED, 2, [1, 2, 3]), SlotKind(PROFESSIONAL, 2, [1, 2, 3])]) == [
        1,
        2,
        3,
        None,
    ]


def test_the_smallest_persons_come_first_and_an_empty_slot_last() -> None:
    assert best([SlotKind(REGISTERED, 3, [5, 9])]) == [5, 9, None]
    assert best([SlotKind(PROFESSIONAL, 1, [4, 7]), SlotKind(PROFESSIONAL, 1, [4])]) == [7, 4]


def test_a_person_set_free_by_an_exchange_is_taken_before_a_greater_one() -> None:
    kinds = [SlotKind(REGISTERED, 1, persons) for persons in ([1, 2, 3, 5], [1], [3, 4], [2])]
    assert best([*kinds, SlotKind(PROFESSIONAL, 1, [1, 5, 6])]) == [3, 1, 4, 2, 5]


def test_a_table_without_slots_or_persons_is_judged_too() -> None:
    assert best([]) == []
    assert best([SlotKind(REGISTERED, 2, []), SlotKind(PROFESSIONAL, 1, [])]) == [None, None, None]

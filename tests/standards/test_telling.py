"""Nothing about few visits of an employee can be computed from what is told outside the branch."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from itertools import combinations, count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.standards.telling import untold
from tests.disclosing import follows, reduced

Cell = tuple[str, Hashable]
Counts = Mapping[str, Mapping[Hashable, int]]
"""Employee -> column -> visits; "?" stands for whoever nobody knows."""

NOBODY = "?"


def hidden_in(counts: Counts) -> frozenset[str]:
    """Whom the rule hides."""
    number = count()
    served = {
        who: {at: frozenset(next(number) for _ in range(n)) for at, n in columns.items() if n}
        for who, columns in counts.items()
        if who != NOBODY
    }
    return untold(served, frozenset(at for at, n in counts.get(NOBODY, {}).items() if n))


def cells(counts: Counts) -> list[Cell]:
    return [(who, at) for who, columns in counts.items() for at, n in columns.items() if n]


def told_by_branch(counts: Counts) -> list[list[int]]:
    """The branch's sum in each column, over the cells."""
    every = cells(counts)
    return [[int(at == column) for _, at in every] for column in {at for _, at in every}]


def told_of(counts: Counts, people: Iterable[str], columns: Set[Hashable] | None = None) -> list[list[int]]:
    """Each one's sum over these columns."""
    every = cells(counts)
    return [[int(who == one and (columns is None or at in columns)) for who, at in every] for one in people]


def computable(
    counts: Counts, told: list[list[int]], columns: Set[Hashable] | None = None
) -> list[set[Cell]]:
    """Every set of an employee's cells with fewer than five visits whose sum follows from what is told, but
    not from the branch's own figures.
    """
    every = cells(counts)
    alone, known = reduced(told_by_branch(counts)), reduced(told_by_branch(counts) + told)
    return [
        chosen
        for chosen in small(counts, columns)
        for wanted in [[int(cell in chosen) for cell in every]]
        if follows(wanted, known) and not follows(wanted, alone)
    ]


def small(counts: Counts, columns: Set[Hashable] | None) -> Iterator[set[Cell]]:
    """Sets of cells of one employee with one to four visits in all."""
    for who, own in counts.items():
        held = [at for at, n in own.items() if 0 < n < 5 and (columns is None or at in columns)]
        for size in range(1, 5):
            for chosen in combinations(held, size):
                if who != NOBODY and sum(own[at] for at in chosen) < 5:
                    yield {(who, at) for at in chosen}


def networks(columns: Iterable[Hashable], most: int) -> st.SearchStrategy[Counts]:
    """Branches with one to five employees in these columns, from sparse to dense."""
    n = st.one_of(st.just(0), st.integers(0, most))
    months = st.fixed_dictionaries(dict.fromkeys(columns, n))
    people = [st.none() | months for _ in "ABCDE"]
    some = st.fixed_dictionaries({**dict(zip("ABCDE", people, strict=True)), NOBODY: st.none() | months})
    return some.map(lambda found: {who: own for who, own in found.items() if own is not None})


ROLES = [(role, month) for role in ("greeter", "cashier") for month in (1, 2)]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(counts=st.one_of(networks((1, 2, 3), 7), networks((1, 2, 3), 2), networks(ROLES, 4)))
@example(counts={"A": {1: 5, 2: 1}, "B": {2: 2, 3: 5}})  # A alone in the first month: the second would follow
@example(counts={"A": {1: 5, 2: 2}, "B": {1: 5}, NOBODY: {2: 1}})  # not alone in the second: somebody unknown
@example(counts={"A": {1: 3}, "B": {1: 6}, "C": {2: 3}, "D": {2: 6}})  # two hidden, each beside one told
@example(counts={"A": {1: 2, 2: 3}, "B": {1: 4, 2: 4}, "C": {2: 1, 3: 1}})
def test_nothing_of_few_visits_can_be_computed(counts: Counts) -> None:
    hidden = hidden_in(counts)
    for who, own in counts.items():
        assert who in hidden or not 0 < sum(own.values()) < 5 or who == NOBODY
    told = [who for who in counts if who not in hidden and who != NOBODY]
    assert computable(counts, told_of(counts, told)) == []


def year(seed: int) -> Counts:
    """A branch's year: three to six people, some away for months, some visits of which nobody knows."""
    chance = random.Random(seed)
    people = "ABCDEF"[: chance.randint(3, 6)]
    most, there = chance.choice((2, 3, 5, 7)), chance.choice((0.5, 0.8, 1.0))
    counts = {
        who: {month: chance.randint(0, most) * (chance.random() < there) for month in range(1, 13)}
        for who in people
    }
    return {**counts, NOBODY: {month: int(chance.random() < 0.2) for month in range(1, 13)}}


@pytest.mark.parametrize("seed", range(40))
def test_nor_from_all_that_is_told_in_a_year(seed: int) -> None:
    """Each page tells of one quarter; all of a year together tell no more."""
    counts = year(seed)
    told = []
    for first in (1, 4, 7, 10):
        quarter = set(range(first, first + 3))
        held = {who: {at: n for at, n in own.items() if at in quarter} for who, own in counts.items()}
        people = set(held) - {NOBODY} - hidden_in(held)
        told += told_of(counts, sorted(people), quarter)
    assert computable(counts, told) == []


def test_the_solver_sees_what_windows_that_overlap_tell() -> None:
    """Why quarters: three months that slide, less a month that is told, are two months of few visits."""
    counts = {who: dict.fromkeys(range(1, 6), 2) for who in "AB"}
    counts["A"][5] = 6
    windows = [told_of(counts, "A", {month - 2, month - 1, month}) for month in (3, 4)]
    assert computable(counts, [row for rows in windows for row in rows]) == []
    own = told_of(counts, "A", {5})
    windows.append(told_of(counts, "A", {3, 4, 5}))
    found = computable(counts, [row for rows in [*windows, own] for row in rows])
    assert {("A", 3), ("A", 4)} in found


def test_who_serves_beside_others_each_month_is_told() -> None:
    counts = {who: dict.fromkeys((1, 2, 3), 2) for who in "ABC"}
    assert hidden_in(counts) == frozenset()


def test_the_next_smallest_follows_the_one_hidden() -> None:
    example = {"Anna": {7: 2, 8: 3, 9: 2}, "Ben": {7: 1, 8: 2}, "Cara": {7: 2, 8: 2, 9: 2}}
    assert hidden_in(example) == {"Ben", "Cara"}, "as docs/scoring.md has it"
    counts = {"A": {1: 2, 2: 1}, "B": {1: 3, 2: 4}, "C": {1: 3, 2: 3}}
    assert hidden_in(counts) == {"A", "C"}
    assert hidden_in({**counts, "D": {1: 1}}) == {"A", "D"}
    assert hidden_in({**counts, NOBODY: {1: 1, 2: 1}}) == {"A"}

"""Which employees' figures of a quarter may leave a branch: none of few visits, nor what would tell one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set

from checker.standards.statistics import MIN_VISITS

Served = Mapping[str, Mapping[Hashable, frozenset[int]]]
"""Employee -> where the branch's own sum is told, such as a role in a month -> the visits scored there."""


def untold(served: Served, unknown: Set[Hashable] = frozenset()) -> frozenset[str]:
    """Whose figure over the whole quarter is not told outside the branch.

    Told are the branch's sum in each column, and each other employee's sum over all columns; in the
    columns `unknown` somebody served of whom nobody knows who it was. What follows from these about one
    employee alone, by adding and subtracting, are the sums of `_parts` and those made of them: take the
    employee away, and join columns that share somebody. Where everybody joined is told, the columns' sums
    minus theirs leave what the employee did there; where somebody is not, nothing follows. Each part left is
    of at least five visits, or of a single column in which the employee served alone, whose sum is the
    branch's own.
    """
    hidden = {who for who, columns in served.items() if 0 < _n(columns.values()) < MIN_VISITS}
    while (another := _must_follow(served, unknown, hidden)) is not None:
        hidden.add(another)
    return frozenset(hidden)


def _must_follow(served: Served, unknown: Set[Hashable], hidden: Set[str]) -> str | None:
    """Who has to be hidden next because a figure of few visits would be told; None when none would."""
    for who in sorted(served):
        for columns, by in _parts(served, unknown, hidden, who):
            if by and 0 < _n(served[who][column] for column in columns) < MIN_VISITS:
                return min(by, key=lambda other: (_n(served[other].values()), other))
    return None


def _parts(
    served: Served, unknown: Set[Hashable], hidden: Set[str], who: str
) -> Iterator[tuple[Set[Hashable], Set[str]]]:
    """The columns of one employee whose sum follows, and by whose figures besides the branch's.

    The last part of somebody told is what the others leave of the own figure.
    """
    own = served[who].keys()
    left = set(own)
    for columns, others in _joined(served, who):
        if not others & hidden and not columns & unknown:
            left -= columns
            yield columns & own, others
    if who not in hidden:
        yield left, {who}


def _joined(served: Served, who: str) -> list[tuple[Set[Hashable], Set[str]]]:
    """The columns without one employee, joined where somebody else served in both; with those who did."""
    groups: list[tuple[Set[Hashable], Set[str]]] = [({column}, set()) for column in served[who]]
    for other, columns in served.items():
        if other == who or not columns:
            continue
        apart = [group for group in groups if not group[0] & columns.keys()]
        joined = [group for group in groups if group[0] & columns.keys()]
        together = set(columns).union(*(group[0] for group in joined))
        people = {other}.union(*(group[1] for group in joined))
        groups = [*apart, (together, people)]
    return groups


def _n(visits: Iterable[frozenset[int]]) -> int:
    """How many visits there are in all; one in two roles is one."""
    return len(frozenset[int]().union(*visits))

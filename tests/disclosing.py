"""What can be computed from figures that were told: sums of unknowns, solved exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

Row = list[Fraction]


def reduced(rows: Iterable[Sequence[int]]) -> list[Row]:
    """The rows in echelon form: what follows from them by adding and subtracting."""
    found: list[Row] = []
    for given in rows:
        row = remainder([Fraction(value) for value in given], found)
        first = leading(row)
        if first is not None:
            found.append([value / row[first] for value in row])
    return found


def remainder(row: Row, basis: Iterable[Row]) -> Row:
    """What of a row does not follow from the others; all zeros: it does."""
    for known in basis:
        first = leading(known)
        assert first is not None
        factor = row[first]
        row = [value - factor * other for value, other in zip(row, known, strict=True)]
    return row


def leading(row: Row) -> int | None:
    """Where a row begins."""
    return next((place for place, value in enumerate(row) if value), None)


def follows(wanted: Sequence[int], basis: list[Row]) -> bool:
    """Whether this sum can be computed from those."""
    return not any(remainder([Fraction(value) for value in wanted], basis))

"""What each standard costs of Compliance in a month, from the answers as tallies count them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from checker.standards.costs import Cost, Earned, costs
from checker.standards.model import Answer, Axis, Duration, Item, State
from checker.standards.score import worth
from checker.store.answers import decode
from checker.store.connection import Row
from checker.store.tallies import NA_BIN
from checker.summaries.questions import Questions


@dataclass(slots=True)
class _Sum:
    asked: int = 0
    earned: int = 0
    possible: int = 0


def standard_costs(questions: Questions, rows: Iterable[Row]) -> tuple[Cost, ...]:
    """The standards of Compliance by what they cost, from tally rows (item_id, bin, met, n).

    Items on trial and bonus items are no part of what can be earned. A critical cap is not told apart: it
    is what the findings behind it cost.
    """
    sums: dict[str, _Sum] = {}
    for row in rows:
        item = questions.by_key[row["item_id"]].item
        if item.axis is not Axis.STANDARD or item.trial or item.bonus or row["bin"] == NA_BIN:
            continue
        one = sums.setdefault(questions.by_key[row["item_id"]].standard, _Sum())
        one.asked += row["n"]
        one.earned += row["n"] * _earned(item, row["bin"], met=bool(row["met"]))
        one.possible += row["n"] * item.points
    placed = questions.sections
    return costs(
        Earned(standard, *placed[standard], one.asked, one.earned, one.possible)
        for standard, one in sums.items()
    )


def _earned(item: Item, bin: int, *, met: bool) -> int:
    """What an answer in this bin earned; a time that a tolerance saved counts as one at the limit (SC-03)."""
    rule = item.rule
    if not isinstance(rule, Duration):
        state, value = decode(item, bin)
        return worth(item, Answer(item.id, value, state))
    state, value = decode(item, bin if bin < 0 else bin * 1000)
    if state is State.NEVER or not met:
        return 0
    return worth(item, Answer(item.id, min(cast(int, value), rule.limit_s * 1000), state))

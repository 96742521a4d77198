"""How one answer becomes two small integers, and back."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from checker.standards.model import (
    POINT,
    Answer,
    Choice,
    Duration,
    Item,
    Line,
    Multi,
    Number,
    Score,
    State,
    Value,
    YesNo,
)

NEVER = -1
"""The stored value of "it never happened"; NULL is "not applicable"."""

Coded = tuple[int | None, int | None]
"""(value, met) as the columns of `answer` hold them."""


def code(item: Item, answer: Answer) -> int | None:
    """The stored value: yes 1, no 0 · milliseconds · count, scale as they are · position of the option ·
    a bit per ticked option · units of 1/10,000 point · number × 10,000; `NEVER`, or None for not
    applicable."""
    value = answer.value
    if isinstance(value, int):  # most are; yes and no too
        return int(value)
    if answer.state is not State.VALUE:
        return NEVER if answer.state is State.NEVER else None
    match item.rule:
        case Choice(options=options):
            return next(place for place, option in enumerate(options) if option.id == value)
        case Multi(options=options):
            ticked = cast(tuple[str, ...], value)
            return sum(1 << place for place, option in enumerate(options) if option.id in ticked)
    return int(cast(Decimal, value) * POINT)  # the rule of a number has said so


def decode(item: Item, value: int | None) -> tuple[State, Value]:
    """The inverse of `code`."""
    if value is None:
        return State.NA, None
    match item.rule:
        case Duration() if value == NEVER:
            return State.NEVER, None
        case YesNo():
            return State.VALUE, bool(value)
        case Choice(options=options):
            return State.VALUE, options[value].id
        case Multi(options=options):
            return State.VALUE, tuple(option.id for place, option in enumerate(options) if value >> place & 1)
        case Number():
            return State.VALUE, Decimal(value) / POINT
    return State.VALUE, value


def coded(line: Line) -> Coded | None:
    """What `answer` stores of a score's line: nothing for hidden, unanswered and unscored items."""
    if line.hidden or line.answer is None:
        return None
    if line.met is None:  # not applicable, or a question that is never scored
        return (None, None) if line.answer.state is State.NA and line.item.scored else None
    return code(line.item, line.answer), int(line.met)


def coded_answers(score: Score) -> dict[str, Coded]:
    """Item id -> (value, met) of every answer that the figures use."""
    return {line.item.id: pair for line in score.lines if (pair := coded(line)) is not None}

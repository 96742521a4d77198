"""Which items are asked, given what was answered before them and the context of the visit (`when`, SC-11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from checker.standards.model import (
    POINT,
    Answer,
    Answers,
    Checklist,
    Condition,
    Count,
    Duration,
    Graded,
    Item,
    Multi,
    Number,
    Photo,
    Scale,
    State,
    YesNo,
)

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")

CONTEXT = "context."
"""What a condition's subject begins with when it looks at the context of the visit, not at an item."""


def asked(checklist: Checklist, answers: Answers, context: Mapping[str, object]) -> frozenset[str]:
    """The ids of the items that are asked (SC-11).

    All conditions of an item must hold. A condition looks at an **earlier** item that is itself asked and
    answered, or at the context; everything else (hidden, unanswered, later, unknown) matches nothing. "na"
    and "never" match only where they are named. Durations compare in the whole seconds that are scored
    (SC-03).
    """
    shown: set[str] = set()
    for item in checklist.items:
        if not item.when or all(
            _holds(condition, checklist, answers, context, shown) for condition in item.when
        ):
            shown.add(item.id)
    return frozenset(shown)


def _holds(
    condition: Condition,
    checklist: Checklist,
    answers: Answers,
    context: Mapping[str, object],
    shown: set[str],
) -> bool:
    if condition.subject.startswith(CONTEXT):
        return _matches(condition, _context_said(context.get(condition.subject.removeprefix(CONTEXT))))
    if condition.subject not in shown or condition.subject not in answers:
        return False
    return _matches(condition, _item_said(checklist.item[condition.subject], answers[condition.subject]))


def _matches(condition: Condition, said: Decimal | tuple[str, ...]) -> bool:
    """`said` is a number, or words of which one must be named."""
    if isinstance(said, Decimal):
        if condition.values:
            return any(as_number(value) == said for value in condition.values)
        above = condition.minimum is None or said >= condition.minimum
        return above and (condition.maximum is None or said <= condition.maximum)
    return any(word in condition.values for word in said)


def as_number(word: str) -> Decimal | None:
    """The number a word of a condition stands for; None for words such as "na" and "never"."""
    return Decimal(word) if _NUMBER.fullmatch(word) else None


def _context_said(value: object) -> Decimal | tuple[str, ...]:
    match value:
        case bool():
            return ("yes" if value else "no",)
        case int() | Decimal():
            return Decimal(value)
        case str():
            return (value,)
    return ()


def _item_said(item: Item, answer: Answer) -> Decimal | tuple[str, ...]:
    if answer.state is not State.VALUE:
        return (answer.state.value,)
    match item.rule:
        case YesNo():
            return ("yes" if answer.value else "no",)
        case Duration():
            return Decimal(cast(int, answer.value) // 1000)
        case Count() | Scale() | Number():
            return Decimal(cast(int | Decimal, answer.value))
        case Graded():
            return Decimal(cast(int, answer.value)) / POINT
        case Multi() | Photo():
            return cast(tuple[str, ...], answer.value)
    return (cast(str, answer.value),)

"""A stored answer in words."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from checker.standards.model import (
    POINT,
    Answer,
    Choice,
    Count,
    DateTime,
    Duration,
    Graded,
    Item,
    Multi,
    Number,
    Option,
    Photo,
    Scale,
    State,
    YesNo,
)
from checker.words import Words


def in_words(answer: Answer | None, item: Item, languages: Sequence[str], words: Words) -> str:
    """What was answered, without its note, and of a moment the day alone; empty when nothing was.

    `languages` are the checklist's.
    """
    if answer is None:
        return ""
    if answer.state is State.NA:
        return words.gettext("Not applicable")
    if answer.state is State.NEVER:
        return words.gettext("It never happened")
    value = answer.value
    match item.rule:
        case YesNo():
            return words.gettext("Yes") if value else words.gettext("No")
        case Duration():
            time = words.seconds(int(value) / 1000)  # type: ignore[arg-type]  # the rule has said so
            return words.gettext("%(time)s, estimated", time=time) if answer.estimated else time
        case Count(maximum=most):
            return words.gettext("%(n)s of %(most)s", n=value, most=most)
        case Scale():
            return words.gettext("%(n)s of %(most)s", n=value, most=5)
        case Choice(options=options):
            return _options([one for one in options if one.id == value], languages, words)
        case Multi(options=options):
            assert isinstance(value, tuple)  # noqa: S101 - the rule has said so
            return _options([one for one in options if one.id in value], languages, words)
        case Graded():
            earned, possible = units(int(value), words), units(item.points, words)  # type: ignore[arg-type]
            return words.gettext("%(earned)s of %(possible)s points", earned=earned, possible=possible)
        case Number():
            return words.figure(Decimal(str(value)), "#,##0.######")
        case DateTime():
            return words.day(datetime.fromisoformat(str(value)).date())
        case Photo():
            assert isinstance(value, tuple)  # noqa: S101
            return words.gettext("%(n)s photos", n=len(value))
    return str(value)


def units(points: int, words: Words) -> str:
    """Points held in 1/10,000 as they are spoken: "2.5"."""
    return words.figure(Decimal(points) / POINT)


def _options(options: Sequence[Option], languages: Sequence[str], words: Words) -> str:
    if not options:
        return words.gettext("None of these")
    return ", ".join(words.text(one.text, languages) for one in options)

"""A stored answer in words, for somebody who reads a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from markupsafe import Markup, escape

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
from checker.web.format import day, figure, moment, seconds
from checker.web.texts import said


def answer_in_words(answer: Answer | None, item: Item, languages: Sequence[str], zone: str | None) -> Markup:
    """What was answered, without its note; empty when nothing was.

    `languages` are the checklist's; `zone` is the branch's, or None for readers who may know the day alone.
    """
    if answer is None:
        return Markup("")
    if answer.state is State.NA:
        return escape(_("Not applicable"))
    if answer.state is State.NEVER:
        return escape(_("It never happened"))
    return _value_in_words(answer, item, languages, zone)


def _value_in_words(answer: Answer, item: Item, languages: Sequence[str], zone: str | None) -> Markup:
    value = answer.value
    match item.rule:
        case YesNo():
            return escape(_("Yes") if value else _("No"))
        case Duration():
            time = seconds(Decimal(int(value)) / 1000)  # type: ignore[arg-type]  # the rule has said so
            return escape(_("%(time)s, estimated", time=time) if answer.estimated else time)
        case Count(maximum=most):
            return escape(_("%(n)s of %(most)s", n=value, most=most))
        case Scale():
            return escape(_("%(n)s of %(most)s", n=value, most=5))
        case Choice(options=options):
            return _options([one for one in options if one.id == value], languages)
        case Multi(options=options):
            assert isinstance(value, tuple)  # noqa: S101 - the rule has said so
            return _options([one for one in options if one.id in value], languages)
        case Graded():
            return escape(_points(int(value), item.points))  # type: ignore[arg-type]
        case Number():
            return escape(figure(Decimal(str(value)), "#,##0.######"))
        case DateTime():
            at = datetime.fromisoformat(str(value))
            return escape(day(at.date()) if zone is None else moment(at, zone))
        case Photo():
            assert isinstance(value, tuple)  # noqa: S101
            return escape(_("%(n)s photos", n=len(value)))
    return escape(str(value))


def _options(options: Sequence[Option], languages: Sequence[str]) -> Markup:
    if not options:
        return escape(_("None of these"))
    return Markup(", ").join(said(one.text, languages) for one in options)


def _points(earned: int, possible: int) -> str:
    return str(_("%(earned)s of %(possible)s points", earned=units(earned), possible=units(possible)))


def units(points: int) -> str:
    """Points held in 1/10,000 as they are spoken: "2.5"."""
    return figure(Decimal(points) / POINT, "#,##0.####")

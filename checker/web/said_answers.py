"""A stored answer in words, for somebody who reads a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup, escape

from checker.reports import answers
from checker.standards.model import Answer, Choice, DateTime, Item, Multi, Option, State
from checker.web.format import moment
from checker.web.language import language
from checker.web.texts import said
from checker.words import words_for


def answer_in_words(answer: Answer | None, item: Item, languages: Sequence[str], zone: str | None) -> Markup:
    """What was answered, without its note; empty when nothing was.

    `languages` are the checklist's; `zone` is the branch's, or None for readers who may know the day alone.
    """
    if answer is not None and answer.state is State.VALUE:
        match item.rule:
            case Choice(options=options):
                return _options([one for one in options if one.id == answer.value], languages)
            case Multi(options=options):
                assert isinstance(answer.value, tuple)  # noqa: S101 - the rule has said so
                return _options([one for one in options if one.id in answer.value], languages)
            case DateTime() if zone is not None:
                return escape(moment(datetime.fromisoformat(str(answer.value)), zone))
    return escape(answers.in_words(answer, item, languages, words_for(language())))


def _options(options: Sequence[Option], languages: Sequence[str]) -> Markup:
    if not options:
        return escape(_("None of these"))
    return Markup(", ").join(said(one.text, languages) for one in options)


def units(points: int) -> str:
    """Points held in 1/10,000 as they are spoken: "2.5"."""
    return answers.units(points, words_for(language()))

"""What shoppers wrote, picked by a stated rule and released by a person."""

from checker.charts.model import State
from checker.reports import claims
from checker.reports.medium import Medium
from checker.reports.page import Quote
from checker.standards.model import Checklist, Level
from checker.standards.quoting import in_turn
from checker.summaries.values import BranchMonth, NetworkMonth, QuoteLine
from checker.words import Words

_STATES: dict[str, State] = {"gap": "below", "loss": "below", "best": "none", "": "none"}


def quotes(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Set the month's three quotes side by side, each with why it is one of them."""
    if not summary.quotes:
        return
    with report.together():
        report.section(
            words.gettext("What shoppers wrote"),
            words.gettext(
                "At most three, by rule: on a standard that is certainly below its target, on one that has "
                "certainly fallen, and on the one met most often. Released by a person, names and numbers "
                "left out; one visit each"
            ),
        )
        report.quotes(
            [Quote(one.text, _source(one, summary.series.checklist, words), _STATES[one.chosen_for])
             for one in summary.quotes]
        )  # fmt: skip


MOST = 12
"""Quotes in a branch's report."""


def of_branch(report: Medium, summary: BranchMonth, words: Words) -> None:
    """Set what is released of a branch's month; of very many, each question in turn has its typical one."""
    held = summary.quotes
    if not held:
        return
    first = in_turn([one.standard for one in held], [one.text for one in held])[:MOST]
    shown = [held[at] for at in sorted(first)]
    checklist = summary.series.checklist
    sources = [_said_of(one, checklist, words) for one in shown]
    quoted = [Quote(one.text, source) for one, source in zip(shown, sources, strict=True)]
    with report.together():
        report.section(words.gettext("What shoppers wrote"), _note(len(shown), len(held), words))
        report.quotes(quoted[:_ACROSS], _ACROSS)
    report.quotes(quoted[_ACROSS:], _ACROSS)


def for_all(report: Medium, summary: BranchMonth, words: Words) -> None:
    """Set quotes that everybody of a branch may read: of what the branch does, with no day."""
    held = [one for one in summary.quotes if one.item.level is Level.BRANCH]
    first = in_turn([one.standard for one in held], [one.text for one in held])[:_FOR_ALL]
    if not first:
        return
    checklist = summary.series.checklist
    with report.together():
        report.section(
            words.gettext("What shoppers wrote"),
            words.gettext("Of the branch, not of people; released by a person, names and numbers left out"),
        )
        shown = [held[at] for at in sorted(first)]
        report.quotes(
            [Quote(one.text, claims.standard_named(one.standard, checklist, words)) for one in shown], _ACROSS
        )


_ACROSS = 3
_FOR_ALL = 6


def _note(shown: int, released: int, words: Words) -> str:
    if shown < released:
        return words.gettext(
            "Released by a person, names and numbers left out; one visit each, which is no rule. "
            "%(shown)s of %(released)s are here, of each question the typical ones",
            shown=words.number(shown),
            released=words.number(released),
        )
    return words.gettext("Released by a person, names and numbers left out; one visit each, which is no rule")


def _said_of(one: QuoteLine, checklist: Checklist, words: Words) -> str:
    name = claims.standard_named(one.standard, checklist, words)
    met = words.gettext("met") if one.met else words.gettext("not met")
    channel = claims.channel_name(one.channel, words)
    return ", ".join((name, met, channel, *([words.day(one.day)] if one.day else [])))


def _source(one: QuoteLine, checklist: Checklist, words: Words) -> str:
    why = {
        "gap": words.gettext("below its target"),
        "loss": words.gettext("fell"),
        "best": words.gettext("met most often"),
        "": "",
    }[one.chosen_for]
    name = claims.standard_named(one.standard, checklist, words)
    parts = (name, why, claims.channel_name(one.channel, words), one.branch.name if one.branch else "")
    return ", ".join(part for part in parts if part)

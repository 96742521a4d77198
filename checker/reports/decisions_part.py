"""Three decisions: those of the month's edition, else what the figures suggest, with lines to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass

from checker.charts.model import Dot, Drawing, Line, Sheet, Text
from checker.reports import claims
from checker.reports.text import paragraph
from checker.summaries.values import EditionText, NetworkMonth, PlanLine, Proposal
from checker.words import Words

DECISIONS = 3

_WHAT, _OWNER, _BY = 0.60, 0.64, 0.86  # how far words reach, where owner and day begin, as parts of the width
_LINE = 22.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision: what, how it is measured, who, by when; whatever is empty is filled in by hand."""

    what: str = ""
    measured_by: str = ""
    owner: str = ""
    due: str = ""


def asked(summary: NetworkMonth, edition: EditionText | None, words: Words) -> tuple[Asked, ...]:
    """Give exactly three: the edition's; without one what the figures suggest, an action that is being done
    about the same standard in its place, with its owner and day.
    """
    if edition and edition.decisions:
        found = [
            Asked(one.what, one.measured_by, one.owner, words.day(one.due_on) if one.due_on else "")
            for one in edition.decisions
        ]
    else:
        doing = {line.standard: line for line in reversed(summary.plan.current) if line.standard}
        found = [
            _planned(doing[one.standard], words) if one.standard in doing else _proposed(one, summary, words)
            for one in summary.proposals
        ]
    return (*found, *(Asked() for _ in range(DECISIONS)))[:DECISIONS]


def title(edition: EditionText | None, words: Words) -> tuple[str, str]:
    """Give the section's heading and the note under it."""
    if edition and edition.decisions:
        return words.gettext("Decisions"), ""
    return (
        words.gettext("Decisions asked for"),
        words.gettext("Suggested by rule from the figures; to be decided where the month is discussed"),
    )


def _proposed(one: Proposal, summary: NetworkMonth, words: Words) -> Asked:
    what, measured_by = claims.proposal(one, summary.series.checklist, words)
    return Asked(what, measured_by)


def _planned(line: PlanLine, words: Words) -> Asked:
    return Asked(line.what, line.measured_by, line.owner, words.day(line.due_on))


def drawing(decisions: Sequence[Asked], words: Words, width: float) -> Drawing:
    """Give the decisions under their heads, numbered, with lines where something is to be written."""
    sheet = Sheet(width, 11.0)
    heads = ((20.0, words.gettext("What")), (width * _OWNER, words.gettext("Owner")),
             (width * _BY, words.gettext("By")))  # fmt: skip
    ends = (width * _WHAT, width * (_BY - 0.02), width)
    for (x, head), end in zip(heads, ends, strict=True):
        sheet.add(*paragraph(head, end - x, 7.0, 9.0, 600, "muted", max_lines=1).moved(x, 0.0))
    for number, one in enumerate(decisions, start=1):
        _draw(sheet, number, one, words, [x for x, _ in heads], ends)
    return sheet.drawing()


def _draw(
    sheet: Sheet, number: int, one: Asked, words: Words, lefts: Sequence[float], ends: Sequence[float]
) -> None:
    top = sheet.height + 3.0
    what = paragraph(one.what, ends[0] - lefts[0], 8.5, 11.0, max_lines=6)
    measured = words.gettext("Measured by: %(what)s", what=one.measured_by) if one.measured_by else ""
    under = paragraph(measured, ends[0] - lefts[0], 7.2, 9.5, role="muted", max_lines=4)
    others = [
        paragraph(text, end - x, 8.0, 11.0, 600, max_lines=3)
        for text, x, end in zip((one.owner, one.due), lefts[1:], ends[1:], strict=True)
    ]
    tall = max(what.height + under.height, *(other.height for other in others), _LINE - 4.0)
    sheet.add(Dot(6.0, top + 6.0, 5.5, "ink"))
    sheet.add(Text(6.0, top + 8.6, str(number), 7.2, "middle", 600, "paper"))
    sheet.add(*what.moved(lefts[0], top), *under.moved(lefts[0], top + what.height))
    for x, end, filled in zip(lefts, ends, (what, *others), strict=True):
        if filled.height:
            sheet.add(*(filled.moved(x, top) if filled is not what else ()))
        else:
            sheet.add(Line(x, top + 14.0, end, top + 14.0, "muted", 0.6))
    sheet.height = top + tall + 2.0

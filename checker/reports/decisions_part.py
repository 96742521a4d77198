"""Three decisions: those of the month's edition, else what the figures suggest, with lines to fill in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

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
    measured: str = ""
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions as they are asked for, under their heads: what, owner, day."""

    kind: ClassVar[str] = "decisions"

    asked: tuple[Asked, ...]
    heads: tuple[str, str, str]

    def draw(self, width: float) -> Drawing:
        """Give them numbered, with lines where something is to be written."""
        lefts, ends = (20.0, width * _OWNER, width * _BY), (width * _WHAT, width * (_BY - 0.02), width)
        sheet = Sheet(width, 11.0)
        for head, x, end in zip(self.heads, lefts, ends, strict=True):
            sheet.add(*paragraph(head, end - x, 7.0, 9.0, 600, "muted", max_lines=1).moved(x, 0.0))
        for number, one in enumerate(self.asked, start=1):
            _draw(sheet, number, one, lefts, ends)
        return sheet.drawing()


def decisions(asked: Sequence[Asked], words: Words) -> Decisions:
    """Give decisions with the heads they stand under."""
    return Decisions(tuple(asked), (words.gettext("What"), words.gettext("Owner"), words.gettext("By")))


def asked(summary: NetworkMonth, edition: EditionText | None, words: Words) -> tuple[Asked, ...]:
    """Give exactly three: the edition's; without one what the figures suggest, an action that is being done
    about the same standard in its place, with its owner and day.
    """
    if edition and edition.decisions:
        found = list(decided(edition, words))
    else:
        doing = {line.standard: line for line in reversed(summary.plan.current) if line.standard}
        found = [
            _planned(doing[one.standard], words) if one.standard in doing else _proposed(one, summary, words)
            for one in summary.proposals
        ]
    return (*found, *(Asked() for _ in range(DECISIONS)))[:DECISIONS]


def decided(edition: EditionText, words: Words) -> tuple[Asked, ...]:
    """Give the decisions of an edition, exactly."""
    return tuple(
        Asked(
            one.what,
            _measured(one.measured_by, words),
            one.owner,
            words.day(one.due_on) if one.due_on else "",
        )
        for one in edition.decisions
    )


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
    return Asked(what, _measured(measured_by, words))


def _planned(line: PlanLine, words: Words) -> Asked:
    return Asked(line.what, _measured(line.measured_by, words), line.owner, words.day(line.due_on))


def _measured(by: str, words: Words) -> str:
    return words.gettext("Measured by: %(what)s", what=by) if by else ""


def _draw(sheet: Sheet, number: int, one: Asked, lefts: Sequence[float], ends: Sequence[float]) -> None:
    top = sheet.height + 3.0
    what = paragraph(one.what, ends[0] - lefts[0], 8.5, 11.0, max_lines=6)
    under = paragraph(one.measured, ends[0] - lefts[0], 7.2, 9.5, role="muted", max_lines=4)
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

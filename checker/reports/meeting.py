"""The sheet for the staff room: how often each standard was met, strengths first, and nobody named."""

from checker.reports import parts, pictures, quotes_part, standards_part
from checker.reports.look import Look
from checker.reports.medium import Medium
from checker.reports.page import DEFAULT_LOOK, Report
from checker.reports.reading import Reading
from checker.standards.model import Axis, Level
from checker.standards.quoting import FEWEST_EMPLOYED
from checker.standards.statistics import MIN_VISITS, Verdict
from checker.summaries.values import BranchMonth, StandardFigure
from checker.words import Words

_LINES = 16
_FEWEST_LINES = 130.0
"""Points that a heading and three lines take."""


def meeting_sheet(summary: BranchMonth, words: Words, *, look: Look = DEFAULT_LOOK) -> bytes:
    """Give a branch's month for everybody who works there: no names, no codes, no single visit or day.

    A question asked in fewer than 5 visits has no figure here. Where fewer than 3 people are known to work,
    questions about what an employee does are left out, because they would be about one of them.
    """
    report = parts.begin(Report, summary, words, title=_title(summary, words), look=look)
    _compose(report, summary, words)
    return report.render()


def meeting_reading(summary: BranchMonth, words: Words, *, look: Look = DEFAULT_LOOK) -> Reading:
    """Give the same sheet to be read on a screen."""
    reading = parts.begin(Reading, summary, words, title=_title(summary, words), look=look)
    _compose(reading, summary, words)
    return reading


def _title(summary: BranchMonth, words: Words) -> str:
    return words.gettext(
        "%(branch)s, %(month)s: for the staff room",
        branch=summary.branch.name,
        month=words.month(summary.month),
    )


def _compose(report: Medium, summary: BranchMonth, words: Words) -> None:
    report.page(words.gettext("For the staff room"))
    checklist = summary.series.checklist
    report.subject(
        words.gettext(
            "%(branch)s: %(checklist)s",
            branch=summary.branch.name,
            checklist=words.text(checklist.title, checklist.languages),
        )
    )
    if summary.axes[Axis.STANDARD].n < MIN_VISITS:
        _too_few(report, summary, words)
    else:
        report.headline(standards_part.told_apart(summary, words))
        _rates(report, summary, words)
        quotes_part.for_all(report, summary, words)
    report.note(
        words.gettext(
            "Made to be talked about together: nothing on this sheet tells of a single visit or person. Not "
            "the sole basis for a personnel decision."
        )
    )
    _to_agree(report, words)


def _too_few(report: Medium, summary: BranchMonth, words: Words) -> None:
    n = summary.axes[Axis.STANDARD].n
    report.headline(
        words.ngettext(
            "%(n)s visit counts in this month, too few to show without pointing to one.",
            "%(n)s visits count in this month, too few to show without pointing to one.",
            n,
        )
        if n
        else words.gettext("No visit counts in this month.")
    )
    report.text(words.gettext("From %(n)s visits on this sheet shows figures.", n=words.number(MIN_VISITS)))


def _rates(report: Medium, summary: BranchMonth, words: Words) -> None:
    checklist = summary.series.checklist
    shown = [one for one in summary.standards if one.asked >= MIN_VISITS and _of_all(one, summary)]
    if shown:
        report.section(
            words.gettext("What was met, strengths first"),
            words.gettext("Share of visits meeting the standard: dot, 95 % interval, target as a tick"),
        )
        standards_part.over_pages(report, pictures.standards(_strengths_first(shown), checklist, words))
    for said in _left_out(summary, words):
        report.note(said)


def _strengths_first(figures: list[StandardFigure]) -> list[StandardFigure]:
    """Order by what can be said of each, then by the interval's lower end."""
    order = {Verdict.ABOVE: 0, Verdict.UNDECIDED: 1, Verdict.TOO_FEW: 1, Verdict.BELOW: 2}

    def place(one: StandardFigure) -> tuple[int, float, str]:
        low = one.interval.low if one.interval else 0.0
        return (order[one.verdict], -low, one.standard)

    return sorted(figures, key=place)


def _of_all(one: StandardFigure, summary: BranchMonth) -> bool:
    """Say whether a question is about the branch, or about so many people that none is meant."""
    return one.item.level is Level.BRANCH or not 0 < (summary.working or 0) < FEWEST_EMPLOYED


def _left_out(summary: BranchMonth, words: Words) -> list[str]:
    asked = [one for one in summary.standards if one.asked]
    rare = sum(one.asked < MIN_VISITS for one in asked)
    theirs = sum(one.asked >= MIN_VISITS and not _of_all(one, summary) for one in asked)
    found = []
    if rare:
        found.append(
            words.ngettext(
                "%(n)s question was asked in fewer than 5 visits and is not shown.",
                "%(n)s questions were asked in fewer than 5 visits and are not shown.",
                rare,
            )
        )
    if theirs:
        found.append(
            words.ngettext(
                "%(n)s question about what an employee does is not shown, because few work here.",
                "%(n)s questions about what an employee does are not shown, because few work here.",
                theirs,
            )
        )
    return found


def _to_agree(report: Medium, words: Words) -> None:
    """Leave lines to write on, on a page of their own where this one has no room for three."""
    report.turn(words.gettext("For the staff room"), _FEWEST_LINES)
    parts.room_to_write(
        report,
        words.gettext("What we agree on"),
        words.gettext("To be filled in with the team"),
        ((words.gettext("What"), 5.0), (words.gettext("By"), 1.0), (words.gettext("Measured by"), 2.4)),
        _LINES,
    )

"""The month of one branch: for its manager with names, for leadership with codes and what may leave it."""

from contextlib import nullcontext
from typing import Literal

from checker.reports import claims, edition_part, method, parts, plan_part, quotes_part, standards_part, tiles
from checker.reports.look import Look
from checker.reports.medium import Medium
from checker.reports.meeting import meeting_reading, meeting_sheet
from checker.reports.page import DEFAULT_LOOK, Report, Tile
from checker.reports.reading import Reading
from checker.reports.tables import Cell, Column, Table
from checker.standards.model import Axis
from checker.summaries.values import BranchMonth, EditionText, EmployeeLine, VisitLine
from checker.words import NO_FIGURE, Words

_ON_ONE_PAGE = 24
"""So many visits stand on one page together; more begin where there is room."""

_TREND_OF_EDITION = 78.0

Audience = Literal["manager", "leadership", "meeting"]
"""Who reads a copy: the branch's manager, leadership, or everybody in its staff room."""


def branch_report(
    summary: BranchMonth,
    words: Words,
    *,
    audience: Audience,
    look: Look = DEFAULT_LOOK,
    edition: EditionText | None = None,
) -> bytes:
    """Give a branch's month as PDF: what to work on, employees and visits, times, every standard.

    A copy for leadership has codes instead of names and does not say who served a visit, not by an employee's
    first and last day either; one for the staff room is a sheet without anybody (`meeting`). The same summary
    gives the same bytes.
    """
    if audience == "meeting":
        return meeting_sheet(summary, words, look=look)
    report = parts.begin(Report, summary, words, title=_title(summary, words), look=look)
    _compose(report, summary, words, audience, edition)
    return report.render()


def branch_reading(
    summary: BranchMonth,
    words: Words,
    *,
    audience: Audience,
    look: Look = DEFAULT_LOOK,
    edition: EditionText | None = None,
) -> Reading:
    """Give the same copy to be read on a screen."""
    if audience == "meeting":
        return meeting_reading(summary, words, look=look)
    reading = parts.begin(Reading, summary, words, title=_title(summary, words), look=look)
    _compose(reading, summary, words, audience, edition)
    return reading


def _title(summary: BranchMonth, words: Words) -> str:
    return words.gettext(
        "%(branch)s, %(month)s", branch=summary.branch.name, month=words.month(summary.month)
    )


def _compose(
    report: Medium, summary: BranchMonth, words: Words, audience: Audience, edition: EditionText | None
) -> None:
    planned = _overview(report, summary, words, edition)
    if standards_part.has_more(summary):
        report.page(words.gettext("Standards"))
        standards_part.in_full(report, summary, words)
    if summary.employees or summary.visits:
        parts.turn(report, words.gettext("Employees, times and visits"))
    _employees(report, summary, words, audience)
    parts.waiting(report, summary, words, 132.0)
    parts.counted_and_felt(report, summary, words, 96.0)
    quotes_part.of_branch(report, summary, words)
    plan_part.outcomes(report, summary, words)
    if summary.plan.current and not planned:
        plan_part.this_month(report, summary, words)
    with report.together() if len(summary.visits) <= _ON_ONE_PAGE else nullcontext():
        _visits(report, summary, words, audience)
        parts.unfinished(report, summary, words)
    method.how_made(report, summary, words)


def _overview(report: Medium, summary: BranchMonth, words: Words, edition: EditionText | None) -> bool:
    """Fill page one; say whether this month's actions found room on it."""
    report.page(words.gettext("Branch report"))
    checklist = summary.series.checklist
    report.subject(
        words.gettext(
            "%(branch)s (%(code)s): %(checklist)s",
            branch=summary.branch.name,
            code=summary.branch.code,
            checklist=words.text(checklist.title, checklist.languages),
        )
    )
    parts.headline(report, summary, words, lines=3 if edition else parts.LEAD_LINES)
    edition_part.opening(report, edition, checklist, words)
    report.tiles(_tiles(summary, words))
    keep = edition_part.next_steps_take(report, edition, words) if edition else parts.KEPT
    tall = 104.0 if standards_part.has_more(summary) else 132.0
    parts.trends(report, summary, words, _TREND_OF_EDITION if edition else tall)
    standards_part.at_a_glance(report, summary, words, keep)
    if edition:
        edition_part.next_steps(report, edition, words)
        return False
    if summary.plan.current:
        planned = plan_part.fits(report, summary, words)
        if planned:
            plan_part.this_month(report, summary, words)
        return planned
    parts.room_to_write(
        report,
        words.gettext("Next steps"),
        words.gettext("To be filled in with the team"),
        (
            (words.gettext("What"), 4.0),
            (words.gettext("Owner"), 1.6),
            (words.gettext("By"), 1.0),
            (words.gettext("Measured by"), 2.0),
        ),
        3,
    )
    return False


def _tiles(summary: BranchMonth, words: Words) -> list[Tile]:
    """Choose four: Compliance, its change, Experience and a median time, or what stands in for one."""
    compared = not summary.mix_changed
    compliance = summary.axes[Axis.STANDARD]
    chosen = [
        tiles.axis(compliance, words, compared=compared, with_change=False),
        tiles.change(compliance, words, compared=compared),
    ]
    if summary.axes[Axis.EXPERIENCE].n:
        chosen.append(tiles.axis(summary.axes[Axis.EXPERIENCE], words, compared=compared))
    chosen += [tiles.median_time(one, summary, words) for one in parts.timed(summary) if one.asked]
    return [*chosen, tiles.visits(summary, words), *tiles.standards(summary, words)][:4]


# --- employees ----------------------------------------------------------------------------------------------


def _employees(report: Medium, summary: BranchMonth, words: Words, audience: Audience) -> None:
    if not summary.employees:
        return
    note = words.gettext("In the order of the alphabet. Figures of what an employee can do something about")
    told = summary.employees[0]
    if told.since != told.through:
        note = words.gettext(
            "In the order of the alphabet. Figures of what an employee can do something about, "
            "%(first)s to %(last)s: the last quarter that is over, from 5 visits on",
            first=words.month(told.since),
            last=words.month(told.through),
        )
    report.section(words.gettext("Employees"), note)
    columns = [
        Column(words.gettext("Employee"), 3.0, wrap=True),
        Column(words.gettext("Visits"), 0.9, "end"),
        Column(words.gettext("Compliance"), 1.6, "end"),
        Column(words.gettext("95 % interval"), 2.2, "end", wrap=True),
        Column(words.gettext("Experience"), 1.6, "end"),
    ]
    rows = [_employee(line, words, audience) for line in summary.employees]
    if audience == "manager":
        columns.append(Column(words.gettext("First and last visit"), 2.6, "end", wrap=True))
        days = [words.days(*line.span) if line.span else NO_FIGURE for line in summary.employees]
        rows = [(*row, said) for row, said in zip(rows, days, strict=True)]
    report.table(Table(tuple(columns), rows))
    report.text(words.gettext("Not the sole basis for a personnel decision."))


def _employee(line: EmployeeLine, words: Words, audience: Audience) -> tuple[str | Cell, ...]:
    name = line.name if audience == "manager" and line.name else line.code
    withheld = line.withheld or (audience == "leadership" and line.too_few)
    if line.mean is None or withheld:
        said = words.gettext("not shown") if withheld and line.n else NO_FIGURE
        return (
            Cell(name, 600),
            words.number(line.n),
            NO_FIGURE,
            Cell(said, 400, "muted"),
            NO_FIGURE,
        )
    few = Cell(words.gettext("too few to compare"), 400, "muted")
    return (
        Cell(name, 600),
        words.number(line.n),
        words.percent(line.mean),
        few if line.too_few else claims.bounds(line.interval, words),
        NO_FIGURE if line.experience is None else words.percent(line.experience),
    )


# --- visits -------------------------------------------------------------------------------------------------


def _visits(report: Medium, summary: BranchMonth, words: Words, audience: Audience) -> None:
    if not summary.visits:
        return
    counted = sum(line.counted for line in summary.visits)
    report.section(
        words.gettext("Visits"),
        words.gettext(
            "%(counted)s of %(all)s count; with a critical finding: %(flagged)s",
            counted=words.number(counted),
            all=words.number(len(summary.visits)),
            flagged=words.number(summary.flagged),
        ),
    )
    served = audience == "manager" and any(line.employees for line in summary.visits)
    columns = [
        Column(words.gettext("Day"), 1.3),
        Column(words.gettext("Channel"), 1.0),
        Column(words.gettext("How it ended"), 1.5, wrap=True),
        Column(words.gettext("Service felt"), 1.2),
        *([Column(words.gettext("Served by"), 3.6, wrap=True)] if served else []),
        Column(words.gettext("Note"), 1.4, wrap=True),
        Column(words.gettext("Compliance"), 1.4, "end"),
        Column(words.gettext("Experience"), 1.4, "end"),
    ]
    rows = [_visit(line, words, served=served) for line in summary.visits]
    report.table(Table(tuple(columns), rows, 7.2))
    if not summary.employees:
        report.text(words.gettext("Not the sole basis for a personnel decision."))


def _visit(line: VisitLine, words: Words, *, served: bool) -> tuple[str | Cell, ...]:
    cells = (
        words.day(line.day),
        claims.channel_name(line.channel, words),
        claims.outcome_name(line.outcome, words),
        claims.level_name(line.service_level, words),
        *([words.all_of(line.employees)] if served else []),
        _remark(line, words),
        NO_FIGURE if line.compliance is None else words.millionths(line.compliance),
        NO_FIGURE if line.experience is None else words.millionths(line.experience),
    )
    return cells if line.counted else tuple(Cell(cell, 400, "muted") for cell in cells)


def _remark(line: VisitLine, words: Words) -> str:
    """Say why a visit does not count, or that it has a critical finding."""
    if line.state == "void":
        return words.gettext("void")
    if line.practice:
        return words.gettext("practice")
    if line.excluded:
        return words.gettext("left out of figures")
    if line.outcome == "completed" and not line.counted:
        return words.gettext("not in figures")
    return words.gettext("critical finding") if line.flagged else ""

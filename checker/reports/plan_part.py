"""The plan of action: what came of the last actions, and what is being done, by whom, until when."""

from collections.abc import Callable, Iterable

from checker.reports import parts
from checker.reports.medium import Medium
from checker.reports.tables import Cell, Column, Table
from checker.summaries.values import NetworkMonth, PlanLine
from checker.words import NO_FIGURE, Words

_BEGIN = 100.0
"""Points that the plan takes at least to begin on a page with other parts."""

_LINES = 3
"""Lines to write on where nothing is planned."""


def fits(report: Medium, summary: parts.Summary, words: Words) -> bool:
    """Say whether this month's actions stand whole on what is left of the page."""
    current = summary.plan.current
    return bool(current) and _current(summary, words).height(report.width) + parts.HEADING <= report.room


def outcomes(report: Medium, summary: parts.Summary, words: Words) -> None:
    """List last month's actions with what came of each; nothing where there were none."""
    if summary.plan.settled:
        report.section(words.gettext("Last month’s actions and their outcomes"))
        report.table(_settled(summary, words))


def this_month(report: Medium, summary: parts.Summary, words: Words) -> None:
    """List what is being done, who sees to it, until when, and how it is measured; where nothing is planned,
    leave lines to write on.
    """
    title = words.gettext("Actions of this month")
    if summary.plan.current:
        report.section(title)
        report.table(_current(summary, words))
        return
    heads = (
        (words.gettext("What"), 4.0),
        (words.gettext("Owner"), 1.6),
        (words.gettext("By"), 1.0),
        (words.gettext("Measured by"), 2.0),
    )
    parts.room_to_write(report, title, words.gettext("To be filled in with the team"), heads, _LINES)


def action_plan(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Give leadership's plan: what came of the last actions, what is being done, how many branches have."""
    plan = summary.plan
    if plan.settled or plan.current:
        report.turn(words.gettext("Action plan"), _BEGIN)
    outcomes(report, summary, words)
    this_month(report, summary, words)
    if plan.open_at_branches or plan.closed_at_branches:
        report.note(
            words.gettext(
                "Actions of branches, in their own reports: %(open)s open, %(closed)s closed since the month "
                "before began.",
                open=words.number(plan.open_at_branches),
                closed=words.number(plan.closed_at_branches),
            )
        )


# --- tables -------------------------------------------------------------------------------------------------


_Filled = tuple[Column, Callable[[PlanLine], str]]
"""A column with what stands in it of an action."""


def _settled(summary: parts.Summary, words: Words) -> Table:
    return _table(
        summary.plan.settled,
        summary,
        words,
        (Column(words.gettext("Ended"), 1.5, wrap=True), lambda line: _end(line, words)),
        (
            Column(words.gettext("Outcome"), 3.2, wrap=True),
            lambda line: line.outcome if line.closed_on else NO_FIGURE,
        ),
    )


def _current(summary: parts.Summary, words: Words) -> Table:
    return _table(
        summary.plan.current,
        summary,
        words,
        (Column(words.gettext("By"), 1.3, wrap=True), lambda line: _due(line, words)),
        (Column(words.gettext("Measured by"), 2.8, wrap=True), lambda line: line.measured_by),
    )


def _table(lines: Iterable[PlanLine], summary: parts.Summary, words: Words, *last: _Filled) -> Table:
    """Give a table of actions: what, where if they are of several places, who, and then what `last` says."""
    filled: list[_Filled] = [(Column(words.gettext("Owner"), 1.6, wrap=True), lambda line: line.owner), *last]
    if _places(summary):
        where = Column(words.gettext("Where"), 1.3, wrap=True)
        filled.insert(0, (where, lambda line: _where(line, words)))
    columns = (Column(words.gettext("What"), 3.6, wrap=True), *(column for column, _ in filled))
    return Table(columns, [(Cell(line.what, 600), *(say(line) for _, say in filled)) for line in lines])


def _due(line: PlanLine, words: Words) -> str:
    """Say by when it is to be done, and whether that day is past."""
    day = words.day(line.due_on)
    return words.gettext("%(day)s, overdue", day=day) if line.overdue else day


def _end(line: PlanLine, words: Words) -> str:
    """Say when an action ended and how, or by when it should have."""
    if line.closed_on is None:
        return words.gettext("open, due %(day)s", day=words.day(line.due_on))
    said = words.gettext("done") if line.state == "done" else words.gettext("dropped")
    return words.gettext("%(state)s, %(day)s", state=said, day=words.day(line.closed_on))


def _places(summary: parts.Summary) -> bool:
    """Say whether actions of several places are listed: the network's and its regions'."""
    return isinstance(summary, NetworkMonth) and summary.scope is None


def _where(line: PlanLine, words: Words) -> str:
    return line.place.name if line.place else words.gettext("Network")

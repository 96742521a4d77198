"""What to look into, and Compliance beside Experience: where the two part (SC-07)."""

from collections.abc import Sequence

from checker.reports import claims, pictures
from checker.reports.medium import Medium
from checker.reports.page import Step
from checker.reports.tables import Column, Table
from checker.standards.model import Axis
from checker.standards.statistics import Verdict
from checker.summaries.values import BandLine, NetworkMonth
from checker.words import NO_FIGURE, Words

_NAMED = 12


def signals(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """List what to look into, one sentence each."""
    checklist = summary.series.checklist
    report.section(
        words.gettext("To look into"), words.gettext("Made by rule; each rests on what is certain")
    )
    said = [claims.signal(one, checklist, words) for one in summary.signals]
    if not said:
        report.text(words.gettext("No signal in this month."))
    report.steps([Step(text) for text in said])


def beside(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Show the two axes of every region, and of the branches where they part for certain."""
    if not summary.axes[Axis.EXPERIENCE].n:
        return
    report.section(
        words.gettext("Compliance beside Experience"),
        words.gettext("Standards kept, and how the visit felt; mean of visits, 95 % interval, target"),
    )
    report.chart(pictures.both_axes(summary, words))
    lines = parted(summary)
    if not lines:
        report.text(
            words.gettext("At no branch is Compliance above its target for certain and Experience below.")
            if summary.branch_target is not None and summary.axes[Axis.EXPERIENCE].target is not None
            else words.gettext("Without a target for each nothing is said of branches.")
        )
        return
    report.section(words.gettext("Branches that keep the standards, but are not felt to"))
    report.table(_table(lines[:_NAMED], words))
    if len(lines) > _NAMED:
        report.note(words.gettext("%(n)s branches in all.", n=words.number(len(lines))))


def parted(summary: NetworkMonth) -> tuple[BandLine, ...]:
    """Give the branches above the target of Compliance and below that of Experience, both for certain."""
    return tuple(line for line in summary.above if line.felt is Verdict.BELOW)


def _table(lines: Sequence[BandLine], words: Words) -> Table:
    columns = (
        Column(words.gettext("Branch"), 3.0, wrap=True),
        Column(words.gettext("Compliance"), 1.0, "end"),
        Column(words.gettext("95 % interval"), 1.2, "end"),
        Column(words.gettext("Experience"), 1.0, "end"),
        Column(words.gettext("95 % interval"), 1.2, "end"),
        Column(words.gettext("Visits"), 0.7, "end"),
    )
    rows = [
        (
            line.branch.name,
            words.percent(line.mean),
            claims.bounds(line.interval, words),
            NO_FIGURE if line.experience is None else words.percent(line.experience),
            claims.bounds(line.experience_interval, words),
            words.number(line.n),
        )
        for line in lines
    ]
    return Table(columns, rows)

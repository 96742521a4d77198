"""The part of a report about standards: those that stand out, every one, and how they went over months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checker.charts.dots import Dots
from checker.charts.model import Drawing
from checker.reports import claims, parts, pictures
from checker.reports.medium import Medium
from checker.reports.parts import HEADING, KEPT, Summary
from checker.reports.tables import Column, Table
from checker.standards.costs import Cost
from checker.standards.model import Checklist
from checker.standards.statistics import MIN_VISITS, Change, Verdict
from checker.summaries.values import NetworkMonth, StandardFigure
from checker.words import Words

_FEW = 9
"""So many standards stand on page one together with everything else."""

_FEWER = ((4, 4), (3, 4), (3, 3), (2, 3), (2, 2), (1, 2), (1, 1))
"""How many strengths and gaps page one names where five gaps would leave no room to write."""

_MOST_MISSED = 12
_MOST_PANELS = 12
_PANEL = 112.0


@dataclass(frozen=True, slots=True)
class Selection:
    """Standards to name first, strengths before gaps; `decided` where a verdict stands behind each."""

    most: tuple[StandardFigure, ...]
    least: tuple[StandardFigure, ...]
    decided: bool


def select(
    figures: Sequence[StandardFigure], most: int = 4, least: int = 5, costs: Sequence[Cost] = ()
) -> Selection:
    """Choose standards for page one: above target by the interval's lower end, below by what they cost and
    else by its upper end.

    Where verdicts leave places free, the most often met of all asked 5 times take them, and those that cost
    most or, without costs, are met least often; nothing is claimed of those.
    """
    dear = {one.standard: one.cost for one in costs}
    compared = [one for one in figures if one.asked >= MIN_VISITS and not one.item.trial]
    upper = sorted(compared, key=lambda one: (one.verdict is not Verdict.ABOVE, -_low(one), one.standard))
    lower = sorted(compared, key=lambda one: _gap(one, dear))
    half = len(compared) // 2
    chosen = [one for one in upper[: min(most, half)] if one.verdict is not Verdict.BELOW]
    gaps = [one for one in lower if one not in chosen and one.verdict is not Verdict.ABOVE][:least]
    decided = {one.verdict for one in chosen} == {Verdict.ABOVE} and {one.verdict for one in gaps} == {
        Verdict.BELOW
    }
    return Selection(tuple(chosen), tuple(gaps), decided)


def _gap(one: StandardFigure, costs: Mapping[str, float]) -> tuple[bool, float, float, str]:
    return one.verdict is not Verdict.BELOW, -costs.get(one.standard, 0.0), _high(one), one.standard


def at_a_glance(report: Medium, summary: Summary, words: Words, keep: float = KEPT) -> None:
    """Show every standard where they are few, else those that stand out; strengths before gaps. `keep` points
    are left for what follows.
    """
    checklist = summary.series.checklist
    asked = [one for one in summary.standards if one.asked]
    if not asked:
        return
    if too_few(summary):
        not_always_met(report, asked, checklist, words)
        return
    note = _glance_note(words)
    if len(asked) <= _FEW:
        report.section(words.gettext("Standards"), note)
        report.chart(_all_of_few(asked, checklist, words))
        return
    title, chart, drawing = _ends(report, summary, words, report.room + parts.BETWEEN - keep)
    report.section(title, note)
    report.chart(chart, drawn=drawing)


def glance_takes(report: Medium, summary: Summary, words: Words, room: float) -> float:
    """Give the points that the standards at a glance take where they have so much room."""
    asked = [one for one in summary.standards if one.asked]
    if not asked:
        return 0.0
    if too_few(summary):
        return room
    if len(asked) <= _FEW:
        title = words.gettext("Standards")
        drawing = _all_of_few(asked, summary.series.checklist, words).draw(report.width)
    else:
        title, _, drawing = _ends(report, summary, words, room)
    return report.head(title, _glance_note(words)) + drawing.height


def _ends(report: Medium, summary: Summary, words: Words, room: float) -> tuple[str, Dots, Drawing]:
    """Give those that stand out under their title, as many as the room holds."""
    checklist = summary.series.checklist
    costs = summary.costs if isinstance(summary, NetworkMonth) else ()
    chosen = select([one for one in summary.standards if one.asked], costs=costs)
    title = _ends_title(chosen, words, costs=bool(costs))
    left = room - report.head(title, _glance_note(words))
    chart = _chart(chosen, checklist, words)
    drawing = chart.draw(report.width)
    for most, least in _FEWER:
        if drawing.height <= left:
            break
        chosen = replace(chosen, most=chosen.most[:most], least=chosen.least[:least])
        chart = _chart(chosen, checklist, words)
        drawing = chart.draw(report.width)
    return title, chart, drawing


def _glance_note(words: Words) -> str:
    return words.gettext("Share of visits meeting the standard: dot, 95 % interval, target as a tick")


def _all_of_few(asked: Sequence[StandardFigure], checklist: Checklist, words: Words) -> Dots:
    order = {Verdict.ABOVE: 0, Verdict.UNDECIDED: 1, Verdict.TOO_FEW: 2, Verdict.BELOW: 3}
    return pictures.standards(sorted(asked, key=lambda one: order[one.verdict]), checklist, words)


def _ends_title(chosen: Selection, words: Words, *, costs: bool) -> str:
    if chosen.decided:
        return words.gettext("Standards above target, then those below")
    if costs:
        return words.gettext("Standards met most often, then those that cost most of Compliance")
    return words.gettext("Standards met most often, then those met least often")


def _chart(chosen: Selection, checklist: Checklist, words: Words) -> Dots:
    return pictures.standards((*chosen.most, *chosen.least), checklist, words, len(chosen.most))


def too_few(summary: Summary) -> bool:
    """Say whether no standard was asked often enough for an interval to tell anything."""
    return all(one.asked < MIN_VISITS for one in summary.standards)


def not_always_met(
    report: Medium, asked: Sequence[StandardFigure], checklist: Checklist, words: Words
) -> None:
    """List the standards that a visit did not meet, in the order of the checklist: counts, and no claim."""
    missed = [one for one in asked if one.met < one.asked]
    report.section(
        words.gettext("Standards that were not met in every visit"),
        words.gettext("In the order of the checklist; too few visits to compare"),
    )
    if missed:
        report.table(_met_of_asked(missed[:_MOST_MISSED], checklist, words))
    else:
        report.text(words.gettext("Every standard was met whenever it was asked."))
    if len(missed) > _MOST_MISSED:
        left = len(missed) - _MOST_MISSED
        report.note(
            words.ngettext(
                "%(n)s more is listed on the next page.", "%(n)s more are listed on the next pages.", left
            )
        )


def _met_of_asked(figures: Sequence[StandardFigure], checklist: Checklist, words: Words) -> Table:
    columns = (Column(words.gettext("Standard"), 8.0, wrap=True), Column(words.gettext("Met"), 1.2, "end"))
    rows = [
        (
            claims.item_name(one.item, checklist, words),
            words.gettext("%(part)s of %(whole)s", part=words.number(one.met), whole=words.number(one.asked))
            if one.asked
            else words.gettext("not asked"),
        )
        for one in figures
    ]
    return Table(columns, rows)


def has_more(summary: Summary) -> bool:
    """Say whether page one had no room for every standard."""
    return sum(bool(one.asked) for one in summary.standards) > _FEW


def in_full(report: Medium, summary: Summary, words: Words) -> None:
    """Show every standard in the checklist's order, over as many pages as it takes, on one scale."""
    if too_few(summary):
        report.section(
            words.gettext("Every standard, in the order of the checklist"),
            words.gettext("How often it was met, of the visits in which it was asked; too few to compare"),
        )
        report.table(_met_of_asked(summary.standards, summary.series.checklist, words))
        return
    report.headline(told_apart(summary, words))
    report.section(
        words.gettext("Every standard, in the order of the checklist"),
        words.gettext("Share of visits meeting the standard: dot, 95 % interval, target as a tick"),
    )
    over_pages(report, pictures.standards(summary.standards, summary.series.checklist, words))


_COSTS_SHOWN = 8
_WHOLE = 12
"""Lines that a standard's label may take where every one is shown."""


def what_they_cost(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """List where the points of Compliance are lost: weight, points not earned, and what that costs."""
    shown = [one for one in summary.costs if one.cost > 0][:_COSTS_SHOWN]
    if not shown:
        return
    missing = sum(one.cost for one in summary.costs)
    rest = missing - sum(one.cost for one in shown)
    report.section(
        words.gettext("Where the points of Compliance are lost"),
        words.gettext(
            "Of 100 points that could be earned %(missing)s were not. A standard costs its weight times "
            "the part of its points not earned; all others together: %(rest)s",
            missing=words.points(missing),
            rest=words.points(rest),
        ),
    )
    report.table(costs_table(shown, summary.series.checklist, words))


def costs_table(costs: Sequence[Cost], checklist: Checklist, words: Words) -> Table:
    """Give a row for each cost."""
    columns = (
        Column(words.gettext("Standard"), 5.0, wrap=True),
        Column(words.gettext("Weight"), 0.9, "end"),
        Column(words.gettext("Not earned"), 1.1, "end"),
        Column(words.gettext("Costs points"), 1.1, "end"),
        Column(words.gettext("95 % interval"), 1.1, "end"),
        Column(words.gettext("Visits"), 0.8, "end"),
    )
    rows = [
        (
            claims.standard_named(one.standard, checklist, words),
            words.percent(one.weight),
            words.percent(one.gap),
            words.points(one.cost),
            claims.bounds(one.interval, words),
            words.number(one.asked),
        )
        for one in costs
    ]
    return Table(columns, rows)


def told_apart(summary: Summary, words: Words) -> str:
    """Say how many standards stand above and below their targets, and of how many that is open."""
    verdicts = verdicts_of(summary)
    above, below = verdicts.count(Verdict.ABOVE), verdicts.count(Verdict.BELOW)
    if not verdicts:
        return words.gettext("No targets are set for standards.")
    if not above and not below:
        return words.gettext("No standard can be told apart from its target yet.")
    numbers = {
        "all": words.number(len(verdicts)),
        "above": words.number(above),
        "below": words.number(below),
        "rest": words.number(len(verdicts) - above - below),
    }
    if not above:
        return words.gettext(
            "Standards below target: %(below)s of %(all)s, none above; for %(rest)s the visits do not "
            "decide.",
            **numbers,
        )
    if not below:
        return words.gettext(
            "Standards above target: %(above)s of %(all)s, none below; for %(rest)s the visits do not "
            "decide.",
            **numbers,
        )
    return words.gettext(
        "Standards above target: %(above)s of %(all)s, below: %(below)s; for %(rest)s the visits do not "
        "decide.",
        **numbers,
    )


def verdicts_of(summary: Summary) -> list[Verdict]:
    """Give the verdicts of the standards that were asked and have a target; one on trial makes no claim."""
    asked = [one for one in summary.standards if one.asked and not one.item.trial]
    return [one.verdict for one in asked if one.target is not None]


def over_pages(report: Medium, dots: Dots) -> None:
    """Draw rows over as many pages as they need, each part on the same scale and columns, labels whole."""
    dots = replace(dots, lines=_WHOLE)
    rows = dots.rows
    room = report.room - HEADING
    while rows:
        if room < 100:
            room = report.full - HEADING
        count = len(rows)
        part = replace(dots, rows=rows, aligned=dots.rows)
        drawing = part.draw(report.width)
        while drawing.height > room and count > 1:
            count = max(min(count - 1, int(count * room / drawing.height)), 1)
            part = replace(dots, rows=rows[:count], aligned=dots.rows)
            drawing = part.draw(report.width)
        report.chart(part, drawn=drawing)
        rows, room = rows[count:], 0.0


def over_months(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Show standards over thirteen months on one scale: all where few, else those that moved or lag."""
    asked = [one for one in summary.standards if one.asked]
    shown = asked
    note = words.gettext(
        "Share of visits meeting the standard; dashed: target; figure at the end: this month"
    )
    if len(asked) > _MOST_PANELS:
        chosen = sorted(asked, key=_notable)[:_MOST_PANELS]
        shown = [one for one in asked if one in chosen]
        note = words.gettext(
            "Share of visits meeting the standard; dashed: target; figure at the end: this month. Shown are "
            "those that rose or fell for certain, then those furthest below target"
        )
    if not shown:
        return
    across = 4 if len(shown) > 6 else 3
    report.section(words.gettext("Standards over thirteen months"), note)
    chart = pictures.multiples(shown, summary.standard_trends, summary.series.checklist, words, across)
    report.chart(chart, _PANEL * -(-len(shown) // across))


def _notable(one: StandardFigure) -> tuple[int, float, str]:
    """Order standards by how much there is to see: moved for certain, then below target, then the rest."""
    moved = one.change in (Change.ROSE, Change.FELL)
    return (0 if moved else 1 if one.verdict is Verdict.BELOW else 2, _high(one), one.standard)


def _low(one: StandardFigure) -> float:
    return one.interval.low if one.interval else 0.0


def _high(one: StandardFigure) -> float:
    return one.interval.high if one.interval else 1.0

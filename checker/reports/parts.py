"""What the network's and a branch's report share: how they begin, tiles, standards, times, method."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checker.charts.dots import Dots
from checker.charts.letters import wrap
from checker.charts.model import Chart, Drawing, State
from checker.reports import claims, paper, pictures
from checker.reports.page import LEAD, Report, Size, Tile
from checker.reports.tables import Cell, Column, Table
from checker.standards.model import Axis, Checklist, Count, Duration, Item
from checker.standards.statistics import MIN_VISITS, Change, Interval, Verdict
from checker.summaries.values import AxisFigure, BranchMonth, NetworkMonth, StandardFigure, Timing
from checker.words import NO_FIGURE, Words

Summary = BranchMonth | NetworkMonth

HEADING = 46.0
"""Points a section's heading may take, its note included."""

_FEW_STANDARDS = 9
"""So many standards stand on page one together with everything else."""

_MOST_PANELS = 12
_MOST_MISSED = 12
_WRITTEN = 22.0
_LEAD_LINES = 3

_KEPT = 62.0 + 2 * _WRITTEN
"""Points kept on page one for two lines to write on."""

_FEWER = ((4, 4), (3, 4), (3, 3), (2, 3))
"""How many strengths and gaps page one names where five gaps would leave no room to write."""


def begin(summary: Summary, words: Words, *, title: str, organisation: str, size: Size) -> Report:
    """Give an empty report with its strip, foot and properties."""
    return Report(
        title,
        organisation=organisation,
        period=words.month(summary.month),
        language=words.language,
        method=words.gettext(
            "n = visits behind a figure; intervals are 95 %% intervals. Above, below, rose and fell are said "
            "only where the interval leaves no doubt; changes are against the month before. Data until "
            "%(moment)s.",
            moment=words.moment(summary.data_until),
        ),
        page_of=lambda page, pages: words.gettext("%(page)s of %(pages)s", page=page, pages=pages),
        size=size,
        keywords=f"{summary.series.checklist.id} {summary.month} {summary.data_until.isoformat()}",
    )


def turn(report: Report, name: str) -> None:
    """Begin a part on a new page, unless about half of this one is still free."""
    if report.room < report.full * 0.45:
        report.page(name)


def headline(report: Report, summary: Summary, words: Words) -> None:
    """Say the month's findings: the first as headline, under it those that follow, while they fit."""
    first, *others = claims.sentences(summary.findings, summary.series.checklist, words) or ("",)
    report.headline(first)
    said = ""
    for sentence in others:
        longer = f"{said} {sentence}".strip()
        if len(wrap(longer, LEAD, report.width)) > _LEAD_LINES:
            break
        said = longer
    report.lead(said)


# --- tiles --------------------------------------------------------------------------------------------------


def axis_tile(figure: AxisFigure, words: Words, *, compared: bool, with_change: bool = True) -> Tile:
    """Give an axis with its change (unless a tile of its own tells it), interval and number of visits."""
    notes = []
    if figure.n:
        moved = claims.since_last_month(figure, words, compared=compared) if with_change else ""
        notes = [moved, claims.interval(figure, words), words.count(figure.n)]
    return Tile(
        words.gettext(claims.AXIS_NAMES[figure.axis]),
        NO_FIGURE if figure.mean is None else words.percent(figure.mean),
        claims.against_named_target(figure, words),
        "\n".join(note for note in notes if note),
        claims.state(figure.verdict, figure.target),
    )


def timing_tile(figure: StandardFigure, summary: Summary, words: Words) -> Tile:
    """Give the share of visits within the limit of a timed standard, and how many were later or never."""
    timing = timing_of(figure)
    notes = (
        claims.since_last_month(figure, words, compared=not summary.mix_changed),
        claims.interval(figure, words),
        words.gettext(
            "%(count)s: %(late)s later, %(never)s never",
            count=words.count(figure.asked),
            late=words.number(timing.timed - timing.within_limit),
            never=words.number(timing.never),
        ),
    )
    return Tile(
        claims.item_name(figure.item, summary.series.checklist, words),
        NO_FIGURE if figure.share is None else words.percent(figure.share),
        claims.against_named_target(figure, words),
        "\n".join(note for note in notes if note),
        claims.state(figure.verdict, figure.target),
    )


def median_tile(figure: StandardFigure, summary: Summary, words: Words) -> Tile:
    """Give the median of a timed standard, "never" counted beside it."""
    timing = timing_of(figure)
    limit = words.seconds(timing.limit_s)
    in_time = (
        NO_FIGURE
        if figure.share is None
        else words.gettext("%(share)s within %(limit)s", share=words.percent(figure.share), limit=limit)
    )
    notes = [
        words.gettext("it never happened: %(n)s", n=words.number(timing.never)),
        words.count(figure.asked),
    ]
    return Tile(
        words.gettext("%(standard)s, median time", standard=section_of(figure.item, summary, words)),
        median(timing, words),
        in_time,
        "\n".join(notes),
        claims.state(figure.verdict, figure.target),
    )


def change_tile(figure: AxisFigure, words: Words, *, compared: bool) -> Tile:
    """Give the change of an axis since the month before, with its interval."""
    moved = claims.difference(figure) if compared else None
    label = words.gettext("Change on the month before")
    if moved is None:
        return Tile(label, NO_FIGURE, claims.since_last_month(figure, words, compared=compared))
    notes = []
    if figure.difference:
        low, high = words.difference(figure.difference.low), words.difference(figure.difference.high)
        notes.append(words.gettext("95 %% interval %(low)s to %(high)s", low=low, high=high))
    notes.append(
        words.gettext(
            "n = %(now)s, before %(then)s", now=words.number(figure.n), then=words.number(figure.n_before)
        )
    )
    said = {
        Change.ROSE: words.gettext("rose"),
        Change.FELL: words.gettext("fell"),
        Change.UNDECIDED: words.gettext("not decided"),
        Change.TOO_FEW: words.gettext("too few to compare"),
    }[figure.change]
    states: dict[Change, State] = {Change.ROSE: "above", Change.FELL: "below", Change.UNDECIDED: "open"}
    points = words.gettext("%(points)s points", points=words.difference(moved))
    return Tile(label, points, said, "\n".join(notes), states.get(figure.change, "none"))


def standards_tile(summary: Summary, words: Words) -> list[Tile]:
    """Give how many standards are above and below their targets, where any has one."""
    verdicts = _verdicts(summary)
    if not verdicts:
        return []
    above, below = verdicts.count(Verdict.ABOVE), verdicts.count(Verdict.BELOW)
    rest = words.number(len(verdicts) - above - below)
    tile = Tile(
        words.gettext("Standards above target"),
        words.gettext("%(part)s of %(whole)s", part=words.number(above), whole=words.number(len(verdicts))),
        words.gettext("%(below)s below, %(rest)s not decided", below=words.number(below), rest=rest),
    )
    return [tile]


def visits_tile(summary: Summary, words: Words) -> Tile:
    """Give how many visits count, and how many could not be completed."""
    unfinished = sum(summary.outcomes.values())
    notes = [
        words.ngettext("%(n)s not completed", "%(n)s not completed", unfinished),
        words.ngettext("%(n)s with a critical finding", "%(n)s with a critical finding", summary.flagged),
    ]
    return Tile(
        words.gettext("Counted visits"),
        words.number(summary.axes[Axis.STANDARD].n),
        note="\n".join(notes),
    )


# --- standards ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Selection:
    """Standards to name first, strengths before gaps; `decided` where a verdict stands behind each."""

    most: tuple[StandardFigure, ...]
    least: tuple[StandardFigure, ...]
    decided: bool


def select(figures: Sequence[StandardFigure], most: int = 4, least: int = 5) -> Selection:
    """Choose standards for page one: above target by the interval's lower end, below by its upper end.

    Where verdicts leave places free, the most and the least often met of all asked 5 times take them; nothing
    is claimed of those.
    """
    compared = [one for one in figures if one.asked >= MIN_VISITS and not one.item.trial]
    upper = sorted(compared, key=lambda one: (one.verdict is not Verdict.ABOVE, -_low(one), one.standard))
    lower = sorted(compared, key=lambda one: (one.verdict is not Verdict.BELOW, _high(one), one.standard))
    half = len(compared) // 2
    chosen = [one for one in upper[: min(most, half)] if one.verdict is not Verdict.BELOW]
    gaps = [one for one in lower if one not in chosen and one.verdict is not Verdict.ABOVE][:least]
    decided = {one.verdict for one in chosen} == {Verdict.ABOVE} and {one.verdict for one in gaps} == {
        Verdict.BELOW
    }
    return Selection(tuple(chosen), tuple(gaps), decided)


def standards_at_a_glance(report: Report, summary: Summary, words: Words) -> None:
    """Show every standard where they are few, else those that stand out; strengths before gaps."""
    checklist = summary.series.checklist
    asked = [one for one in summary.standards if one.asked]
    if not asked:
        return
    if too_few(summary):
        not_always_met(report, asked, checklist, words)
        return
    note = words.gettext("Share of visits meeting the standard: dot, 95 % interval, target as a tick")
    if len(asked) <= _FEW_STANDARDS:
        order = {Verdict.ABOVE: 0, Verdict.UNDECIDED: 1, Verdict.TOO_FEW: 2, Verdict.BELOW: 3}
        report.section(words.gettext("Standards"), note)
        report.chart(pictures.standards(sorted(asked, key=lambda one: order[one.verdict]), checklist, words))
        return
    chosen = select(asked)
    drawing = _drawn(chosen, checklist, words, report.width)
    for most, least in _FEWER:
        if drawing.height + HEADING + _KEPT <= report.room:
            break
        chosen = replace(chosen, most=chosen.most[:most], least=chosen.least[:least])
        drawing = _drawn(chosen, checklist, words, report.width)
    if chosen.decided:
        title = words.gettext("Standards above target, then those below")
    else:
        title = words.gettext("Standards met most often, then those met least often")
    report.section(title, note)
    report.draw(drawing)


def _drawn(chosen: Selection, checklist: Checklist, words: Words, width: float) -> Drawing:
    both = (*chosen.most, *chosen.least)
    return pictures.standards(both, checklist, words, len(chosen.most)).draw(width)


def too_few(summary: Summary) -> bool:
    """Say whether no standard was asked often enough for an interval to tell anything."""
    return all(one.asked < MIN_VISITS for one in summary.standards)


def not_always_met(
    report: Report, asked: Sequence[StandardFigure], checklist: Checklist, words: Words
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


def has_more_standards(summary: Summary) -> bool:
    """Say whether page one had no room for every standard."""
    return sum(bool(one.asked) for one in summary.standards) > _FEW_STANDARDS


def standards_in_full(report: Report, summary: Summary, words: Words) -> None:
    """Show every standard in the checklist's order, over as many pages as it takes, on one scale."""
    if too_few(summary):
        report.section(
            words.gettext("Every standard, in the order of the checklist"),
            words.gettext("How often it was met, of the visits in which it was asked; too few to compare"),
        )
        report.table(_met_of_asked(summary.standards, summary.series.checklist, words))
        return
    report.headline(_standards_headline(summary, words))
    report.section(
        words.gettext("Every standard, in the order of the checklist"),
        words.gettext("Share of visits meeting the standard: dot, 95 % interval, target as a tick"),
    )
    over_pages(report, pictures.standards(summary.standards, summary.series.checklist, words))


def _standards_headline(summary: Summary, words: Words) -> str:
    verdicts = _verdicts(summary)
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


def _verdicts(summary: Summary) -> list[Verdict]:
    """Give the verdicts of the standards that were asked and have a target; one on trial makes no claim."""
    asked = [one for one in summary.standards if one.asked and not one.item.trial]
    return [one.verdict for one in asked if one.target is not None]


def over_pages(report: Report, dots: Dots) -> None:
    """Draw rows over as many pages as they need, each part on the same scale and columns."""
    rows = dots.rows
    room = report.room - HEADING
    while rows:
        if room < 100:
            room = report.full - HEADING
        count = len(rows)
        drawing = replace(dots, rows=rows, aligned=dots.rows).draw(report.width)
        while drawing.height > room and count > 1:
            count = max(min(count - 1, int(count * room / drawing.height)), 1)
            drawing = replace(dots, rows=rows[:count], aligned=dots.rows).draw(report.width)
        report.draw(drawing)
        rows, room = rows[count:], 0.0


def over_months(report: Report, summary: NetworkMonth, words: Words) -> None:
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
    report.chart(chart, 98.0 * -(-len(shown) // across))


def _notable(one: StandardFigure) -> tuple[int, float, str]:
    """Order standards by how much there is to see: moved for certain, then below target, then the rest."""
    moved = one.change in (Change.ROSE, Change.FELL)
    return (0 if moved else 1 if one.verdict is Verdict.BELOW else 2, _high(one), one.standard)


def _low(one: StandardFigure) -> float:
    return one.interval.low if one.interval else 0.0


def _high(one: StandardFigure) -> float:
    return one.interval.high if one.interval else 1.0


# --- over months, times, counts and levels ------------------------------------------------------------------


def trends(report: Report, summary: Summary, words: Words) -> None:
    """Show both axes over thirteen months side by side, or the one there is."""
    height = 104.0 if has_more_standards(summary) else 132.0
    held = [axis for axis in Axis if any(point.n for point in summary.trends.get(axis, ()))]
    if not held:
        return
    report.section(
        words.gettext("Thirteen months"),
        words.gettext(
            "Mean of the visits' scores; band: 95 % interval; dashed: target; ring: fewer than 5 visits"
        ),
    )
    span = 2 if len(held) == 2 else 4
    report.beside([(pictures.axis_trend(axis, summary.trends[axis], words), span) for axis in held], height)


def waiting(report: Report, summary: Summary, words: Words, height: float = 140.0) -> None:
    """Show how long customers waited, one histogram per timed standard."""
    for figure in timed(summary):
        timing = timing_of(figure)
        total = timing.timed + timing.never
        if not total:
            continue
        name = claims.item_name(figure.item, summary.series.checklist, words)
        report.section(name, words.gettext(
            "Median %(median)s; %(target_share)s within the target of %(target)s, %(limit_share)s within the "
            "limit of %(limit)s; it never happened: %(never)s; %(count)s",
            median=median(timing, words),
            target_share=words.percent(timing.within_target / total),
            target=words.seconds(timing.target_s),
            limit_share=words.percent(timing.within_limit / total),
            limit=words.seconds(timing.limit_s),
            never=words.number(timing.never),
            count=words.count(total),
        ))  # fmt: skip
        report.chart(pictures.seconds(timing, name, words), height)


def counted_and_felt(report: Report, summary: Summary, words: Words, height: float = 84.0) -> None:
    """Show how often each count was given (the three yeses), and the service as shoppers felt it (SC-15)."""
    checklist = summary.series.checklist
    charts: list[tuple[Chart, int]] = []
    for one in summary.standards:
        if isinstance(one.item.rule, Count) and one.asked:
            name = claims.item_name(one.item, checklist, words)
            title = words.gettext("%(name)s (%(count)s)", name=name, count=words.count(one.asked))
            charts.append((pictures.counts(one, title, words), 2))
    if summary.levels.n:
        charts.append((pictures.levels(summary.levels, words), 2))
    for start in range(0, len(charts), 2):
        report.beside(charts[start : start + 2], height)


def unfinished(report: Report, summary: Summary, words: Words) -> None:
    """List the visits that could not be completed, by outcome; they have no score."""
    held = [(outcome, n) for outcome, n in summary.outcomes.items() if n]
    if held:
        report.section(words.gettext("Visits that could not be completed"))
        report.text(
            words.all_of(
                words.gettext(
                    "%(outcome)s (%(n)s)", outcome=claims.outcome_name(outcome, words), n=words.number(n)
                )
                for outcome, n in held
            )
        )


def timed(summary: Summary) -> list[StandardFigure]:
    """Give the standards that are measured in seconds, in the checklist's order."""
    return [one for one in summary.standards if isinstance(one.item.rule, Duration) and one.timing]


def timing_of(figure: StandardFigure) -> Timing:
    """Give the times of a timed standard."""
    if figure.timing is None:
        raise ValueError(f"{figure.standard} is not timed")
    return figure.timing


def median(timing: Timing, words: Words) -> str:
    """Say the median of the times there are."""
    if timing.median is None:
        return NO_FIGURE
    said = words.seconds(timing.median.value)
    return words.gettext("%(seconds)s or more", seconds=said) if timing.median.at_least else said


def section_of(item: Item, summary: Summary, words: Words) -> str:
    """Give the title of the section an item stands in, which names it in a word or two."""
    checklist = summary.series.checklist
    for section in checklist.sections:
        if any(one.id == item.id for one in section.items):
            return words.text(section.title, checklist.languages)
    return claims.item_name(item, checklist, words)


# --- how the figures are made -------------------------------------------------------------------------------


def room_to_write(
    report: Report, title: str, note: str, columns: Sequence[tuple[str, float]], most: int
) -> None:
    """Leave numbered lines to write on, as many as the page still holds."""
    count = min(int((report.room - 60.0) // _WRITTEN), most)
    if count > 0:
        report.section(title, note)
        report.draw(paper.lines(columns, count, report.width, _WRITTEN))


def how_made(report: Report, summary: Summary, words: Words) -> None:
    """Say what the figures are, on what they rest, and what was left out."""
    checklist = summary.series.checklist
    facts = [
        words.ngettext("%(n)s visit counts.", "%(n)s visits count.", summary.axes[Axis.STANDARD].n),
        words.ngettext(
            "%(n)s visit could not be completed and has no score.",
            "%(n)s visits could not be completed and have no score.",
            sum(summary.outcomes.values()),
        ),
        words.ngettext(
            "%(n)s visit has a critical finding.", "%(n)s visits have a critical finding.", summary.flagged
        ),
        words.gettext("Data until %(moment)s.", moment=words.moment(summary.data_until)),
        words.gettext(
            "Checklist: %(checklist)s, version %(versions)s.",
            checklist=words.text(checklist.title, checklist.languages),
            versions=words.all_of(str(version) for version in summary.versions or (checklist.version,)),
        ),
    ]
    if summary.mix_changed:
        facts.append(
            words.gettext(
                "The month before rests on another version of the checklist, so no change is claimed."
            )
        )
    rows = [(words.gettext("This month"), " ".join(facts)), *_definitions(words)]
    columns = (Column(words.gettext("Word"), 1.0), Column(words.gettext("Meaning"), 4.6, wrap=True))
    with report.together():
        report.section(words.gettext("How these figures are made"))
        report.table(Table(columns, [(Cell(term, 600), text) for term, text in rows], 8.0))


def months_in_figures(report: Report, summary: Summary, words: Words) -> None:
    """Give the figures behind the lines over thirteen months, both axes side by side."""
    held = [axis for axis in Axis if any(point.n for point in summary.trends.get(axis, ()))]
    if not held:
        return
    columns = [Column(words.gettext("Month"), 1.6)]
    for axis in held:
        columns += [
            Column(words.gettext(claims.AXIS_NAMES[axis]), 1.0, "end"),
            Column(words.gettext("95 % interval"), 1.3, "end"),
            Column(words.gettext("Target"), 0.8, "end"),
            Column(words.gettext("Visits"), 0.8, "end"),
        ]
    rows = []
    for points in zip(*(summary.trends[axis] for axis in held), strict=True):
        row = [words.month(points[0].month)]
        for point in points:
            row += [
                NO_FIGURE if point.mean is None else words.percent(point.mean),
                bounds(point.interval, words),
                NO_FIGURE if point.target is None else words.target(point.target),
                words.number(point.n),
            ]
        rows.append(row)
    with report.together():
        report.section(words.gettext("Thirteen months in figures"))
        report.table(Table(tuple(columns), rows))


def bounds(interval: Interval | None, words: Words) -> str:
    """Say an interval in a column that is headed so."""
    if interval is None:
        return NO_FIGURE
    shown = interval.clipped()
    return words.gettext("%(low)s–%(high)s", low=words.points(shown.low), high=words.points(shown.high))


def _definitions(words: Words) -> tuple[tuple[str, str], ...]:
    return (
        (
            words.gettext("Counted"),
            words.gettext(
                "A visit counts when it was completed, is neither void nor excluded nor practice, was made "
                "as a mystery visit at one of our own branches, and fell on or after the day on which staff "
                "were told."
            ),
        ),
        (
            words.gettext("Two axes"),
            words.gettext(
                "Compliance is the share of points earned on standards, Experience the share earned on "
                "questions about how the visit felt; they are never added up. A question that did not apply "
                "leaves the sums; a visit in which nothing could be earned has no score. A month's figure is "
                "the plain mean of its visits."
            ),
        ),
        (
            words.gettext("Standards"),
            words.gettext(
                "A standard's figure is the share of visits that met it, of those in which it was asked. "
                "Times are in whole seconds; “it never happened” earns nothing and is counted apart, never "
                "as a time."
            ),
        ),
        (
            words.gettext("Intervals"),
            words.gettext(
                "95 % intervals. Shares: Wilson's, which takes every visit for independent. Means of one "
                "branch: Student's, with the larger of its own and the common spread of visits within "
                "branches over thirteen months. Means of several branches mind that visits of one branch "
                "resemble each other."
            ),
        ),
        (
            words.gettext("Claims"),
            words.gettext(
                "“Above”, “below”, “rose” and “fell” are said only with at least 5 visits on each side and "
                "an interval that excludes the target, or no change. Everything else is “not decided”: that "
                "is an answer, not a gap."
            ),
        ),
    )

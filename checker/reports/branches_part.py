"""The part of a report about branches: those that stand out, how far chance alone goes, and all of them."""

from collections.abc import Sequence
from dataclasses import replace

from checker.charts.funnel import Funnel, Limit, Spot
from checker.charts.letters import wrap
from checker.charts.model import State
from checker.charts.strips import Strip, Strips, columns_for, strips_that_fit
from checker.reports import claims, parts, pictures, standards_part
from checker.reports.medium import Medium
from checker.reports.tables import Bulk, Column
from checker.standards.statistics import MIN_VISITS, Verdict
from checker.summaries.values import BandLine, NetworkMonth
from checker.words import NO_FIGURE, Words

_ENDS = 12
"""So many branches of either end a page names; the appendix names all."""

_FUNNEL, _FUNNEL_MOST = 150.0, 280.0
_LISTED = 15.0
"""Points of a line of the appendix."""

_NAMED = 24
"""So many branches left out of the comparison a page names."""


def branches(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Show where branches stand: regions, bands or the two ends of them, the funnel, and who is left out."""
    report.turn(words.gettext("Branches"), report.full * 0.6)
    compared = len(summary.compared)
    report.headline(headline(summary, words))
    if summary.regions:
        report.section(
            words.gettext("Regions"), words.gettext("Compliance with its 95 % interval and target")
        )
        standards_part.over_pages(report, pictures.regions(summary.regions, words))
    if compared > 2 * _ENDS:
        _ends(report, summary, words)
    else:
        _bands(report, summary, words)
    _funnel(report, summary, words)
    for title, said in _left_out(summary, words):
        report.section(title)
        report.text(said)


def headline(summary: NetworkMonth, words: Words) -> str:
    """Say where branches stand as far as their visits decide it."""
    compared = len(summary.compared)
    if not compared:
        return words.gettext("No branch had the 5 visits that a comparison takes.")
    if summary.branch_target is None:
        return words.gettext("No target is set, so no branch is called above or below.")
    if not summary.above and not summary.below:
        return words.gettext("No branch can be told apart from the target of %(target)s.",
                             target=words.target(summary.branch_target))  # fmt: skip
    numbers = {
        "all": words.number(compared),
        "target": words.target(summary.branch_target),
        "above": words.number(len(summary.above)),
        "below": words.number(len(summary.below)),
        "rest": words.number(len(summary.undecided)),
    }
    if not summary.above:
        return words.gettext(
            "Branches below the target of %(target)s: %(below)s of %(all)s, none above; for %(rest)s the "
            "visits do not decide.",
            **numbers,
        )
    if not summary.below:
        return words.gettext(
            "Branches above the target of %(target)s: %(above)s of %(all)s, none below; for %(rest)s the "
            "visits do not decide.",
            **numbers,
        )
    return words.gettext(
        "Branches above the target of %(target)s: %(above)s of %(all)s, below: %(below)s; for %(rest)s the "
        "visits do not decide.",
        **numbers,
    )


# --- the bands of a few branches ----------------------------------------------------------------------------


def _bands(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """List every branch in its band."""
    scale = _strips(summary.compared, summary, "open", words).span() if summary.compared else (0.0, 1.0)
    note = words.gettext(
        "Compliance, 95 % interval and number of visits; dashed: target; before the name: the ranks that the "
        "interval allows"
    )
    open_title = words.gettext("Not distinguishable from the target, by name")
    if summary.branch_target is None:
        open_title = words.gettext("Branches by name")
    bands: tuple[tuple[str, tuple[BandLine, ...], State], ...] = (
        (words.gettext("Above target, by the lower end of the interval"), summary.above, "above"),
        (words.gettext("Below target, by the upper end of the interval"), summary.below, "below"),
        (open_title, summary.undecided, "open"),
    )
    for title, band, state in bands:
        if band:
            report.section(title, note)
            _band(report, band, summary, state, scale, words)
            note = ""


def _band(
    report: Medium,
    band: Sequence[BandLine],
    summary: NetworkMonth,
    state: State,
    scale: tuple[float, float],
    words: Words,
) -> None:
    """Draw a band in two columns, over as many pages as it takes."""
    rest = tuple(band)
    across = columns_for([line.branch.name for line in band], report.width)
    room = report.room - parts.HEADING
    while rest:
        fits = strips_that_fit(room, across)
        if fits < min(len(rest), 8):
            fits = strips_that_fit(report.full - parts.HEADING, across)
        report.chart(_strips(rest[:fits], summary, state, words, scale, across))
        rest, room = rest[fits:], 0.0


# --- the two ends of many -----------------------------------------------------------------------------------


def ends(summary: NetworkMonth, most: int = _ENDS) -> tuple[tuple[BandLine, ...], tuple[BandLine, ...]]:
    """Give the branches whose interval begins highest, and those whose interval ends lowest: of all that
    have the visits a comparison takes, at most half of them at either end.
    """
    known = [(line, line.interval) for line in summary.compared if line.interval]
    count = min(most, len(known) // 2)
    best = sorted(known, key=lambda one: (-one[1].low, one[0].branch.code))[:count]
    chosen = {line.branch.code for line, _ in best}
    others = [one for one in known if one[0].branch.code not in chosen]
    worst = sorted(others, key=lambda one: (one[1].high, one[0].branch.code))[:count]
    return tuple(line for line, _ in best), tuple(line for line, _ in worst)


def _ends(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Show the two ends side by side, each branch with its state and the ranks it may have."""
    best, worst = ends(summary)
    lines = (*best, *worst)
    across = columns_for([line.branch.name for line in lines], report.width)
    note = words.gettext(
        "Compliance, 95 %% interval and number of visits; dashed: target. Before the name: above or below "
        "the target for certain (triangle) or not decided (ring), and the ranks that the interval allows "
        "among %(all)s branches; the appendix lists all of them",
        all=words.number(len(summary.compared)),
    )
    report.section(words.gettext("Highest and lowest %(n)s", n=words.number(len(best))), note)
    titles = (
        words.gettext("Highest, by the lower end of the interval"),
        words.gettext("Lowest, by the upper end of the interval"),
    )
    charts = [
        replace(_marked(band, summary, words, lines), title=title, half=across == 2)
        for title, band in zip(titles, (best, worst), strict=True)
    ]
    if across == 2:
        report.beside([(chart, 2) for chart in charts])
        return
    for chart in charts:
        report.beside([(chart, 4)])


def state_of(summary: NetworkMonth) -> dict[str, Verdict]:
    """Give each branch compared its verdict against the target, by code."""
    bands = (
        (summary.above, Verdict.ABOVE),
        (summary.undecided, Verdict.UNDECIDED),
        (summary.below, Verdict.BELOW),
    )
    return {line.branch.code: verdict for band, verdict in bands for line in band}


def _marked(
    lines: Sequence[BandLine], summary: NetworkMonth, words: Words, scaled: Sequence[BandLine]
) -> Strips:
    """Give some branches in one column, each with its state, on the scale that all of `scaled` have."""
    verdicts, target = state_of(summary), summary.branch_target
    strips = tuple(
        _strip(
            line,
            words,
            claims.state(verdicts[line.branch.code], target),
            claims.against_target(verdicts[line.branch.code], target, line.n, words),
        )
        for line in lines
    )
    scale = _strips(scaled, summary, "open", words).span()
    return Strips(
        words.gettext("Branches"),
        words.gettext("Compliance of the highest and lowest branches with its 95 % interval."),
        strips,
        pictures.chart_words(words),
        (*_columns(words), words.gettext("Ranks"), words.gettext("State")),
        target,
        "open",
        scale,
        across=1,
    )


def ranks(line: BandLine, words: Words) -> str:
    """Say the ranks that a branch's interval allows: "1–14"."""
    if line.ranks is None:
        return ""
    best, worst = (words.number(rank) for rank in line.ranks)
    return best if best == worst else words.gettext("%(best)s–%(worst)s", best=best, worst=worst)


def _strip(line: BandLine, words: Words, state: State | None = None, state_words: str = "") -> Strip:
    bounds = line.interval.clipped() if line.interval else None
    low, high = (bounds.low, bounds.high) if bounds else (None, None)
    return Strip(line.branch.name, line.mean, low, high, line.n, ranks(line, words), state, state_words)


def _strips(
    band: Sequence[BandLine],
    summary: NetworkMonth,
    state: State,
    words: Words,
    scale: tuple[float, float] | None = None,
    across: int = 2,
) -> Strips:
    return Strips(
        words.gettext("Branches"),
        words.gettext("Compliance of each branch with its 95 % interval."),
        tuple(_strip(line, words) for line in band),
        pictures.chart_words(words),
        (*_columns(words), words.gettext("Ranks"), words.gettext("State")),
        summary.branch_target,
        state,
        scale,
        across,
        aligned=tuple(_strip(line, words) for line in summary.compared) if scale else (),
    )


def _columns(words: Words) -> tuple[str, str, str, str, str]:
    return (
        words.gettext("Branch"),
        words.gettext("Compliance"),
        words.gettext("from"),
        words.gettext("to"),
        words.gettext("Visits"),
    )


# --- the funnel ---------------------------------------------------------------------------------------------


def funnel(summary: NetworkMonth, words: Words) -> Funnel | None:
    """Give the branches by their visits, with the limits chance alone would keep them in; None where nothing
    can be compared.
    """
    held = summary.funnel
    lines = (*summary.compared, *summary.too_few)
    if held is None or len(summary.compared) < 2:
        return None
    most = max(line.n for line in lines)
    steps = sorted({*range(1, 11), *(1 + round(most * 1.03 * step / 40) for step in range(1, 41)), most})
    limits = []
    for n in steps:
        outer, inner = (one.clipped() for one in held.limits(n))
        limits.append(Limit(n, outer.low, outer.high, inner.low, inner.high))
    far = {Verdict.ABOVE: words.gettext("above the mean"), Verdict.BELOW: words.gettext("below the mean")}
    spots = []
    for line in lines:
        verdict = summary.outside.get(line.branch.code)
        state = claims.STATES[verdict] if verdict else "none"
        spots.append(Spot(line.branch.name, line.mean, line.n, state, far[verdict] if verdict else ""))
    return Funnel(
        words.gettext("Branches by number of visits"),
        words.gettext("Compliance of each branch, with the limits chance alone would keep it in."),
        tuple(spots),
        tuple(limits),
        held.average,
        pictures.chart_words(words),
        (
            words.gettext("Branch"),
            words.gettext("Compliance"),
            words.gettext("Visits"),
            words.gettext("State"),
        ),
        words.gettext("Mean %(share)s", share=words.percent(held.average)),
        words.gettext("visits in the month"),
    )


def funnel_says(summary: NetworkMonth, words: Words) -> str:
    """Say how many branches differ from the mean of all beyond chance."""
    outside = len(summary.outside)
    numbers = {"all": words.number(len(summary.compared)), "outside": words.number(outside)}
    if not outside:
        return words.gettext(
            "None of %(all)s branches can be told apart from the mean of all visits", **numbers
        )
    return words.gettext("Told apart from the mean of all visits: %(outside)s of %(all)s branches", **numbers)


def _funnel(report: Medium, summary: NetworkMonth, words: Words) -> None:
    chart = funnel(summary, words)
    if chart is None:
        return
    report.section(
        funnel_says(summary, words),
        words.gettext(
            "One dot per branch. Chance alone keeps a branch inside the grey limits in 99.8 % of cases, and "
            "inside the dotted ones in 95 %. Named: those outside that stay so among all branches compared"
        ),
    )
    below = sum(
        report.head(title) + 12.0 * len(wrap(said, 8.5, report.width))
        for title, said in _left_out(summary, words)
    )
    report.chart(chart, min(max(_FUNNEL, report.room - parts.HEADING - below), _FUNNEL_MOST))


def _left_out(summary: NetworkMonth, words: Words) -> list[tuple[str, str]]:
    """Name the branches that are in no comparison, or say how many there are; each group under its title."""
    groups = (
        (
            words.gettext("Fewer than 5 visits, too few to compare, by name"),
            [
                words.gettext("%(branch)s (%(n)s)", branch=line.branch.name, n=words.number(line.n))
                for line in summary.too_few
            ],
        ),
        (
            words.gettext("Without a counted visit in this month"),
            [place.name for place in summary.without_visits],
        ),
    )
    return [
        (
            title,
            words.all_of(names)
            if len(names) <= _NAMED
            else words.gettext("%(n)s branches; the appendix names them.", n=words.number(len(names))),
        )
        for title, names in groups
        if names
    ]


# --- all of them --------------------------------------------------------------------------------------------


def appendix(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """List every branch with its figures, by name; the head of the table is repeated on every page."""
    lines = (*summary.compared, *summary.too_few)
    if not lines and not summary.without_visits:
        return
    few = parts.HEADING + _LISTED * (len(lines) + len(summary.without_visits) + 2)
    report.turn(words.gettext("Appendix: every branch"), min(few, report.full * 0.5))
    report.section(
        words.gettext("Every branch, by name"),
        words.gettext(
            "Means of the month's visits with their 95 % intervals. State: Compliance against the target; "
            "ranks: those the interval allows. Below 5 visits there is neither"
        ),
    )
    felt = any(line.experience is not None for line in lines)
    columns = [
        Column(words.gettext("Branch"), 2.8),
        Column(words.gettext("Code"), 1.15),
        Column(words.gettext("Visits"), 0.7, "end"),
        Column(words.gettext("Compliance"), 1.25, "end"),
        Column(words.gettext("95 % interval"), 1.2, "end"),
        Column(words.gettext("State"), 1.95),
        Column(words.gettext("Ranks"), 1.0, "end"),
    ]
    if felt:
        columns += [
            Column(words.gettext("Experience"), 1.25, "end"),
            Column(words.gettext("95 % interval"), 1.2, "end"),
        ]
    report.bulk(Bulk(tuple(columns), _rows(summary, lines, words, felt=felt)))


def _rows(
    summary: NetworkMonth, lines: Sequence[BandLine], words: Words, *, felt: bool
) -> list[tuple[str, ...]]:
    verdicts, target = state_of(summary), summary.branch_target
    said = {
        verdict: claims.against_target(verdict, target, MIN_VISITS, words)
        for verdict in (Verdict.ABOVE, Verdict.BELOW, Verdict.UNDECIDED, Verdict.TOO_FEW)
    }
    rows = [
        (
            line.branch.name,
            line.branch.code,
            words.number(line.n),
            words.percent(line.mean),
            claims.bounds(line.interval, words),
            said[verdicts.get(line.branch.code, Verdict.TOO_FEW)],
            ranks(line, words) or NO_FIGURE,
            *(
                (
                    NO_FIGURE if line.experience is None else words.percent(line.experience),
                    claims.bounds(line.experience_interval, words),
                )
                if felt
                else ()
            ),
        )
        for line in lines
    ]
    empty = (NO_FIGURE,) * 2
    none = words.gettext("no visits")
    rows += [
        (place.name, place.code, words.number(0), *empty, none, NO_FIGURE, *(empty if felt else ()))
        for place in summary.without_visits
    ]
    return sorted(rows, key=lambda row: (row[0].casefold(), row[1]))

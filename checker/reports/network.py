"""The month of the network or of one region, for leadership: page one can be read alone."""

from collections.abc import Sequence

from checker.charts.model import State
from checker.charts.strips import Strip, Strips, columns_for, strips_that_fit
from checker.reports import method, parts, pictures, standards_part, tiles
from checker.reports.look import Look
from checker.reports.page import DEFAULT_LOOK, Report, Tile
from checker.reports.tables import Column, Table
from checker.standards.model import Axis
from checker.summaries.values import BandLine, NetworkMonth
from checker.words import Words

_METHOD = 300.0


def network_report(summary: NetworkMonth, words: Words, *, look: Look = DEFAULT_LOOK) -> bytes:
    """Give the network's or region's month as PDF: overview, branches, standards, times, how it is made.

    The same summary gives the same bytes. Every claim is one of the summary's findings and verdicts.
    """
    period = words.month(summary.month)
    title = (
        words.gettext("Region report, %(month)s", month=period)
        if summary.scope
        else words.gettext("Network report, %(month)s", month=period)
    )
    report = parts.begin(summary, words, title=title, look=look)
    _overview(report, summary, words, look.organisation)
    if summary.branches:
        _branches(report, summary, words)
    if any(one.asked for one in summary.standards):
        _standards(report, summary, words)
    if report.room < _METHOD:
        report.page(words.gettext("Figures and method"))
    method.how_made(report, summary, words)
    method.months_in_figures(report, summary, words)
    return report.render()


def _overview(report: Report, summary: NetworkMonth, words: Words, organisation: str) -> None:
    report.page(words.gettext("Region overview") if summary.scope else words.gettext("Network overview"))
    checklist = summary.series.checklist
    report.subject(
        words.ngettext(
            "%(place)s, %(n)s branch: %(checklist)s",
            "%(place)s, %(n)s branches: %(checklist)s",
            summary.branches,
            place=summary.scope.name if summary.scope else organisation or words.gettext("Network"),
            checklist=words.text(checklist.title, checklist.languages),
        )
    )
    parts.headline(report, summary, words)
    report.tiles(_tiles(summary, words))
    parts.trends(report, summary, words, 104.0 if standards_part.has_more(summary) else 132.0)
    standards_part.at_a_glance(report, summary, words)
    parts.room_to_write(
        report,
        words.gettext("Decisions"),
        words.gettext("To be filled in where the month is discussed"),
        ((words.gettext("What"), 6.0), (words.gettext("Owner"), 2.0), (words.gettext("By"), 1.2)),
        3,
    )


def _tiles(summary: NetworkMonth, words: Words) -> list[Tile]:
    """Choose four: Compliance, Experience or what is timed, and where the branches stand."""
    compared = not summary.mix_changed
    chosen = [tiles.axis(summary.axes[Axis.STANDARD], words, compared=compared)]
    if summary.axes[Axis.EXPERIENCE].n:
        chosen.append(tiles.axis(summary.axes[Axis.EXPERIENCE], words, compared=compared))
    chosen += [tiles.timing(one, summary, words) for one in parts.timed(summary) if one.asked]
    chosen += [*tiles.standards(summary, words), tiles.visits(summary, words)]
    return [*chosen[:3], _branches_tile(summary, words)]


def _branches_tile(summary: NetworkMonth, words: Words) -> Tile:
    above, below, rest = len(summary.above), len(summary.below), len(summary.undecided)
    notes = [
        words.gettext("fewer than 5 visits: %(n)s", n=words.number(len(summary.too_few))),
        words.gettext("without visits: %(n)s", n=words.number(len(summary.without_visits))),
    ]
    if summary.branch_target is None or not above + below + rest:
        visited = above + below + rest + len(summary.too_few)
        of_all = words.number(visited + len(summary.without_visits))
        return Tile(
            words.gettext("Branches visited"),
            words.gettext("%(part)s of %(whole)s", part=words.number(visited), whole=of_all),
            note="\n".join(notes),
        )
    whole = words.number(above + below + rest)
    return Tile(
        words.gettext("Branches above target"),
        words.gettext("%(part)s of %(whole)s", part=words.number(above), whole=whole),
        words.gettext(
            "%(below)s below, %(rest)s not decided", below=words.number(below), rest=words.number(rest)
        ),
        "\n".join(notes),
    )


# --- branches -----------------------------------------------------------------------------------------------


def _branches(report: Report, summary: NetworkMonth, words: Words) -> None:
    report.page(words.gettext("Branches"))
    compared = len(summary.above) + len(summary.undecided) + len(summary.below)
    report.headline(_branches_headline(summary, compared, words))
    if summary.regions:
        report.section(
            words.gettext("Regions"), words.gettext("Compliance with its 95 % interval and target")
        )
        standards_part.over_pages(report, pictures.regions(summary.regions, words))
    lines = (*summary.above, *summary.undecided, *summary.below)
    scale = _strips(lines, summary, "open", words).span() if lines else (0.0, 1.0)
    note = words.gettext("Compliance, 95 % interval and number of visits; dashed: target")
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
    if summary.too_few:
        report.section(words.gettext("Fewer than 5 visits, too few to compare, by name"))
        report.table(_too_few(summary.too_few, report.width, words))
    if summary.without_visits:
        report.section(words.gettext("Without a counted visit in this month"))
        report.text(words.all_of(place.name for place in summary.without_visits))


def _branches_headline(summary: NetworkMonth, compared: int, words: Words) -> str:
    """Say where branches stand as far as their visits decide it."""
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


def _band(
    report: Report,
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
        chart = _strips(rest[:fits], summary, state, words, scale, across)
        report.chart(chart)
        rest, room = rest[fits:], 0.0


def _too_few(lines: Sequence[BandLine], width: float, words: Words) -> Table:
    """List branches with their figures, two in a row; nothing is drawn that the eye would compare."""
    columns = (
        Column(words.gettext("Branch"), 3.4, wrap=True),
        Column(words.gettext("Compliance"), 1.6, "end"),
        Column(words.gettext("Visits"), 0.9, "end"),
    )
    cells = [(line.branch.name, words.percent(line.mean), words.number(line.n)) for line in lines]
    if len(lines) == 1 or columns_for([line.branch.name for line in lines], width) == 1:
        return Table(columns, cells)
    cells += [("", "", "")] * (len(cells) % 2)
    pairs = zip(cells[::2], cells[1::2], strict=True)
    return Table((*columns, Column("", 0.5), *columns), [(*one, "", *other) for one, other in pairs])


def _strips(
    band: Sequence[BandLine],
    summary: NetworkMonth,
    state: State,
    words: Words,
    scale: tuple[float, float] | None = None,
    across: int = 2,
) -> Strips:
    strips = []
    for line in band:
        bounds = line.interval.clipped() if line.interval else None
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        strips.append(Strip(line.branch.name, line.mean, low, high, line.n))
    columns = (
        words.gettext("Branch"),
        words.gettext("Compliance"),
        words.gettext("from"),
        words.gettext("to"),
        words.gettext("Visits"),
    )
    return Strips(
        words.gettext("Branches"),
        words.gettext("Compliance of each branch with its 95 % interval."),
        tuple(strips),
        pictures.chart_words(words),
        columns,
        summary.branch_target,
        state,
        scale,
        across,
    )


# --- standards ----------------------------------------------------------------------------------------------


def _standards(report: Report, summary: NetworkMonth, words: Words) -> None:
    report.page(words.gettext("Standards"))
    if standards_part.has_more(summary):
        standards_part.in_full(report, summary, words)
    parts.waiting(report, summary, words)
    parts.counted_and_felt(report, summary, words)
    parts.unfinished(report, summary, words)
    standards_part.over_months(report, summary, words)

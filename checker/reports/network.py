"""The month of the network or of one region, for leadership: page one can be read alone."""

from collections.abc import Sequence

from checker.reports import (
    branches_part,
    decisions_part,
    edition_part,
    method,
    parts,
    plan_part,
    quotes_part,
    signals_part,
    standards_part,
    tiles,
)
from checker.reports.look import Look
from checker.reports.medium import Medium
from checker.reports.page import DEFAULT_LOOK, Report, Tile
from checker.reports.reading import Reading
from checker.standards.model import Axis
from checker.summaries.values import BandLine, EditionText, NetworkMonth
from checker.words import Words

_BEGIN = 150.0
"""Points that a part takes at least to begin on a page with others."""

_TREND_LEAST, _TREND, _TREND_MOST = 62.0, 78.0, 150.0
_WAITING = 112.0

_NAMED, _LETTERS = 2, 60
"""So many branches of a band the tile names in so many letters; the page of branches names more of them."""


def network_report(
    summary: NetworkMonth,
    words: Words,
    *,
    look: Look = DEFAULT_LOOK,
    edition: EditionText | None = None,
) -> bytes:
    """Give the network's or region's month as PDF: overview, branches, standards, what to look into, how it
    is made, every branch.

    The same summary gives the same bytes. Every claim is one of the summary's findings and verdicts.
    """
    report = parts.begin(Report, summary, words, title=_title(summary, words), look=look)
    _compose(report, summary, words, look, edition)
    return report.render()


def network_reading(
    summary: NetworkMonth,
    words: Words,
    *,
    look: Look = DEFAULT_LOOK,
    edition: EditionText | None = None,
) -> Reading:
    """Give the same report to be read on a screen."""
    reading = parts.begin(Reading, summary, words, title=_title(summary, words), look=look)
    _compose(reading, summary, words, look, edition)
    return reading


def _title(summary: NetworkMonth, words: Words) -> str:
    period = words.month(summary.month)
    if summary.scope:
        return words.gettext("Region report, %(month)s", month=period)
    return words.gettext("Network report, %(month)s", month=period)


def _compose(
    report: Medium, summary: NetworkMonth, words: Words, look: Look, edition: EditionText | None
) -> None:
    _overview(report, summary, words, look.organisation, edition)
    if summary.branches:
        branches_part.branches(report, summary, words)
    if any(one.asked for one in summary.standards):
        _standards(report, summary, words)
    if any(figure.n for figure in summary.axes.values()):
        report.turn(words.gettext("Signals"), _BEGIN)
        signals_part.signals(report, summary, words)
        signals_part.beside(report, summary, words)
    plan_part.action_plan(report, summary, words)
    report.turn(words.gettext("Figures and method"), _BEGIN)
    method.how_made(report, summary, words)
    method.weights(report, summary, words)
    method.months_in_figures(report, summary, words)
    branches_part.appendix(report, summary, words)


def _overview(
    report: Medium, summary: NetworkMonth, words: Words, organisation: str, edition: EditionText | None
) -> None:
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
    if edition:  # what people add stands on page one too, and the figures make room
        parts.headline(report, summary, words, lines=3)
        edition_part.opening(report, edition, checklist, words)
    else:
        parts.headline(report, summary, words)
    report.tiles(_tiles(summary, words))
    decisions = decisions_part.decisions(decisions_part.asked(summary, edition, words), words)
    title = decisions_part.title(edition, words)
    keep = decisions.draw(report.width).height + report.head(*title)
    trend = _trend(report, summary, words, report.room + parts.BETWEEN - keep)
    if trend:
        parts.trends(report, summary, words, trend)
    standards_part.at_a_glance(report, summary, words, keep=keep)
    with report.together():
        report.section(*title)
        report.draw(decisions)
    if not trend:
        parts.trends(report, summary, words, _TREND_MOST)


def _trend(report: Medium, summary: NetworkMonth, words: Words, room: float) -> float:
    """Give how tall the trends are beside as many standards as fit; 0 where decisions need their place."""
    for least in (_TREND, _TREND_LEAST):
        left = room - parts.trends_take(report, summary, words, least)
        if left >= standards_part.glance_takes(report, summary, words, 0.0):
            free = left - standards_part.glance_takes(report, summary, words, left)
            return min(least + max(free, 0.0), _TREND_MOST)
    return 0.0


def _tiles(summary: NetworkMonth, words: Words) -> list[Tile]:
    """Choose four: Compliance, what is timed here and elsewhere or Experience, and where branches stand."""
    checklist, compared = summary.series.checklist, not summary.mix_changed
    chosen = [tiles.axis(summary.axes[Axis.STANDARD], words, compared=compared)]
    times = [
        tiles.timing(one, checklist, words, compared=compared) for one in parts.timed(summary) if one.asked
    ]
    times += [
        tiles.timing(one.figure, one.series.checklist, words, compared=not one.mix_changed)
        for one in summary.elsewhere
    ]
    if summary.axes[Axis.EXPERIENCE].n and len(times) < 2:
        chosen.append(tiles.axis(summary.axes[Axis.EXPERIENCE], words, compared=compared))
    chosen += [*times, *tiles.standards(summary, words), tiles.visits(summary, words)]
    return [*chosen[:3], _branches_tile(summary, words)]


def _branches_tile(summary: NetworkMonth, words: Words) -> Tile:
    above, below, rest = len(summary.above), len(summary.below), len(summary.undecided)
    few, without = len(summary.too_few), len(summary.without_visits)
    notes = [
        *([words.gettext("above: %(branches)s", branches=_named(summary.above, words))] if above else []),
        *([words.gettext("below: %(branches)s", branches=_named(summary.below, words))] if below else []),
        *([words.gettext("fewer than 5 visits: %(n)s", n=words.number(few))] if few else []),
        *([words.gettext("without visits: %(n)s", n=words.number(without))] if without else []),
    ]
    if summary.branch_target is None or not above + below + rest:
        visited = above + below + rest + few
        of_all = words.number(visited + without)
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


def _named(band: Sequence[BandLine], words: Words) -> str:
    """Name the surest of a band, two where their names are short, and say how many more there are."""
    names = [line.branch.name for line in band[:_NAMED]]
    if sum(map(len, names)) > _LETTERS:
        names = names[:1]
    if (more := len(band) - len(names)) > 0:
        names.append(words.ngettext("%(n)s more", "%(n)s more", more))
    return words.all_of(names)


def _standards(report: Medium, summary: NetworkMonth, words: Words) -> None:
    report.turn(words.gettext("Standards"), report.full * 0.6)
    if standards_part.has_more(summary):
        standards_part.in_full(report, summary, words)
    standards_part.what_they_cost(report, summary, words)
    parts.waiting(report, summary, words, _WAITING)
    parts.waiting_elsewhere(report, summary, words, _WAITING)
    parts.counted_and_felt(report, summary, words)
    parts.unfinished(report, summary, words)
    standards_part.over_months(report, summary, words)
    quotes_part.quotes(report, summary, words)

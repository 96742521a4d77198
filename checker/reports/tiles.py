"""Tiles: one figure each with what it is held against, how it moved, and how many visits it rests on."""

from checker.charts.model import State
from checker.reports import claims
from checker.reports.page import Tile
from checker.reports.parts import Summary, median, section_of, timing_of
from checker.reports.standards_part import verdicts_of
from checker.standards.model import Axis, Checklist
from checker.standards.statistics import Change, Verdict
from checker.summaries.values import AxisFigure, StandardFigure
from checker.words import NO_FIGURE, Words


def axis(figure: AxisFigure, words: Words, *, compared: bool, with_change: bool = True) -> Tile:
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


def timing(figure: StandardFigure, checklist: Checklist, words: Words, *, compared: bool) -> Tile:
    """Give the share of visits within the limit of a timed standard, and how many were later or never."""
    timing = timing_of(figure)
    notes = (
        claims.since_last_month(figure, words, compared=compared),
        claims.interval(figure, words),
        words.gettext(
            "%(count)s: %(late)s later, %(never)s never",
            count=words.count(figure.asked),
            late=words.number(timing.timed - timing.within_limit),
            never=words.number(timing.never),
        ),
    )
    return Tile(
        claims.item_name(figure.item, checklist, words),
        NO_FIGURE if figure.share is None else words.percent(figure.share),
        claims.against_named_target(figure, words),
        "\n".join(note for note in notes if note),
        claims.state(figure.verdict, figure.target),
    )


def median_time(figure: StandardFigure, summary: Summary, words: Words) -> Tile:
    """Give the median of a timed standard, "never" counted beside it."""
    timing = timing_of(figure)
    limit = words.seconds(timing.limit_s)
    in_time = (
        NO_FIGURE
        if figure.share is None
        else words.gettext("%(share)s within %(limit)s", share=words.percent(figure.share), limit=limit)
    )
    notes = [
        in_time,
        words.gettext("it never happened: %(n)s", n=words.number(timing.never)),
        words.count(figure.asked),
    ]
    return Tile(
        words.gettext("%(standard)s, median time", standard=section_of(figure.item, summary, words)),
        median(timing, words),
        claims.against_named_target(figure, words),
        "\n".join(notes),
        claims.state(figure.verdict, figure.target),
    )


def change(figure: AxisFigure, words: Words, *, compared: bool) -> Tile:
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


def standards(summary: Summary, words: Words) -> list[Tile]:
    """Give how many standards are above and below their targets, where any has one."""
    verdicts = verdicts_of(summary)
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


def visits(summary: Summary, words: Words) -> Tile:
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

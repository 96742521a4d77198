"""What both reports share: how they begin, their trends, times and counts, and room to write."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from checker.charts.letters import wrap
from checker.charts.model import Chart, Drawing
from checker.reports import claims, paper, pictures
from checker.reports.look import Look
from checker.reports.medium import Medium
from checker.reports.page import HEADLINE, LEAD, Report
from checker.reports.reading import Reading
from checker.standards.model import Axis, Checklist, Count, Duration, Item
from checker.summaries.values import BranchMonth, NetworkMonth, StandardFigure, Timing
from checker.words import NO_FIGURE, Words

Summary = BranchMonth | NetworkMonth

Either = TypeVar("Either", Report, Reading)

HEADING = 46.0
"""Points a section's heading may take, its note included."""

BETWEEN = 12.0
"""Points left free before a section: those that a heading takes count them, and so does the room left."""

LEAD_LINES = 5
_HEADLINE_LINES = 3
_WRITTEN = 22.0

KEPT = 62.0 + 2 * _WRITTEN
"""Points kept on page one for two lines to write on."""


@dataclass(frozen=True, slots=True)
class ToFillIn:
    """Numbered lines to write on under columns, each a title and its part of the width."""

    kind: ClassVar[str] = "to_fill_in"

    columns: Sequence[tuple[str, float]]
    count: int

    def draw(self, width: float) -> Drawing:
        """Give the lines, high enough for a pen."""
        return paper.lines(self.columns, self.count, width, _WRITTEN)


def begin(on: type[Either], summary: Summary, words: Words, *, title: str, look: Look) -> Either:
    """Give an empty report on paper or for a screen, with its strip, foot and properties."""
    return on(
        title,
        period=words.month(summary.month),
        language=words.language,
        method=words.gettext(
            "n = visits behind a figure; intervals are 95 %% intervals. Above, below, rose and fell are said "
            "only where the interval leaves no doubt; changes are against the month before. Data until "
            "%(moment)s.",
            moment=words.moment(summary.data_until),
        ),
        page_of=lambda page, pages: words.gettext("%(page)s of %(pages)s", page=page, pages=pages),
        look=look,
        keywords=f"{summary.series.checklist.id} {summary.month} {summary.data_until.isoformat()}",
    )


def turn(report: Medium, name: str) -> None:
    """Begin a part on a new page, unless about half of this one is still free."""
    report.turn(name, report.full * 0.45)


def headline(report: Medium, summary: Summary, words: Words, lines: int = LEAD_LINES) -> None:
    """Say the month's findings: the first as headline, with what costs most of it where that fits, under it
    those that follow, while they fit into so many lines.
    """
    checklist = summary.series.checklist
    first, *others = claims.sentences(summary.findings, checklist, words) or ("",)
    costs = claims.what_costs_most(summary.findings, checklist, words)
    both = f"{first} {costs}"
    if costs and len(wrap(both, HEADLINE, report.width, 760)) <= _HEADLINE_LINES:
        first, others = both, [one for one in others if one != costs]
    report.headline(first)
    said = ""
    for sentence in others:
        longer = f"{said} {sentence}".strip()
        if len(wrap(longer, LEAD, report.width)) > lines:
            break
        said = longer
    report.lead(said)


def trends(report: Medium, summary: Summary, words: Words, height: float) -> None:
    """Show both axes over thirteen months side by side, or the one there is."""
    held = _followed(summary)
    if not held:
        return
    report.section(*_trends_title(words))
    span = 2 if len(held) == 2 else 4
    report.beside([(pictures.axis_trend(axis, summary.trends[axis], words), span) for axis in held], height)


def trends_take(report: Medium, summary: Summary, words: Words, height: float) -> float:
    """Give the points that the trends take on a page, what is left free before them included."""
    if not _followed(summary):
        return 0.0
    return report.head(*_trends_title(words)) + 15.0 + height


def _followed(summary: Summary) -> list[Axis]:
    return [axis for axis in Axis if any(point.n for point in summary.trends.get(axis, ()))]


def _trends_title(words: Words) -> tuple[str, str]:
    return (
        words.gettext("Thirteen months"),
        words.gettext(
            "Mean of the visits' scores; band: 95 % interval; dashed: target; ring: fewer than 5 visits"
        ),
    )


def waiting(report: Medium, summary: Summary, words: Words, height: float = 140.0) -> None:
    """Show how long customers waited, one histogram per timed standard."""
    for figure in timed(summary):
        _waited(report, figure, summary.series.checklist, words, height)


def waiting_elsewhere(report: Medium, summary: NetworkMonth, words: Words, height: float = 140.0) -> None:
    """Show how long they waited where other checklists of the programme time it."""
    for one in summary.elsewhere:
        title = words.text(one.series.checklist.title, one.series.checklist.languages)
        _waited(report, one.figure, one.series.checklist, words, height, title)


def _waited(
    report: Medium, figure: StandardFigure, of: Checklist, words: Words, height: float, title: str = ""
) -> None:
    timing = timing_of(figure)
    total = timing.timed + timing.never
    if not total:
        return
    name = claims.item_name(figure.item, of, words)
    if title:
        name = words.gettext("%(checklist)s: %(standard)s", checklist=title, standard=name)
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


def counted_and_felt(report: Medium, summary: Summary, words: Words, height: float = 84.0) -> None:
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


def unfinished(report: Medium, summary: Summary, words: Words) -> None:
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


def room_to_write(
    report: Medium, title: str, note: str, columns: Sequence[tuple[str, float]], most: int
) -> None:
    """Leave numbered lines to write on, as many as the page still holds."""
    count = min(int((report.room - 60.0) // _WRITTEN), most)
    if count > 0:
        report.section(title, note)
        report.draw(ToFillIn(columns, count))


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

"""How the figures of a report are made, and those behind its lines."""

from checker.reports import claims
from checker.reports.medium import Medium
from checker.reports.parts import Summary
from checker.reports.tables import Cell, Column, Table
from checker.standards.model import Axis
from checker.summaries.values import NetworkMonth
from checker.words import NO_FIGURE, Words


def how_made(report: Medium, summary: Summary, words: Words) -> None:
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
    if isinstance(summary, NetworkMonth):
        facts += _left_out(summary, words)
    if summary.mix_changed:
        facts.append(
            words.gettext(
                "The month before rests on another version of the checklist, so no change is claimed."
            )
        )
    rows = [
        (words.gettext("This month"), " ".join(facts)),
        *_definitions(words, branches=isinstance(summary, NetworkMonth)),
    ]
    columns = (Column(words.gettext("Word"), 1.0), Column(words.gettext("Meaning"), 4.6, wrap=True))
    report.section(words.gettext("How these figures are made"))
    report.table(Table(columns, [(Cell(term, 600), text) for term, text in rows], 8.0))


def _left_out(summary: NetworkMonth, words: Words) -> list[str]:
    """Say how many completed visits do not count, and why."""
    names = {
        "practice": words.gettext("for practice"),
        "competitor": words.gettext("at a competitor’s"),
        "void": words.gettext("declared void"),
        "excluded": words.gettext("left out of figures by a reviewer"),
        "waiting": words.gettext("not approved yet, or before staff were told"),
    }
    held = [(names[reason], n) for reason, n in sorted(summary.left_out.items()) if n and reason in names]
    if not held:
        return []
    said = words.all_of(
        words.gettext("%(reason)s (%(n)s)", reason=name, n=words.number(n)) for name, n in held
    )
    return [words.gettext("Completed, but not counted: %(reasons)s.", reasons=said)]


def weights(report: Medium, summary: NetworkMonth, words: Words) -> None:
    """Give what every standard weighs in Compliance, in the order of the checklist, two side by side."""
    held = {one.standard: one for one in summary.costs}
    checklist = summary.series.checklist
    names = dict.fromkeys((*(item.standard or item.id for item in checklist.items), *held))
    cells = [
        (claims.standard_named(name, checklist, words), words.percent(held[name].weight))
        for name in names
        if name in held
    ]
    if not cells:
        return
    columns = (Column(words.gettext("Standard"), 4.0, wrap=True), Column(words.gettext("Weight"), 0.9, "end"))
    report.section(
        words.gettext("Weights in Compliance"),
        words.gettext("The part each standard has of all points that could be earned in this month"),
    )
    report.table(Table(columns, cells), across=2)


def _definitions(words: Words, *, branches: bool) -> list[tuple[str, str]]:
    found = _common(words)
    if branches:
        found += _of_branches(words)
    return found


def _of_branches(words: Words) -> list[tuple[str, str]]:
    return [
        (
            words.gettext("Costs"),
            words.gettext(
                "A standard’s weight is its part of all points that could be earned, a section’s own weight "
                "minded. One is said to cost most only where its interval lies wholly above every other’s."
            ),
        ),
        (
            words.gettext("Branches"),
            words.gettext(
                "Where many branches are looked at together, some would stand out by luck. Those are named "
                "alone of which at most one in ten may be expected to be luck (Benjamini and Hochberg, "
                "q = 0.10). Ranks are given as those that a branch’s interval allows beside all others’."
            ),
        ),
    ]


def _common(words: Words) -> list[tuple[str, str]]:
    return [
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
                "Times are in whole seconds; one a moment beyond the limit counts as at the limit, because a "
                "thumb is slower than a door. “It never happened” earns nothing and is counted apart, never "
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
    ]


def months_in_figures(report: Medium, summary: Summary, words: Words) -> None:
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
                claims.bounds(point.interval, words),
                NO_FIGURE if point.target is None else words.target(point.target),
                words.number(point.n),
            ]
        rows.append(row)
    with report.together():
        report.section(words.gettext("Thirteen months in figures"))
        report.table(Table(tuple(columns), rows))

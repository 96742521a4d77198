"""What people add when they close a month, and what is stated about it: foreword, decisions, corrections."""

from dataclasses import dataclass
from typing import ClassVar

from checker.charts.model import Drawing, Line, Sheet
from checker.reports import claims, decisions_part
from checker.reports.medium import Medium
from checker.reports.page import NOTE
from checker.reports.text import paragraph
from checker.standards.faults import N_
from checker.standards.model import Axis, Checklist
from checker.summaries.values import Correction, EditionText, Moved
from checker.words import NO_FIGURE, Words

_INDENT = 10.0
_MOST_LINES = 24

MOST_MOVED = 3
"""Standards that a correction names; of the rest it tells how many."""

_AXES = {
    Axis.STANDARD: N_("Compliance is now %(share)s (%(count)s) instead of %(share_sent)s (%(count_sent)s)."),
    Axis.EXPERIENCE: N_(
        "Experience is now %(share)s (%(count)s) instead of %(share_sent)s (%(count_sent)s)."
    ),
}


def opening(report: Medium, edition: EditionText | None, checklist: Checklist, words: Words) -> None:
    """Print the foreword, which edition this is, whether it is drawn again, and what is corrected: in little
    room, because the decisions have to stand on the same page.
    """
    if edition is None:
        return
    said = _standing(edition, words)
    if edition.foreword:
        head = words.gettext("Foreword. %(edition)s", edition=said[0])
        report.draw(Foreword(head, edition.foreword), after=6.0)
        said = said[1:]
    for one in edition.corrections:
        what = " ".join(correction(one, checklist, words))
        said.append(words.gettext("Correction. %(what)s", what=what))
    for index, one_said in enumerate(said, start=1):
        report.note(one_said, after=12.0 if index == len(said) else 3.0)


@dataclass(frozen=True, slots=True)
class Foreword:
    """What a person wrote, beside a rule, so that nobody takes it for what figures say."""

    kind: ClassVar[str] = "foreword"

    head: str
    text: str

    def draw(self, width: float) -> Drawing:
        """Give the words under their head."""
        label = paragraph(self.head, width - _INDENT, NOTE, 10.0, 600, "muted", max_lines=1)
        said = paragraph(self.text, width - _INDENT, 8.5, 11.5, max_lines=_MOST_LINES)
        sheet = Sheet(width, label.height + said.height)
        sheet.add(Line(1.0, 1.0, 1.0, sheet.height - 1.0, "accent", 2.0))
        sheet.add(*label.moved(_INDENT, 0.0), *said.moved(_INDENT, label.height))
        return sheet.drawing()


def next_steps_take(report: Medium, edition: EditionText, words: Words) -> float:
    """Give the points that a branch's decisions take under their heading."""
    decisions = decisions_part.decisions(decisions_part.decided(edition, words), words)
    return report.head(words.gettext("Next steps")) + decisions.draw(report.width).height


def next_steps(report: Medium, edition: EditionText, words: Words) -> None:
    """Print a branch's decisions: exactly those of its edition."""
    with report.together():
        report.section(words.gettext("Next steps"))
        report.draw(decisions_part.decisions(decisions_part.decided(edition, words), words))


def _standing(edition: EditionText, words: Words) -> list[str]:
    said = []
    if edition.released_on is None:
        said.append(words.gettext("Draft of edition %(n)s, not released.", n=words.number(edition.n)))
    else:
        said.append(
            words.gettext(
                "Edition %(n)s, released on %(day)s.",
                n=words.number(edition.n),
                day=words.day(edition.released_on),
            )
        )
    if edition.redrawn is not None:
        day = words.day(edition.redrawn.on)
        said.append(
            {
                "erased": words.gettext(
                    "Drawn again on %(day)s from the same figures: names were erased since it was sent.",
                    day=day,
                ),
                "names": words.gettext(
                    "Drawn again on %(day)s from the same figures: names were changed since it was sent.",
                    day=day,
                ),
                "version": words.gettext(
                    "Drawn again on %(day)s from the same figures by another version of Checker than the one "
                    "that was sent.",
                    day=day,
                ),
            }[edition.redrawn.reason]
        )
    return said


def correction(one: Correction, checklist: Checklist, words: Words) -> tuple[str, ...]:
    """Give what changed in a month since its report was released, in whole sentences; no claim that anything
    rose or fell.
    """
    if not one:
        return ()
    said = [
        words.gettext(
            "Since edition %(n)s for %(month)s was released on %(day)s:",
            n=words.number(one.n),
            month=words.month(one.month),
            day=words.day(one.released_on),
        )
    ]
    said += counts(one, words)
    standards = [each for each in one.moved if each.item is not None]
    said += [_axis(each, words) for each in one.moved if each.item is None]
    said += [_standard(each, checklist, words) for each in standards[:MOST_MOVED]]
    if (rest := len(standards) - MOST_MOVED) > 0:
        said.append(words.ngettext("%(n)s more standard changed.", "%(n)s more standards changed.", rest))
    return tuple(said)


def counts(one: Correction, words: Words) -> list[str]:
    """Give how many visits came later, count again, count no more, or were corrected."""
    said = []
    if one.arrived:
        said.append(words.ngettext("%(n)s visit arrived.", "%(n)s visits arrived.", one.arrived))
    if one.taken_in:
        said.append(words.ngettext("%(n)s visit was taken in.", "%(n)s visits were taken in.", one.taken_in))
    if one.left_out:
        said.append(words.ngettext("%(n)s visit was left out.", "%(n)s visits were left out.", one.left_out))
    if one.corrected:
        said.append(
            words.ngettext("%(n)s visit was corrected.", "%(n)s visits were corrected.", one.corrected)
        )
    return said


def name(one: Moved, checklist: Checklist, words: Words) -> str:
    """Give what moved: an axis, or a standard."""
    if one.item is None:
        return words.gettext(claims.AXIS_NAMES[one.axis])
    return claims.item_name(one.item, checklist, words)


def figures(one: Moved, words: Words) -> dict[str, str]:
    """Give a figure as it was sent and as it is, each with the number of visits behind it."""
    return {
        "share": NO_FIGURE if one.share is None else words.percent(one.share),
        "count": words.count(one.n),
        "share_sent": NO_FIGURE if one.share_sent is None else words.percent(one.share_sent),
        "count_sent": words.count(one.n_sent),
    }


def _axis(one: Moved, words: Words) -> str:
    return words.gettext(_AXES[one.axis], **figures(one, words))


def _standard(one: Moved, checklist: Checklist, words: Words) -> str:
    if one.item is None:
        raise ValueError("a standard comes with its item")
    return words.gettext(
        "“%(standard)s” is now %(share)s (%(count)s) instead of %(share_sent)s (%(count_sent)s).",
        standard=claims.item_name(one.item, checklist, words),
        **figures(one, words),
    )

"""What a page of figures opens with: where Compliance stands, what goes well, what to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from checker.reports import standards_part
from checker.standards.model import Axis, Checklist
from checker.standards.statistics import Verdict
from checker.summaries.values import Finding, StandardFigure

NAMED = 4
"""How many standards stand on each side at most."""

_MOVES = ("rose", "fell")
_NO_CLAIM = ("axis_undecided", "axis_without_target", "too_few")


def in_order(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """(where Compliance stands, every other claim). What is merely not decided is no reason to look.

    Without a score on Compliance the page opens with whatever comes first.
    """
    known = [one for one in findings if one.n or one.kind == "no_visits"]
    lead = [one for one in known if _of_compliance(one)] or known[:1]
    moved = {one.axis for one in known if one.kind in _MOVES}
    rest = [one for one in known if one not in lead and (one.kind not in _NO_CLAIM or one.axis in moved)]
    return lead, rest


def _of_compliance(one: Finding) -> bool:
    """Whether it is about the axis as a whole, not about standards that earn or cost it something."""
    return one.axis is Axis.STANDARD and one.standard is None and not one.standards


@dataclass(frozen=True, slots=True)
class Named:
    """Standards in a list, and in one sentence why these."""

    why: str
    figures: tuple[StandardFigure, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Strengths and, beside what the findings say already, gaps."""

    well: Named
    gaps: Named


def sides(standards: Sequence[StandardFigure]) -> Sides:
    """Choose the standards to name. With too few visits to compare, only what was counted is said."""
    asked = [one for one in standards if one.asked and not one.item.trial]
    chosen = standards_part.select(asked, most=NAMED, least=NAMED)
    if not chosen.most and not chosen.least:
        return _counted(asked)
    open_ones = tuple(one for one in chosen.least if one.verdict is not Verdict.BELOW)
    if all(one.target is None for one in asked):
        return Sides(Named(_("Met most often"), chosen.most), Named(_("Met least often"), open_ones))
    above = [one.verdict is Verdict.ABOVE for one in chosen.most]
    most = _("Met most often, but not above a target beyond doubt")
    if all(above):
        most = _("Above their target")
    elif any(above):
        most = _("Met most often; a triangle marks what is above its target")
    least = _("Met least often, but not below a target beyond doubt")
    return Sides(Named(most, chosen.most), Named(least, open_ones))


def asks_for_experience(checklist: Checklist) -> bool:
    """Whether the checklist has a question on the Experience axis; many have none."""
    return any(item.scored and item.axis is Axis.EXPERIENCE for item in checklist.items)


def _counted(asked: Sequence[StandardFigure]) -> Sides:
    """Met every time, and not; in the checklist's order, the most often missed first."""
    always = [one for one in asked if one.met == one.asked]
    missed = sorted((one for one in asked if one.met < one.asked), key=lambda one: one.met - one.asked)
    return Sides(
        Named(_("Met in every visit; too few visits to compare"), tuple(always[:NAMED])),
        Named(_("Not met in every visit; too few visits to compare"), tuple(missed[:NAMED])),
    )

"""Which of a month's findings a page opens with, and which it lists as what to look at."""

from __future__ import annotations

from collections.abc import Sequence

from checker.standards.model import Axis
from checker.summaries.values import Finding

_MOVES = ("rose", "fell")
_NO_CLAIM = ("axis_undecided", "axis_without_target", "too_few")


def in_order(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """(where Compliance stands, every other claim). What is merely not decided is no reason to look.

    Without a score on Compliance the page opens with whatever comes first.
    """
    known = [one for one in findings if one.n or one.kind == "no_visits"]
    lead = [one for one in known if one.axis is Axis.STANDARD and one.standard is None] or known[:1]
    moved = {one.axis for one in known if one.kind in _MOVES}
    rest = [one for one in known if one not in lead and (one.kind not in _NO_CLAIM or one.axis in moved)]
    return lead, rest

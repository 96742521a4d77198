"""What a completed visit is worth, by the rules SC-01 … SC-14 (docs/scoring.md), in exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import cast

from checker.standards.model import (
    WHOLE,
    Adjustment,
    Answer,
    Answers,
    Axis,
    Checklist,
    Choice,
    Count,
    Duration,
    Graded,
    Item,
    Level,
    Line,
    Multi,
    Number,
    Part,
    Scale,
    Score,
    State,
    YesNo,
)
from checker.standards.when import asked

SCORER = 1
"""Raised whenever a rule changes, so that a stored score says by which rules it was made (SC-12)."""


def score(checklist: Checklist, answers: Answers, context: Mapping[str, object]) -> Score:
    """Score the answers of one **completed** visit (SC-06: other visits are not scored; do not call this for
    them).

    Sums are units of 1/10,000 point, shares millionths (SC-01). `axes` always has both axes; `sections` and
    `employees` have the parts for which the checklist has scored items. In every part `earned` and `possible`
    are sums without bonus. An axis' share is after weights, bonus and caps; a section's is plain; an
    employee's is plain with the bonus of that role's own items.
    """
    shown = asked(checklist, answers, context)
    lines = tuple(
        _line(item, section.id, answers.get(item.id), item.id in shown)
        for section in checklist.sections
        for item in section.items
    )
    sums = _Sums(lines)
    axes: dict[Axis, Part] = {}
    adjustments: list[Adjustment] = []
    for axis in Axis:
        axes[axis], moved = _axis_part(checklist, axis, sums)
        adjustments += moved
    return Score(
        scorer=SCORER,
        axes=axes,
        sections={
            key: Part(earned, possible, share_of(earned, possible))
            for key, (earned, possible) in sums.sections.items()
        },
        employees={
            key: _employee_part(pair, sums.employee_bonus.get(key, 0), capped=checklist.bonus_cap)
            for key, pair in sums.employees.items()
        },
        lines=lines,
        adjustments=tuple(adjustments),
        flagged=bool(sums.failed),
    )


def share_of(earned: int, possible: int) -> int | None:
    """`earned` of `possible` in millionths, rounded half up once (SC-01); None when nothing was possible
    (SC-06).
    """
    return _half_up(earned * WHOLE, possible) if possible else None


def percent(share: int | None, places: int = 1) -> Decimal | None:
    """A share in millionths as the percentage that is shown, half up (SC-01): 873,450 is Decimal("87.3")."""
    if share is None:
        return None
    shown = Decimal(share).scaleb(-4).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return shown or abs(shown)  # a tiny fall is shown as 0.0, not as -0.0


# --- one item -----------------------------------------------------------------------------------------------


def _line(item: Item, section: str, answer: Answer | None, shown: bool) -> Line:
    if not shown:
        return Line(item, section, answer, 0, 0, None, hidden=True)
    if answer is None or answer.state is State.NA or not item.scored:
        return Line(item, section, answer, 0, 0, None)
    earned, met, within_tolerance = _worth(item, answer)
    if item.trial:
        return Line(item, section, answer, 0, 0, met, within_tolerance=within_tolerance)
    return Line(item, section, answer, earned, item.points, met, within_tolerance=within_tolerance)


def _worth(item: Item, answer: Answer) -> tuple[int, bool, bool]:
    """What an answered, scored item earned, whether it is met, and whether a tolerance made it so (SC-02 …
    SC-05).
    """
    points, rule = item.points, item.rule
    if isinstance(rule, YesNo):
        return (points, True, False) if answer.value else (0, False, False)
    if isinstance(rule, Duration):
        return _duration(rule, points, answer)
    match rule:
        case Count(maximum=maximum, met_at=met_at):
            number = cast(int, answer.value)
            return _half_up(points * number, maximum), number >= met_at, False
        case Scale(met_at=met_at):
            number = cast(int, answer.value)
            return _half_up(points * (number - 1), 4), number >= met_at, False
        case Choice(options=options, met=met):
            earned = next(option.points for option in options if option.id == answer.value)
            return earned, answer.value in met, False
        case Multi(options=options, met_at=met_at):
            ticked = cast(tuple[str, ...], answer.value)
            earned = min(points, sum(option.points for option in options if option.id in ticked))
            return earned, earned * WHOLE >= met_at * points, False
        case Graded(met_at=met_at):
            earned = cast(int, answer.value)
            return earned, earned * WHOLE >= met_at * points, False
        case Number(met_at=met_at):
            share = _band_share(rule, cast(Decimal, answer.value))
            return _half_up(points * share, WHOLE), share >= met_at, False
    return 0, False, False  # unscored types never come here: `Item.scored` keeps them out


def _duration(rule: Duration, points: int, answer: Answer) -> tuple[int, bool, bool]:
    """SC-03: all to the target, a straight line down to the limit, nothing above; a little late is marked."""
    if answer.state is State.NEVER:
        return 0, False, False
    seconds = cast(int, answer.value) // 1000
    if seconds <= rule.target_s:
        return points, True, False
    tolerance = rule.estimated_tolerance_s if answer.estimated else rule.tapped_tolerance_s
    if seconds > rule.limit_s + tolerance:
        return 0, False, False
    late = min(seconds, rule.limit_s) - rule.target_s
    span = rule.limit_s - rule.target_s
    kept = WHOLE * span - (WHOLE - rule.at_limit) * late if span else WHOLE
    return _half_up(points * kept, WHOLE * (span or 1)), True, seconds > rule.limit_s


def _band_share(rule: Number, number: Decimal) -> int:
    return next((band.share for band in rule.bands if band.up_to is None or number <= band.up_to), 0)


# --- sums and shares ----------------------------------------------------------------------------------------


class _Sums:
    """The sums a score is made of, in one pass over its lines; pairs are [earned, possible]."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.sections: dict[tuple[str, Axis], list[int]] = {}
        self.employees: dict[tuple[str, Axis], list[int]] = {}
        self.bonus: dict[Axis, int] = {}
        self.employee_bonus: dict[tuple[str, Axis], int] = {}
        self.failed: set[Axis] = set()
        for line in lines:
            if line.item.scored:
                self._add(line)

    def _add(self, line: Line) -> None:
        item, axis = line.item, line.item.axis
        section = self.sections.setdefault((line.section, axis), [0, 0])
        employee = None
        if item.level is Level.EMPLOYEE:
            employee = self.employees.setdefault((item.role, axis), [0, 0])
        # SC-10; a trial item has no consequence yet (SC-13).
        if item.critical and line.met is False and not item.trial:
            self.failed.add(axis)
        if item.bonus:
            self.bonus[axis] = self.bonus.get(axis, 0) + line.earned
            if employee is not None:
                self.employee_bonus[item.role, axis] = (
                    self.employee_bonus.get((item.role, axis), 0) + line.earned
                )
            return
        for pair in (section, employee) if employee is not None else (section,):
            pair[0] += line.earned
            pair[1] += line.possible


def _axis_part(checklist: Checklist, axis: Axis, sums: _Sums) -> tuple[Part, list[Adjustment]]:
    """SC-07, SC-09, SC-10: the plain share, then weights, bonus and caps; rounded once at the end."""
    sections = [
        (section.weight or 0, *sums.sections.get((section.id, axis), (0, 0)))
        for section in checklist.sections
    ]
    earned, possible = sum(part[1] for part in sections), sum(part[2] for part in sections)
    if not possible:
        return Part(earned, possible, None), []
    plain = Fraction(earned, possible)
    share: Fraction | None = plain
    if checklist.weighted:
        share = _weighted_share(sections)
    if share is None:
        return Part(earned, possible, None), []
    moves = [("weights", share - plain)]
    if bonus := sums.bonus.get(axis, 0):
        moves.append(("bonus", Fraction(bonus, possible)))
        share += moves[-1][1]
        if checklist.bonus_cap and share > 1:
            moves.append(("bonus_cap", 1 - share))
            share = Fraction(1)
    if checklist.critical_cap is not None and axis in sums.failed:
        cap = Fraction(checklist.critical_cap, WHOLE)
        if share > cap:
            moves.append(("critical_cap", cap - share))
            share = cap
    adjustments = [Adjustment(axis, kind, move.numerator, move.denominator) for kind, move in moves if move]
    return Part(earned, possible, _half_up(share.numerator * WHOLE, share.denominator)), adjustments


def _weighted_share(sections: list[tuple[int, int, int]]) -> Fraction | None:
    """SC-09 over (weight, earned, possible): Σ weight × share / Σ weight, over the sections that have a
    share.
    """
    weights, numerator, denominator = 0, 0, 1
    for weight, earned, possible in sections:
        if possible:
            weights += weight
            numerator = numerator * possible + weight * earned * denominator
            denominator *= possible
    return Fraction(numerator, denominator * weights) if weights else None


def _employee_part(pair: list[int], bonus: int, *, capped: bool) -> Part:
    """SC-08: a role's own items, plain, with their own bonus; weights and critical cap belong to the branch's
    axis.
    """
    earned, possible = pair
    with_bonus = min(earned + bonus, possible) if capped else earned + bonus
    return Part(earned, possible, share_of(with_bonus, possible))


def _half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, a half upwards; nothing here is negative."""
    return (2 * numerator + denominator) // (2 * denominator)


# --- the explanation ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line of an axis' explanation: kind is "item", "weights", "bonus", "bonus_cap" or "critical_cap".

    `share` is its exact part of the axis' share; `earned` of `possible` in units for items and bonus items,
    else 0.
    """

    axis: Axis
    kind: str
    item: str | None
    share: Fraction
    earned: int = 0
    possible: int = 0


def explain(scored: Score) -> tuple[Explanation, ...]:
    """Where each axis' share comes from (SC-14): item lines, then weights, bonus items, caps.

    Per axis the shares add up to its exact share, which the score holds rounded once. Items that left the
    sums and axes without a score have no line.
    """
    return tuple(line for axis in Axis for line in _explain_axis(scored, axis))


def _explain_axis(scored: Score, axis: Axis) -> list[Explanation]:
    part = scored.axes[axis]
    if part.share is None:
        return []
    worth = [line for line in scored.lines if line.item.axis is axis and line.possible]
    items = [_explain_line(line, "item", part.possible) for line in worth if not line.item.bonus]
    bonus = [_explain_line(line, "bonus", part.possible) for line in worth if line.item.bonus]
    moved = {
        move.kind: Explanation(axis, move.kind, None, Fraction(move.numerator, move.denominator))
        for move in scored.adjustments
        if move.axis is axis and move.kind != "bonus"  # told item by item
    }
    weights = [moved.pop("weights")] if "weights" in moved else []
    return [*items, *weights, *bonus, *moved.values()]


def _explain_line(line: Line, kind: str, possible: int) -> Explanation:
    share = Fraction(line.earned, possible)
    return Explanation(line.item.axis, kind, line.item.id, share, line.earned, line.possible)

"""What a completed visit is worth, by the rules SC-01 … SC-14 (docs/scoring.md), in exact arithmetic."""

from __future__ import annotations

from collections import defaultdict
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
    """Score the answers of one **completed** visit; others are not scored (SC-06): do not call this for them.

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
            key: Part(each.earned, each.possible, share_of(each.earned, each.possible))
            for key, each in sums.sections.items()
        },
        employees={key: _employee_part(checklist, each) for key, each in sums.employees.items()},
        lines=lines,
        adjustments=tuple(adjustments),
        flagged=bool(sums.failed),
    )


def share_of(earned: int, possible: int) -> int | None:
    """`earned` of `possible` in millionths, half up once (SC-01); None where nothing was possible (SC-06)."""
    return _half_up(earned * WHOLE, possible) if possible else None


def percent(share: int | None, places: int = 1) -> Decimal | None:
    """A share in millionths as the percentage that is shown, half up (SC-01): 873,450 is Decimal("87.3")."""
    if share is None:
        return None
    shown = Decimal(share).scaleb(-4).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return shown or abs(shown)  # a tiny fall is shown as 0.0, not as -0.0


# --- one item -----------------------------------------------------------------------------------------------


def worth(item: Item, answer: Answer) -> int:
    """What one answer to a scored item earns of the item's points, in units (SC-02 … SC-05)."""
    return _worth(item, answer)[0]


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
    """SC-02 … SC-05: what an answered item earned, whether it is met, whether a tolerance made it so."""
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


class _Sum:
    """What some lines earned of what they could, and the bonus they earned on top (SC-10)."""

    __slots__ = ("bonus", "earned", "possible")

    def __init__(self) -> None:
        self.earned = self.possible = self.bonus = 0

    def add(self, line: Line) -> None:
        if line.item.bonus:
            self.bonus += line.earned
        else:
            self.earned += line.earned
            self.possible += line.possible


class _Sums:
    """The sums a score is made of, in one pass over its lines."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.sections: defaultdict[tuple[str, Axis], _Sum] = defaultdict(_Sum)
        self.employees: defaultdict[tuple[str, Axis], _Sum] = defaultdict(_Sum)
        self.failed: set[Axis] = set()
        """The axes on which a critical item was not met (SC-10); a trial item has no consequence (SC-13)."""
        for line in lines:
            item = line.item
            if not item.scored:
                continue
            self.sections[line.section, item.axis].add(line)
            if item.level is Level.EMPLOYEE:
                self.employees[item.role, item.axis].add(line)
            if item.critical and line.met is False and not item.trial:
                self.failed.add(item.axis)


def _axis_part(checklist: Checklist, axis: Axis, sums: _Sums) -> tuple[Part, list[Adjustment]]:
    """SC-07, SC-09, SC-10: the plain share, then weights, bonus and caps; rounded once at the end."""
    weights = [(section.weight or 0, sums.sections.get((section.id, axis))) for section in checklist.sections]
    parts = [(weight, part) for weight, part in weights if part]
    earned, possible = sum(part.earned for _, part in parts), sum(part.possible for _, part in parts)
    if not possible:
        return Part(earned, possible, None), []
    plain = Fraction(earned, possible)
    share = _weighted_share(parts) if checklist.weighted else plain
    if share is None:
        return Part(earned, possible, None), []
    moves = [("weights", share - plain)]
    bonus = Fraction(sum(part.bonus for _, part in parts), possible)
    moves.append(("bonus", bonus))
    share += bonus
    if checklist.bonus_cap and share > 1:
        moves.append(("bonus_cap", 1 - share))
        share = Fraction(1)
    if checklist.critical_cap is not None and axis in sums.failed:
        cap = min(share, Fraction(checklist.critical_cap, WHOLE))
        moves.append(("critical_cap", cap - share))
        share = cap
    adjustments = [Adjustment(axis, kind, move.numerator, move.denominator) for kind, move in moves if move]
    return Part(earned, possible, _half_up(share.numerator * WHOLE, share.denominator)), adjustments


def _weighted_share(parts: list[tuple[int, _Sum]]) -> Fraction | None:
    """SC-09: Σ weight × share / Σ weight, over the sections that have a share."""
    weights, numerator, denominator = 0, 0, 1
    for weight, part in parts:
        if part.possible:
            weights += weight
            numerator = numerator * part.possible + weight * part.earned * denominator
            denominator *= part.possible
    return Fraction(numerator, denominator * weights) if weights else None


def _employee_part(checklist: Checklist, own: _Sum) -> Part:
    """SC-08: a role's own items with their own bonus; weights and the critical cap are the whole visit's."""
    with_bonus = own.earned + own.bonus
    if checklist.bonus_cap:
        with_bonus = min(with_bonus, own.possible)
    return Part(own.earned, own.possible, share_of(with_bonus, own.possible))


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

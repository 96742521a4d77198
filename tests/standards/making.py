"""Small builders of checklists, items and answers for tests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from checker.standards.answers import read_answers
from checker.standards.model import (
    POINT,
    WHOLE,
    Answer,
    Axis,
    Checklist,
    Choice,
    Condition,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Level,
    Multi,
    Number,
    Option,
    Part,
    Photo,
    Rule,
    Scale,
    Score,
    Section,
    YesNo,
)
from checker.standards.score import score

RULES: Mapping[str, Rule] = {
    "yes_no_na": YesNo(),
    "duration": Duration(target_s=20, limit_s=30),
    "count": Count(maximum=3, met_at=3),
    "scale": Scale(),
    "graded": Graded(),
    "number": Number(),
    "text": FreeText(),
    "photo": Photo(),
    "datetime": DateTime(),
}
"""One rule for each type that needs no options, with the defaults of the shipped checklists."""


def units(points: str | int) -> int:
    """Points as they are spoken ("0.25") in units of 1/10,000 point."""
    return int(Decimal(points) * POINT)


def option(name: str, points: str | int = 0) -> Option:
    return Option(name, {"en": name}, units(points))


def choice(met: str = "", **points: str | int) -> Choice:
    """choice(met="a b", a=2, b=1, c=0)"""
    return Choice(tuple(option(name, worth) for name, worth in points.items()), frozenset(met.split()))


def multi(met_at: int = WHOLE, **points: str | int) -> Multi:
    return Multi(tuple(option(name, worth) for name, worth in points.items()), met_at)


def item(name: str, rule: Rule | str = "yes_no_na", points: str | int = 1, **rest: object) -> Item:
    """An item worth `points`; n/a is allowed on yes_no_na unless said otherwise, as in a checklist's file."""
    rule = RULES[rule] if isinstance(rule, str) else rule
    rest.setdefault("na_allowed", isinstance(rule, YesNo))
    return Item(id=name, rule=rule, text={"en": name}, points=units(points), standard=name, **rest)


def felt(name: str, points: str | int = 1, **rest: object) -> Item:
    """A scale on the experience axis."""
    return item(name, "scale", points, axis=Axis.EXPERIENCE, **rest)


def own(name: str, rule: Rule | str = "yes_no_na", points: str | int = 1, **rest: object) -> Item:
    """An item of the employee's level."""
    return item(name, rule, points, level=Level.EMPLOYEE, **rest)


def when(subject: str, *values: str, least: str | None = None, most: str | None = None) -> Condition:
    return Condition(
        subject,
        values,
        None if least is None else Decimal(least),
        None if most is None else Decimal(most),
    )


def section(name: str, *items: Item, weight: int | None = None) -> Section:
    return Section(name, {"en": name}, items, weight)


def checklist(*parts: Item | Section, **rest: object) -> Checklist:
    """A checklist of sections, or of items in one section "all"."""
    sections = tuple(part for part in parts if isinstance(part, Section))
    items = tuple(part for part in parts if isinstance(part, Item))
    if items:
        sections += (section("all", *items),)
    return Checklist("made", 1, {"en": "Made"}, ("en",), sections, **rest)


def answers(made: Checklist, **said: object) -> dict[str, Answer]:
    """Answers in the shape they are sent; a fault in them is a mistake of the test."""
    read, faults = read_answers(made, said)
    assert not faults, [str(fault) for fault in faults]
    return read


def scored(made: Checklist, context: Mapping[str, object] | None = None, **said: object) -> Score:
    return score(made, answers(made, **said), context or {})


def compliance(made: Checklist, **said: object) -> Part:
    return scored(made, **said).axes[Axis.STANDARD]


def experience(made: Checklist, **said: object) -> Part:
    return scored(made, **said).axes[Axis.EXPERIENCE]

"""Random checklists and answers to them, for the laws every checklist must keep."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from checker.standards.model import (
    POINT,
    WHOLE,
    Axis,
    Band,
    Checklist,
    Choice,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Level,
    Multi,
    Number,
    Photo,
    Role,
    Scale,
    Section,
    YesNo,
)
from tests.standards.making import option, when

ROLES = ("greeter", "cashier")
SHARES = st.integers(0, WHOLE)
WORDS = st.text(max_size=12)
SECONDS = st.one_of(st.integers(0, 120), st.decimals(0, 120, places=3).map(str))


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(st.characters()),
        st.sampled_from(["na", "never", "yes", "25.4"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(["value", "note", "na", "never", "estimated"]), st.text(max_size=5)),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=6,
)
"""Anything that can arrive as JSON, often nearly an answer."""


@st.composite
def rules(draw, points: int):
    kind = draw(
        st.sampled_from([YesNo, Duration, Count, Scale, Choice, Multi, Graded, Number, FreeText, Photo])
    )
    if kind is Duration:
        target = draw(st.integers(0, 40))
        return Duration(target, target + draw(st.integers(0, 40)), draw(SHARES))
    if kind is Count:
        maximum = draw(st.integers(1, 6))
        return Count(maximum, draw(st.integers(1, maximum)))
    if kind is Scale:
        return Scale(draw(st.integers(2, 5)))
    if kind in (Choice, Multi):
        names = "abcd"[: draw(st.integers(2, 4))]
        worth = [Decimal(draw(st.integers(0, points))) / POINT for _ in names]
        options = tuple(map(option, names, worth))
        return (
            Choice(options, draw(st.frozensets(st.sampled_from(names)))) if kind is Choice else Multi(options)
        )
    if kind is Graded:
        return Graded(draw(SHARES))
    if kind is Number:
        edges = sorted(draw(st.lists(st.integers(-20, 20), max_size=3, unique=True)))
        bands = tuple(Band(Decimal(edge), draw(SHARES)) for edge in edges)
        return Number(bands=bands, met_at=draw(SHARES))
    return draw(st.sampled_from([YesNo(), FreeText(), Photo(), DateTime()])) if kind is Photo else kind()


@st.composite
def items(draw, name: str, earlier: list[str], **fixed: object) -> Item:
    points = draw(st.integers(0, 20 * POINT))
    conditions = ()
    if earlier and draw(st.integers(0, 4)) == 0:
        parent = draw(st.sampled_from(earlier))
        conditions = (when(parent, *draw(st.lists(st.sampled_from(["yes", "no", "na", "never", "1", "a"])))),)
    drawn = {
        "rule": draw(rules(points)),
        "required": draw(st.booleans()),
        "axis": draw(st.sampled_from(Axis)),
        "level": draw(st.sampled_from(Level)),
        "role": draw(st.sampled_from(ROLES)),
        "critical": draw(st.booleans()),
        "bonus": draw(st.integers(0, 3)) == 0,
        "trial": draw(st.integers(0, 5)) == 0,
        "na_allowed": draw(st.booleans()),
        "when": conditions,
    }
    return Item(id=name, text={"en": name}, points=points, **{**drawn, **fixed})


@st.composite
def checklists(draw, **fixed: object) -> Checklist:
    """Up to three sections of up to four items; `fixed` attributes hold for every item."""
    weighted = draw(st.booleans())
    names: list[str] = []
    sections = []
    for place in range(draw(st.integers(1, 3))):
        row = []
        for _ in range(draw(st.integers(1, 4))):
            name = f"i{len(names)}"
            row.append(draw(items(name, names, **fixed)))
            names.append(name)
        weight = draw(st.integers(0, 5 * POINT)) if weighted else None
        sections.append(Section(f"s{place}", {"en": "s"}, tuple(row), weight))
    return Checklist(
        "drawn",
        1,
        {"en": "Drawn"},
        ("en",),
        tuple(sections),
        roles=tuple(map(Role, ROLES)),
        critical_cap=draw(st.one_of(st.none(), SHARES)),
        bonus_cap=draw(st.booleans()),
    )


def values(item: Item) -> st.SearchStrategy[object]:
    """A value of `item` as it is sent."""
    match item.rule:
        case YesNo():
            return st.sampled_from(["yes", "no"])
        case Duration():
            return SECONDS
        case Count(maximum=maximum):
            return st.integers(0, maximum)
        case Scale():
            return st.integers(1, 5)
        case Choice(options=options):
            return st.sampled_from([each.id for each in options])
        case Multi(options=options):
            return st.lists(st.sampled_from([each.id for each in options]), unique=True)
        case Graded():
            return st.integers(0, item.points).map(lambda units: format(Decimal(units) / POINT, "f"))
        case Number():
            return st.one_of(st.integers(-30, 30), st.decimals(-30, 30, places=2).map(str))
        case FreeText():
            return WORDS.map("w{}".format)
        case Photo():
            hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
            return st.lists(hashes, min_size=1, max_size=3, unique=True)
    return st.datetimes(timezones=st.timezones()).map(
        lambda moment: moment.replace(year=2026, month=3, day=1 + moment.day % 28).isoformat()
    )


@st.composite
def one_answer(draw, item: Item) -> object:
    """An answer to `item` as it is sent, in any of its shapes."""
    said: dict[str, object] = {"value": draw(values(item))}
    if item.na_allowed and draw(st.integers(0, 4)) == 0:
        said = {"na": True}
    elif isinstance(item.rule, Duration) and draw(st.integers(0, 4)) == 0:
        said = {"never": True}
    elif isinstance(item.rule, Duration):
        said["estimated"] = draw(st.booleans())
    if draw(st.booleans()):
        said["note"] = draw(WORDS)
    return said["value"] if list(said) == ["value"] and draw(st.booleans()) else said


@st.composite
def visits(draw, **fixed: object) -> tuple[Checklist, dict[str, object]]:
    """A checklist and answers to some of its items as they are sent."""
    made = draw(checklists(**fixed))
    said = {item.id: draw(one_answer(item)) for item in made.items if draw(st.integers(0, 5))}
    return made, said

"""Any sound definition of a checklist, for laws that hold for all of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from checker.standards.keys import PILLARS
from checker.standards.shapes import written

Draw = Any
LANGUAGES = ["en", "fi", "de", "pl", "ro"]
EVENTS = ["entered", "greeted", "paid"]
ROLES = ["greeter", "adviser", "cashier", "served_by"]
letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Z"])
words = st.text(letters, min_size=1, max_size=12)


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[int | str]:
    """Numbers as plain JSON holds them: integers, and decimals as text."""
    last = 10**places
    return st.integers(low * last, high * last).map(lambda units: written(Decimal(units).scaleb(-places)))


@st.composite
def texts(draw: Draw, languages: list[str]) -> dict[str, str]:
    return {language: draw(words) for language in languages}


@st.composite
def definitions(draw: Draw) -> dict[str, Any]:
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    roles = draw(st.lists(st.sampled_from(ROLES), max_size=3, unique=True))
    events = draw(st.lists(st.sampled_from(EVENTS), max_size=3, unique=True))
    weighted = draw(st.booleans())
    earlier: list[dict[str, Any]] = []
    sections = []
    for index in range(draw(st.integers(1, 2))):
        items = []
        for _ in range(draw(st.integers(1, 3))):
            item = draw(an_item(f"item_{len(earlier)}", languages, roles or ["served_by"], earlier))
            if item["type"] == "duration" and len(events) > 1 and draw(st.booleans()):
                item |= {"from": events[0], "until": events[1]}
            earlier.append(item)
            items.append(item)
        section = {"id": f"part_{index}", "title": draw(texts(languages)), "items": items}
        sections.append(section | ({"weight": draw(decimals(1, 100, 4))} if weighted else {}))
    return {
        "id": "any",
        "version": draw(st.integers(1, 100)),
        "title": draw(texts(languages)),
        "languages": languages,
        "sections": sections,
        **draw(
            some(
                sector=st.just("retail"),
                channel=st.sampled_from(["store", "online", "phone"]),
                critical_cap=decimals(0, 100, 4),
                bonus_cap=st.sampled_from([100, "none"]),
                tolerance_s=some(tapped=st.integers(0, 60), estimated=st.integers(0, 60)),
            )
        ),
        **({"events": [{"id": id_, "text": draw(texts(languages))} for id_ in events]} if events else {}),
        **({"roles": [draw(a_role(role, languages)) for role in roles]} if roles else {}),
    }


def some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def a_role(draw: Draw, role: str, languages: list[str]) -> object:
    titled = {"id": role} | draw(some(title=texts(languages)))
    return draw(st.sampled_from([role, titled]))


@st.composite
def an_item(
    draw: Draw, name: str, languages: list[str], roles: list[str], earlier: list[dict[str, Any]]
) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(OWN)))
    own = draw(OWN[kind](languages))
    item = {"id": name, "type": kind, "text": draw(texts(languages)), **own}
    item |= draw(
        some(
            help=texts(languages),
            why=texts(languages),
            required=st.booleans(),
            pillar=st.sampled_from(PILLARS),
            standard=st.sampled_from(["greeting", "care", name]),
        )
    )
    if kind in ("text", "photo", "datetime") or (kind == "number" and "bands" not in own):
        item |= draw(some(axis=st.sampled_from(["standard", "experience"])))
    else:
        item |= {"axis": draw(st.sampled_from(["standard", "experience"]))}
        item |= {"level": draw(st.sampled_from(["employee", "branch"]))}
        item |= draw(some(na_allowed=st.booleans()))
        if kind not in ("choice", "multi"):
            item["points"] = draw(decimals(1, 20, 4))
        flags = ["bonus", "trial"] if kind == "scale" else ["bonus", "trial", "critical"]
        item |= {flag: True for flag in [draw(st.sampled_from([None, *flags]))] if flag}
    if item.get("level") == "employee":
        item |= draw(some(role=st.sampled_from(roles)))
    if when := draw(conditions(earlier)):
        item["when"] = when
    return item


@st.composite
def conditions(draw: Draw, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    when: dict[str, Any] = draw(
        some(
            **{
                "context.busy": st.sampled_from(["yes", "no", ["yes", "no"]]),
                "context.customers_waiting": st.sampled_from([2, [1, "3"], {"min": 1}, {"max": "4.5"}]),
                "context.scenario": words.filter(lambda word: not word.isdecimal()),
            }
        )
    )
    for parent in draw(st.lists(st.sampled_from(earlier), max_size=2)) if earlier else ():
        answers: dict[str, list[object]] = {
            "yes_no_na": ["yes", ["no"]],
            "duration": ["never", {"min": 20}],
            "count": [1, {"max": 1}],
            "scale": [[1, 2], {"min": "1.5", "max": 3}],
            "graded": ["0.5", {"min": "0.25"}],
            "number": ["0.5", {"max": 3}],
            "choice": ["first"],
            "multi": [["first"]],
        }
        if parent["type"] in answers:
            when[parent["id"]] = draw(st.sampled_from(answers[parent["type"]]))
    return when


# --- the keys of each type ----------------------------------------------------------------------------------


@st.composite
def duration(draw: Draw, _languages: list[str]) -> dict[str, Any]:
    target, limit = sorted([draw(st.integers(1, 600)), draw(st.integers(1, 600))])
    tolerance = some(tapped=st.integers(0, 60), estimated=st.integers(0, 60))
    rest = draw(some(at_limit=decimals(0, 1, 6), tolerance_s=tolerance))
    return {"target_s": target, "limit_s": limit, **rest}


@st.composite
def count(draw: Draw, _languages: list[str]) -> dict[str, Any]:
    most = draw(st.integers(1, 9))
    return {"max": most, **draw(some(met_at=st.integers(1, most)))}


def scale(languages: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    own = st.fixed_dictionaries({"low": texts(languages), "high": texts(languages)})
    return some(met_at=st.integers(2, 5), scale_labels=st.sampled_from(["quality", "degree"]) | own)


@st.composite
def options(draw: Draw, languages: list[str]) -> list[dict[str, Any]]:
    ids = draw(st.lists(st.sampled_from(["second", "third", "none_"]), max_size=3, unique=True))
    first = {"id": "first", "text": draw(texts(languages)), "points": draw(decimals(1, 5, 4))}
    others = [
        {"id": name, "text": draw(texts(languages))} | draw(some(points=decimals(0, 5, 4))) for name in ids
    ]
    return [first, *others]


@st.composite
def choice(draw: Draw, languages: list[str]) -> dict[str, Any]:
    offered = draw(options(languages))
    ids = [option["id"] for option in offered]
    return {"options": offered, **draw(some(met=st.lists(st.sampled_from(ids), min_size=1, unique=True)))}


@st.composite
def multi(draw: Draw, languages: list[str]) -> dict[str, Any]:
    rest = draw(some(met_at=decimals(0, 1, 6), points=st.just(1)))
    return {"options": draw(options(languages)), **rest}


@st.composite
def number(draw: Draw, _languages: list[str]) -> dict[str, Any]:
    limits = draw(some(min=decimals(-9, 0, 2), max=decimals(9, 99, 6)))
    if draw(st.booleans()):
        return limits
    ends = sorted(draw(st.lists(st.integers(-5, 5), max_size=3, unique=True)))
    bands = [{"up_to": end, "share": draw(decimals(0, 1, 6))} for end in ends]
    return {**limits, "bands": [*bands, {"share": 1}], **draw(some(met_at=decimals(0, 1, 6)))}


def nothing(_languages: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.just({})


OWN = {
    "yes_no_na": nothing,
    "duration": duration,
    "count": count,
    "scale": scale,
    "choice": choice,
    "multi": multi,
    "graded": lambda _languages: some(met_at=decimals(0, 1, 6)),
    "number": number,
    "text": nothing,
    "photo": lambda _languages: some(
        gallery=st.booleans(),
        most=st.integers(1, 20),
        keep=st.lists(st.sampled_from(["time", "place"]), min_size=1, unique=True),
    ),
    "datetime": nothing,
}

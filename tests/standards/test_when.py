"""Which items are asked: the shared cases, and the laws behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.model import Checklist, Choice, Condition, Item, Multi, Rule
from checker.standards.when import asked
from tests.standards.making import RULES, answers, checklist, item, option, when

CASES = json.loads((Path(__file__).parent.parent / "cases" / "when.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_shared_cases(case):
    """SC-11"""
    made = read_items(case["items"])
    shown = asked(made, answers(made, **case["answers"]), case["context"])
    assert [each.id for each in made.items if each.id in shown] == case["asked"]


def test_the_names_of_the_cases_differ():
    assert len({case["name"] for case in CASES}) == len(CASES)


def read_items(given: list[Mapping[str, object]]) -> Checklist:
    return checklist(*map(read_item, given))


def read_item(given: Mapping[str, object]) -> Item:
    conditions = tuple(read_condition(subject, test) for subject, test in given.get("when", {}).items())
    return item(given["id"], read_rule(given), 3, na_allowed=True, when=conditions)


def read_rule(given: Mapping[str, object]) -> Rule:
    options = tuple(option(name) for name in given.get("options", ()))
    match given["type"]:
        case "choice":
            return Choice(options, frozenset())
        case "multi":
            return Multi(options)
    return RULES[given["type"]]


def read_condition(subject: str, test: object) -> Condition:
    match test:
        case dict():
            bounds = {word: Decimal(bound) for word, bound in test.items()}
            return Condition(subject, (), bounds.get("min"), bounds.get("max"))
        case list():
            return when(subject, *map(str, test))
    return when(subject, str(test))


@given(st.lists(st.tuples(st.sampled_from(["yes", "no", "na", None]), st.integers(0, 5)), max_size=6))
def test_what_is_asked_depends_on_earlier_items_only(rows):
    """SC-11: cutting the end off a checklist changes nothing before the cut."""
    items = [
        item(f"i{n}", when=(when(f"i{parent}", "yes"),) if parent < n else ())
        for n, (_, parent) in enumerate(rows)
    ]
    said = {f"i{n}": answer for n, (answer, _) in enumerate(rows) if answer}
    whole = checklist(*items)
    shown = asked(whole, answers(whole, **said), {})
    for end in range(len(items)):
        part = checklist(*items[:end])
        few = {name: answer for name, answer in said.items() if name in part.item}
        assert asked(part, answers(part, **few), {}) == {each.id for each in part.items if each.id in shown}


@given(st.text(max_size=8), st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.none()))
def test_any_word_may_stand_in_a_condition(word, said):
    """SC-11: even one that looks like a number and is none."""
    made = checklist(item("a", when=(when("context.scenario", word, "NaN", "sNaN", "1e9999999"),)))
    assert asked(made, {}, {"scenario": said}) <= {"a"}

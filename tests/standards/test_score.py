"""The scoring rules SC-01 … SC-15 one by one, and the laws that hold for every checklist and answer."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.answers import read_answers
from checker.standards.body import Sent, ServiceLevel
from checker.standards.model import (
    WHOLE,
    Answer,
    Axis,
    Band,
    Checklist,
    Count,
    Duration,
    Graded,
    Level,
    Number,
    Part,
    Scale,
    Score,
    State,
    YesNo,
)
from checker.standards.score import SCORER, explain, percent, score, share_of
from tests.standards.drawing import visits
from tests.standards.making import (
    checklist,
    choice,
    compliance,
    experience,
    felt,
    item,
    multi,
    own,
    scored,
    section,
    units,
    when,
)

ROOT = Path(__file__).parents[2]


def earned(made, said):
    """(points earned, met) of one answer to one item."""
    (line,) = scored(checklist(made), **{made.id: said}).lines
    return Decimal(line.earned) / units(1), line.met


# --- SC-01: exact points, one rounding ----------------------------------------------------------------------


def test_points_are_exact_and_earned_points_round_half_up():
    """SC-01: thirds of 0.25 points round to 1/10,000 point; 0.00005 rounds up."""
    assert earned(item("a", "count", "0.25"), 1) == (Decimal("0.0833"), False)
    assert earned(item("a", "count", "0.25"), 2) == (Decimal("0.1667"), False)
    assert earned(item("a", Count(2, 2), "0.0001"), 1) == (Decimal("0.0001"), False)


def test_a_share_is_rounded_once_half_up():
    """SC-01"""
    assert share_of(1, 3) == 333_333
    assert share_of(2, 3) == 666_667
    assert share_of(1, 2_000_000) == 1
    assert share_of(0, 7) == 0
    assert share_of(7, 7) == WHOLE


def test_sums_are_of_rounded_points_and_the_share_is_of_the_sums():
    """SC-01: three times a third of a point is 0.9999 points, and the share says so."""
    made = checklist(*(item(name, "count") for name in "abc"))
    assert compliance(made, a=1, b=1, c=1) == Part(9_999, 30_000, 333_300)


def test_a_percentage_is_shown_half_up():
    """SC-01"""
    assert percent(873_450) == Decimal("87.3")
    assert percent(873_500) == Decimal("87.4")
    assert percent(999_499) == Decimal("99.9")
    assert percent(WHOLE) == Decimal("100.0")
    assert percent(875_000, 0) == Decimal(88)
    assert percent(123_450, 2) == Decimal("12.35")
    assert percent(None) is None


def test_changes_are_shown_alike_in_both_directions():
    """SC-01: a fall is shown as the rise would be, and next to nothing is no minus."""
    assert percent(-12_500) == Decimal("-1.3")
    assert percent(12_500) == Decimal("1.3")
    assert str(percent(-400)) == "0.0"


# --- SC-02 … SC-05: what an answer earns --------------------------------------------------------------------


def test_yes_no_and_not_applicable():
    """SC-02"""
    assert earned(item("a", points=4), "yes") == (4, True)
    assert earned(item("a", points=4), "no") == (0, False)
    made = checklist(item("a", points=4), item("b", points=6))
    assert compliance(made, a="yes", b="no") == Part(units(4), units(10), 400_000)
    assert compliance(made, a="yes", b="na") == Part(units(4), units(4), WHOLE)
    assert scored(made, a="yes", b="na").lines[1].met is None


@pytest.mark.parametrize(
    ("said", "points", "met"),
    [
        (0, "10", True),
        (20, "10", True),
        ("20.999", "10", True),
        (21, "9.5", True),
        (25, "7.5", True),
        (30, "5", True),
        ("30.999", "5", True),
        (31, "5", True),
        ("31.999", "5", True),
        (32, "0", False),
        (900, "0", False),
        ("never", "0", False),
        ({"value": 33, "estimated": True}, "5", True),
        ({"value": 34, "estimated": True}, "0", False),
    ],
)
def test_a_time_earns_by_target_and_limit(said, points, met):
    """SC-03"""
    assert earned(item("a", "duration", 10), said) == (Decimal(points), met)


def test_what_tolerance_forgives_is_marked():
    """SC-03"""
    made = checklist(item("a", "duration"))
    assert [scored(made, a=seconds).lines[0].within_tolerance for seconds in (30, 31, 32)] == [
        False,
        True,
        False,
    ]


def test_a_time_keeps_its_milliseconds():
    """SC-03: floor seconds are scored, milliseconds stay in the answer."""
    (line,) = scored(checklist(item("a", "duration")), a="20.999").lines
    assert line.answer == Answer("a", 20_999)


def test_the_share_at_the_limit_is_the_checklists():
    """SC-03"""
    assert earned(item("a", Duration(15, 20, at_limit=0), 5), 16) == (4, True)
    assert earned(item("a", Duration(15, 20, at_limit=0), 5), 20) == (0, True)
    assert earned(item("a", Duration(15, 20, at_limit=WHOLE), 5), 20) == (5, True)
    assert earned(item("a", Duration(20, 20), 5), 21) == (5, True)
    assert earned(item("a", Duration(20, 20, tapped_tolerance_s=0), 5), 21) == (0, False)


def test_never_is_counted_apart():
    """SC-03: it earns nothing, is not met, and is no time."""
    (line,) = scored(checklist(item("a", "duration", 10)), a="never").lines
    assert (line.earned, line.possible, line.met) == (0, units(10), False)
    assert (line.answer.state, line.answer.value) == (State.NEVER, None)


def test_a_count_earns_in_proportion():
    """SC-04"""
    yeses = item("a", "count", 9)
    assert [earned(yeses, n) for n in range(4)] == [(0, False), (3, False), (6, False), (9, True)]
    assert earned(item("a", Count(3, met_at=2), 9), 2) == (6, True)


def test_a_scale_earns_from_one_to_five():
    """SC-05"""
    made = item("a", "scale", 5)
    assert [earned(made, n)[0] for n in range(1, 6)] == [
        0,
        Decimal("1.25"),
        Decimal("2.5"),
        Decimal("3.75"),
        5,
    ]
    assert [earned(made, n)[1] for n in range(1, 6)] == [False, False, False, True, True]
    assert earned(item("a", Scale(met_at=3), 5), 3)[1] is True


def test_a_choice_earns_its_options_points():
    """SC-05"""
    made = item("a", choice(met="both", both=4, one="1.5", none=0), 4)
    assert [earned(made, name) for name in ("both", "one", "none")] == [
        (4, True),
        (Decimal("1.5"), False),
        (0, False),
    ]


def test_multi_earns_the_sum_up_to_the_items_points():
    """SC-05"""
    made = item("a", multi(smile=2, name=2, hand=2), 5)
    assert earned(made, []) == (0, False)
    assert earned(made, ["smile", "hand"]) == (4, False)
    assert earned(made, ["smile", "name", "hand"]) == (5, True)
    assert earned(item("a", multi(met_at=800_000, smile=2, name=2), 5), ["smile", "name"]) == (4, True)


def test_graded_earns_what_was_awarded():
    """SC-05"""
    assert earned(item("a", "graded", "2.5"), "2.25") == (Decimal("2.25"), False)
    assert earned(item("a", "graded", "2.5"), "2.5") == (Decimal("2.5"), True)
    assert earned(item("a", Graded(met_at=900_000), "2.5"), "2.25") == (Decimal("2.25"), True)


def test_a_number_earns_by_its_bands():
    """SC-05: up to and including; beyond the last band nothing."""
    bands = (Band(Decimal(2), WHOLE), Band(Decimal("5.5"), 500_000))
    made = item("a", Number(bands=bands), 3)
    assert [earned(made, n) for n in (2, "2.01", "5.5", 6)] == [
        (3, True),
        (Decimal("1.5"), False),
        (Decimal("1.5"), False),
        (0, False),
    ]
    open_ended = item("a", Number(bands=(*bands, Band(None, 250_000)), met_at=250_000), 4)
    assert earned(open_ended, 1000) == (1, True)


def test_words_photos_moments_and_plain_numbers_are_not_scored():
    """SC-05"""
    made = checklist(
        item("a"), item("t", "text"), item("p", "photo"), item("d", "datetime"), item("n", "number")
    )
    said = {"t": "Warm", "p": ["a" * 64], "d": "2026-10-01T14:05:00+03:00", "n": 7}
    result = scored(made, a="yes", **said)
    assert result.axes[Axis.STANDARD] == Part(units(1), units(1), WHOLE)
    assert [(line.possible, line.met) for line in result.lines[1:]] == [(0, None)] * 4


# --- SC-06 … SC-09: sums, axes, levels, weights -------------------------------------------------------------


def test_nothing_to_earn_is_no_score():
    """SC-06: for section, employee, axis, and an unanswered visit alike."""
    made = checklist(section("one", own("a")), section("two", felt("b", na_allowed=True)))
    nothing = Part(0, 0, None)
    for said in ({"a": "na", "b": {"na": True}}, {}):
        result = scored(made, **said)
        assert set(result.axes.values()) == {nothing}
        assert set(result.sections.values()) == {nothing}
        assert set(result.employees.values()) == {nothing}
    half = scored(made, a="no")
    assert half.axes[Axis.STANDARD].share == 0
    assert half.axes[Axis.EXPERIENCE].share is None


def test_two_axes_that_never_mix():
    """SC-07"""
    made = checklist(item("a", points=3), felt("b", 5))
    assert compliance(made, a="yes", b=1) == Part(units(3), units(3), WHOLE)
    assert experience(made, a="yes", b=1) == Part(0, units(5), 0)
    assert not hasattr(scored(made, a="yes", b=1), "overall")
    assert set(scored(made).axes) == set(Axis)


def test_sections_have_parts_of_their_own():
    """SC-07"""
    made = checklist(section("one", item("a"), felt("b")), section("two", item("c"), item("t", "text")))
    assert scored(made, a="yes", b=3, c="no").sections == {
        ("one", Axis.STANDARD): Part(units(1), units(1), WHOLE),
        ("one", Axis.EXPERIENCE): Part(units("0.5"), units(1), 500_000),
        ("two", Axis.STANDARD): Part(0, units(1), 0),
    }


def test_the_employee_answers_for_employee_items_only():
    """SC-08"""
    made = checklist(
        item("parking", points=5, level=Level.BRANCH),
        own("greeted", points=2, role="greeter"),
        own("smiled", points=2, role="greeter"),
        own("receipt", points=1, role="cashier"),
    )
    result = scored(made, parking="no", greeted="yes", smiled="no", receipt="yes")
    assert result.employees == {
        ("greeter", Axis.STANDARD): Part(units(2), units(4), 500_000),
        ("cashier", Axis.STANDARD): Part(units(1), units(1), WHOLE),
    }
    assert result.axes[Axis.STANDARD] == Part(units(3), units(10), 300_000)


def test_section_weights():
    """SC-09: Σ weight × share / Σ weight of the sections that have a share."""
    made = checklist(
        section("one", item("a", points=1), weight=7_000),
        section("two", item("b", points=9), item("c", points=9), weight=3_000),
    )
    assert compliance(made, a="yes", b="yes", c="no") == Part(units(10), units(19), 850_000)
    assert compliance(made, a="na", b="yes", c="no").share == 500_000
    assert compliance(made, a="yes", b="na", c="na").share == WHOLE
    assert compliance(made, a="na", b="na", c="na").share is None


def test_weights_act_per_axis():
    """SC-09: a section without items on an axis has no weight there."""
    made = checklist(section("one", item("a"), weight=1), section("two", item("b"), felt("c"), weight=2))
    result = scored(made, a="yes", b="no", c=4)
    assert result.axes[Axis.STANDARD].share == 333_333
    assert result.axes[Axis.EXPERIENCE].share == 750_000


def test_a_weight_of_nought_counts_nothing():
    """SC-09: and where nothing else has a share, there is no score."""
    made = checklist(section("one", item("a"), weight=0), section("two", item("b"), weight=1))
    assert compliance(made, a="no", b="yes").share == WHOLE
    assert compliance(made, a="no", b="na").share is None


def test_weights_do_not_touch_the_employee():
    """SC-09: weights speak of the visit as a whole."""
    made = checklist(section("one", own("a"), weight=9), section("two", own("b"), weight=1))
    assert scored(made, a="yes", b="no").employees["served_by", Axis.STANDARD].share == 500_000


# --- SC-10: critical and bonus ------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "flagged"), [("yes", False), ("no", True), ("na", False), (None, False)])
def test_a_critical_item_that_is_not_met_flags_the_visit(said, flagged):
    """SC-10"""
    assert scored(checklist(item("a", critical=True), item("b")), a=said, b="no").flagged is flagged


def test_a_hidden_critical_item_flags_nothing():
    """SC-10"""
    made = checklist(item("a"), item("b", critical=True, when=(when("a", "yes"),)))
    assert scored(made, a="no", b="no").flagged is False
    assert scored(made, a="yes", b="no").flagged is True


def test_a_critical_cap_holds_its_own_axis_down():
    """SC-10"""
    made = checklist(item("a", points=1, critical=True), item("b", points=9), felt("c"), critical_cap=600_000)
    flagged = scored(made, a="no", b="yes", c=5)
    assert flagged.axes[Axis.STANDARD] == Part(units(9), units(10), 600_000)
    assert flagged.axes[Axis.EXPERIENCE].share == WHOLE
    assert compliance(made, a="no", b="no").share == 0
    assert compliance(made, a="yes", b="yes").share == WHOLE


def test_bonus_joins_after_weighting_and_stops_at_the_whole():
    """SC-10: earned bonus points over the points that could be earned without bonus."""
    made = checklist(item("a", points=8), item("b", points=2), item("extra", points=1, bonus=True))
    assert compliance(made, a="yes", b="no", extra="yes") == Part(units(8), units(10), 900_000)
    assert compliance(made, a="yes", b="no", extra="no").share == 800_000
    assert compliance(made, a="yes", b="yes", extra="yes").share == WHOLE
    uncapped = replace(made, bonus_cap=False)
    assert compliance(uncapped, a="yes", b="yes", extra="yes").share == 1_100_000
    weighted = checklist(
        section("one", item("a", points=1), weight=9),
        section("two", item("b", points=3), item("extra", points=1, bonus=True), weight=1),
    )
    assert compliance(weighted, a="no", b="yes", extra="yes").share == 100_000 + 250_000


def test_bonus_alone_is_no_score():
    """SC-10, SC-06"""
    made = checklist(item("a"), item("extra", bonus=True))
    assert compliance(made, a="na", extra="yes") == Part(0, 0, None)


def test_bonus_counts_for_its_employee():
    """SC-10, SC-08: plain, with the same cap; the branch's bonus stays with the branch."""
    made = checklist(own("a", points=4), own("small_talk", points=1, bonus=True), item("sign", bonus=True))
    part = ("served_by", Axis.STANDARD)
    assert scored(made, a="no", small_talk="yes", sign="yes").employees[part] == Part(0, units(4), 250_000)
    assert scored(made, a="yes", small_talk="yes").employees[part].share == WHOLE
    assert (
        scored(replace(made, bonus_cap=False), a="yes", small_talk="yes").employees[part].share == 1_250_000
    )


def test_a_cap_comes_after_the_bonus():
    """SC-10"""
    made = checklist(item("a", critical=True), item("b", bonus=True, points=5), critical_cap=500_000)
    assert compliance(made, a="no", b="yes").share == 500_000


# --- SC-11 … SC-15 ------------------------------------------------------------------------------------------


def test_a_hidden_item_leaves_both_sums():
    """SC-11: whatever was answered before it was hidden."""
    made = checklist(item("a", points=4), item("b", points=6, when=(when("a", "yes"),)))
    result = scored(made, a="no", b="yes")
    assert result.axes[Axis.STANDARD] == Part(0, units(4), 0)
    assert (result.lines[1].hidden, result.lines[1].possible, result.lines[1].met) == (True, 0, None)
    assert result.lines[1].answer == Answer("b", True)


def test_context_hides_items_too():
    """SC-11"""
    made = checklist(item("a"), item("b", when=(when("context.purchase_made", "yes"),)))
    assert scored(made, {"purchase_made": False}, a="yes", b="no").axes[Axis.STANDARD].share == WHOLE
    assert scored(made, {"purchase_made": True}, a="yes", b="no").axes[Axis.STANDARD].share == 500_000


def test_a_score_is_of_its_version_and_names_its_scorer():
    """SC-12: a new version changes no past score."""
    first = checklist(item("a", points=1), item("b", points=1))
    second = replace(checklist(item("a", points=9), item("b", points=1)), version=2)
    assert compliance(first, a="yes", b="no").share == 500_000
    assert compliance(second, a="yes", b="no").share == 900_000
    assert scored(first, a="yes").scorer == SCORER == 1


def test_a_trial_item_is_asked_and_costs_nothing():
    """SC-13: met is kept, 0 of 0 is scored, nothing is flagged."""
    made = checklist(item("a"), item("new", "duration", 10, trial=True, critical=True))
    result = scored(made, a="yes", new=90)
    assert result.axes[Axis.STANDARD] == Part(units(1), units(1), WHOLE)
    assert (result.lines[1].earned, result.lines[1].possible, result.lines[1].met) == (0, 0, False)
    assert result.flagged is False
    assert scored(made, a="yes", new=9).lines[1].met is True
    assert scored(checklist(item("g", Graded(), 4, trial=True)), g=3).lines[0].met is False


def test_the_explanation_tells_every_step():
    """SC-14: items, weights, bonus, caps; in this order, with exact shares."""
    made = checklist(
        section("one", item("a", points=1, critical=True), weight=3),
        section("two", item("b", points=2), item("c", points=1, bonus=True), weight=1),
        critical_cap=200_000,
    )
    told = explain(scored(made, a="no", b="yes", c="yes"))
    assert [(each.kind, each.item, each.share) for each in told] == [
        ("item", "a", Fraction(0)),
        ("item", "b", Fraction(2, 3)),
        ("weights", None, Fraction(1, 4) - Fraction(2, 3)),
        ("bonus", "c", Fraction(1, 3)),
        ("critical_cap", None, Fraction(1, 5) - Fraction(7, 12)),
    ]
    assert [(each.earned, each.possible) for each in told[:2]] == [(0, units(1)), (units(2), units(2))]


def test_the_explanation_of_a_bonus_that_is_capped():
    """SC-14"""
    made = checklist(item("a", points=4), item("b", points=1, bonus=True))
    told = explain(scored(made, a="yes", b="yes"))
    assert [(each.kind, each.share) for each in told] == [
        ("item", Fraction(1)),
        ("bonus", Fraction(1, 4)),
        ("bonus_cap", Fraction(-1, 4)),
    ]


def test_what_left_the_sums_needs_no_explanation():
    """SC-14"""
    made = checklist(item("a"), item("b"), item("c", trial=True), felt("d", na_allowed=True))
    told = explain(scored(made, a="yes", b="na", c="no", d={"na": True}))
    assert [(each.axis, each.item) for each in told] == [(Axis.STANDARD, "a")]


def test_the_felt_service_level_is_no_part_of_the_score():
    """SC-15: the scorer does not even see it."""
    assert "service_level" in Sent.__dataclass_fields__
    assert set(ServiceLevel) == {"low", "standard", "wow"}
    assert set(inspect.signature(score).parameters) == {"checklist", "answers", "context"}


# --- laws ---------------------------------------------------------------------------------------------------


def shares(result: Score) -> list[int | None]:
    parts = [*result.axes.values(), *result.sections.values(), *result.employees.values()]
    return [part.share for part in parts]


def score_of(made: Checklist, said: dict[str, object]) -> Score:
    return score(made, read_answers(made, said)[0], {})


@given(visits())
def test_a_share_lies_between_nothing_and_everything(visit):
    """SC-01, SC-06: and exists exactly where something could be earned."""
    made, said = visit
    result = score_of(replace(made, bonus_cap=True), said)
    assert all(share is None or 0 <= share <= WHOLE for share in shares(result))
    parts = [*result.sections.values(), *result.employees.values()]
    parts += [] if made.weighted else result.axes.values()
    assert all((part.share is None) == (part.possible == 0) for part in parts)


@given(visits())
def test_uncapped_bonus_never_takes_away(visit):
    """SC-10"""
    made, said = visit
    capped, uncapped = (shares(score_of(replace(made, bonus_cap=cap), said)) for cap in (True, False))
    pairs = list(zip(capped, uncapped, strict=True))
    assert all((c is None) == (u is None) and (c or 0) <= (u or 0) for c, u in pairs)


@given(visits(when=(), na_allowed=True), st.data())
def test_an_item_that_does_not_apply_changes_nothing(visit, data):
    """SC-02: n/a scores as if the item were not in the checklist."""
    made, said = visit
    name = data.draw(st.sampled_from([each.id for each in made.items]))
    without = replace(
        made,
        sections=tuple(
            replace(part, items=tuple(each for each in part.items if each.id != name))
            for part in made.sections
        ),
    )
    assert made.weighted == without.weighted
    rest = {key: answer for key, answer in said.items() if key != name}
    full, less = score_of(made, rest | {name: {"na": True}}), score_of(without, rest)
    assert full.axes == less.axes
    assert full.adjustments == less.adjustments
    assert full.flagged == less.flagged
    assert {key: part for key, part in full.sections.items() if key in less.sections} == less.sections


@given(visits(), st.randoms(use_true_random=False))
def test_the_order_of_answers_says_nothing(visit, random):
    """SC-01"""
    made, said = visit
    names = list(said)
    random.shuffle(names)
    assert score_of(made, {name: said[name] for name in names}) == score_of(made, said)


@given(visits())
def test_the_explanation_adds_up_to_the_score(visit):
    """SC-14: exactly, before the one rounding."""
    made, said = visit
    result = score_of(made, said)
    told = explain(result)
    for axis, part in result.axes.items():
        lines = [each for each in told if each.axis is axis]
        if part.share is None:
            assert not lines
            continue
        exact = sum((each.share for each in lines), Fraction(0))
        assert part.share == int(exact * WHOLE + Fraction(1, 2))
        assert exact == exact_share(made, result, axis)


def exact_share(made: Checklist, result: Score, axis: Axis) -> Fraction:
    """SC-09 and SC-10 once more, written down as plainly as the rules are."""
    parts = [(part.weight, result.sections.get((part.id, axis), Part(0, 0, None))) for part in made.sections]
    asked_for = [(weight, part) for weight, part in parts if part.possible]
    points = [(each.item.bonus, each.earned) for each in result.lines if each.item.axis is axis]
    possible = sum(part.possible for _, part in asked_for)
    if made.weighted:
        share = sum(Fraction(weight * part.earned, part.possible) for weight, part in asked_for) / sum(
            weight for weight, _ in asked_for
        )
    else:
        share = Fraction(sum(earned_ for bonus, earned_ in points if not bonus), possible)
    share += Fraction(sum(earned_ for bonus, earned_ in points if bonus), possible)
    if made.bonus_cap:
        share = min(share, Fraction(1))
    failed = any(
        each.item.critical and not each.item.trial and each.met is False and each.item.axis is axis
        for each in result.lines
    )
    if failed and made.critical_cap is not None:
        share = min(share, Fraction(made.critical_cap, WHOLE))
    return share


@given(visits(rule=YesNo(), when=()), st.data())
def test_a_worse_answer_never_scores_better(visit, data):
    """SC-02: turning a yes into a no takes points and gives none, whatever weights, bonus and caps do."""
    made, said = visit
    name = data.draw(st.sampled_from([each.id for each in made.items]))
    better, worse = (score_of(made, said | {name: answer}) for answer in ("yes", "no"))
    pairs = zip(shares(better), shares(worse), strict=True)
    assert all((b or 0) >= (w or 0) for b, w in pairs)
    assert better.flagged <= worse.flagged


# --- every rule is tested and told --------------------------------------------------------------------------

RULES = [f"SC-{number:02}" for number in range(1, 16)]


def docstrings_of_tests() -> str:
    trees = [ast.parse(path.read_text("utf-8")) for path in Path(__file__).parent.glob("test_*.py")]
    tests = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return "\n".join(ast.get_docstring(test) or "" for test in tests)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test_and_a_place_in_the_docs(rule):
    assert rule in docstrings_of_tests()
    assert re.search(rf"^### {rule} ", (ROOT / "docs" / "scoring.md").read_text("utf-8"), re.MULTILINE)

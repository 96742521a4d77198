"""What a page opens with, what it names as going well, and what it lists to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from checker.standards.model import Axis
from checker.standards.statistics import Change, Interval, Verdict, wilson
from checker.summaries.values import Finding, StandardFigure
from checker.web.findings import in_order, sides
from tests.standards.making import item


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> Iterator[None]:
    """Sentences are said in the language of a request."""
    with app.test_request_context("/"):
        yield


def figure(name: str, met: int, asked: int = 20, verdict: Verdict = Verdict.UNDECIDED) -> StandardFigure:
    return StandardFigure(
        standard=name,
        item=item(name),
        asked=asked,
        met=met,
        na=0,
        share=met / asked if asked else None,
        interval=wilson(met, asked),
        target=0.8,
        verdict=verdict,
        asked_before=0,
        met_before=0,
        difference=None,
        change=Change.TOO_FEW,
    )


def finding(kind: str, axis: Axis = Axis.STANDARD, standard: str | None = None, n: int = 9) -> Finding:
    return Finding(kind, axis, standard, 0.8, 0.8, None, n)


def names(figures: tuple[StandardFigure, ...]) -> list[str]:
    return [one.standard for one in figures]


def test_where_compliance_stands_opens_the_page_and_claims_follow():
    below = finding("standard_below", standard="smile")
    felt = finding("axis_below", Axis.EXPERIENCE)
    lead, rest = in_order([finding("axis_undecided"), finding("rose"), below, felt])
    assert [one.kind for one in lead] == ["axis_undecided", "rose"]
    assert rest == [below, felt]


def test_what_costs_most_is_something_to_look_at_whether_it_is_one_or_a_few():
    """Those of which one costs most opened the page, before the figures."""
    one = finding("costs_most", standard="smile")
    few = Finding("costs_tied", n=9, standards=("smile", "tidy"))
    for dear in (one, few):
        lead, rest = in_order([finding("axis_below"), dear])
        assert [found.kind for found in lead] == ["axis_below"]
        assert rest == [dear]


def test_what_is_not_decided_is_nothing_to_look_at():
    _, rest = in_order([finding("axis_above"), finding("axis_undecided", Axis.EXPERIENCE)])
    assert rest == []


def test_a_move_of_experience_is_something_to_look_at_even_where_its_level_is_not():
    felt = [finding("axis_undecided", Axis.EXPERIENCE), finding("fell", Axis.EXPERIENCE)]
    _, rest = in_order([finding("axis_above"), *felt])
    assert rest == felt


def test_an_axis_without_visits_is_not_spoken_of():
    lead, rest = in_order([finding("too_few", n=0), finding("axis_above", Axis.EXPERIENCE)])
    assert [one.axis for one in lead] == [Axis.EXPERIENCE]
    assert rest == []


def test_without_any_visit_the_page_says_so():
    lead, rest = in_order([Finding("no_visits")])
    assert ([one.kind for one in lead], rest) == (["no_visits"], [])


def test_what_a_finding_says_already_is_not_listed_again():
    chosen = sides(
        [
            figure("best", 20, verdict=Verdict.ABOVE),
            figure("good", 19, verdict=Verdict.ABOVE),
            figure("open", 14),
            figure("poor", 2, verdict=Verdict.BELOW),
        ]
    )
    assert names(chosen.well.figures) == ["best", "good"]
    assert chosen.well.why == "Above their target"
    assert "poor" not in names(chosen.gaps.figures)
    assert "open" in names(chosen.gaps.figures)


def test_the_word_above_stands_only_where_a_verdict_does():
    chosen = sides([figure("a", 20), figure("b", 18), figure("c", 12), figure("d", 11)])
    assert chosen.well.why == "Met most often, but not above a target beyond doubt"
    assert chosen.gaps.why == "Met least often, but not below a target beyond doubt"


def test_without_targets_nothing_is_said_of_them():
    bare = [
        replace(figure(name, met), target=None) for name, met in (("a", 20), ("b", 18), ("c", 9), ("d", 8))
    ]
    chosen = sides(bare)
    assert (chosen.well.why, chosen.gaps.why) == ("Met most often", "Met least often")


def test_few_visits_are_counted_and_not_compared():
    chosen = sides([figure("once", 2, 3), figure("always", 3, 3), figure("never", 0, 3), figure("na", 0, 0)])
    assert names(chosen.well.figures) == ["always"]
    assert names(chosen.gaps.figures) == ["never", "once"]
    assert "too few visits to compare" in chosen.gaps.why


def test_a_standard_on_trial_is_never_named():
    tried = replace(figure("new", 0), item=item("new", trial=True), interval=Interval(0.0, 0.1))
    chosen = sides([tried, figure("a", 20), figure("b", 19), figure("c", 18)])
    assert "new" not in names((*chosen.well.figures, *chosen.gaps.figures))

"""Which step may follow which in the life of an assignment and of a visit, and what is counted."""

from __future__ import annotations

from datetime import date

import pytest

from checker.standards.body import Outcome, Subject
from checker.standards.faults import Refused
from checker.standards.life import (
    Assignment,
    AssignmentStep,
    NotCounted,
    Review,
    ReviewStep,
    counted,
    next_review,
    next_state,
    reasons_not_counted,
)


def steps_from(state, steps, after):
    """Every possible step from `state`: "step state"."""
    found = set()
    for step in steps:
        try:
            found.add(f"{step} {after(state, step)}")
        except Refused as refused:
            (fault,) = refused.faults
            assert "no longer possible" in str(fault)
            assert not fault.details  # our keys would stand untranslated in the sentence
    return found


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (
            "planned",
            {"accept accepted", "decline declined", "send done", "expire expired", "cancel cancelled"},
        ),
        ("accepted", {"decline declined", "send done", "expire expired", "cancel cancelled"}),
        ("done", set()),
        ("declined", set()),
        ("expired", {"send done"}),
        ("cancelled", {"send done"}),
    ],
)
def test_the_life_of_an_assignment(state, possible):
    assert steps_from(Assignment(state), AssignmentStep, next_state) == possible


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("sent", {"approve approved", "return returned", "revise sent", "void void"}),
        ("returned", {"approve approved", "revise sent", "void void"}),
        ("approved", {"return returned", "revise sent", "void void"}),
        ("void", {"restore sent"}),
    ],
)
def test_the_life_of_a_visit(state, possible):
    assert steps_from(Review(state), ReviewStep, next_review) == possible


def test_no_passing_of_time_approves():
    assert not {"expire", "time_out"} & set(ReviewStep)


COUNTED = {
    "outcome": Outcome.COMPLETED,
    "void": False,
    "excluded": False,
    "practice": False,
    "subject": Subject.OWN,
    "approved": False,
    "review_required": False,
    "visited_on": date(2026, 10, 1),
    "notice_given_on": None,
}


def test_a_plain_visit_is_counted():
    assert counted(**COUNTED)
    assert reasons_not_counted(**COUNTED) == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        *(({"outcome": each}, NotCounted.OUTCOME) for each in Outcome if each is not Outcome.COMPLETED),
        ({"void": True}, NotCounted.VOID),
        ({"excluded": True}, NotCounted.EXCLUDED),
        ({"practice": True}, NotCounted.PRACTICE),
        ({"subject": Subject.COMPETITOR}, NotCounted.COMPETITOR),
        ({"notice_given_on": date(2026, 10, 2)}, NotCounted.BEFORE_NOTICE),
        ({"review_required": True}, NotCounted.NOT_APPROVED),
    ],
)
def test_each_thing_that_keeps_a_visit_out_of_the_figures(changed, reason):
    facts = {**COUNTED, **changed}
    assert not counted(**facts)
    assert reasons_not_counted(**facts) == (reason,)


def test_the_day_of_the_notice_counts():
    assert counted(**{**COUNTED, "notice_given_on": date(2026, 10, 1)})


def test_an_approved_visit_counts_with_and_without_review():
    assert counted(**{**COUNTED, "approved": True, "review_required": True})
    assert counted(**{**COUNTED, "approved": True})


def test_every_reason_is_told():
    facts = {**COUNTED, "void": True, "practice": True, "review_required": True}
    assert reasons_not_counted(**facts) == (NotCounted.VOID, NotCounted.PRACTICE, NotCounted.NOT_APPROVED)

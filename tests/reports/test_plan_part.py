"""The plan of action in reports: what came of the last actions, what is being done, or lines to write on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from checker.config import LANGUAGES
from checker.reports.branch import branch_report
from checker.reports.network import network_report
from checker.summaries.values import BranchMonth, NetworkMonth, Place, Plan, PlanLine
from checker.words import words_for
from tests.reports.making import LONG, branch, network, short_checklist
from tests.reports.reading import pages, places, read, sizes, text, titles

EN = words_for("en")

NORTH = Place("north", "North")

GREET = PlanLine(
    UUID(int=1),
    "One colleague stays near the door.",
    "Shift leads",
    date(2026, 11, 20),
    "Share greeted within the limit",
    "open",
    "",
    None,
    "greeting_time",
    None,
)
LATE = replace(GREET, what="Practise the questions.", due_on=date(2026, 9, 20), overdue=True)
DONE = replace(
    GREET,
    what="Answer the messages of the night first.",
    owner="Online team",
    state="done",
    outcome="Messages are answered by nine.",
    closed_on=date(2026, 10, 12),
)
DROPPED = replace(DONE, what="Move the shelves.", state="dropped", outcome="The entrance is rebuilt.")


def of_branch(plan: Plan, **more: str) -> bytes:
    summary: BranchMonth = replace(branch(12, of=short_checklist()), plan=plan)
    return branch_report(summary, words_for(more.get("language", "en")), audience="leadership")


def of_network(plan: Plan, scope: Place | None = None, language: str = "en") -> bytes:
    summary: NetworkMonth = replace(network(), plan=plan, scope=scope)
    return network_report(summary, words_for(language))


PLAN = Plan((LATE, DONE, DROPPED), (LATE, GREET))


@pytest.mark.parametrize("make", [of_branch, of_network])
def test_actions_are_told_with_owner_day_measure_and_outcome(make) -> None:
    whole = text(make(PLAN))
    for said in (
        "Last month’s actions and their outcomes",
        "Answer the messages of the night first.",
        "Online team",
        "done, 12 Oct 2026",
        "Messages are answered by nine.",
        "dropped, 12 Oct 2026",
        "The entrance is rebuilt.",
        "open, due 20 Sept 2026",
        "Actions of this month",
        "One colleague stays near the door.",
        "Shift leads",
        "20 Nov 2026",
        "Share greeted within the limit",
        "20 Sept 2026, overdue",
    ):
        assert said in whole, said


def test_a_branch_s_actions_stand_on_page_one_where_they_fit() -> None:
    first, *rest = pages(of_branch(Plan((), (GREET,))))
    assert "One colleague stays near the door." in first
    assert "Next steps" not in first
    assert not any("Actions of this month" in page for page in rest)


def test_actions_that_do_not_fit_on_page_one_stand_later_and_whole() -> None:
    many = tuple(replace(GREET, what=f"Step number {n}. " + "Very long. " * 20) for n in range(30))
    first, *rest = pages(of_branch(Plan((), many)))
    assert "Actions of this month" not in first
    later = " ".join(rest)
    assert all(f"Step number {n}." in later for n in range(30))


def test_without_a_plan_lines_to_write_on_stay() -> None:
    first = pages(of_branch(Plan((), ())))[0]
    assert "Next steps" in first
    assert "To be filled in with the team" in first
    whole = text(of_branch(Plan((), ())))
    assert "Last month’s actions" not in whole
    assert "Actions of this month" not in whole


def test_the_network_s_plan_says_where_and_how_many_branches_have() -> None:
    plan = Plan((replace(DONE, place=NORTH),), (GREET,), open_at_branches=14, closed_at_branches=3)
    whole = text(of_network(plan))
    assert "What Where Owner" in whole
    assert "North" in whole
    assert "14 open, 3 closed since the month before began." in whole
    assert "Action plan" in titles(read(of_network(PLAN)))


def test_a_region_s_plan_needs_no_place() -> None:
    whole = text(of_network(Plan((replace(DONE, place=NORTH),), ()), scope=NORTH))
    assert "Answer the messages of the night first." in whole
    assert "What Where Owner" not in whole


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [of_branch, of_network])
def test_long_words_stay_on_the_page_and_are_not_small(make, language: str) -> None:
    wide = "W" * 500
    line = replace(GREET, what=wide, owner=LONG + LONG[:30], measured_by="Ź" * 500, place=Place("x", LONG))
    closed = replace(line, state="done", outcome="Ș" * 500, closed_on=date(2026, 10, 12))
    made = make(Plan((closed,), (line,)), language=language)
    assert min(sizes(made)) >= 7.0
    assert all(0 < x < 596 and 0 < y < 842 for x, y in places(made))
    whole = text(made).replace(" ", "")
    assert whole.count("W") >= 1000
    assert whole.count("Ź") >= 500
    assert whole.count("Ș") >= 500


def test_what_was_typed_is_drawn_as_it_was_typed() -> None:
    odd = '<img src="/etc/passwd"> & </b> 3 < 5 =1+1'
    line = replace(GREET, what=odd, owner="<b>All</b>", measured_by="{{ 7 * 7 }}")
    whole = text(of_network(Plan((), (line,)))).replace(" ", "")
    for typed in (odd, "<b>All</b>", "{{ 7 * 7 }}"):
        assert typed.replace(" ", "") in whole


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert of_branch(PLAN) == of_branch(PLAN)
    assert of_network(PLAN) == of_network(PLAN)

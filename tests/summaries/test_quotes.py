"""Which quotes stand in whose report, what they tell, and the rule that picks three."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from checker.actions.change_programme import change_programme
from checker.actions.release_quote import release_quote
from checker.actions.set_target import set_target
from checker.actions.withdraw_quote import withdraw_quote
from checker.problem import Problem
from checker.standards.model import Axis
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month
from checker.summaries.quotes import visit_notes
from checker.summaries.values import QuoteLine
from tests.making_store import GOOD, NOW, OCTOBER, Shop


def quote(
    shop: Shop,
    text: str,
    item: str = "smile",
    value: object = "no",
    *,
    answers: dict[str, Any] | None = None,
    **changes: Any,
) -> Any:
    """A visit with a note on an item that is released."""
    said = {**GOOD, **(answers or {}), item: {"value": value, "note": text}}
    receipt = shop.send(answers=said, **changes)
    visit = shop.visit(receipt)
    release_quote(shop.store, visit, item=item, text=text, hash=visit["hash"], by=shop.people["rea"], now=NOW)
    return receipt


def employ(shop: Shop, *codes: str, branch: str = "B1") -> None:
    with shop.store.write():
        for code in codes:
            shop.employees[code] = shop.store.add("employee", {"code": code, "name": f"Person {code}"})
            row = {"employee_id": shop.employees[code], "branch_id": shop.branches[branch]}
            shop.store.add("employment", {**row, "from_on": "2020-01-01"})


def of_branch(shop: Shop, who: str | None = "mara", **changes: Any) -> tuple[QuoteLine, ...]:
    return branch_month(
        shop.store,
        branch_code="B1",
        month=OCTOBER,
        series_id=shop.series_id,
        person_id=shop.people[who] if who else None,
        now=NOW,
        **changes,
    ).quotes


def of_network(shop: Shop, region: str | None = None) -> tuple[QuoteLine, ...]:
    return network_month(
        shop.store, series_id=shop.series_id, month=OCTOBER, region_code=region, person_id=None, now=NOW
    ).quotes


def said(lines: tuple[QuoteLine, ...]) -> list[tuple[str, str]]:
    return [(line.chosen_for, line.text) for line in lines]


def test_the_branch_reads_its_own_in_the_order_of_the_questions_with_the_day(shop: Shop):
    quote(shop, "Nobody smiled.")
    quote(shop, "Paper on the floor.", "tidy")
    quote(shop, "Elsewhere.", branch="B3")
    lines = of_branch(shop)
    assert [(line.text, line.standard, line.met) for line in lines] == [
        ("Paper on the floor.", "tidy", False),
        ("Nobody smiled.", "smile", False),
    ]
    assert lines[0].day == (NOW - timedelta(days=10)).date()
    assert lines[0].branch is not None
    assert lines[0].branch.code == "B1"


def test_the_branch_does_not_read_of_a_visit_before_it_knows_of_it(shop: Shop):
    quote(shop, "Nobody smiled.", now=NOW, visited_at=NOW.isoformat())
    assert of_branch(shop) == of_branch(shop, "lee") == of_network(shop) == ()
    assert len(of_branch(shop, "rea")) == 1


def test_what_leaves_the_branch_tells_no_day_and_points_to_nobody(shop: Shop):
    quote(shop, "Paper on the floor.", "tidy")
    for number in range(4):
        quote(shop, f"Nobody smiled {number}.")
    assert [line.text for line in of_branch(shop, "lee")] == ["Paper on the floor."]  # two employees
    employ(shop, "E8")
    assert len(of_branch(shop, "lee")) == 5
    assert {line.day for line in of_branch(shop, "lee")} == {None}
    assert of_branch(shop, None, audience="leadership") == of_branch(shop, "lee")
    assert len(of_branch(shop, None, audience="manager")) == 5


def test_four_visits_are_too_few_for_words_on_employees_to_leave(shop: Shop):
    employ(shop, "E8", "E9")
    for number in range(4):
        quote(shop, f"Nobody smiled {number}.")
    assert of_branch(shop, "lee") == of_network(shop) == ()
    assert len(of_branch(shop)) == 4


def target(shop: Shop, measure: str, percent: int) -> None:
    set_target(shop.store, measure=measure, percent=percent, valid_from=OCTOBER.previous(), by=None, now=NOW)


def below(shop: Shop) -> None:
    """Smiles are certainly below their target and tidiness has certainly fallen since September."""
    target(shop, "smile", 90)
    for _ in range(12):
        shop.send(visited_at=(NOW - timedelta(days=40)).isoformat(), answers={**GOOD, "smile": "no"})
        shop.send(answers={**GOOD, "smile": "no", "tidy": "no"}, branch="B3")


def test_qu_6_three_are_chosen_by_gap_loss_and_best(shop: Shop):
    below(shop)
    quote(shop, "Nobody smiled.", branch="B3")
    quote(shop, "Three times yes.", "three_yes", 3, branch="B3")
    quote(shop, "Paper on the floor.", "tidy", branch="B3")
    quote(shop, "A smile at last.", value="yes", branch="B3")
    lines = of_network(shop)
    assert said(lines) == [
        ("gap", "Nobody smiled."),
        ("loss", "Paper on the floor."),
        ("best", "Three times yes."),
    ]
    assert [line.branch and line.branch.code for line in lines] == [None, "B3", None]
    assert {line.day for line in lines} == {None}
    assert of_network(shop, "north") == ()


def test_qu_6_the_typical_one_is_taken_and_the_order_of_release_does_not_matter(shop: Shop):
    below(shop)
    for text in ("No smile at all, from nobody, not even at the door.", "No.", "Nobody smiled at me."):
        quote(shop, text, branch="B3")
    assert said(of_network(shop)) == [("gap", "Nobody smiled at me.")]


def test_qu_6_what_no_interval_supports_is_quoted_as_neither_gap_nor_loss(shop: Shop):
    target(shop, "smile", 60)
    for _ in range(5):
        shop.send()
    quote(shop, "Nobody smiled.")
    quote(shop, "Nobody smiled here.")
    assert of_network(shop) == ()
    quote(shop, "What a smile.", value="yes")
    assert said(of_network(shop)) == [("best", "What a smile.")]


def test_a_kept_summary_tells_of_a_quote_released_and_withdrawn_since(shop: Shop):
    for _ in range(5):
        shop.send()
    assert of_network(shop) == ()
    receipt = quote(shop, "All was tidy.", "tidy", "yes")
    assert said(of_network(shop)) == [("best", "All was tidy.")]
    assert of_network(shop)[0].item.axis is Axis.STANDARD
    withdraw_quote(shop.store, shop.visit(receipt), item="tidy", by=shop.people["rea"], now=NOW)
    assert of_network(shop) == ()


def test_where_no_employee_is_recorded_words_on_them_stay_in_a_small_place(shop: Shop):
    change_programme(
        shop.store,
        code="main",
        name="Main",
        notice_given_on=None,
        reveal="at_once",
        attribution="none",
        review=False,
        by=None,
        now=NOW,
    )
    with shop.store.write():
        shop.store.db.execute("DELETE FROM employment")
    for number in range(6):
        quote(shop, f"Nice {number}.", value="yes")
    assert of_branch(shop, "lee") == of_network(shop, "north") == ()  # two branches
    assert len(of_network(shop)) == 1  # three


def test_the_office_sees_what_can_be_released_and_what_is(shop: Shop):
    receipt = shop.send(
        answers={
            **GOOD,
            "smile": {"value": "no", "note": "Eve looked away."},
            "tidy": {"value": "yes", "note": "Very tidy."},
            "try_out": {"value": "yes", "note": "On trial."},
            "remark": {"value": "None.", "note": "Note on words."},
        }
    )
    rea = shop.people["rea"]
    visit = shop.visit(receipt)
    release_quote(shop.store, visit, item="tidy", text="Very tidy.", hash=visit["hash"], by=rea, now=NOW)
    tidy, smile, tried = visit_notes(shop.store, receipt.id, person_id=rea, now=NOW)
    assert (tidy.item.id, tidy.released, tidy.by, tidy.at) == ("tidy", "Very tidy.", "Rea", NOW)
    assert (smile.cleared, smile.blanked, smile.released) == ("[…] looked away.", ("Eve",), None)
    assert tried.item.id == "try_out"


@pytest.mark.parametrize("who", ["mara", "lee", "eve", "sam", "bo"])
def test_nobody_else_does(shop: Shop, who: str):
    receipt = quote(shop, "Nobody smiled.")
    with pytest.raises(Problem) as problem:
        visit_notes(shop.store, receipt.id, person_id=shop.people[who], now=NOW)
    assert problem.value.status == 404

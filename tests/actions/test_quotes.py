"""A shopper's words are released, shortened and taken back, and never changed or kept past a correction."""

from __future__ import annotations

from typing import Any

import pytest

from checker.actions.correct_visit import correct_visit
from checker.actions.release_quote import release_quote
from checker.actions.review_visit import review_visit
from checker.actions.submit_visit import Receipt
from checker.actions.withdraw_quote import withdraw_quote
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.store import quotes, revisions, trail
from tests.making_store import GOOD, NOW, OCTOBER, Shop

NOTE = "Eve looked away, Sam here. Call me on 040 1234567. Nobody else was there."


def noted(shop: Shop, note: str = NOTE, item: str = "smile", value: object = "no", **changes: Any) -> Receipt:
    return shop.send(answers={**GOOD, item: {"value": value, "note": note}}, **changes)


def release(shop: Shop, receipt: Receipt, text: str = NOTE, item: str = "smile", hash: str = "") -> str:
    visit = shop.visit(receipt)
    rea = shop.people["rea"]
    return release_quote(
        shop.store, visit, item=item, text=text, hash=hash or visit["hash"], by=rea, now=NOW
    ).text


def told(shop: Shop) -> list[str]:
    rows = quotes.list_of_month(
        shop.store, series_id=shop.series_id, month=int(OCTOBER), until=int(NOW.timestamp())
    )
    return [row["text"] for row in rows]


CLEARED = "[…] looked away, […] here. Call me on […]. Nobody else was there."


def test_what_is_released_is_cleared_whoever_typed_it(shop: Shop):
    receipt = noted(shop)
    assert release(shop, receipt) == CLEARED
    assert told(shop) == [CLEARED]
    visit = shop.visit(receipt)
    sent = revisions.get(shop.store, visit["id"], 1)
    assert sent["answers"]["smile"]["note"] == NOTE
    assert trail.newest(shop.store, 1)[0]["act"] == "quote.release"


def test_it_may_be_shortened_and_the_last_words_stand(shop: Shop):
    receipt = noted(shop)
    release(shop, receipt)
    assert release(shop, receipt, "Nobody else was there.") == "Nobody else was there."
    assert told(shop) == ["Nobody else was there."]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Everybody was there.", "quote.changed"),
        (" ", "quote.empty"),
        ("Eve … […]", "quote.empty"),
    ],
)
def test_other_words_are_refused_with_their_place(shop: Shop, text: str, code: str):
    receipt = noted(shop)
    with pytest.raises(Refused) as refused:
        release(shop, receipt, text)
    assert (code, "smile") in [(fault.code, fault.place) for fault in refused.value.faults]
    assert told(shop) == []


def test_long_words_are_to_be_shortened(shop: Shop):
    receipt = noted(shop, "so " * 300)
    with pytest.raises(Refused, match="shorten it to 400"):
        release(shop, receipt, "so " * 300)


@pytest.mark.parametrize("item", ["tidy", "remark", "nothing"])
def test_only_a_note_on_a_question_can_be_released(shop: Shop, item: str):
    receipt = shop.send(answers={**GOOD, "remark": "All was well."})
    with pytest.raises(Problem) as problem:
        release(shop, receipt, "All was well.", item)
    assert problem.value.status == 404


def test_it_is_taken_back(shop: Shop):
    receipt = noted(shop)
    release(shop, receipt)
    withdraw_quote(shop.store, shop.visit(receipt), item="smile", by=shop.people["rea"], now=NOW)
    assert told(shop) == []
    with pytest.raises(Problem) as problem:
        withdraw_quote(shop.store, shop.visit(receipt), item="smile", by=shop.people["rea"], now=NOW)
    assert problem.value.status == 404
    assert release(shop, receipt) == CLEARED


def correct(shop: Shop, receipt: Receipt) -> None:
    visit = shop.visit(receipt)
    body = revisions.get(shop.store, visit["id"], 1)
    body["answers"]["smile"] = {"value": "yes", "note": "A smile after all."}
    body |= {"revises": visit["hash"], "reason": "Asked the shopper."}
    correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)


def test_a_correction_lets_it_go(shop: Shop):
    receipt = noted(shop)
    release(shop, receipt)
    first = shop.visit(receipt)["hash"]
    correct(shop, receipt)
    assert told(shop) == []
    with pytest.raises(Problem) as problem:
        release(shop, receipt, hash=first)
    assert problem.value.status == 409
    assert release(shop, receipt, "A smile after all.") == "A smile after all."
    assert told(shop) == ["A smile after all."]


@pytest.mark.parametrize("decision", ["void", "exclude"])
def test_what_leaves_the_figures_is_not_quoted(shop: Shop, decision: str):
    receipt = noted(shop)
    release(shop, receipt)
    review_visit(
        shop.store, shop.visit(receipt), decision=decision, reason="x", by=shop.people["rea"], now=NOW
    )
    assert told(shop) == []
    with pytest.raises(Problem) as problem:
        release(shop, receipt)
    assert problem.value.status == 409


def test_who_manages_the_whole_region_is_not_named(shop: Shop):
    receipt = noted(shop, "Lena was there too.")
    assert release(shop, receipt, "Lena was there too.") == "[…] was there too."


def test_who_was_described_by_a_name_is_not_named(shop: Shop):
    described = {"served_by": {"described": "tall, badge: Annunziata"}}
    receipt = noted(shop, "Annunziata wore a tall hat.", employees=described)
    assert release(shop, receipt, "Annunziata wore a tall hat.") == "[…] wore a tall hat."


def test_names_of_the_visit_s_branch_alone_are_blanked(shop: Shop):
    receipt = noted(shop, "Bea from the Centre, Ed, Mara and E2 said no.")
    assert release(shop, receipt, "Bea from the Centre, Ed, Mara and E2 said no.") == (
        "Bea from the Centre, […], […] and […] said no."
    )

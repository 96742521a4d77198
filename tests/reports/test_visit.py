"""A visit on paper: its explanation adds up, its words stand whole, and it tells no hour and no shopper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.actions.correct_visit import correct_visit
from checker.actions.review_visit import review_visit
from checker.actions.submit_visit import Receipt
from checker.config import LANGUAGES
from checker.reports.look import Look
from checker.reports.visit import visit_report
from checker.store import revisions
from checker.summaries.visit import visit_sheet
from checker.words import words_for
from tests.making_store import GOOD, NOW, POOR, Shop
from tests.making_store import shop as made
from tests.reports.reading import pages, places, read, sizes, text

HOSTILE = '<img src="/etc/passwd"> & </b> 3 < 5'
LONG = "word " * 790 + "END"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        yield it


def paper(shop: Shop, receipt: Receipt, who: str = "mara", language: str = "en") -> bytes:
    sheet = visit_sheet(shop.store, receipt.id, person_id=shop.people[who], now=NOW)
    return visit_report(sheet, words_for(language), look=Look("Nordline"))


def noted(**answers: Any) -> dict[str, Any]:
    return {**GOOD, **answers}


def test_it_says_what_was_answered_and_what_each_answer_adds(shop: Shop) -> None:
    answers = noted(smile="no", remark="All <b>well</b>.", tidy={"value": "yes", "note": "Very tidy."})
    receipt = shop.send(answers=answers, employees={"served_by": {"code": "E1"}})
    whole = text(paper(shop, receipt))
    for said in (
        "Harbour (B1): Shop 1",
        "Visit of 10 Oct 2026",
        "served by Eve",
        "Compliance 75.0 %",
        "Questions met 4 of 5",
        "The shop was tidy. Yes met 4 of 4 25.00",
        "The employee smiled. No not met 0 of 4 0.00",
        "How long until the greeting? (critical) 12 s met 4 of 4 25.00",
        "A new question. No on trial",
        "Answers: 12 of 16 points 75.00",
        "All <b>well</b>.",
        "Very tidy.",
    ):
        assert said in whole


def test_critical_findings_stand_first(shop: Shop) -> None:
    receipt = shop.send(answers=dict(POOR))
    first = pages(paper(shop, receipt))[0]
    assert "Critical findings" in first
    assert first.index("It never happened") < first.index("Answers")
    assert "Critical findings" not in text(paper(shop, shop.send()))


@pytest.mark.parametrize("who", ["mara", "lee", "rea", "ada"])
def test_it_tells_no_hour_no_shopper_and_no_office_to_anybody(shop: Shop, who: str) -> None:
    receipt = shop.send(visited_at="2026-10-10T13:37:00+03:00", employees={"served_by": {"code": "E1"}})
    visit = shop.visit(receipt)
    review_visit(shop.store, visit, decision="exclude", reason="Rebuilt.", by=shop.people["rea"], now=NOW)
    content = paper(shop, receipt, who)
    whole = text(content) + str(read(content).metadata)
    for secret in ("13:37", "10:37", "Sam", "Rea"):
        assert not re.search(rf"\b{secret}\b", whole)
    assert ("Eve" in whole) == (who != "lee")
    assert "Left out of figures Rebuilt." in whole


def test_a_correction_is_told_by_day_with_its_reason(shop: Shop) -> None:
    receipt = shop.send()
    visit = shop.visit(receipt)
    body = revisions.get(shop.store, visit["id"], 1)
    body["answers"]["smile"] = "no"
    body |= {"revises": visit["hash"], "reason": "Asked the shopper."}
    correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)
    whole = text(paper(shop, receipt))
    assert "20 Oct 2026 Corrected Asked the shopper." in whole
    assert "20 Oct 2026 Version 2 Asked the shopper." in whole
    assert "Version 2 of this visit" in whole


@pytest.mark.parametrize("who", ["mara", "rea"])
def test_it_has_no_hash_by_which_the_hour_can_be_found(shop: Shop, who: str) -> None:
    receipt = shop.send()
    told = paper(shop, receipt, who)
    assert receipt.manifest_hash[:12] not in text(told) + str(read(told).metadata)


def test_a_visit_that_was_not_completed_has_its_reason_and_no_score(shop: Shop) -> None:
    receipt = shop.send(outcome="closed", reason="Stocktaking.", answers={})
    whole = text(paper(shop, receipt))
    assert "Not completed: branch closed." in whole
    assert "Stocktaking." in whole
    assert "Compliance" not in whole


def test_long_and_hostile_words_come_out_whole(shop: Shop) -> None:
    answers = noted(remark=LONG, smile={"value": "no", "note": HOSTILE})
    receipt = shop.send(answers=answers, employees={"served_by": {"described": HOSTILE}})
    content = paper(shop, receipt)
    whole = text(content)
    assert whole.count(HOSTILE) == 2
    assert "word END" in whole
    assert whole.count("word") == 790
    for x, y in places(content):
        assert 40 < x < 595 - 40
        assert 25 < y < 842 - 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_made_in_every_language_the_same_twice(shop: Shop, language: str) -> None:
    receipt = shop.send(answers=noted(smile={"value": "no", "note": "ăłß"}))
    content = paper(shop, receipt, language=language)
    assert content == paper(shop, receipt, language=language)
    assert "□" not in text(content)
    assert min(sizes(content)) >= 7.0
    assert read(content).root_object["/Lang"] == language

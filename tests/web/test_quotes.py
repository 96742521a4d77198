"""Words for reports on the visit's page: what is offered, released, refused and withdrawn, and by whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from checker.store import quotes, visits
from checker.store.connection import Store
from tests.browsing import Browser
from tests.making_store import GOOD
from tests.web.sent import send, words

NOTE = "Eve Alder looked <b>away</b> & I left my number: 040 1234567."
CLEARED = "[…] looked <b>away</b> & I left my number: […]."


def noted(store: Store) -> UUID:
    return send(store, answers={**GOOD, "smile": {"value": "no", "note": NOTE}})


def quote(browser: Browser, uuid: UUID, do: str = "release", **fields: str) -> Any:
    row_hash = fields.pop("revision", "")
    data = {"item": "smile", "text": CLEARED, "do": do, "revision": row_hash, **fields}
    return browser.post(f"/visits/{uuid}/quote", data=data)


def hash_of(store: Store, uuid: UUID) -> str:
    row = visits.find(store, uuid)
    assert row is not None
    return str(row["hash"])


def told(store: Store, uuid: UUID) -> list[str]:
    row = visits.find(store, uuid)
    assert row is not None
    return [one["text"] for one in quotes.list_of_visit(store, row["id"]).values()]


def test_a_note_is_offered_cleared_with_what_was_blanked(store: Store, as_rea: Browser) -> None:
    page = as_rea.get(f"/visits/{noted(store)}").text
    said = words(page)
    assert CLEARED in said
    assert "Blanked by rule: 040 1234567 · Eve · Alder" in said
    assert "<b>away" not in page
    assert "Release for reports" in said


def test_it_is_released_shortened_and_withdrawn(store: Store, as_rea: Browser) -> None:
    uuid = noted(store)
    seen = hash_of(store, uuid)
    answer = quote(as_rea, uuid, revision=seen, text=NOTE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{uuid}#q-smile")
    assert told(store, uuid) == [CLEARED]
    said = words(as_rea.get(f"/visits/{uuid}").text)
    assert "2 places were blanked." not in said  # said once, in full
    assert "3 places were blanked." in said
    assert "Released by Rea Reed" in said
    assert quote(as_rea, uuid, revision=seen, text="I left my number.").status_code == 303
    assert told(store, uuid) == ["I left my number."]
    assert quote(as_rea, uuid, "withdraw").status_code == 303
    assert told(store, uuid) == []


def test_other_words_stay_typed_beside_the_fault(store: Store, as_rea: Browser) -> None:
    uuid = noted(store)
    answer = quote(as_rea, uuid, revision=hash_of(store, uuid), text="Nobody cared at all.")
    assert answer.status_code == 422
    assert "These are not the shopper's words." in words(answer.text)
    assert "Nobody cared at all.</textarea>" in answer.text
    assert told(store, uuid) == []


def test_a_correction_meanwhile_is_said(store: Store, as_rea: Browser) -> None:
    answer = quote(as_rea, noted(store), revision="0" * 64)
    assert answer.status_code == 409
    assert "This visit was corrected meanwhile." in words(answer.text)


def test_what_is_neither_is_not_guessed(store: Store, as_rea: Browser) -> None:
    assert quote(as_rea, noted(store), "both").status_code == 400


def test_a_visit_without_a_note_or_a_figure_offers_nothing(store: Store, as_rea: Browser) -> None:
    assert "Words for reports" not in as_rea.get(f"/visits/{send(store)}").text
    uuid = noted(store)
    void = {"state": "sent", "excluded": "0", "decision": "void", "reason": "Because."}
    as_rea.post(f"/visits/{uuid}/decision", data=void)
    assert "Words for reports" not in as_rea.get(f"/visits/{uuid}").text


@pytest.mark.parametrize("who", ["as_mara", "as_lee", "as_eve", "as_sam", "as_bo"])
def test_nobody_else_is_offered_or_can_do_it(store: Store, who: str, request: pytest.FixtureRequest) -> None:
    browser: Browser = request.getfixturevalue(who)
    uuid = noted(store)
    assert quote(browser, uuid, revision=hash_of(store, uuid)).status_code == 404
    assert "Words for reports" not in browser.get(f"/visits/{uuid}", follow_redirects=True).text
    assert told(store, uuid) == []

"""Drafts: saved while typing, and nothing typed is lost when two devices meet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from checker.store import drafts
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.web.shopping import begin, fill, hidden, publish, send, typed_in

YES = {"answers.hello": ["yes"]}
NO = {"answers.hello": ["no"]}


@pytest.fixture
def visit(as_sam: Browser, store: Store) -> UUID:
    """A visit Sam has begun."""
    publish(store)
    return begin(as_sam)


def put(browser: Browser, visit: UUID, typed: Any, **more: Any) -> Any:
    sent = {"device": "phone", "base": 0, "turn": None, "typed": typed, **more}
    return browser.put(f"/visits/{visit}/draft", json=sent)


def copies(store: Store, visit: UUID) -> list[dict[str, Any]]:
    draft = drafts.find(store, visit)
    assert draft is not None
    return [copy["body"]["typed"] for copy in drafts.list_copies(store, draft["id"])]


def test_what_is_typed_is_kept_right_or_wrong(as_sam: Browser, store: Store, visit: UUID):
    typed = {"answers.wait.seconds": ["soon"], "answers.hello": ["yes"]}
    answer = put(as_sam, visit, typed)
    assert answer.status_code == 200
    assert answer.get_json()["sequence"] == 1
    assert typed_in(store, visit) == typed
    assert 'value="soon"' in as_sam.get(f"/visits/{visit}").text


def test_one_device_saves_again_and_again(as_sam: Browser, store: Store, visit: UUID):
    assert put(as_sam, visit, YES).get_json()["sequence"] == 1
    assert put(as_sam, visit, NO, base=1).get_json()["sequence"] == 2
    assert put(as_sam, visit, NO, base=2).get_json()["sequence"] == 2  # nothing new
    assert copies(store, visit) == []


def test_two_devices_meet_and_both_versions_are_kept(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, YES)
    answer = put(as_sam, visit, NO, device="tablet")
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "draft.conflict"
    assert typed_in(store, visit) == YES
    assert copies(store, visit) == [NO]
    assert "Another version of this visit is kept" in as_sam.get(f"/visits/{visit}").text


def test_a_page_at_work_beside_another_device_has_one_copy(as_sam: Browser, store: Store, visit: UUID):
    """A tablet saves after every answer, also before its shopper has chosen between both versions."""
    put(as_sam, visit, YES)
    for turn, typed in enumerate((NO, {**NO, "answers.felt": ["3"]}, {**NO, "answers.felt": ["4"]}), 1):
        assert put(as_sam, visit, typed, device="tablet", turn=turn).status_code == 409
    assert put(as_sam, visit, NO, device="tablet", turn=2).status_code == 409  # comes late
    assert copies(store, visit) == [{**NO, "answers.felt": ["4"]}]
    put(as_sam, visit, NO, device="laptop", turn=1)
    assert copies(store, visit) == [{**NO, "answers.felt": ["4"]}, NO]


def test_one_may_go_on_with_ones_own_version_and_the_other_is_kept(
    as_sam: Browser, store: Store, visit: UUID
):
    put(as_sam, visit, YES)
    assert put(as_sam, visit, NO, device="tablet", instead=True).status_code == 200
    assert typed_in(store, visit) == NO
    assert copies(store, visit) == [YES]
    assert as_sam.get(f"/visits/{visit}").text.count("Another version of this visit is kept") == 1


def test_a_copy_that_says_the_same_is_not_shown(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, YES)
    put(as_sam, visit, NO, device="tablet")
    assert "Another version of this visit is kept" in as_sam.get(f"/visits/{visit}").text
    put(as_sam, visit, NO)
    assert "Another version of this visit is kept" not in as_sam.get(f"/visits/{visit}").text


def test_a_reply_that_never_came_is_no_second_device(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, YES, turn=1)
    assert put(as_sam, visit, NO, turn=2).status_code == 200  # the page still thinks it is at 0
    assert typed_in(store, visit) == NO
    assert copies(store, visit) == []


def test_a_save_that_comes_late_does_not_undo_a_newer_one(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, NO, turn=2)
    late = put(as_sam, visit, YES, turn=1)
    assert late.status_code == 200
    assert late.get_json()["turn"] == 2
    assert typed_in(store, visit) == NO


def test_a_device_that_knows_the_newest_goes_on_from_it(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, YES)
    assert put(as_sam, visit, NO, device="tablet", base=1).status_code == 200
    assert copies(store, visit) == []


def test_the_form_meets_another_device_and_says_so(as_sam: Browser, store: Store, visit: UUID):
    page = as_sam.get(f"/visits/{visit}").text
    put(as_sam, visit, YES)
    mine = {"answers.hello": "no", "answers.felt": "3"}
    answer = as_sam.post(f"/visits/{visit}", data={**mine, **hidden(page), "do": "save"})
    assert answer.status_code == 409
    assert "both versions are kept" in answer.text
    assert 'name="answers.felt" value="3" checked' in answer.text
    assert typed_in(store, visit) == YES
    again = as_sam.post(f"/visits/{visit}", data={**mine, **hidden(answer.text), "do": "save"})
    assert again.status_code == 303
    assert typed_in(store, visit) == {"answers.hello": ["no"], "answers.felt": ["3"]}
    assert YES in copies(store, visit)


def test_two_versions_are_compared_and_either_is_taken(as_sam: Browser, store: Store, visit: UUID):
    put(as_sam, visit, {**YES, "answers.felt": ["3"]})
    put(as_sam, visit, {**NO, "answers.felt": ["3"]}, device="tablet")
    key = store.value("SELECT id FROM draft_copy")
    page = as_sam.get(f"/visits/{visit}/copies/{key}").text
    assert "Did somebody say hello?" in page
    assert "How much did it feel right?" not in page  # they agree on that
    assert as_sam.post(f"/visits/{visit}/copies/{key}").status_code == 303
    assert typed_in(store, visit)["answers.hello"] == ["no"]
    assert {**YES, "answers.felt": ["3"]} in copies(store, visit)
    assert as_sam.get(f"/visits/{visit}/copies/{key + 99}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"typed": ["answers.hello"]},
        {"typed": {"answers.hello": "yes"}},
        {"typed": {"answers.hello": [1]}},
        {"typed": YES, "device": ""},
        {"typed": YES, "device": "x" * 65},
        {"typed": YES, "base": "0"},
        {"typed": YES, "base": True},
        {"typed": YES, "turn": 1.5},
        {"typed": YES, "instead": "yes"},
    ],
)
def test_a_draft_of_another_shape_is_refused(
    as_sam: Browser, store: Store, visit: UUID, wrong: dict[str, Any]
):
    answer = as_sam.put(f"/visits/{visit}/draft", json={"device": "phone", "base": 0, **wrong})
    assert answer.status_code == 422
    assert typed_in(store, visit) == {}


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"'])
def test_broken_json_is_refused(as_sam: Browser, visit: UUID, body: str):
    answer = as_sam.put(f"/visits/{visit}/draft", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)


def test_an_input_nobody_asks_for_is_refused_with_its_name(as_sam: Browser, store: Store, visit: UUID):
    answer = put(as_sam, visit, {**YES, "answers.nothing": ["yes"]})
    assert answer.status_code == 422
    assert [fault["item"] for fault in answer.get_json()["faults"]] == ["answers.nothing"]
    assert typed_in(store, visit) == {}


def test_a_draft_too_large_is_refused(as_sam: Browser, store: Store, visit: UUID):
    assert put(as_sam, visit, {"answers.first_words": ["x" * 300_000]}).status_code == 413
    assert typed_in(store, visit) == {}


def test_a_draft_belongs_to_its_shopper(app: Flask, store: Store, visit: UUID):
    for browser in (
        signed_in_as(app, people.someone(store, "ned@example.org", "Ned North", "shopper")),
        signed_in_as(app, people.ada(store)),
    ):
        assert put(browser, visit, YES).status_code == 404
        assert browser.get(f"/visits/{visit}/copies/1").status_code == 404
    assert typed_in(store, visit) == {}


def test_a_save_after_sign_out_is_refused_and_says_so(client: Browser, visit: UUID):
    answer = put(client, visit, YES)
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "session.over"


def test_a_save_without_its_token_is_refused(as_sam: Browser, store: Store, visit: UUID):
    answer = as_sam.put(
        f"/visits/{visit}/draft",
        json={"device": "phone", "base": 0, "typed": YES},
        headers={"X-CSRFToken": "wrong"},
    )
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "request.form_expired"
    assert typed_in(store, visit) == {}


def test_a_sent_visit_has_no_draft_to_save(as_sam: Browser, store: Store, visit: UUID):
    fill(as_sam, visit)
    send(as_sam, visit)
    answer = put(as_sam, visit, NO, base=1)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "draft.sent"

"""A checklist as a form: what is typed is read into the body of design §9, and a body is typed back."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.answers import plain, read_answer
from checker.standards.body import read_envelope
from checker.standards.faults import Fault, Refused
from checker.standards.parse import read_yaml
from checker.store.checklists import Version
from checker.web.form_for import VisitForm, form_for, unknown_inputs
from checker.web.questions import question_for, when_nobody_served
from tests.standards.drawing import JSON
from tests.standards.making import RULES, checklist, choice, felt, item, multi, own, when
from tests.web.shopping import EVERY_KIND, FILLED, SAID
from tests.web.typed import CASES, CHECKLIST, FRAME, form_of, said_by_server

EVERY = Version(1, 1, read_yaml(EVERY_KIND, "test.yaml"), b"every", b"", {})
HELSINKI = "Europe/Helsinki"


@pytest.fixture(autouse=True)
def speaking(app: Flask) -> Iterator[None]:
    """Faults are said in a language."""
    with app.test_request_context("/"):
        yield


def many(**typed: str | list[str]) -> dict[str, list[str]]:
    return {
        name.replace("__", "."): [values] if isinstance(values, str) else values
        for name, values in typed.items()
    }


FILLED_LISTS = {name: [values] if isinstance(values, str) else values for name, values in FILLED.items()}


def filled(**typed: str | list[str]) -> VisitForm:
    return form_for(EVERY, attributed=True)(many(**typed), zone=HELSINKI)


def one(made: Any, *inputs: tuple[str, str], **given: Any) -> Any:
    """The answer and the form of a single item."""
    version = Version(1, 1, checklist(made), repr(made).encode(), b"", {})
    typed: dict[str, list[str]] = {}
    for part, value in inputs:
        typed.setdefault(f"answers.{made.id}{part}", []).append(value)
    form = form_for(version, attributed=True)(typed, zone=HELSINKI)
    return form.body({})["answers"].get(made.id), form


def test_a_filled_form_says_the_body():
    form = form_for(EVERY, attributed=True)(FILLED_LISTS, zone=HELSINKI)
    body = form.body({"id": "x"})
    assert body == {"id": "x", "photos": [], **SAID}
    assert not form.own_faults()


def test_a_body_fills_the_form_so_that_it_says_the_same():
    form = form_for(EVERY, attributed=True)(None, zone=HELSINKI, body=SAID)
    assert form.body({}) == {"photos": [], **SAID}
    assert form_for(EVERY, attributed=True)(form.typed, zone=HELSINKI).body({}) == {"photos": [], **SAID}


def test_an_empty_form_says_nothing_and_knows_what_is_missing():
    form = filled()
    assert form.body({}) == {
        "visited_at": None,
        "service_level": None,
        "context": {},
        "employees": {"served_by": None},
        "photos": [],
        "answers": {},
    }
    assert [field.item.id for field in form.progress.left] == [
        "hello", "wait", "true_words", "yeses", "felt", "paid", "seen", "window",
    ]  # fmt: skip


def test_photos_are_not_asked_where_none_can_be_taken():
    form = filled()
    assert "picture" not in form.questions
    assert form.progress.asked == 11


def test_without_attribution_nobody_is_asked_for():
    form = form_for(EVERY, attributed=False)({}, zone=HELSINKI)
    assert form.body({})["employees"] == {}
    assert [fault.code for fault in unknown_inputs(type(form), ["employees.served_by"])] == [
        "form.unknown_input"
    ]


def test_the_form_of_a_version_is_made_once():
    assert form_for(EVERY, attributed=True) is form_for(EVERY, attributed=True)
    assert form_for(EVERY, attributed=True) is not form_for(EVERY, attributed=False)


def test_item_ids_may_be_any_word_of_the_form_library():
    made = checklist(item("data"), item("process"), item("errors"), item("validate"), item("meta"))
    form = form_for(Version(1, 1, made, b"words", b"", {}), attributed=True)(
        {"answers.data": ["yes"], "answers.meta": ["no"]}, zone="UTC"
    )
    assert form.body({})["answers"] == {"data": "yes", "meta": "no"}


# --- each kind of question ---


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([("", "time"), (".seconds", "12.3"), (".tapped", "12.3")], "12.3"),
        ([("", "time"), (".seconds", "12"), (".tapped", "12")], 12),
        ([(".seconds", "12")], {"value": 12, "estimated": True}),
        ([("", "time"), (".seconds", "14"), (".tapped", "12.3")], {"value": 14, "estimated": True}),
        ([(".seconds", "12,5")], {"value": "12.5", "estimated": True}),
        ([(".seconds", " 1:05 ")], {"value": 65, "estimated": True}),
        ([("", "never")], "never"),
        ([("", "never"), (".seconds", "12"), (".tapped", "12")], "never"),
        ([("", "n/a")], "na"),
        ([("", "time")], None),
        ([("", "time"), (".seconds", "never")], "never"),
        ([("", "never"), (".note", "Nobody came")], {"never": True, "note": "Nobody came"}),
    ],
)
def test_a_time_is_measured_typed_or_never(typed, said):
    """SC-03: what was typed from memory is marked so."""
    assert one(item("t", "duration", na_allowed=True), *typed)[0] == said


@pytest.mark.parametrize(
    ("made", "typed", "said"),
    [
        (item("a"), [("", "yes")], "yes"),
        (item("a"), [("", "n/a")], "na"),
        (item("a"), [("", "no"), (".note", " Too\r\nbusy ")], {"value": "no", "note": "Too\nbusy"}),
        (item("a", "count", 3), [("", "0")], 0),
        (item("a", "scale", na_allowed=True), [("", "n/a")], {"na": True}),
        (item("a", choice(na=1, b=0), na_allowed=True), [("", "na")], "na"),
        (item("a", choice(na=1, b=0), na_allowed=True), [("", "n/a")], {"na": True}),
        (item("a", multi(x=1, y=1)), [("", "none/")], []),
        (item("a", multi(x=1, y=1)), [("", "y"), ("", "x")], ["x", "y"]),
        (item("a", "graded", "2.5"), [("", "2,5")], "2.5"),
        (item("a", "number"), [("", "1 250,5")], "1250.5"),
        (item("a", "number"), [("", "-3")], -3),
        (item("a", "number", na_allowed=True), [(".na", "n/a")], {"na": True}),
        (item("a", "text"), [("", "  ")], None),
        (item("a", "datetime"), [(".date", "2026-10-25"), (".time", "14:05")], "2026-10-25T14:05:00+02:00"),
        (
            item("a", "datetime"),
            [(".date", "2026-10-24"), (".time", "14:05:07")],
            "2026-10-24T14:05:07+03:00",
        ),
    ],
)
def test_each_kind_is_read(made, typed, said):
    answer, form = one(made, *typed)
    assert answer == said
    assert not form.own_faults()


@pytest.mark.parametrize(
    ("made", "typed", "code"),
    [
        (item("a"), [(".note", "But why")], "form.note_alone"),
        (item("a", "number", na_allowed=True), [("", "4"), (".na", "n/a")], "form.na_and_answer"),
        (item("a", multi(x=1)), [("", "x"), ("", "none/")], "form.none_and_some"),
        (item("a", "datetime"), [(".date", "2026-10-24")], "form.half_moment"),
        (item("a", "datetime"), [(".date", "2026-02-30"), (".time", "10:00")], "form.moment"),
        (item("a", "datetime"), [(".date", "24.10.2026"), (".time", "10:00")], "form.moment"),
        (item("a", "datetime"), [(".date", "2026-10-24"), (".time", "10:00+09:00")], "form.moment"),
    ],
)
def test_what_inputs_alone_can_get_wrong_is_said_there(made, typed, code):
    _answer, form = one(made, *typed)
    assert [(fault.code, fault.place) for fault in form.own_faults()] == [(code, "a")]


@pytest.mark.parametrize(
    ("made", "typed", "sent"),
    [
        (item("a"), [("", "maybe")], {"value": "maybe"}),
        (item("a", na_allowed=False), [("", "n/a")], {"na": True}),
        (item("a", "count", 3), [("", "4")], {"value": 4}),
        (item("a", "scale"), [("", "x")], {"value": "x"}),
        (item("a", "duration"), [(".seconds", "soon")], {"value": "soon", "estimated": True}),
        (item("a", "duration"), [("", "later")], {"value": "later"}),
        (item("a", choice(x=1)), [("", "z")], {"value": "z"}),
        (item("a", "graded", 3), [("", "3.5")], {"value": "3.5"}),
    ],
)
def test_what_cannot_be_read_is_handed_on_for_the_rules_to_refuse(made, typed, sent):
    """One reading of answers: the form's mistakes are found by the same rules as the API's."""
    answer, form = one(made, *typed)
    assert answer == sent
    with pytest.raises(Refused):
        read_answer(made, answer)
    assert not form.own_faults()


def test_who_served_is_a_code_a_description_or_unknown():
    assert filled(employees__served_by="E0001").body({})["employees"] == {"served_by": {"code": "E0001"}}
    described = filled(employees__served_by__described="badge: Anna")
    assert described.body({})["employees"] == {"served_by": {"described": "badge: Anna"}}
    both = filled(employees__served_by="E0001", employees__served_by__described="badge: Anna")
    assert [fault.place for fault in both.own_faults()] == ["employees.served_by"]


def test_what_scripts_note_is_a_part_of_the_body():
    events = [{"event": "wait.stop", "at": "2026-10-14T14:05:03.250+03:00"}]
    clock = {"ahead_ms": -3, "checked_at": None}
    photos = [{"item": "picture", "sha256": "ab" * 32}]
    said = {"events": events, "clock": clock, "photos": photos}
    typed = {name: [json.dumps(value)] for name, value in said.items()}
    form = form_for(EVERY, attributed=True)(typed, zone=HELSINKI)
    assert {name: form.body({})[name] for name in said} == said
    assert form.typed == typed
    again = form_for(EVERY, attributed=True)(None, zone=HELSINKI, body={**SAID, **said})
    assert again.body({}) == {**SAID, **said}
    assert form_for(EVERY, attributed=True)(again.typed, zone=HELSINKI).body({}) == {**SAID, **said}


@pytest.mark.parametrize(
    "text", ["{", "[NaN]", "[" * 10_000, '"' + "1" * 9, "[1" + "0" * 5_000 + "]", "\u0000{"]
)
def test_a_note_that_cannot_be_read_is_a_fault_and_never_a_crash(text: str):
    form = form_for(EVERY, attributed=True)({"events": [text]}, zone=HELSINKI)
    assert [(fault.place, fault.code) for fault in form.own_faults()] == [("events", "form.json")]
    assert form.typed == {"events": [text]}
    assert "events" not in form.body({})


@given(st.text(max_size=30) | JSON.map(json.dumps))
def test_whatever_a_note_holds_is_read_or_refused_at_its_place(text: str):
    form = form_for(EVERY, attributed=True)({"events": [text], "photos": [text]}, zone=HELSINKI)
    try:
        read_envelope(form.body(FRAME))
    except Refused as refused:
        assert all(form.field_at(fault.place) is not None for fault in form.place(refused.faults))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_shared_cases_of_what_is_typed(case):
    """The twin of body.js, which tests/browser/test_modules.py holds to the same cases."""
    form = form_of(CHECKLIST, case["typed"], case["zone"])
    assert form.body({}) == case["body"]
    assert said_by_server(form) == case["faults"]


# --- what is asked ---


def test_questions_follow_the_answers_before_them():
    """SC-11"""
    assert "first_words" not in filled().asked
    assert "first_words" in filled(answers__hello="yes").asked
    assert "queue" in filled(context__busy="yes").asked


def test_a_hidden_answer_travels_along_but_never_stands_in_the_way():
    """SC-11: what can be read stays in the revision, what cannot is no fault."""
    made = checklist(
        item("a"),
        item("b", "number", when=(when("a", "yes"),)),
        item("c", "text", 0, when=(when("a", "yes"),)),
    )
    version = Version(1, 1, made, b"hidden", b"", {})
    typed = {"answers.a": ["no"], "answers.b": ["warm"], "answers.c": ["words"], "answers.b.note": ["x"]}
    form = form_for(version, attributed=True)(typed, zone="UTC")
    assert form.body({})["answers"] == {"a": "no", "c": "words"}
    assert not form.own_faults()
    assert form.typed == typed


def test_faults_stand_at_their_fields_and_in_the_order_of_the_page():
    from checker.standards.faults import Fault

    form = filled(visited_at__date="2026-10-14", answers__hello__note="?")
    faults = [
        Fault("answer.missing", "felt", "Felt is missing."),
        Fault("body.missing", "visited_at", "This is missing; every visit needs it."),
        Fault("answer.missing", "hello", "Hello is missing."),
        Fault("assignment.other", "assignment", "The assignment is another."),
        Fault("employee.unknown", "employees.served_by.code", "There is no such employee."),
    ]
    shown = form.place(faults)
    assert [fault.code for fault in shown] == [
        "assignment.other", "form.half_moment", "employee.unknown", "form.note_alone", "answer.missing",
    ]  # fmt: skip
    assert form.form_errors == ["The assignment is another."]
    assert form["answers.felt"].errors == ["Felt is missing."]
    assert form["employees.served_by"].errors == ["There is no such employee."]


# --- nobody served me ---


def test_nobody_served_fills_what_is_open_about_the_staff():
    typed = filled(answers__yeses="1").answers_when_nobody_served()
    assert typed == many(
        answers__hello="no", answers__wait="never", answers__true_words="n/a", answers__yeses="1"
    )


def test_nobody_served_answers_only_what_is_asked():
    made = checklist(
        own("came", na_allowed=False),
        own("words", "text", 0, when=(when("came", "yes"),)),
        own("why", na_allowed=False, when=(when("came", "no"),)),
        item("tidy"),
    )
    form = form_for(Version(1, 1, made, b"nobody", b"", {}), attributed=True)({}, zone="UTC")
    assert form.answers_when_nobody_served() == many(answers__came="no", answers__why="no")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (own("a", na_allowed=False), "no"),
        (own("a"), {"na": True}),
        (own("a", "duration", na_allowed=True), "never"),
        (own("a", "count", 3), 0),
        (own("a", "graded", 3), 0),
        (own("a", "scale", na_allowed=True), {"na": True}),
        (own("a", "scale"), None),
        (own("a", multi(x=1)), []),
        (own("a", choice(x=1)), None),
        (own("a", "text", na_allowed=True), None),
        (item("a"), None),
    ],
)
def test_what_nobody_served_says_to_each_kind(made, said):
    assert when_nobody_served(made) == said


# --- laws ---

ANSWERS = {
    "yes_no_na": st.sampled_from(["yes", "no", "na"]),
    "duration": st.one_of(
        st.sampled_from(["never", "na", {"never": True, "note": "n"}]),
        st.builds(
            lambda ms, estimated: {"value": f"{ms // 1000}.{ms % 1000:03}", "estimated": estimated},
            st.integers(0, 86_400_000),
            st.booleans(),
        ),
    ),
    "count": st.integers(0, 3),
    "scale": st.integers(1, 5),
    "choice": st.sampled_from(["x", "y", "na"]),
    "multi": st.lists(st.sampled_from(["x", "y"]), unique=True),
    "graded": st.integers(0, 30_000).map(lambda units: f"{units / 10_000:.4f}"),
    "number": st.decimals(-1000, 1000, places=3).map(lambda number: format(number, "f")),
    "text": st.text(min_size=1, max_size=40),
    "datetime": st.datetimes().filter(lambda d: 2000 < d.year < 2900).map(
        lambda d: d.replace(microsecond=0).isoformat() + "+00:00"
    ),
}  # fmt: skip
KINDS = {**RULES, "choice": choice(x=1, y=0, na=0), "multi": multi(x=1, y=1)}


@given(st.data())
def test_every_answer_can_be_typed_and_is_read_back_the_same(data):
    """The form loses nothing: an answer typed into its inputs says that answer."""
    kind = data.draw(st.sampled_from(sorted(ANSWERS)))
    made = item("q", KINDS[kind], 3, na_allowed=True)
    given_ = data.draw(st.one_of(ANSWERS[kind], st.just({"na": True, "note": "why"})))
    answer = read_answer(made, given_)
    if answer is None:
        return
    said = plain(answer, made)
    version = Version(1, 1, checklist(made), kind.encode(), b"", {})
    form_class = form_for(version, attributed=True)
    from_body = form_class(
        None, zone="UTC", body={"visited_at": "2026-10-14T00:00:00+00:00", "answers": {"q": said}}
    )
    again = form_class(from_body.typed, zone="UTC")
    assert read_answer(made, again.body({})["answers"]["q"]) == answer
    assert not again.own_faults()


def test_every_type_has_a_field_but_photos():
    assert {kind for kind, rule in KINDS.items() if question_for(item("a", rule)) is None} == {"photo"}
    assert felt("a").type == "scale"


# --- one form beside another ---------------------------------------------------------------------------


def test_forms_of_a_checklist_share_no_answer_and_no_zone():
    typed = many(visited_at__date="2026-10-01", visited_at__time="12:30", answers__hello="yes")
    first, second = filled(**typed), form_for(EVERY, attributed=True)(typed, zone="UTC")
    third = filled()
    assert first.body({})["visited_at"] == "2026-10-01T12:30:00+03:00"
    assert second.body({})["visited_at"] == "2026-10-01T12:30:00+00:00"
    assert first.questions["hello"].data == "yes" and third.questions["hello"].data is None
    second.place([Fault("answer.missing", "hello", "Answer this.")])
    assert second.questions["hello"].errors and not first.questions["hello"].errors


def test_a_form_and_what_was_typed_go_when_nobody_needs_them():
    filled(answers__hello="yes")
    gc.disable()
    try:
        gone = weakref.ref(filled(answers__hello="yes"))
        assert gone() is None
    finally:
        gc.enable()

"""Answers as they are sent are read into checked values, refused with every fault, and written back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.answers import (
    LONGEST_TEXT,
    MOST_PHOTOS,
    clean_text,
    missing,
    plain,
    read_answer,
    read_answers,
    read_moment,
)
from checker.standards.faults import Refused
from checker.standards.model import Answer, Number, State
from tests.standards.drawing import JSON, visits
from tests.standards.making import answers, checklist, choice, item, multi, units, when

A, B = "a" * 64, "b" * 64
YES = item("said")
PAY = item("said", choice(card=1, cash=1, na=1))
IRRITATIONS = item("said", multi(smell=1, noise=1, dirt=1))
PRICE = item("said", Number(minimum=Decimal("0.5"), maximum=Decimal(100)))
FREE = item("said", "number")
TIME = item("said", "duration", na_allowed=True)


def read(made, said):
    return read_answer(made, said)


def codes(made, said):
    """The codes of every fault of one answer."""
    with pytest.raises(Refused) as refused:
        read_answer(made, said)
    assert {fault.place for fault in refused.value.faults} == {"said"}
    return [fault.code.removeprefix("answer.") for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("made", "sent", "value"),
    [
        (YES, "yes", True),
        (YES, "no", False),
        (YES, {"value": "no"}, False),
        (TIME, 25, 25_000),
        (TIME, "25.4", 25_400),
        (TIME, "25.435", 25_435),
        (TIME, 0, 0),
        (item("said", "count"), 0, 0),
        (item("said", "count"), 3, 3),
        (item("said", "scale"), 5, 5),
        (PAY, "cash", "cash"),
        (PAY, "na", "na"),
        (IRRITATIONS, ["dirt", "smell"], ("smell", "dirt")),
        (IRRITATIONS, [], ()),
        (item("said", "graded", "2.5"), "0.25", units("0.25")),
        (item("said", "graded", "2.5"), 2, units(2)),
        (PRICE, "9.99", Decimal("9.99")),
        (PRICE, 7, Decimal(7)),
        (FREE, "-3.50", Decimal("-3.5")),
        (FREE, "-0", Decimal(0)),
        (item("said", "text"), " Hello \r\nthere\x00 ", "Hello \nthere"),
        (item("said", "text"), "na", "na"),
        (item("said", "photo"), [A.upper(), B], (A, B)),
        (item("said", "datetime"), "2026-10-01T14:05Z", "2026-10-01T14:05:00+00:00"),
        (item("said", "datetime"), "2026-10-01T14:05:09.25+03:00", "2026-10-01T14:05:09.250000+03:00"),
    ],
)
def test_values_by_type(made, sent, value):
    assert read(made, sent) == Answer("said", value)


@pytest.mark.parametrize(
    ("made", "sent", "code"),
    [
        (YES, True, "yes_no"),
        (YES, "Yes", "yes_no"),
        (YES, "never", "yes_no"),
        (YES, ["yes"], "yes_no"),
        (TIME, -1, "out_of_range"),
        (TIME, 86_401, "out_of_range"),
        (TIME, "25.4351", "number"),
        (TIME, "25,4", "number"),
        (TIME, " 25", "number"),
        (TIME, "١٢", "number"),
        (TIME, "1e3", "number"),
        (TIME, "NaN", "number"),
        (TIME, True, "number"),
        (TIME, 25.4, "float"),
        (item("said", "count"), 4, "out_of_range"),
        (item("said", "count"), -1, "out_of_range"),
        (item("said", "count"), True, "out_of_range"),
        (item("said", "count"), "2", "out_of_range"),
        (item("said", "count"), 2.0, "out_of_range"),
        (item("said", "scale"), 0, "out_of_range"),
        (item("said", "scale"), 6, "out_of_range"),
        (PAY, "Card", "option"),
        (PAY, 1, "option"),
        (IRRITATIONS, "dirt", "shape"),
        (IRRITATIONS, ["dirt", "damp"], "option"),
        (IRRITATIONS, ["dirt", "dirt"], "twice"),
        (IRRITATIONS, [["dirt"]], "option"),
        (item("said", "graded", "2.5"), "2.5001", "out_of_range"),
        (item("said", "graded", "2.5"), "0.00001", "number"),
        (item("said", "graded", "2.5"), -1, "out_of_range"),
        (PRICE, "0.49", "out_of_range"),
        (PRICE, 101, "out_of_range"),
        (PRICE, 10**400, "number"),
        (PRICE, "1.0000001", "number"),
        (item("said", Number(minimum=Decimal(1))), 0, "out_of_range"),
        (item("said", Number(maximum=Decimal(1))), 2, "out_of_range"),
        (item("said", "text"), 7, "text"),
        (item("said", "text"), "x" * (LONGEST_TEXT + 1), "too_long"),
        (item("said", "photo"), A, "photos"),
        (item("said", "photo"), [], "photos"),
        (item("said", "photo"), ["g" * 64], "photos"),
        (item("said", "photo"), [A, A], "twice"),
        (item("said", "photo"), [f"{n:064x}" for n in range(MOST_PHOTOS + 1)], "too_many"),
        (item("said", "datetime"), "2026-10-01T14:05:00", "datetime"),
        (item("said", "datetime"), "2026-02-30T14:05:00Z", "datetime"),
        (item("said", "datetime"), "2026-10-01", "datetime"),
        (item("said", "datetime"), 1_790_000_000, "datetime"),
    ],
)
def test_what_is_refused(made, sent, code):
    assert codes(made, sent) == [code]


def test_equal_numbers_look_equal():
    assert [str(read(FREE, sent).value) for sent in ("-0", "7.50", "100", 100)] == ["0", "7.5", "100", "100"]
    assert str(read(FREE, "0.000001").value) == "0.000001"


def test_the_advice_against_floats_names_the_way_out():
    with pytest.raises(Refused, match=r'such as "25\.4"'):
        read(TIME, 25.4)


def test_na_and_never():
    assert (
        read(YES, "na")
        == read(YES, {"na": True})
        == read(YES, {"value": "na"})
        == Answer("said", state=State.NA)
    )
    assert read(TIME, "never") == read(TIME, {"never": True}) == Answer("said", state=State.NEVER)
    assert read(item("said", "scale", na_allowed=True), {"na": True}) == Answer("said", state=State.NA)
    assert codes(item("said", na_allowed=False), "na") == ["na_forbidden"]
    assert codes(item("said", "scale"), {"na": True}) == ["na_forbidden"]
    assert codes(YES, {"never": True}) == ["never_forbidden"]
    assert codes(item("said", "count"), "never") == ["out_of_range"]
    assert codes(item("said", "scale", na_allowed=True), "na") == ["out_of_range"]


def test_a_note_may_stand_beside_every_answer():
    assert read(YES, {"value": "no", "note": "on the phone"}) == Answer("said", False, note="on the phone")
    assert read(YES, {"na": True, "note": "closed till"}) == Answer("said", None, State.NA, "closed till")
    assert read(TIME, {"never": True, "note": ""}) == Answer("said", None, State.NEVER)
    assert codes(YES, {"value": "no", "note": 7}) == ["text"]
    assert codes(YES, {"value": "no", "note": "x" * 4001}) == ["too_long"]


def test_an_answer_says_one_thing():
    assert codes(YES, {"value": "yes", "na": True}) == ["shape"]
    assert codes(TIME, {"na": True, "never": True}) == ["shape"]
    assert codes(YES, {"note": "only a note"}) == ["shape"]
    assert codes(YES, {}) == ["shape"]
    assert codes(YES, {"na": False}) == ["shape"]
    assert codes(YES, {"na": 1}) == ["shape"]
    assert codes(YES, {"value": None}) == ["shape"]
    assert codes(YES, {"value": "yes", "points": 4}) == ["unknown_key"]


def test_only_a_time_is_estimated():
    assert read(TIME, {"value": 40, "estimated": True}) == Answer("said", 40_000, estimated=True)
    assert read(TIME, {"value": 40, "estimated": False}) == Answer("said", 40_000)
    assert codes(YES, {"value": "yes", "estimated": True}) == ["estimated_forbidden"]
    assert codes(TIME, {"never": True, "estimated": True}) == ["estimated_forbidden"]
    assert codes(TIME, {"value": 40, "estimated": "yes"}) == ["shape"]


def test_every_fault_of_one_answer_is_named():
    assert codes(TIME, {"value": 1.5, "note": 7, "estimated": 1, "x": 0}) == [
        "unknown_key",
        "float",
        "text",
        "shape",
    ]


def test_nothing_said_is_no_answer():
    made = checklist(item("a"), item("b", "text"), item("c", "duration"))
    assert read_answers(made, {"a": None, "b": " \n ", "c": ""}) == ({}, [])


def test_every_faulty_answer_is_named_and_the_others_are_read():
    made = checklist(item("a"), item("b", "scale"), item("c", "text"))
    read_, faults = read_answers(made, {"a": "maybe", "b": 9, "c": "fine", "d": "yes"})
    assert read_ == {"c": Answer("c", "fine")}
    assert [(fault.place, fault.code) for fault in faults] == [
        ("a", "answer.yes_no"),
        ("b", "answer.out_of_range"),
        ("d", "answer.unknown_item"),
    ]


def test_answers_come_as_an_object():
    assert [fault.code for fault in read_answers(checklist(item("a")), ["yes"])[1]] == ["answers.shape"]


def test_a_required_item_asked_and_empty_is_missing():
    """SC-11: n/a and never are answers; what is hidden or not required may stay empty."""
    made = checklist(
        item("a"),
        item("b"),
        item("never", "duration"),
        item("optional", required=False),
        item("hidden", when=(when("a", "no"),)),
        item("asked", when=(when("a", "yes"),)),
        item("empty"),
    )
    said = answers(made, a="yes", b="na", never="never")
    assert [(fault.code, fault.place) for fault in missing(made, said, {})] == [
        ("answer.missing", "asked"),
        ("answer.missing", "empty"),
    ]


def test_plain_is_bare_where_it_can_be():
    scale = item("said", "scale", na_allowed=True)
    assert plain(Answer("said", True), YES) == "yes"
    assert plain(Answer("said", state=State.NA), YES) == "na"
    assert plain(Answer("said", state=State.NEVER), TIME) == "never"
    assert plain(Answer("said", state=State.NA), scale) == {"na": True}
    assert plain(Answer("said", 25_000), TIME) == 25
    assert plain(Answer("said", 25_040), TIME) == "25.04"
    assert plain(Answer("said", 25_000, estimated=True), TIME) == {"value": 25, "estimated": True}
    assert plain(Answer("said", False, note="why"), YES) == {"value": "no", "note": "why"}
    assert plain(Answer("said", Decimal(100)), FREE) == 100
    assert plain(Answer("said", ("smell",)), IRRITATIONS) == ["smell"]


@given(visits())
def test_what_is_written_back_reads_the_same(visit):
    made, said = visit
    read_, faults = read_answers(made, said)
    assert not faults
    again = {name: plain(answer, made.item[name]) for name, answer in read_.items()}
    assert read_answers(made, again) == (read_, [])


@given(visits(), st.data())
def test_anything_at_all_is_read_or_refused(visit, data):
    """Arbitrary JSON gives answers and faults, never another exception; what was read keeps its law."""
    made, said = visit
    for name in [*said, "unknown"]:
        if data.draw(st.booleans()):
            said[name] = data.draw(JSON)
    read_, faults = read_answers(made, said)
    assert all(fault.code and str(fault) for fault in faults)
    for name, answer in read_.items():
        assert read_answer(made.item[name], plain(answer, made.item[name])) == answer


@given(JSON)
def test_any_json_instead_of_answers(given_):
    read_answers(checklist(item("a")), given_)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_cleaned_text_is_clean(text):
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode("utf-8")
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in once)


def test_cleaning_keeps_what_people_write():
    assert clean_text("Grüß Gott, 你好 👋🏽 — „ja”\n\tja") == "Grüß Gott, 你好 👋🏽 — „ja”\n\tja"


@given(st.text(max_size=30))
def test_a_moment_is_read_or_none(text):
    read_moment(text)
    read_moment("2026-10-01T" + text)


def test_limits_are_told_as_people_write_them() -> None:
    """Never as 4E+1, which is how a decimal without its zeros prints itself."""
    warmth = item("warmth", Number(Decimal("1E+1"), Decimal("40.5")))
    with pytest.raises(Refused, match=r"warmth: Answer a number from 10 to 40\.5\.$"):
        read_answer(warmth, 50)

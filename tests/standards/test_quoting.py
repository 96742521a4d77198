"""Words for reports: nobody is named or reached by them, they stay the shopper's, and none points to one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.model import Level
from checker.standards.quoting import BLANK, cleared, in_turn, may_leave, only_cut, typical

NAMES = ("Eve Alder", "Ana-Maria Ionescu", "Łukasz Zoë Öberg", "Bo Li", "Jan van der Berg", "E0001", "Marek")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Eve smiled.", "[…] smiled."),
        ("eve alder, EVE and Alder", "[…], […] and […]"),
        ("Eve Alder smiled", "[…] smiled"),
        ("Ana-Maria and Ionescu", "[…] and […]"),
        ("Lukasz and Zoe Oberg", "[…] and […]"),
        ("Łukasza, Lukaszem, Zoë’s", "[…], […], […]’s"),  # Polish endings; English ones stand apart
        ("Bo did, but bo and BO are words", "[…] did, but bo and BO are words"),
        ("a van in the Berg", "a van in the […]"),
        ("every evening the older one", "every evening the older one"),
        ("Evening came", "[…] came"),
        ("her badge said E0001", "her badge said […]"),
        ("Write to eve.alder@shop.example, or", "Write to […], or"),
        ("see https://shop.example/eve?x=1 or www.shop.example", "see […] or […]"),
        ("call 040 123 45 67 or +358 (0)40-1234567", "call […] or […]"),
        ("I paid 12.50 at 14:35 on 12.10.", "I paid 12.50 at 14:35 on 12.10."),
        ("waited 1200 seconds in 2026", "waited 1200 seconds in 2026"),
        ("two\nlines\t and  blanks", "two lines and blanks"),
    ],
)
def test_qu_1_names_addresses_and_numbers_are_blanked(said: str, left: str):
    assert cleared(said, NAMES).text == left


def test_qu_1_what_was_blanked_is_told():
    told = cleared("Eve (040 1234567, eve@shop.example) smiled", NAMES)
    assert told.text == "[…] ([…], […]) smiled"
    assert told.blanked == ("eve@shop.example", "040 1234567", "Eve")


PIECES = st.sampled_from(
    [
        "Eve",
        "eve",
        "Łukasz",
        "lukasza",
        "Bo",
        "Marka",
        "a@b.example",
        "040-1234567",
        "(",
        "@",
        "12345",
        ".",
        " ",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES).map(" ".join)
)


@given(TEXTS, st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=12)), max_size=4))
def test_qu_1_clearing_twice_is_clearing_once_and_leaves_no_name(text: str, names: list[str]):
    once = cleared(text, names)
    assert cleared(once.text, names).text == once.text
    assert only_cut(text, once.text)
    assert "@" not in once.text or not re.search(r"[^\s@]+@[a-z]", once.text)
    assert not re.search(r"[0-9]{5}", once.text)
    if "Eve Alder" in names:
        assert not re.search(r"\b(eve|alder)\b", once.text, re.IGNORECASE)


def test_qu_2_words_may_be_left_out_and_none_changed():
    note = "Two employees were talking at the till. Nobody looked up."
    assert only_cut(note, note)
    assert only_cut(note, "two employees were talking […]; nobody looked up")
    assert only_cut(note, "")
    assert not only_cut(note, "Three employees were talking at the till.")
    assert not only_cut(note, "Nobody looked up. Two employees were talking.")
    assert not only_cut(note, f"{note} Terrible.")


@given(st.lists(st.sampled_from(["so", "it", "was", "not", "good"]), max_size=8), st.data())
def test_qu_2_every_part_of_a_text_is_only_cut(words: list[str], data: st.DataObject):
    kept = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    left = [word if keep else BLANK for word, keep in zip(words, kept, strict=True)]
    assert only_cut(" ".join(words), " ".join(left))
    assert not only_cut(" ".join(words), " ".join([*left, "never"]))


def test_qu_3_words_on_employees_leave_where_none_of_three_is_meant():
    assert may_leave(Level.BRANCH, visits=1, people=0)
    assert may_leave(Level.EMPLOYEE, visits=5, people=3)
    assert not may_leave(Level.EMPLOYEE, visits=4, people=3)
    assert not may_leave(Level.EMPLOYEE, visits=5, people=2)


def test_qu_4_the_typical_text_is_nearest_to_the_median_length():
    assert typical(["aaaaaaaaa", "aaa", "a"]) == 1
    assert typical(["aaaa", "aa"]) == 1  # as near as the other, and shorter
    assert typical(["bb", "aa"]) == 0
    with pytest.raises(ValueError, match="no median"):
        typical([])


def test_qu_5_every_question_has_its_turn():
    keys = ["smile", "smile", "tidy", "smile", "tidy"]
    texts = ["a" * n for n in (9, 5, 1, 4, 2)]
    assert in_turn(keys, texts) == (1, 2, 3, 4, 0)
    assert in_turn([], []) == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=9))))
def test_qu_5_every_text_stands_there_once(given_texts: list[tuple[str, str]]):
    places = in_turn([key for key, _ in given_texts], [text for _, text in given_texts])
    assert sorted(places) == list(range(len(given_texts)))

"""Every letter of the languages we speak has a glyph, and what has none stays visible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.charts.letters import FACES, clean, drawable, fit, missing_glyphs, text_width, wrap

LETTERS = {
    "en": "abcdefghijklmnopqrstuvwxyz0123456789",
    "fi": "åäöšž",
    "de": "äöüß",
    "pl": "ąćęłńóśźż",
    "ro": "ăâîșțşţ",
}
SIGNS = "▲▼○●◆■□→←–—…“”„’‘‚»«≥≤≈≠±−×÷·•‰€§†′″✓\u2007\u2009\u202f\u00a0ẞ"


@pytest.mark.parametrize("language", LETTERS)
def test_every_letter_has_a_glyph(language: str) -> None:
    assert missing_glyphs(LETTERS[language] + LETTERS[language].upper()) == ()


def test_every_sign_we_draw_has_a_glyph() -> None:
    assert missing_glyphs(SIGNS) == ()


@pytest.mark.parametrize("weight", [400, 600])
def test_digits_stand_in_columns(weight: int) -> None:
    assert len({text_width(digit, 10, weight) for digit in "0123456789"}) == 1


def test_letters_and_accents_typed_apart_become_one() -> None:
    assert drawable("s\u0326a\u0308") == "șä"


def test_an_unknown_sign_shows_as_a_box_and_is_named() -> None:
    assert drawable("Иван 🙂") == "□□□□ □"
    assert missing_glyphs("a🙂И🙂") == ("И", "🙂")


def test_compatibility_forms_are_spelled_out() -> None:
    assert drawable("ﬁne № 3\u3000m²") == "fine No 3 m²"


def test_hidden_signs_are_stripped() -> None:
    assert clean("a\x00b\u202ec\u2066d\u200be\ufefff\ud800") == "abcdef"
    assert clean("one\r\ntwo\tthree") == "one two three"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_what_is_drawn_has_a_glyph_for_every_sign(text: str) -> None:
    assert missing_glyphs(drawable(text)) == ()


@given(st.text(), st.floats(20, 300), st.integers(0, 4))
def test_no_line_is_wider_than_asked_or_more_than_asked(text: str, width: float, most: int) -> None:
    lines = wrap(text, 8, width, max_lines=most)
    assert all(text_width(line, 8) <= width + 1e-6 for line in lines)
    assert not most or len(lines) <= most


@given(st.text())
def test_wrapping_loses_no_letter(text: str) -> None:
    assert "".join(wrap(text, 8, 60)).replace(" ", "") == "".join(drawable(text).split(" "))


def test_a_cut_is_marked() -> None:
    assert wrap("one two three four", 8, 40, max_lines=1)[0].endswith("…")
    assert fit("Jyväskylä Kauppakatu", 8, 40).endswith("…")


def test_an_eighty_letter_name_is_split() -> None:
    name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    lines = wrap(name, 8, 100)
    assert len(lines) > 1
    assert "".join(lines) == name


def test_a_line_may_end_after_a_hyphen() -> None:
    assert wrap("Baden-Württemberg", 8, 50)[0] == "Baden-"


def test_every_face_has_the_same_letters() -> None:
    from checker.charts.letters import _widths

    assert len({frozenset(_widths(weight)) for weight in FACES}) == 1

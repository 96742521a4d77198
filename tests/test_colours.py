"""Colours as people give them, and how far they stand apart."""

from __future__ import annotations

import pytest

from checker.colours import BLACK, WHITE, contrast, mixed, read_colour, readable_on


@pytest.mark.parametrize("typed", ["#005A8C", "005a8c", " #005a8c "])
def test_a_colour_is_six_digits(typed: str):
    assert read_colour(typed) == "#005A8C"


def test_three_digits_are_short_for_six():
    assert read_colour("#0bf") == "#00BBFF"


@pytest.mark.parametrize("typed", ["", "blue", "#12345", "#GGGGGG", "#0000000", "rgb(1,2,3)", "#٠٠٠٠٠٠"])  # noqa: RUF001
def test_anything_else_is_none(typed: str):
    assert read_colour(typed) is None


def test_contrast_is_that_of_wcag():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.005)
    assert contrast(WHITE, "#767676") == pytest.approx(4.54, abs=0.005)


def test_a_mixture_lies_between():
    assert mixed("#000000", "#FFFFFF", 0.4) == "#999999"
    assert (mixed("#123456", WHITE, 1), mixed("#123456", WHITE, 0)) == ("#123456", WHITE)


@pytest.mark.parametrize("accent", ["#005A8C", "#000000", "#6A1B9A", "#19222B"])
def test_any_accent_is_readable_by_night(accent: str):
    assert contrast(readable_on(accent, "#19222B", WHITE), "#19222B") >= 4.5

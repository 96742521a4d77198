"""How figures, dates and times are written, in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from checker.config import LANGUAGES
from checker.web.format import (
    day,
    figure,
    moment,
    month_name,
    number,
    percent,
    points,
    seconds,
    tenths,
)


@pytest.fixture(autouse=True)
def in_english(app: Flask):
    with app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (824_000, "82.4\u00a0%"),
        (0, "0.0\u00a0%"),
        (1_000_000, "100.0\u00a0%"),
        (823_500, "82.4\u00a0%"),  # half up, not half even
        (824_500, "82.5\u00a0%"),
        (0.8235, "82.4\u00a0%"),
        (1.0, "100.0\u00a0%"),
        (None, "–"),
    ],
)
def test_a_share_has_one_decimal_half_up(share, shown):
    """SC-01"""
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("change", "shown"),
    [(23_000, "+2.3"), (-5_000, "−0.5"), (0, "0.0"), (-400, "0.0"), (0.023, "+2.3"), (None, "–")],
)
def test_a_change_has_its_sign(change, shown):
    assert points(change) == shown


def test_times_counts_and_numbers():
    assert [seconds(value) for value in (27, 24.5, 0, None)] == ["27\u00a0s", "24.5\u00a0s", "0\u00a0s", "–"]
    assert number(1234) == "n\u00a0=\u00a01,234"
    assert figure(Decimal("1234.5")) == "1,234.5"


def test_days_months_and_moments():
    assert day("2026-10-05") == day(date(2026, 10, 5)) == "5 Oct 2026"
    assert day(None) == "–"
    assert [month_name(value) for value in (202610, "2026-10", "2026-10-05", date(2026, 10, 1))] == [
        "October 2026"
    ] * 4
    at = datetime(2026, 10, 15, 22, 30, tzinfo=UTC)
    assert (
        moment(at, "Europe/Helsinki")
        == moment(int(at.timestamp()), "Europe/Helsinki")
        == "16 Oct 2026, 01:30"
    )
    assert moment(None) == "–"


@pytest.mark.parametrize(
    ("language", "share", "thousand", "month"),
    [
        ("fi", "82,4\u00a0%", "1\u00a0234", "lokakuu 2026"),
        ("de", "82,4\u00a0%", "1.234", "Oktober 2026"),
        ("pl", "82,4\u00a0%", "1\u00a0234", "październik 2026"),
        ("ro", "82,4\u00a0%", "1.234", "octombrie 2026"),
    ],
)
def test_each_language_has_its_customs(language, share, thousand, month):
    with force_locale(language):
        assert (percent(824_000), figure(1234), month_name(202610)) == (share, thousand, month)


@given(st.integers(0, 1_000_000), st.sampled_from(LANGUAGES))
def test_what_is_shown_is_never_further_than_half_a_tenth_away(millionths, language):
    shown = tenths(millionths)
    assert shown is not None
    assert abs(shown * 10_000 - millionths) <= 500
    assert tenths(float(millionths)) == millionths * 100

"""Months, and the day and month a moment falls on in a branch's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.faults import Refused
from checker.standards.month import Month, day_of, month_of

MONTHS = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


def test_a_month_is_written_and_stored():
    october = Month.parse("2026-10")
    assert (october, str(october), int(october)) == (Month(2026, 10), "2026-10", 202610)
    assert Month.from_int(202610) == Month.of(date(2026, 10, 31)) == october
    assert october.first == date(2026, 10, 1)
    assert str(Month(7, 1)) == "0007-01"


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-13", "2026-00", "0000-01", "2026-10-01", "٢٠٢٦-١٠", "26-10", "2026-10\n"],
)
def test_what_is_no_month(text):
    with pytest.raises(Refused, match="write it as 2026-10"):
        Month.parse(text)


def test_there_is_no_month_after_the_last():
    with pytest.raises(Refused):
        Month(9999, 12).next()
    with pytest.raises(Refused):
        Month.from_int(202613)


def test_months_follow_each_other():
    assert Month(2026, 1).previous() == Month(2025, 12)
    assert Month(2025, 12).next() == Month(2026, 1)
    assert Month(2026, 10).back(13) == Month(2025, 9)
    assert Month(2026, 10).back(0) == Month(2026, 10)
    assert Month(2026, 10).back(-3) == Month(2027, 1)


@given(MONTHS, st.integers(-600, 600))
def test_going_back_and_forth_ends_where_it_began(month, months):
    assert month.back(months).back(-months) == month
    assert (month.back(months) <= month) is (months >= 0)
    assert Month.parse(str(month)) == Month.from_int(int(month)) == month
    assert month.previous().next() == month


@given(MONTHS, MONTHS)
def test_months_are_ordered_in_every_form(one, other):
    assert (one < other) == (int(one) < int(other)) == (str(one) < str(other)) == (one.first < other.first)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-10-31T23:30:00+02:00", "Europe/Helsinki", date(2026, 10, 31)),
        ("2026-10-31T23:30:00+01:00", "Europe/Helsinki", date(2026, 11, 1)),
        ("2026-11-01T00:30:00+02:00", "Europe/London", date(2026, 10, 31)),
        ("2026-12-31T11:00:00+00:00", "Pacific/Kiritimati", date(2027, 1, 1)),
        ("2026-11-01T05:59:00+00:00", "America/New_York", date(2026, 11, 1)),
        ("2026-11-01T03:59:00+00:00", "America/New_York", date(2026, 10, 31)),
    ],
)
def test_a_visit_belongs_to_the_branchs_calendar(moment, zone, day):
    visited_at = datetime.fromisoformat(moment)
    assert day_of(visited_at, zone) == day
    assert month_of(visited_at, zone) == Month.of(day) == Month.from_instant(visited_at, ZoneInfo(zone))


@pytest.mark.parametrize(
    "zone", ["", "Helsinki", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "a\0b", "Europe"]
)
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(Refused, match="no time zone"):
        day_of(datetime(2026, 10, 1, tzinfo=UTC), zone)


def test_a_moment_without_offset_is_a_mistake_of_the_program():
    with pytest.raises(TypeError):
        day_of(datetime(2026, 10, 1), "Europe/Helsinki")

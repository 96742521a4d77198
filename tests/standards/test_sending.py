"""When a monthly mail is due: short months, clocks that jump, and the time between tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.month import Month
from checker.standards.sending import Schedule, due_in, is_zone, last_due, next_due, pause_after

HELSINKI = "Europe/Helsinki"


@pytest.mark.parametrize(
    ("day", "month", "wanted"),
    [
        (2, Month(2026, 11), "2026-11-02T04:00"),
        (31, Month(2026, 1), "2026-01-31T04:00"),
        (31, Month(2026, 4), "2026-04-30T03:00"),
        (30, Month(2026, 2), "2026-02-28T04:00"),
        (29, Month(2028, 2), "2028-02-29T04:00"),
    ],
)
def test_a_day_that_the_month_lacks_is_its_last(day: int, month: Month, wanted: str) -> None:
    due = due_in(Schedule(day, 6, HELSINKI), month)
    assert due.at == datetime.fromisoformat(wanted).replace(tzinfo=UTC)
    assert due.month == month.previous()


@pytest.mark.parametrize(
    ("zone", "day", "hour", "month", "wanted"),
    [
        (HELSINKI, 29, 3, Month(2026, 3), "2026-03-29T01:00"),  # 03:00 to 04:00 is left out: as they jump
        (HELSINKI, 29, 4, Month(2026, 3), "2026-03-29T01:00"),
        (HELSINKI, 25, 3, Month(2026, 10), "2026-10-25T00:00"),  # 03:00 comes twice: the first
        (HELSINKI, 25, 4, Month(2026, 10), "2026-10-25T02:00"),
        ("Australia/Lord_Howe", 4, 2, Month(2026, 10), "2026-10-03T15:30"),  # half an hour is left out
        ("Asia/Kathmandu", 1, 0, Month(2026, 10), "2026-09-30T18:15"),
    ],
)
def test_clocks_that_jump_send_once(zone: str, day: int, hour: int, month: Month, wanted: str) -> None:
    assert due_in(Schedule(day, hour, zone), month).at == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


SCHEDULES = st.builds(
    Schedule,
    st.integers(1, 31),
    st.integers(0, 23),
    st.sampled_from([HELSINKI, "UTC", "America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati"]),
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


@given(SCHEDULES, MOMENTS)
def test_every_moment_lies_between_two_sendings_a_month_apart(schedule: Schedule, now: datetime) -> None:
    last, following = last_due(schedule, now), next_due(schedule, now)
    assert last.at <= now < following.at
    assert following.month == last.month.next()
    assert timedelta(days=27) < following.at - last.at < timedelta(days=33)


@given(SCHEDULES, st.dates(datetime(2020, 1, 1).date(), datetime(2035, 1, 1).date()))
def test_a_sending_reports_on_a_month_that_is_over(schedule: Schedule, day: object) -> None:
    due = due_in(schedule, Month.of(day))  # type: ignore[arg-type]
    assert due.at.astimezone(ZoneInfo(schedule.zone)).date() >= due.month.next().first


def test_tries_grow_rarer_and_end() -> None:
    pauses = [pause_after(tries) for tries in range(1, 9)]
    assert pauses == sorted(pauses)  # type: ignore[type-var]
    assert pauses[0] == timedelta(minutes=1)
    assert pause_after(9) is None


def test_zones_are_known_by_name() -> None:
    assert is_zone(HELSINKI)
    assert not is_zone("Nowhere/Land")
    assert not is_zone("")

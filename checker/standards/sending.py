"""When a monthly mail is due, and when one that failed for now is tried again."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from checker.standards.month import Month

PAUSES_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440)
"""How long to wait after each try that failed for now; after the last one it is given up: two days in all."""

LONGEST_PAUSE = timedelta(minutes=max(PAUSES_MINUTES))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day of the month, 1 to 31, and an hour, 0 to 23, on the clocks of an IANA time zone."""

    day: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A sending: at which moment (UTC), and the month that it reports on."""

    at: datetime
    month: Month


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    return name in available_timezones()


def due_in(schedule: Schedule, month: Month) -> Due:
    """The sending of a calendar month; it reports on the month before.

    A day that the month does not have is its last one. An hour that the clocks leave out is the moment at
    which they jump; of an hour that they show twice, the first counts.
    """
    day = min(schedule.day, monthrange(month.year, month.number)[1])
    zone = ZoneInfo(schedule.zone)
    local = datetime(month.year, month.number, day, schedule.hour, tzinfo=zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        at = _jump(at, zone)
    return Due(at, month.previous())


def _jump(near: datetime, zone: ZoneInfo) -> datetime:
    """The moment within three hours of `near` at which the clocks jump, to the minute."""
    first = near - timedelta(hours=3)
    offset = first.astimezone(zone).utcoffset()
    minutes = range(6 * 60 + 1)
    return next(
        moment
        for moment in (first + timedelta(minutes=one) for one in minutes)
        if moment.astimezone(zone).utcoffset() != offset
    )


def last_due(schedule: Schedule, now: datetime) -> Due:
    """The newest sending that is not in the future."""
    month = Month.from_instant(now, ZoneInfo(schedule.zone))
    this = due_in(schedule, month)
    return this if this.at <= now else due_in(schedule, month.previous())


def next_due(schedule: Schedule, now: datetime) -> Due:
    """The next sending after now."""
    month = Month.from_instant(now, ZoneInfo(schedule.zone))
    this = due_in(schedule, month)
    return this if this.at > now else due_in(schedule, month.next())


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; None when it is to be given up."""
    return timedelta(minutes=PAUSES_MINUTES[tries - 1]) if tries <= len(PAUSES_MINUTES) else None

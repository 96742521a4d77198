"""Calendar months, and the day and month a moment falls on in a branch's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from zoneinfo import ZoneInfo

from checker.standards.faults import N_, Fault, Refused

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month: `str` is "2026-10", `int` is 202610. Raises `Refused` when there is no such month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= MAXYEAR and 1 <= self.number <= 12):
            raise _no_month(f"{self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as "2026-10". Raises `Refused` for anything else."""
        written = _MONTH.fullmatch(text)
        if written is None:
            raise _no_month(text)
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def from_int(cls, number: int) -> Month:
        """The month stored as 202610."""
        return cls(*divmod(number, 100))

    @classmethod
    def from_instant(cls, instant: datetime, zone: ZoneInfo) -> Month:
        """The month an aware moment falls in, on the calendar of `zone`."""
        return cls.of(_local_day(instant, zone))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    def back(self, months: int) -> Month:
        """The month so many months earlier; later when `months` is negative."""
        return Month(*_from_count(self._count() - months))

    def previous(self) -> Month:
        """The month before."""
        return self.back(1)

    def next(self) -> Month:
        """The month after."""
        return self.back(-1)

    def _count(self) -> int:
        return self.year * 12 + self.number - 1

    def __int__(self) -> int:
        return self.year * 100 + self.number

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def month_of(visited_at: datetime, zone: str) -> Month:
    """The month a visit belongs to: the start of the contact on the calendar of the branch (IANA zone name).

    Raises `Refused` when there is no such zone.
    """
    return Month.of(day_of(visited_at, zone))


def day_of(visited_at: datetime, zone: str) -> date:
    """The day of a visit on the calendar of the branch. Raises `Refused` when there is no such zone."""
    try:
        return _local_day(visited_at, ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        text = N_("There is no time zone “%(zone)s”; name one such as Europe/Helsinki.")
        raise Refused([Fault("month.zone", "", text, {"zone": zone})]) from None


def _local_day(instant: datetime, zone: ZoneInfo) -> date:
    if instant.tzinfo is None:
        raise TypeError("a moment without offset has no month; pass an aware datetime")
    return instant.astimezone(zone).date()


def _from_count(count: int) -> tuple[int, int]:
    year, index = divmod(count, 12)
    return year, index + 1


def _no_month(text: str) -> Refused:
    words = N_("“%(month)s” is no month; write it as 2026-10.")
    return Refused([Fault("month.shape", "", words, {"month": text})])

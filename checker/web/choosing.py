"""Which month and which series a page shows: read from the address, with links to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from flask import request

from checker.problem import Problem, not_found
from checker.standards.body import Method
from checker.standards.faults import N_, Refused
from checker.standards.month import Month
from checker.summaries.choices import SeriesChoice
from checker.web.clock import now

EARLIEST = Month(2000, 1)
FEWEST, MOST = 13, 60
"""Months in the list to choose from: back to the first visit, but no fewer and no more than these."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The month and series being shown, and where the others are."""

    path: str
    month: Month
    series: SeriesChoice
    every: tuple[SeriesChoice, ...]
    last: Month
    """The month that runs now; there is nothing after it."""

    @property
    def earlier(self) -> Month | None:
        """The month before."""
        return self.month.previous() if self.month > EARLIEST else None

    @property
    def later(self) -> Month | None:
        """The month after, unless it has not begun."""
        return self.month.next() if self.month < self.last else None

    @property
    def others(self) -> tuple[SeriesChoice, ...]:
        """The series to choose from: those with visits, and the one being shown."""
        return tuple(one for one in self.every if one.latest or one is self.series)

    @property
    def months(self) -> tuple[Month, ...]:
        """Those to choose from, the newest first, always with the one being shown."""
        offered = months_back(self.last, self.series.earliest)
        return offered if self.month in offered else (*offered, self.month)

    def to_month(self, month: Month) -> str:
        """The address of another month of the same series."""
        return self._address(self.path, month, self.series)

    def to_series(self, series: SeriesChoice) -> str:
        """The address of another series in the same month."""
        return self._address(self.path, self.month, series)

    def to(self, path: str) -> str:
        """The address of another page with the same month and series."""
        return self._address(path, self.month, self.series)

    def _address(self, path: str, month: Month, series: SeriesChoice) -> str:
        said = {"month": str(month), "checklist": series.checklist}
        if series.method != Method.MYSTERY_SHOPPING:
            said["method"] = series.method
        return f"{path}?{urlencode(said)}"


def months_back(last: Month, earliest: Month | None) -> tuple[Month, ...]:
    """The months from `last` back to `earliest`, the newest first."""
    every = [last.back(months) for months in range(MOST)]
    return tuple(one for place, one in enumerate(every) if place < FEWEST or (earliest and one >= earliest))


def this_month() -> Month:
    """The month that has begun somewhere on Earth."""
    return Month.of((now() + timedelta(hours=14)).date())


def choose(choices: Sequence[SeriesChoice], *, last: Month) -> Chosen | None:
    """What the address asks for, else the series listed first and its last month with visits; None without a
    series.

    Raises Problem "not_found" for a checklist without visits in the programme and for a month that is none or
    has not begun.
    """
    wanted = request.args.get("checklist", ""), request.args.get("method", "")
    fitting = [one for one in choices if wanted[0] in ("", one.checklist) and wanted[1] in ("", one.method)]
    if not fitting and not any(wanted):
        return None
    if not fitting:
        raise not_found(N_("There are no visits on such a checklist."))
    series = fitting[0]
    month = wanted_month(last) or series.latest or last
    return Chosen(quote(request.path), month, series, tuple(choices), last)


def wanted_month(last: Month) -> Month | None:
    """The month in the address, if one is named."""
    written = request.args.get("month", "").strip()
    if not written:
        return None
    try:
        month = Month.parse(written)
    except Refused as refused:
        fault = refused.faults[0]
        raise Problem("not_found", 404, fault.text, fault.details) from refused
    if month > last:
        raise Problem("not_found", 404, N_("%(month)s has not begun yet."), {"month": str(month)})
    if month < EARLIEST:
        raise Problem("not_found", 404, N_("There is nothing from before 2000."))
    return month

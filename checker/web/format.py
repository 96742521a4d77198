"""How figures, dates and times are written on pages, by the customs of the person's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale

from checker.web.tables import asked, findable

NO_FIGURE = "–"
"""Stands where there is no figure; never 0."""

NARROW = "\u00a0"
"""Holds a number and its sign together in one line."""


def init_app(app: Flask) -> None:
    """Give templates the filters below, under their own names."""
    for filter_ in (percent, points, seconds, day, moment, month_name, number, figure):
        app.add_template_filter(filter_)


def tenths(share: int | float | None) -> Decimal | None:
    """A share in percent with one decimal, half up (SC-01).

    A whole number is millionths, as stored; a float is a share of 1, as summaries have it.
    """
    if share is None:
        return None
    exact = Decimal(share) / 10_000 if isinstance(share, int) else Decimal(repr(share)) * 100
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(share: int | float | None) -> str:
    """A share: "82.4 %", or a dash where there is none."""
    shown = tenths(share)
    return NO_FIGURE if shown is None else figure(shown, "0.0") + NARROW + "%"


def points(change: int | float | None) -> str:
    """A change of a share in percentage points, with its sign: "+2.3", "−0.5", "0.0"."""
    shown = tenths(change)
    if shown is None:
        return NO_FIGURE
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return sign + figure(abs(shown), "0.0")


def seconds(value: int | float | Decimal | None) -> str:
    """A time in seconds: "27 s", "24.5 s"."""
    if value is None:
        return NO_FIGURE
    return figure(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), "0.#") + NARROW + "s"


def day(value: date | str | None) -> str:
    """A date, given as one or in ISO form: "15 Oct 2026"."""
    if value is None or value == "":
        return NO_FIGURE
    exact = date.fromisoformat(value) if isinstance(value, str) else value
    if asked():
        return findable(exact)
    return str(format_date(exact, "medium", _locale()))


def moment(value: datetime | int | None, zone: str = "UTC") -> str:
    """A moment, aware or in seconds since 1970, as the clocks in `zone` (IANA) show it."""
    if value is None:
        return NO_FIGURE
    aware = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value
    local = aware.astimezone(ZoneInfo(zone))
    if asked():
        return findable(local)
    return f"{format_date(local, 'medium', _locale())}, {format_time(local, 'short', locale=_locale())}"


def month_name(value: int | str | date) -> str:
    """A month, given as 202610, "2026-10" or a date in it: "October 2026"."""
    if isinstance(value, int):
        first = date(value // 100, value % 100, 1)
    elif isinstance(value, str):
        first = date.fromisoformat(f"{value[:7]}-01")
    else:
        first = value
    return str(format_skeleton("yMMMM", first, locale=_locale()))


def number(n: int | None) -> str:
    """How many a figure rests on: "n = 12"."""
    return f"n{NARROW}={NARROW}{NO_FIGURE if n is None else figure(n)}"


def figure(value: int | float | Decimal, pattern: str = "#,##0.##") -> str:
    """A number as the language writes it."""
    return str(format_decimal(value, format=pattern, locale=_locale()))


def _locale() -> Locale:
    """The language's customs; for English the European order of day and month and the clock of 24 hours."""
    locale: Locale | None = get_locale()
    return Locale("en", "GB") if locale is None or str(locale) == "en" else locale

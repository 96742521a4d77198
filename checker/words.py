"""What is said in one language: translated texts, and figures and days as that language writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from checker.standards.model import WHOLE
from checker.standards.month import Month

TRANSLATIONS = Path(__file__).parent / "translations"

NO_FIGURE = "–"
"""Stands where there is no figure; never 0."""

_NARROW = "\u00a0"  # holds a figure and its sign together in one line
_LOCALES = {"en": "en_GB"}  # our English is that of a European office: day before month, 24 hours


class Words:
    """One language's words; reports and mails are given one and say everything through it.

    `gettext` and `ngettext` are the names that the extraction of texts looks for: a text is marked by being
    said. Named %-placeholders are filled from the keywords. Shares are floats where 1.0 is 100 %.
    """

    def __init__(self, language: str = "en") -> None:
        """Read the language's translations, where there are any, and its customs (CLDR)."""
        self.language = language
        self.locale = Locale.parse(_LOCALES.get(language, language))
        self._texts: NullTranslations = Translations.load(str(TRANSLATIONS), [language])
        self._tenths: dict[tuple[int, str], str] = {}
        self._days: dict[tuple[date, str], str] = {}

    # --- texts ----------------------------------------------------------------------------------------------

    def gettext(self, text: str, **values: object) -> str:
        """The text in this language, its placeholders filled."""
        said: str = self._texts.ugettext(text)
        return said % values if values else said

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The form of a text that goes with `n`; %(n)s is filled with n as this language writes it."""
        said: str = self._texts.ungettext(one, many, n)
        return said % {"n": self.number(n), **values}

    def text(self, texts: Mapping[str, str], languages: Sequence[str] = ()) -> str:
        """A checklist's own text: in this language, else in the first of its `languages` that has it."""
        return next((texts[one] for one in (self.language, *languages) if texts.get(one)), "")

    def all_of(self, parts: Iterable[str]) -> str:
        """Several things one after another: "a, b and c"."""
        return format_list(list(parts), locale=self.locale)

    def any_of(self, parts: Iterable[str]) -> str:
        """Several things of which one is enough: "a, b or c"."""
        return format_list(list(parts), style="or", locale=self.locale)

    # --- figures --------------------------------------------------------------------------------------------

    def number(self, n: int) -> str:
        """A whole number: 1,502."""
        return str(n) if 0 <= n < 1000 else format_decimal(n, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share with one decimal, rounded half up (SC-01): 82.4 %."""
        return f"{self._tenth(_tenths(share))}{_NARROW}%"

    def target(self, share: float) -> str:
        """A target, as it was set: 85 %."""
        return f"{self.tick(share)}{_NARROW}%"

    def millionths(self, share: int) -> str:
        """A stored share, in millionths, written as `percent` does."""
        return self.percent(share / WHOLE)

    def tick(self, share: float) -> str:
        """A share on a printed scale, without its sign: 80."""
        return self._tenth(_tenths(share), "#,##0.#")

    def difference(self, shares: float) -> str:
        """The difference of two shares in points, with its sign: +1.8."""
        tenths = _tenths(shares)
        sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
        return f"{sign}{self._tenth(abs(tenths))}"

    def points(self, shares: float) -> str:
        """The size of a difference of two shares in points, without its sign: 1.8."""
        return self._tenth(abs(_tenths(shares)))

    def count(self, n: int) -> str:
        """How many visits a figure rests on: n = 1,502."""
        return f"n{_NARROW}={_NARROW}{self.number(n)}"

    def seconds(self, seconds: float) -> str:
        """A time: 19 s, or 18.5 s where a median lies between two."""
        return f"{self._tenth(round(seconds * 10), '#,##0.#')}{_NARROW}s"

    def figure(self, value: Decimal, pattern: str = "#,##0.####") -> str:
        """A number as it is: 2.5."""
        return str(format_decimal(value, pattern, locale=self.locale))

    def part(self, share: float) -> str:
        """A part of a score in points, finer than a score is shown, so that parts can be added up: 4.55."""
        exact = (Decimal(repr(share)) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return ("−" if exact < 0 else "") + self.figure(abs(exact), "0.00")

    def _tenth(self, tenths: int, pattern: str = "#,##0.0") -> str:
        """Tenths as this language writes them; a report says few figures often, so each is written once."""
        said = self._tenths.get((tenths, pattern))
        if said is None:
            said = format_decimal(Decimal(tenths) / 10, pattern, locale=self.locale)
            self._tenths[tenths, pattern] = said
        return said

    # --- days -----------------------------------------------------------------------------------------------

    def month(self, month: Month) -> str:
        """A month with its year: October 2026."""
        return self._day(month.first, "yMMMM")

    def short_month(self, month: Month) -> str:
        """A month's short name: Oct."""
        return self._day(month.first, "MMM")

    def day(self, day: date) -> str:
        """A day with its year: 5 Oct 2026."""
        return self._day(day, "medium")

    def short_day(self, day: date) -> str:
        """A day without its year: 5 Oct."""
        return self._day(day, "MMMd")

    def _day(self, day: date, manner: str) -> str:
        """A day, "medium" or by CLDR's pattern; a report says few days often, so each is written once."""
        said = self._days.get((day, manner))
        if said is None:
            said = (
                format_date(day, manner, locale=self.locale)
                if manner == "medium"
                else format_skeleton(manner, day, locale=self.locale)
            )
            self._days[day, manner] = said
        return said

    def days(self, first: date, last: date) -> str:
        """The days from one to another, or the one day."""
        if first == last:
            return self.short_day(first)
        return self.gettext("%(first)s – %(last)s", first=self.short_day(first), last=self.short_day(last))

    def moment(self, moment: datetime) -> str:
        """An aware moment on the clock of its own zone: 1 Nov 2026, 06:00 (UTC)."""
        day = self.day(moment.date())
        clock = format_time(moment, "short", locale=self.locale)
        zone = get_timezone_name(moment, width="short", locale=self.locale)
        return self.gettext("%(day)s, %(time)s (%(zone)s)", day=day, time=clock, zone=zone)


@cache
def words_for(language: str) -> Words:
    """The words of a language, made once in each process; babel.UnknownLocaleError where there is no such."""
    return Words(language)


@lru_cache(4096)
def _tenths(share: float) -> int:
    """A share as tenths of a percent, half up and away from zero; `repr` keeps 0.8245 what it says."""
    return int((Decimal(repr(float(share))) * 1000).quantize(Decimal(1), ROUND_HALF_UP))

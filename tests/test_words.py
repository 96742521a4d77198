"""What one language says: translated texts, and figures and days by its customs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from checker import words as words_module
from checker.charts.letters import missing_glyphs
from checker.config import LANGUAGES
from checker.standards.month import Month
from checker.words import Words, words_for

EN, FI, DE = words_for("en"), words_for("fi"), words_for("de")


def test_a_share_is_written_with_one_decimal_half_up() -> None:
    """SC-01: shown with one decimal, half up."""
    assert EN.percent(0.8245) == "82.5\u00a0%"
    assert EN.percent(0.82449) == "82.4\u00a0%"
    assert FI.percent(0.8245) == "82,5\u00a0%"
    assert EN.millionths(824_500) == EN.percent(0.8245)
    assert EN.percent(1) == "100.0\u00a0%"


@given(st.integers(0, 1_000_000))
def test_a_share_is_never_further_off_than_half_of_its_last_decimal(share: int) -> None:
    shown = float(EN.millionths(share).removesuffix("\u00a0%"))
    assert abs(shown - share / 10_000) <= 0.05 + 1e-9


def test_a_difference_has_its_sign_and_none_when_it_shows_as_nothing() -> None:
    assert EN.difference(0.018) == "+1.8"
    assert EN.difference(-0.039) == "−3.9"
    assert EN.difference(-0.0004) == "0.0"
    assert DE.difference(-0.039) == "−3,9"
    assert EN.points(-0.039) == "3.9"


def test_targets_and_ticks_are_written_as_they_were_set() -> None:
    assert EN.target(0.85) == "85\u00a0%"
    assert DE.target(0.825) == "82,5\u00a0%"
    assert EN.tick(0.8) == "80"


def test_counts_times_and_days_follow_the_language() -> None:
    assert EN.count(1502) == "n\u00a0=\u00a01,502"
    assert EN.seconds(18.5) == "18.5\u00a0s"
    assert FI.seconds(18.5) == "18,5\u00a0s"
    assert EN.month(Month(2026, 10)) == "October 2026"
    assert FI.month(Month(2026, 10)) == "lokakuu 2026"
    assert EN.day(date(2026, 10, 5)) == "5 Oct 2026"
    assert EN.days(date(2026, 10, 5), date(2026, 10, 5)) == "5 Oct"
    assert EN.days(date(2026, 10, 5), date(2026, 10, 9)) == "5 Oct – 9 Oct"
    assert EN.moment(datetime(2026, 11, 1, 6, 0, tzinfo=UTC)) == "1 Nov 2026, 06:00 (UTC)"


def test_plurals_and_lists() -> None:
    assert EN.ngettext("%(n)s visit", "%(n)s visits", 1) == "1 visit"
    assert EN.ngettext("%(n)s visit", "%(n)s visits", 1200) == "1,200 visits"
    assert EN.all_of(["closed (4)"]) == "closed (4)"
    assert DE.all_of(["a", "b", "c"]) == "a, b und c"


def test_a_checklists_text_falls_back_on_its_first_language() -> None:
    texts = {"fi": "Tervehdys", "en": "Greeting"}
    assert FI.text(texts, ("en", "fi")) == "Tervehdys"
    assert DE.text(texts, ("fi", "en")) == "Tervehdys"
    assert DE.text({}, ("fi",)) == ""


def test_texts_come_from_the_languages_translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(locale="fi")
    catalog.add("Compliance", "Toteutuminen")
    catalog.add(("%(n)s visit", "%(n)s visits"), ("%(n)s käynti", "%(n)s käyntiä"))
    file = tmp_path / "fi" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    target = BytesIO()
    write_mo(target, catalog)
    file.write_bytes(target.getvalue())
    monkeypatch.setattr(words_module, "TRANSLATIONS", tmp_path)
    finnish = Words("fi")
    assert finnish.gettext("Compliance") == "Toteutuminen"
    assert finnish.ngettext("%(n)s visit", "%(n)s visits", 3) == "3 käyntiä"
    assert finnish.gettext("Experience") == "Experience"


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_faces_have_every_sign_of_figures_and_days(language: str) -> None:
    words = words_for(language)
    said = [words.percent(-0.5), words.difference(-1234.5), words.number(1_234_567), words.all_of("abc")]
    said += [
        words.month(Month(2026, month)) + words.short_month(Month(2026, month)) for month in range(1, 13)
    ]
    said += [words.day(date(2026, month, 28)) for month in range(1, 13)]
    said.append(words.moment(datetime(2026, 11, 1, 6, 0, tzinfo=UTC)))
    assert missing_glyphs("".join(said)) == ()

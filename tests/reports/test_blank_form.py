"""The paper form: every question in the language asked for, a place to answer, no hint at the score."""

from __future__ import annotations

import pytest

from checker.config import LANGUAGES
from checker.reports.blank_form import blank_form
from checker.reports.look import Look
from checker.standards.model import Checklist
from checker.standards.parse import read_yaml
from checker.words import words_for
from tests.reports.making import checklist
from tests.reports.reading import pages, places, read, text
from tests.standards.kiosk import with_item

EN = words_for("en")
NINE = (
    "b2b_service",
    "bank_branch",
    "clinic",
    "education",
    "hotel_tourism",
    "online_contact",
    "phone_call",
    "restaurant",
    "store_visit",
)


def kiosk(lines: str) -> Checklist:
    return read_yaml(with_item(lines), "kiosk.yaml")


def squeezed(words: str) -> str:
    """Leave out blanks: a line may also end after a hyphen."""
    return "".join(words.split())


@pytest.mark.parametrize("name", NINE)
def test_every_question_of_every_checklist_is_asked(name: str) -> None:
    of = checklist(name)
    content = blank_form(of, EN)
    whole = squeezed(text(content))
    for section in of.sections:
        assert squeezed(section.title["en"]) in whole
    for item in of.items:
        assert squeezed(item.text["en"]) in whole
        assert squeezed(item.help.get("en", "")) in whole
    for x, y in places(content):
        assert 40 < x < 555 and 25 < y < 802


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_speaks_the_language_asked_for(language: str) -> None:
    of = checklist("store_visit")
    content = blank_form(of, words_for(language))
    whole = squeezed(text(content))
    assert all(squeezed(item.text[language]) in whole for item in of.items)
    assert read(content).root_object["/Lang"] == language
    assert "□" not in whole


def test_a_language_the_checklist_lacks_falls_back_on_its_first() -> None:
    assert "The employee said hello." in text(blank_form(kiosk(ASKED["count"]), words_for("fi")))


ASKED = {
    "count": "id: more\ntype: count\nmax: 3\npoints: 3\naxis: standard\nlevel: branch\ntext: {en: How many?}",
    "scale": (
        "id: more\ntype: scale\npoints: 3\naxis: experience\nlevel: branch\n"
        "scale_labels: {low: {en: poor}, high: {en: rich}}\ntext: {en: How well?}"
    ),
    "duration": (
        "id: more\ntype: duration\npoints: 3\naxis: standard\nlevel: branch\ntarget_s: 20\nlimit_s: 30\n"
        "text: {en: How long?}"
    ),
    "choice": (
        "id: more\ntype: choice\npoints: 3\naxis: standard\nlevel: branch\n"
        "options:\n  - {id: a, text: {en: Almost}, points: 1}\n  - {id: b, text: {en: Best}, points: 3}\n"
        "text: {en: Which?}"
    ),
    "multi": (
        "id: more\ntype: multi\npoints: 3\naxis: standard\nlevel: branch\n"
        "options:\n  - {id: a, text: {en: Almost}, points: 1}\n  - {id: b, text: {en: Best}, points: 2}\n"
        "text: {en: Which ones?}"
    ),
    "graded": "id: more\ntype: graded\npoints: 7\naxis: standard\nlevel: branch\ntext: {en: How good?}",
    "number": "id: more\ntype: number\ntext: {en: How much?}",
    "datetime": "id: more\ntype: datetime\ntext: {en: When?}",
    "photo": "id: more\ntype: photo\ntext: {en: The door}",
}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("count", "0 1 2 3"),
        ("scale", "1: poor, 5: rich"),
        ("duration", "seconds It never happened"),
        ("choice", "Almost Best"),
        ("multi", "Tick all that apply Almost Best"),
        ("graded", "of 7"),
        ("number", "How much?"),
        ("datetime", "Day Time"),
        ("photo", "Photo taken"),
    ],
)
def test_each_type_has_its_own_place_to_answer(kind: str, words: str) -> None:
    assert words in text(blank_form(kiosk(ASKED[kind]), EN))


def test_a_box_for_not_applicable_only_where_it_is_allowed() -> None:
    lines = "id: strict\ntype: yes_no_na\nna_allowed: false\npoints: 1\naxis: standard\nlevel: branch\n"
    strict = kiosk(lines + "text: {en: Strict?}")
    whole = text(blank_form(strict, EN))
    assert whole.count("Not applicable") == 1  # the kiosk's own question allows it


def test_points_limits_and_critical_marks_are_printed_only_when_asked_for() -> None:
    of = checklist("store_visit")
    quiet, telling = text(blank_form(of, EN)), text(blank_form(of, EN, points=True))
    for words in ("points: 10", "limit 30 s", "critical"):
        assert words not in quiet
        assert words in telling


def test_a_question_with_a_condition_says_when_it_is_asked() -> None:
    lines = (
        "id: more\ntype: yes_no_na\npoints: 1\naxis: standard\nlevel: branch\n"
        'when: {greeted: "no", context.busy: "yes"}\ntext: {en: Why not?}'
    )
    whole = text(blank_form(kiosk(lines), EN))
    assert "Only if “Was it busy?” is Yes and question 1 is No" in whole


def test_the_head_asks_where_when_who_and_how_it_ended() -> None:
    first = pages(blank_form(checklist(), EN, look=Look("Nordline")))[0]
    for words in (
        "Nordline",
        "version 2",
        "Branch",
        "Day",
        "Time the contact began",
        "Served by",
        "Completed",
    ):
        assert words in first
    assert "I was recognised as a shopper" in first


def test_equal_checklists_give_equal_bytes() -> None:
    assert blank_form(checklist(), EN) == blank_form(checklist(), EN)

"""Each language's catalogue says all that the interface says, with the same gaps, and is compiled."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

HOME = Path(__file__).parent.parent / "checker" / "translations"
LANGUAGES = sorted(path.name for path in HOME.iterdir() if path.is_dir())

GAP = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]\b")


def catalogue(language: str) -> Catalog:
    """The language's texts, as its translator wrote them."""
    with (HOME / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(text: object) -> list[str]:
    """A text alone, or each form of one that depends on a number."""
    return [text] if isinstance(text, str) else [str(form) for form in text or ()]  # type: ignore[attr-defined]


def gaps(text: str) -> set[str]:
    """What is filled in when the text is said."""
    return set(GAP.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    with (HOME / "messages.pot").open("rb") as file:
        asked = {message.id for message in read_po(file) if message.id}
    held = catalogue(language)
    said = {message.id for message in held if message.id and not message.fuzzy and all(forms(message.string))}
    assert asked - said == set(), "docs/translations.md says how a language is kept up"


def test_no_language_says_a_sentence_in_the_words_of_another() -> None:
    """A text that stands in two catalogues alike was put into one of them by mistake."""
    held = {language: {one.id: forms(one.string) for one in catalogue(language)} for language in LANGUAGES}
    alike = [
        (one, other, text)
        for one, other in combinations(LANGUAGES, 2)
        for text, said in held[one].items()
        if text and said == held[other].get(text) and len(said[0].split()) > 3 and said != forms(text)
    ]
    assert alike == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_and_forms_are_those_of_the_text(language: str) -> None:
    held = catalogue(language)
    wrong: list[object] = []
    for message in held:
        said = forms(message.string)
        if not message.id or not all(said):
            continue
        one, many = forms(message.id)[0], forms(message.id)[-1]
        if len(said) != (held.num_plurals if message.pluralizable else 1):
            wrong.append(message.id)
        for n, form in enumerate(said):  # the first form may say "one" where the others have a figure
            if gaps(form) != gaps(many) and (n or gaps(form) != gaps(one)):
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_says_what_is_written(language: str) -> None:
    with (HOME / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = {
            tuple(forms(message.id)): forms(message.string) for message in read_mo(file) if message.id
        }
    written = {
        tuple(forms(message.id)): forms(message.string)
        for message in catalogue(language)
        if message.id and not message.fuzzy and all(forms(message.string))
    }
    assert compiled == written, "pybabel compile brings it up to date"

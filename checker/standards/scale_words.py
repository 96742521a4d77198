"""The words for 1 and 5 on a scale: two ready pairs in five languages, or a checklist's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.standards.faults import N_
from checker.standards.model import Text
from checker.standards.shapes import Key, OneOf, Reading, Record, Schema, Texts, Values
from checker.standards.yaml_lines import Path

PAIRS: Mapping[str, tuple[Text, Text]] = {
    "quality": (
        {
            "en": "very poor",
            "fi": "erittäin huono",
            "de": "sehr schlecht",
            "pl": "bardzo źle",
            "ro": "foarte slab",
        },
        {"en": "excellent", "fi": "erinomainen", "de": "ausgezeichnet", "pl": "doskonale", "ro": "excelent"},
    ),
    "degree": (
        {"en": "not at all", "fi": "vähiten", "de": "gar nicht", "pl": "wcale", "ro": "deloc"},
        {"en": "very much", "fi": "eniten", "de": "sehr", "pl": "bardzo", "ro": "foarte mult"},
    ),
}
"""Word in the file -> the words for 1 and for 5."""

_WORD = OneOf(tuple(PAIRS))
_OWN = Record(
    (
        Key("low", Texts(), "The words for 1.", required=True),
        Key("high", Texts(), "The words for 5.", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Labels:
    """quality, degree, or {low: …, high: …}; read as the words themselves, so that a version keeps them."""

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if not isinstance(value, str):
            return _OWN.read(value, path, reading)
        word = _WORD.read(value, path, reading)
        if word is None:
            return None
        low, high = PAIRS[word]
        if missing := [language for language in reading.languages if language not in low]:
            text = N_(
                "“%(word)s” has no words in: %(languages)s. Write your own as scale_labels: "
                "{low: {…}, high: {…}}."
            )
            languages = ", ".join(missing)
            reading.refuse(path, "definition.scale_words", text, word=word, languages=languages)
            return None
        return {
            "low": {language: low[language] for language in reading.languages},
            "high": {language: high[language] for language in reading.languages},
        }

    def schema(self) -> Schema:
        return {"anyOf": [_WORD.schema(), _OWN.schema()]}

"""What people in the demo network write, in one language: `words/<language>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences to choose from. Mappings are by item id, except `regions`, `emotions` (service level),
    `reasons` (outcome), `office` (void, exclude, return, correct, decline) and `actions`, which have names of
    their own; `notes` has "never" too.
    """

    organisation: str
    programme: str
    scenarios: Sequence[str]
    online_scenarios: Sequence[str]
    briefings: Sequence[str]
    planned_purchases: Sequence[str]
    expectations: Sequence[str]
    described: Sequence[str]
    irritations: Sequence[str]
    regions: Mapping[str, str]
    emotions: Mapping[str, Sequence[str]]
    liked: Mapping[str, str]
    improve: Mapping[str, str]
    notes: Mapping[str, str]
    reasons: Mapping[str, Sequence[str]]
    office: Mapping[str, str]
    actions: Mapping[str, Mapping[str, str]]
    foreword: str
    """With which leadership closes a month."""


def wording(language: str) -> Wording:
    """The sentences of a language."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return Wording(**tomllib.load(file))

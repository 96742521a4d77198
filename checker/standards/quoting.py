"""What a shopper wrote, made fit for reports: nobody is named by it, and no word is changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from checker.standards.model import Answer, Level
from checker.standards.statistics import MIN_VISITS

BLANK = "[…]"
"""Stands where something was taken out, in every language."""

FEWEST_EMPLOYED = 3
"""With fewer people who could be meant, words about an employee point to one."""

LONGEST = 400
"""Letters of a quote: it stands among others on paper."""

_ADDRESS = re.compile(r"[^\s@<>(),;:]*@[^\s@<>(),;:]+|(?:https?://|www\.)\S+", re.IGNORECASE)
# Five digits and more, however they are grouped: numbers of telephones and cards; prices, times, years stay.
_NUMBER = re.compile(r"\+?\d(?:[ \t\u00a0\u202f()/.\-‐-–]{0,3}\d){4,}")
_TOKEN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_JOINED = re.compile(re.escape(BLANK) + r"(?:[\s\-‐-–’']*" + re.escape(BLANK) + r")+")

_ENDING = 4
"""So many letters may follow a name's stem: "Annalle", "Ioanei"."""
_STEM = 3
"""A shorter name is looked for as it is."""
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Cleared:
    """Words with blanks, and what was taken out: addresses, numbers, then names."""

    text: str
    blanked: tuple[str, ...] = ()


def quotable(answer: Answer | None, met: bool | None) -> bool:
    """Whether there are words on a question that was met or not met."""
    return answer is not None and bool(answer.note) and met is not None


def cleared(text: str, names: Iterable[str]) -> Cleared:
    """QU-1: blank e-mail and web addresses, telephone numbers, and every one of `names` and of its parts.

    `names` are names and codes of people. A part is found whatever its capitals and marks, and with the
    ending that a language gives it; one of fewer than three letters only as it is written. A word that merely
    begins like a name is blanked too where it has a capital: rather a word too many than a name. Clearing
    what is cleared changes nothing.
    """
    parts = _parts(names)
    held = Cleared(" ".join(unicodedata.normalize("NFC", text).split()))
    while (further := _once(held, parts)).text != held.text:
        held = further
    return held


def _once(said: Cleared, parts: frozenset[str]) -> Cleared:
    taken = list(said.blanked)

    def blank(found: re.Match[str]) -> str:
        taken.append(found[0])
        return BLANK

    def blank_name(found: re.Match[str]) -> str:
        return blank(found) if _names_somebody(found[0], parts) else found[0]

    text = _NUMBER.sub(blank, _ADDRESS.sub(blank, said.text))
    text = _JOINED.sub(BLANK, _TOKEN.sub(blank_name, text))
    return Cleared(text, tuple(taken))


def _parts(names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        words = _TOKEN.findall(unicodedata.normalize("NFC", name))
        capitals = any(word[:1].isupper() for word in words)
        found |= {word for word in words if len(word) > 1 and not (capitals and word.islower())}
    return frozenset(found)


def names_in(description: str) -> tuple[str, ...]:
    """The words that may be names in how a shopper described somebody, such as "badge: Anna": those with a
    capital.
    """
    return tuple(word for word in _TOKEN.findall(description) if word[:1].isupper())


def _names_somebody(word: str, parts: Iterable[str]) -> bool:
    plain = _plain(word)
    return any(_is_form_of(word, plain, part) for part in parts)


def _is_form_of(word: str, plain: str, part: str) -> bool:
    name = _plain(part)
    if len(name) < _STEM:
        return word == part
    if plain == name:
        return True
    stem = name[:-1] if name[-1] in "aeiouy" and len(name) > _STEM else name
    return word[:1].isupper() and plain.startswith(stem) and len(plain) - len(stem) <= _ENDING


def _plain(word: str) -> str:
    """The letters of a word without capitals and marks."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)


def only_cut(original: str, released: str) -> bool:
    """QU-2: whether every word of `released` stands in `original`, in the same order; marks and capitals may
    differ.
    """
    left = iter(_words(original))
    return all(word in left for word in _words(released))


def _words(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def may_leave(level: Level, *, visits: int, people: int) -> bool:
    """QU-3: whether words on a question may leave the branch without pointing to one employee.

    `visits` is in how many it was asked in the month, `people` how many at least could be meant.
    """
    return level is Level.BRANCH or (visits >= MIN_VISITS and people >= FEWEST_EMPLOYED)


Key = TypeVar("Key")


def typical(texts: Sequence[str]) -> int:
    """QU-4: the place of the text nearest to the median length of all; of two as near the shorter, then the
    first. Raises ValueError for none.
    """
    middle = median(len(text) for text in texts)
    return min(range(len(texts)), key=lambda at: (abs(len(texts[at]) - middle), len(texts[at]), at))


def in_turn(keys: Sequence[Key], texts: Sequence[str]) -> tuple[int, ...]:
    """QU-5: the places of all texts in the order in which a report with little room takes them: from each key
    its typical one, then from each the typical one of those left. Keys come in the order they first stand.
    """
    queues: dict[Key, list[int]] = {key: [] for key in keys}
    for at, key in enumerate(keys):
        queues[key].append(at)
    rounds: list[tuple[int, int, int]] = []
    for place, queue in enumerate(queues.values()):
        left, turn = list(queue), 0
        while left:
            at = left.pop(typical([texts[one] for one in left]))
            rounds.append((turn, place, at))
            turn += 1
    return tuple(at for _, _, at in sorted(rounds))

"""A JSON object taken apart field by field: every value checked, every fault kept with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from checker.standards.answers import LONGEST_TEXT, clean_text, read_hash, read_moment
from checker.standards.canonical import LARGEST_INTEGER as LARGEST_INTEGER
from checker.standards.faults import N_, Fault, Refused

LONGEST_CODE = 64
LARGEST_COUNT = 100_000
DEEPEST = 8

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


class Fields:
    """Reads the fields of `data`, and keeps every fault on the way in `faults`.

    A reader takes what was given and its place, and raises `Refused`. A field that is left out or null is
    absent.
    """

    def __init__(self, data: Mapping[object, object]) -> None:
        self._data = data
        self.faults: list[Fault] = []
        self._places: set[str] = set()
        for fault in _unfit(data, (), 0):
            self.refuse(fault)

    def refuse(self, fault: Fault) -> None:
        """One fault per place: what cannot even be hashed is not refused a second time for its meaning."""
        if fault.place not in self._places:
            self._places.add(fault.place)
            self.faults.append(fault)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Every field must be known, so that a misspelt one is never lost in silence."""
        self._refuse_unknown(self._data, known, "")

    def required(self, key: str, read: Callable[[object, str], T], otherwise: T) -> T:
        if self._data.get(key) is None:
            self.refuse(Fault("body.missing", key, N_("This is missing; every visit needs it.")))
            return otherwise
        return self.optional(key, read, otherwise)

    def optional(self, key: str, read: Callable[[object, str], T], otherwise: T) -> T:
        given = self._data.get(key)
        if given is not None:
            for value in self._try(given, key, read):
                return value
        return otherwise

    def as_sent(self, key: str, most: int) -> dict[str, object]:
        """An object of names, whatever they hold."""
        return {name: entry for name, entry in self._object(key, most).items() if isinstance(name, str)}

    def entries(self, key: str, read: Callable[[object, str], T], most: int) -> dict[str, T]:
        """An object of names, each entry read by `read` (null entries too)."""
        return {
            name: value
            for name, entry in self.as_sent(key, most).items()
            for value in self._try(entry, _within(key, name), read)
        }

    def known_entries(self, key: str, readers: Mapping[str, Callable[[object, str], T]]) -> dict[str, T]:
        """An object whose keys are known, each with a reader of its own; what is null is left out."""
        given = self._object(key, len(readers))
        self._refuse_unknown(given, readers, key)
        return {
            name: value
            for name, read in readers.items()
            if given.get(name) is not None
            for value in self._try(given[name], _within(key, name), read)
        }

    def sequence(self, key: str, read: Callable[[object, str], T], most: int) -> tuple[T, ...]:
        """A list, each entry read by `read`; its place is its number, counted from 0."""
        given: list[object] = self.optional(key, _list, [])
        self._refuse_many(len(given), key, most)
        return tuple(
            value
            for index, entry in enumerate(given)
            for value in self._try(entry, _within(key, index), read)
        )

    def _object(self, key: str, most: int) -> Mapping[object, object]:
        empty: Mapping[object, object] = {}
        given = self.optional(key, _mapping, empty)
        self._refuse_many(len(given), key, most)
        return given

    def _refuse_many(self, count: int, place: str, most: int) -> None:
        if count > most:
            text = N_("There are %(count)s entries here; send at most %(most)s.")
            self.refuse(Fault("body.too_many", place, text, {"count": count, "most": most}))

    def _refuse_unknown(self, given: Mapping[object, object], known: Collection[str], place: str) -> None:
        for key in given:
            if key not in known:
                text = N_("This is no part of a visit; leave it out.")
                self.refuse(Fault("body.unknown_key", _within(place, key), text))

    def _try(self, given: object, place: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """What was read; nothing when it was refused."""
        try:
            return (read(given, place),)
        except Refused as refused:
            for fault in refused.faults:
                self.refuse(fault)
            return ()


def _unfit(value: object, path: tuple[object, ...], depth: int) -> Iterator[Fault]:
    """What has no canonical form: floats, huge integers, half surrogate pairs, bottomless nesting."""
    if not isinstance(value, dict | list):
        if wrong := _unfit_by_itself(value):
            yield Fault(wrong[0], _place(path), wrong[1])
    elif depth > DEEPEST:
        yield Fault("body.too_deep", _place(path), N_("This is nested too deeply."))
    else:
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, entry in entries:
            if isinstance(value, dict) and (not isinstance(key, str) or _HALF_PAIR.search(key)):
                yield Fault("body.characters", _place((*path, key)), N_("This name is no proper text."))
            if isinstance(entry, dict | list) or _unfit_by_itself(entry):
                yield from _unfit(entry, (*path, key), depth + 1)


def _unfit_by_itself(value: object) -> tuple[str, str] | None:
    """Why a value that is no list or object has no canonical form: the fault's code and text; None if it has
    one.
    """
    match value:
        case str():
            if not value.isascii() and _HALF_PAIR.search(value):
                return "body.characters", N_("This holds half a character; send proper Unicode.")
            return None
        case int():
            too_large = abs(value) > LARGEST_INTEGER
            return ("body.too_large", N_("This number is too large.")) if too_large else None
        case None:
            return None
        case float():
            text = N_('Send a decimal number as text, such as "25.4", so that it stays exact.')
            return "body.float", text
    return "body.json", N_("Send texts, integers, true, false and null only.")


def _place(path: tuple[object, ...]) -> str:
    return ".".join(map(_shown, path))


def _shown(key: object) -> str:
    """A key as it stands in a place: short, and free of what cannot be printed."""
    return clean_text(str(key))[:LONGEST_CODE]


def _within(outer: str, key: object) -> str:
    return f"{outer}.{_shown(key)}" if outer else _shown(key)


# --- readers of one value -----------------------------------------------------------------------------------


def refusal(code: str, place: str, text: str, **details: object) -> Refused:
    """One fault, ready to be raised."""
    return Refused([Fault(code, place, text, details)])


def group(
    given: object,
    place: str,
    code: str,
    text: str,
    readers: Mapping[str, Callable[[object, str], Any]],
    *,
    optional: Collection[str] = (),
) -> dict[str, Any]:
    """An object of just these names, read with every fault of its parts; `code` and `text` refuse another.

    What is `optional` may be left out or null, and is then left out of what was read.
    """
    needed = readers.keys() - set(optional)
    if not isinstance(given, Mapping) or not needed <= given.keys() <= readers.keys():
        raise refusal(code, place, text)
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, read in readers.items():
        if name in needed or given.get(name) is not None:
            try:
                found[name] = read(given[name], f"{place}.{name}")
            except Refused as refused:
                faults += refused.faults
    if faults:
        raise Refused(faults)
    return found


def uuid(given: object, place: str) -> str:
    """A UUID of any version, in small letters."""
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        text = N_("Send a UUID here, such as 01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f.")
        raise refusal("body.uuid", place, text)
    return given.lower()


def code(given: object, place: str) -> str:
    """One line of 1 to 64 characters: the code of a branch, an employee, a checklist, a programme."""
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_CODE or not given.isprintable():
        text = N_("Send a code of 1 to %(longest)s characters.")
        raise refusal("body.code", place, text, longest=LONGEST_CODE)
    if given != given.strip():
        raise refusal("body.code", place, N_("Take the blanks around this code away."))
    return given


def count(given: object, place: str) -> int:
    """A whole number from 0."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST_COUNT:
        text = N_("Send an integer from 0 to %(largest)s.")
        raise refusal("body.count", place, text, largest=LARGEST_COUNT)
    return given


def ordinal(given: object, place: str) -> int:
    """A whole number from 1."""
    if count(given, place) == 0:
        raise refusal("body.count", place, N_("This counts from 1."))
    return count(given, place)


def flag(given: object, place: str) -> bool:
    """true or false."""
    if not isinstance(given, bool):
        raise refusal("body.flag", place, N_("Send true or false."))
    return given


def words(given: object, place: str) -> str:
    """Cleaned text of at most 4,000 characters; may be empty."""
    if not isinstance(given, str):
        raise refusal("body.text", place, N_("Send words as text."))
    text = clean_text(given)
    if len(text) > LONGEST_TEXT:
        sentence = N_("This text has %(length)s characters; shorten it to %(longest)s.")
        raise refusal("body.too_long", place, sentence, length=len(text), longest=LONGEST_TEXT)
    return text


def moment(given: object, place: str) -> datetime:
    """A date and time with offset."""
    read = read_moment(given)
    if read is None:
        text = N_("Give date and time with offset, such as 2026-10-01T14:05:00+03:00.")
        raise refusal("body.datetime", place, text)
    return read


def sha256(given: object, place: str) -> str:
    """64 hexadecimal digits, in small letters."""
    read = read_hash(given)
    if read is None:
        raise refusal("body.hash", place, N_("Send a SHA-256: 64 hexadecimal digits."))
    return read


def one_of(choices: type[E]) -> Callable[[object, str], E]:
    """A reader of one of the words of an enumeration."""
    known = frozenset(choices)

    def read(given: object, place: str) -> E:
        if not isinstance(given, str) or given not in known:
            text = N_("Send one of: %(words)s.")
            raise refusal("body.choice", place, text, words=", ".join(choices))
        return choices(given)

    return read


def _mapping(given: object, place: str) -> Mapping[object, object]:
    if not isinstance(given, Mapping):
        raise refusal("body.shape", place, N_("Send an object here: {…}."))
    return given


def _list(given: object, place: str) -> list[object]:
    if not isinstance(given, list):
        raise refusal("body.shape", place, N_("Send a list here: […]."))
    return given

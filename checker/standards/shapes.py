"""The shapes a value in a checklist can have: each reads a plain value and describes itself to editors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Protocol

from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault
from checker.standards.yaml_lines import Path

LONGEST_ID = 60
LONGEST_TEXT = 2_000
"""Characters of one text in one language."""

LARGEST = 10**9
"""Bound of `Figure`, either way; answers to a number stay well within what is stored."""

Values = dict[str, Any]
"""A record as read: key -> what its shape read, None where that was refused; a key not given is absent."""

Schema = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """One reading of a definition: the languages it names, and every fault met on the way."""

    languages: tuple[str, ...] = ()
    faults: list[tuple[Path, Fault]] = field(default_factory=list)

    def refuse(self, path: Path, code: str, text: str, **details: object) -> None:
        """Note a fault at `path`; a detail that is a path is shown as the place it stands for."""
        self.faults.append((path, Fault(code, "", text, details)))


class Shape(Protocol):
    """`read` answers the value in its inner form, or None after noting why it is refused."""

    def read(self, value: object, path: Path, reading: Reading) -> Any: ...

    def schema(self) -> Schema: ...


# --- single values ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """An id: small letters a–z, digits and _, a letter first."""

    def read(self, value: object, path: Path, reading: Reading) -> str | None:
        if isinstance(value, str) and re.fullmatch(_NAME, value):
            return value
        text = N_(
            "“%(found)s” cannot be an id. Write small letters a to z, digits and _, a letter first, at most "
            "%(longest)s together."
        )
        reading.refuse(path, "definition.id", text, found=shown(value), longest=LONGEST_ID)
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_NAME}$"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language code as web pages use it: en, fi, pt-BR."""

    def read(self, value: object, path: Path, reading: Reading) -> str | None:
        if isinstance(value, str) and re.fullmatch(_LANGUAGE, value):
            return value
        text = N_("“%(found)s” is not a language code. Write one such as en, fi or pt-BR.")
        reading.refuse(path, "definition.language", text, found=shown(value))
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_LANGUAGE}$"}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word of a list."""

    words: tuple[str, ...]

    def read(self, value: object, path: Path, reading: Reading) -> str | None:
        if isinstance(value, str) and value in self.words:
            return value
        text = N_("“%(key)s” cannot be “%(found)s”. Write one of: %(words)s.")
        words = ", ".join(self.words)
        reading.refuse(path, "definition.word", text, key=key_of(path), found=shown(value), words=words)
        return None

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, value: object, path: Path, reading: Reading) -> bool | None:
        if isinstance(value, bool):
            return value
        text = N_("“%(key)s” is true or false, not “%(found)s”.")
        reading.refuse(path, "definition.flag", text, key=key_of(path), found=shown(value))
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def read(self, value: object, path: Path, reading: Reading) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        text = N_("“%(key)s” must be a whole number from %(low)s to %(high)s (no quotes), not “%(found)s”.")
        details = {"key": key_of(path), "low": self.low, "high": self.high, "found": shown(value)}
        reading.refuse(path, "definition.whole", text, **details)
        return None

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number from `low` to `high` with at most `places` decimal places, read as an integer of the last one.

    Points have 4 places (SC-01) and are read in 1/10,000 point, shares 6 and are read in millionths.
    """

    places: int
    low: int
    high: int

    def read(self, value: object, path: Path, reading: Reading) -> int | None:
        number = _decimal(value, path, reading)
        if number is None:
            return None
        if not self.low <= number <= self.high:
            text = N_("“%(key)s” must be from %(low)s to %(high)s, not %(found)s.")
            details = {"key": key_of(path), "low": self.low, "high": self.high, "found": shown(value)}
            reading.refuse(path, "definition.range", text, **details)
            return None
        units = number.scaleb(self.places)
        if units != int(units):
            text = N_("“%(key)s” is %(found)s; at most %(places)s digits may stand after the point.")
            details = {"key": key_of(path), "found": shown(value), "places": self.places}
            reading.refuse(path, "definition.places", text, **details)
            return None
        return int(units)

    def schema(self) -> Schema:
        return _number_schema(self.places, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Figure:
    """Any decimal number a person may answer, with at most 6 decimal places."""

    def read(self, value: object, path: Path, reading: Reading) -> Decimal | None:
        units = Fixed(_FIGURE_PLACES, -LARGEST, LARGEST).read(value, path, reading)
        return None if units is None else shortest(Decimal(units).scaleb(-_FIGURE_PLACES))

    def schema(self) -> Schema:
        return _number_schema(_FIGURE_PLACES, -LARGEST, LARGEST)


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in every language of the checklist."""

    def read(self, value: object, path: Path, reading: Reading) -> dict[str, str] | None:
        if not isinstance(value, Mapping):
            text = N_("“%(key)s” needs its words by language, such as %(key)s: {%(language)s: “…”}.")
            language = next(iter(reading.languages), "en")
            reading.refuse(path, "definition.texts", text, key=key_of(path), language=language)
            return None
        words = {
            language: _words(given, (*path, language), reading)
            for language, given in value.items()
            if not reading.languages or _named(language, path, reading)
        }
        if missing := [language for language in reading.languages if language not in words]:
            text = N_("“%(key)s” has no words in: %(languages)s. Add them; every text has all languages.")
            languages = ", ".join(missing)
            reading.refuse(path, "definition.text_missing", text, key=key_of(path), languages=languages)
        return {language: text for language, text in words.items() if text is not None}

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/texts"}


TEXTS_SCHEMA: Schema = {
    "description": "The words by language; every language of the checklist has to be there.",
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
}
"""What `Texts` refers to, so that the schema says it once."""


# --- values made of others ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of at least one and at most `most` parts of one shape, None in the place of refused ones."""

    part: Shape
    most: int
    unique: bool = False
    """Whether the parts are words that may stand only once."""

    def read(self, value: object, path: Path, reading: Reading) -> list[Any] | None:
        if not isinstance(value, list | tuple):
            text = N_("“%(key)s” must be a list, each part on a line that begins with “- ”.")
            reading.refuse(path, "definition.list", text, key=key_of(path))
            return None
        if not value:
            text = N_("“%(key)s” is an empty list; add something to it.")
            reading.refuse(path, "definition.empty", text, key=key_of(path))
            return None
        if len(value) > self.most:
            text = N_("“%(key)s” has %(found)s parts; at most %(most)s are allowed.")
            details = {"key": key_of(path), "found": len(value), "most": self.most}
            reading.refuse(path, "definition.too_many", text, **details)
            return None
        parts = [self.part.read(part, (*path, index), reading) for index, part in enumerate(value)]
        if self.unique:
            for index, part in enumerate(parts):
                if part is not None and part in parts[:index]:
                    text = N_("“%(found)s” stands twice in “%(key)s”; keep one of them.")
                    reading.refuse(
                        (*path, index), "definition.twice", text, key=key_of(path), found=shown(part)
                    )
        return parts

    def schema(self) -> Schema:
        schema = {"type": "array", "items": self.part.schema(), "minItems": 1, "maxItems": self.most}
        return schema | {"uniqueItems": True} if self.unique else schema


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record, with the line of help that editors show."""

    name: str
    shape: Shape
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A group of keys."""

    keys: tuple[Key, ...]

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if not isinstance(value, Mapping):
            refuse_no_record(value, path, reading)
            return None
        refuse_unknown(value, [key.name for key in self.keys], path, reading)
        return read_keys(self.keys, value, path, reading)

    def schema(self) -> Schema:
        schema: Schema = {
            "type": "object",
            "properties": {key.name: described(key) for key in self.keys},
            "additionalProperties": False,
        }
        if required := [key.name for key in self.keys if key.required]:
            schema["required"] = required
        return schema


def refuse_no_record(value: object, path: Path, reading: Reading) -> None:
    text = N_("There must be a group of “key: value” lines here, not “%(found)s”.")
    reading.refuse(path, "definition.record", text, found=shown(value))


def refuse_unknown(keys: Iterable[object], known: Iterable[str], path: Path, reading: Reading) -> None:
    """Refuse the `keys` that are not `known`, and name the nearest one that is."""
    known = list(known)
    for key in keys:
        if key in known:
            continue
        if near := get_close_matches(str(key), known, n=1):
            text = N_("There is no key “%(key)s” here. Did you mean “%(near)s”?")
            reading.refuse((*path, str(key)), "definition.unknown_key", text, key=shown(key), near=near[0])
        else:
            text = N_("There is no key “%(key)s” here. There may be: %(known)s.")
            reading.refuse(
                (*path, str(key)), "definition.unknown_key", text, key=shown(key), known=", ".join(known)
            )


def read_keys(keys: Iterable[Key], value: Mapping[Any, object], path: Path, reading: Reading) -> Values:
    fields: Values = {}
    for key in keys:
        if key.name in value:
            fields[key.name] = key.shape.read(value[key.name], (*path, key.name), reading)
        elif key.required:
            refuse_missing(key.name, path, reading)
    return fields


def refuse_missing(key: str, path: Path, reading: Reading) -> None:
    reading.refuse(path, "definition.missing", N_("“%(key)s” is missing here; add it."), key=key)


def described(key: Key) -> Schema:
    return {"description": key.says} | key.shape.schema()


# --- numbers and words as they are written ------------------------------------------------------------------

_NAME = r"[a-z][a-z0-9_]{0,59}"
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_FIGURE_PLACES = 6


def shown(value: object) -> str:
    """A value as the person wrote it, short enough for a message."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    text = value if isinstance(value, str) else json.dumps(value, default=repr)
    text = " ".join(clean_text(text).split())
    return text if len(text) <= LONGEST_ID else f"{text[:LONGEST_ID]}…"


def shortest(number: Decimal) -> Decimal:
    """Without zeros at the end and without a negative zero: equal numbers look equal."""
    return number.normalize() + 0


def written(number: Decimal) -> int | str:
    """A decimal in plain JSON: whole numbers as integers, others as text, never a float."""
    return int(number) if number == int(number) else format(shortest(number), "f")


def key_of(path: Path) -> str:
    """The last key on a path, for a message."""
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _decimal(value: object, path: Path, reading: Reading) -> Decimal | None:
    """Integers, and decimals as text: YAML hands over 0.25 as it was written, JSON has it in quotes."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15
    if whole or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return Decimal(str(value))
    if isinstance(value, float):
        text = N_(
            '“%(key)s” is a float; write a decimal of JSON in quotes, such as "0.25", so that it stays exact.'
        )
        reading.refuse(path, "definition.float", text, key=key_of(path))
    else:
        text = N_("“%(key)s” must be a number such as 2 or 0.25, not “%(found)s”.")
        reading.refuse(path, "definition.number", text, key=key_of(path), found=shown(value))
    return None


def _number_schema(places: int, low: int, high: int) -> Schema:
    """In YAML a number, in the plain JSON of a version an integer or a text."""
    sign = "-?" if low < 0 else ""
    return {
        "type": ["number", "string"],
        "minimum": low,
        "maximum": high,
        "pattern": rf"^{sign}[0-9]+(\.[0-9]{{1,{places}}})?$",
    }


def _words(value: object, path: Path, reading: Reading) -> str | None:
    if not isinstance(value, str):
        text = N_("The words in “%(language)s” must be a text, not “%(found)s”; put it in quotes.")
        reading.refuse(path, "definition.text", text, language=key_of(path), found=shown(value))
        return None
    words = clean_text(value)
    if not words:
        text = N_("The words in “%(language)s” are empty; write them, or delete the whole text.")
        reading.refuse(path, "definition.text_missing", text, language=key_of(path))
        return None
    if len(words) > LONGEST_TEXT:
        text = N_("The words in “%(language)s” have %(found)s characters; shorten them to %(longest)s.")
        details = {"language": key_of(path), "found": len(words), "longest": LONGEST_TEXT}
        reading.refuse(path, "definition.text_long", text, **details)
        return None
    return words


def _named(language: object, path: Path, reading: Reading) -> bool:
    """Whether the checklist names this language; if not, it is refused."""
    if language in reading.languages:
        return True
    text = N_(
        "“%(language)s” is not among the languages of this checklist (%(languages)s). Add it there, "
        "or delete it."
    )
    languages = ", ".join(reading.languages)
    reading.refuse(
        (*path, str(language)),
        "definition.language_extra",
        text,
        language=shown(language),
        languages=languages,
    )
    return False

"""YAML text as plain values, with the line on which each of them stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from checker.standards.faults import N_, Fault, Refused

LARGEST_FILE = 1_000_000
"""Bytes (or characters); the nine shipped checklists have 90,000 together."""

DEEPEST = 20
"""Levels of nesting; a checklist needs nine."""

MOST_PARTS = 50_000
"""Values in one file; the largest shipped checklist has 600. It bounds how long one file can be read."""

Path = tuple[str | int, ...]
"""The way from the whole to a part: keys and positions, as ("sections", 2, "items", 0, "points")."""

_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,15}")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    `value` holds dict, list, str, int, bool and None; a number with a point stays the text it was written as,
    so nothing is rounded. `faults` are what YAML allows and a checklist does not; `spoiled` are the places
    about which nothing more needs to be said.
    """

    name: str
    value: object
    lines: Mapping[Path, int]
    faults: tuple[Fault, ...]
    spoiled: frozenset[Path]

    def place(self, path: Path) -> str:
        """ "file.yaml:12": the line of `path`, or of the nearest part around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return _place(self.name, self.lines.get(path, 1))


def read(source: bytes | str, name: str) -> Document:
    """Read one YAML 1.2 document.

    Raises `Refused` when it cannot be read at all: too large, not UTF-8, broken, nested too deeply, or with a
    key that is no word.

    The words yes, no, on and off are texts, as YAML 1.2 has it.
    """
    builder = _Builder(name)
    text = _decoded(source, name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except Refused:
        raise
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        builder.give_up(line, "yaml.broken", _BROKEN, problem=_problem(error))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        builder.give_up(line, "yaml.character", _CHARACTER, character=f"U+{_code_point(error.character):04X}")
    except (YAMLError, ValueError, OverflowError) as error:  # such as the escape "\U99999999"
        builder.give_up(1, "yaml.broken", _BROKEN, problem=str(error).partition("\n")[0])
    return builder.document()


_BROKEN = N_(
    "This cannot be read as YAML (%(problem)s). Look at this line and the one before: indentation, quotes, "
    "and the blank after each colon."
)
_CHARACTER = N_("The character %(character)s cannot stand in a YAML file; delete it.")


def _decoded(source: bytes | str, name: str) -> str:
    if len(source) > LARGEST_FILE:
        text = N_("The file has %(size)s bytes; a checklist has at most %(largest)s. Split it into several.")
        details = {"size": len(source), "largest": LARGEST_FILE}
        raise Refused([Fault("yaml.too_large", name, text, details)])
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        text = N_("The file is not UTF-8 from here on; save it with the encoding UTF-8.")
        raise Refused([Fault("yaml.encoding", _place(name, line), text)]) from None


def _problem(error: MarkedYAMLError) -> str:
    """The reader's own words, with the line where the broken part begins: it may be far above."""
    problem = str(error.problem or "broken")
    if error.context and error.context_mark:
        problem += f", {error.context} that begins on line {error.context_mark.line + 1}"
    return problem


def _place(name: str, line: int) -> str:
    return f"{name}:{line}"


def _code_point(character: str | int) -> int:
    return character if isinstance(character, int) else ord(character)


def _resolved(event: ScalarEvent) -> str | int | bool | None:
    """What a scalar means by the core schema of YAML 1.2, as far as a checklist needs it."""
    text: str = event.value
    if event.style:  # in quotes, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet; in a mapping, `key` waits for its value."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    dropped: bool = False
    """Whether the value to come belongs to a key that was there before, and is not kept."""


@dataclass(slots=True)
class _Builder:
    """Builds the value from parse events: never recursive, and able to stop at once at any of them."""

    name: str
    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    spoiled: set[Path] = field(default_factory=set)
    open: list[_Open] = field(default_factory=list)
    documents: int = 0
    parts: int = 0

    def take(self, event: Event) -> None:
        line = event.start_mark.line + 1
        match event:
            case ScalarEvent():
                self._refuse_tag(event, line)
                if self._awaits_key():
                    self._start_entry(event.value, line)
                else:
                    self._put(_resolved(event), line)
            case MappingStartEvent() | SequenceStartEvent():
                self._refuse_tag(event, line)
                self._begin({} if isinstance(event, MappingStartEvent) else [], line)
            case MappingEndEvent() | SequenceEndEvent():
                self.open.pop()
            case AliasEvent():
                self._refuse_alias(event, line)
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    text = N_("A second document begins here; put each checklist into a file of its own.")
                    self.give_up(line, "yaml.documents", text)

    def give_up(self, line: int, code: str, text: str, **details: object) -> None:
        self._fault(line, code, text, **details)
        raise Refused(self.faults) from None

    def document(self) -> Document:
        return Document(self.name, self.value, self.lines, tuple(self.faults), frozenset(self.spoiled))

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def _start_entry(self, key: str, line: int) -> None:
        inside = self.open[-1]
        path = (*inside.path, key)
        inside.key = key
        inside.dropped = key in inside.value
        if inside.dropped:
            text = N_("“%(key)s” stands here twice, first on line %(first)s; keep one of them.")
            self._fault(line, "yaml.twice", text, key=key, first=self.lines.get(path, line))
        self.lines.setdefault(path, line)

    def _begin(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if self._awaits_key():
            text = N_("A key must be one word; put quotes around a text that begins with a bracket.")
            self.give_up(line, "yaml.key", text)
        if len(self.open) >= DEEPEST:
            text = N_("The lists and brackets are nested more than %(deepest)s deep; check the indentation.")
            self.give_up(line, "yaml.too_deep", text, deepest=DEEPEST)
        self.open.append(_Open(value, self._put(value, line)))

    def _put(self, value: object, line: int) -> Path:
        """Put `value` where it belongs and answer its path."""
        if not self.open:
            self.value = value
            path: Path = ()
        else:
            inside = self.open[-1]
            if isinstance(inside.value, list):
                path = (*inside.path, len(inside.value))
                inside.value.append(value)
            else:
                key = inside.key or ""
                path = (*inside.path, key)
                if not inside.dropped:
                    inside.value[key] = value
                inside.key = None
        self.lines.setdefault(path, line)
        self.parts += 1
        if self.parts > MOST_PARTS:
            text = N_("The file has more than %(most)s parts; split the checklist.")
            self.give_up(line, "yaml.too_large", text, most=MOST_PARTS)
        return path

    def _refuse_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, line: int) -> None:
        if event.tag:
            text = N_("“%(tag)s” is a YAML tag, which a checklist does not have; delete it.")
            self._fault(line, "yaml.tag", text, tag=str(event.tag))

    def _refuse_alias(self, event: AliasEvent, line: int) -> None:
        """No alias is followed: a few lines of them can stand for gigabytes."""
        text = N_("“*%(alias)s” points at another place; write the text out here instead.")
        if self._awaits_key():
            self.give_up(line, "yaml.alias", text, alias=event.anchor)
        self._fault(line, "yaml.alias", text, alias=event.anchor)
        self.spoiled.add(self._put(None, line))

    def _fault(self, line: int, code: str, text: str, **details: object) -> None:
        self.faults.append(Fault(code, _place(self.name, line), text, details))

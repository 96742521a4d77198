"""What a program sends: strict JSON in the body, known names in the address; every mistake has its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from checker.pictures import MOST_BYTES
from checker.problem import Problem
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.standards.fields import LONGEST_CODE
from checker.web.bodies import read_bytes

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes; a visit with a note to every answer has a tenth of it."""

PICTURES = ("image/jpeg", "image/png", "image/webp")
"""What a picture may say that it is; it is looked at all the same."""

MOST_DIGITS = 20
TOO_LARGE = 10**MOST_DIGITS
"""Stands for every longer integer, so that none is computed; who reads the value refuses it at its place."""


# --- the body -----------------------------------------------------------------------------------------------


def read_json() -> Any:
    """The body as plain JSON values.

    Raises Problem "body.kind" (415), "body.too_large" (413), "body.encoding", "json.broken", "json.constant",
    "json.too_deep", "json.twice" (400). What the values mean is not looked at.
    """
    _require_json()
    try:
        text = read_bytes(LARGEST_BODY).decode()
    except UnicodeDecodeError as error:
        words = N_("Send the body in UTF-8; byte %(position)s is none.")
        raise Problem("body.encoding", 400, words, {"position": error.start + 1}) from error
    return parse(text)


def read_picture() -> bytes:
    """The body as the bytes of a picture; what they are is not looked at.

    Raises Problem "body.kind" (415), "body.too_large" (413).
    """
    if request.mimetype not in PICTURES:
        text = N_("Send the picture as it is, and say what it is: Content-Type: %(kinds)s.")
        raise Problem("body.kind", 415, text, {"kinds": ", ".join(PICTURES)})
    _require_plain()
    return read_bytes(MOST_BYTES)


def _require_json() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset != "utf-8":
        text = N_("Send the body as JSON in UTF-8, and say so: Content-Type: application/json.")
        raise Problem("body.kind", 415, text)
    _require_plain()


def _require_plain() -> None:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("body.kind", 415, N_("Send the body as it is, not compressed."))


class _Twice(dict[str, Any]):
    """An object in which names stood more than once; `names` are those."""

    names: tuple[str, ...]


def parse(text: str) -> Any:
    """Read JSON in which no name stands twice in one object. Raises Problem as `read_json` does."""
    any_twice = False

    def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal any_twice
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        any_twice = True
        repeated = _Twice(made)
        names = [name for name, _ in pairs]
        repeated.names = tuple(name for name in made if names.count(name) > 1)
        return repeated

    try:
        value = json.loads(
            text, object_pairs_hook=read_object, parse_int=_read_integer, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        words = N_("This is no JSON at line %(line)s, column %(column)s: %(what)s.")
        details = {"line": error.lineno, "column": error.colno, "what": error.msg}
        raise Problem("json.broken", 400, words, details) from error
    except RecursionError as error:
        raise Problem("json.too_deep", 400, N_("This is nested too deeply.")) from error
    if any_twice:
        text = N_("This name stands twice in one object; keep one.")
        faults = [Fault("json.twice", place, text) for place in _places_twice(value, "")]
        words = N_("A name stands twice in one object, so what is meant cannot be known.")
        raise Problem("json.twice", 400, words, faults=faults)
    return value


def _read_integer(digits: str) -> int:
    return int(digits) if len(digits) <= MOST_DIGITS else TOO_LARGE


def _refuse_constant(name: str) -> Any:
    words = N_("JSON has no “%(name)s”. Leave the value out, or send null.")
    raise Problem("json.constant", 400, words, {"name": name})


def _places_twice(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, _Twice):
        yield from (_within(place, name) for name in value.names)
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _places_twice(entry, _within(place, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _places_twice(entry, _within(place, str(index)))


def _within(outer: str, name: str) -> str:
    shown = clean_text(name)[:LONGEST_CODE]
    return f"{outer}.{shown}" if outer else shown


# --- the address --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name of a query: `read` takes text and place and raises Refused; the rest is for the document."""

    name: str
    meaning: str
    schema: dict[str, Any]
    read: Callable[[str, str], Any]
    required: bool = False
    default: Any = field(default=None)


def read_query(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Every parameter's value, its default when it is left out. Raises Refused with every fault.

    A name that is not known is refused: a filter misspelt and ignored would answer another question.
    """
    known = {parameter.name: parameter for parameter in parameters}
    given = request.args.to_dict(flat=False)
    faults = [_unknown(name, known) for name in given if name not in known]
    found: dict[str, Any] = {}
    for name, parameter in known.items():
        values = given.get(name, [])
        found[name] = parameter.default
        if len(values) > 1:
            faults.append(Fault("query.twice", name, N_("Send this parameter once.")))
        elif values:
            try:
                found[name] = parameter.read(values[0], name)
            except Refused as refused:
                faults += refused.faults
        elif parameter.required:
            faults.append(Fault("query.missing", name, N_("This parameter is needed.")))
    if faults:
        raise Refused(faults)
    return found


def _unknown(name: str, known: dict[str, Parameter]) -> Fault:
    shown = clean_text(name)[:LONGEST_CODE]
    if not known:
        return Fault("query.unknown", shown, N_("This address takes no parameters; leave it out."))
    text = N_("There is no such parameter here; there are: %(names)s.")
    return Fault("query.unknown", shown, text, {"names": ", ".join(known)})

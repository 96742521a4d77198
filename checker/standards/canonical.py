"""The one byte form of a plain value (RFC 8785), and the digest that names it."""

from __future__ import annotations

from hashlib import sha256
from json import JSONEncoder

DEEPEST = 64
"""Levels of lists and objects; deeper values are refused before they exhaust the stack."""

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly; RFC 8785 allows no larger one."""

_write = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def canonical(value: object) -> bytes:
    """`value` as canonical JSON (RFC 8785), UTF-8.

    Takes str, int, bool, None, list and dict only. Raises `ValueError` for everything else, a float first of
    all: decimals are strings. Also for integers beyond ±(2^53 − 1), half surrogate pairs, bottomless nesting.
    """
    # Python writes such values, and escapes their texts, as RFC 8785 does; only the order of names is ours.
    return _write(_in_order(value, 0)).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of `value`, 64 hex digits. Raises `ValueError` like `canonical`."""
    return sha256(canonical(value)).hexdigest()


def _in_order(value: object, depth: int) -> object:
    """`value` with the names of every object sorted by their UTF-16 units."""
    if depth > DEEPEST:
        raise ValueError(f"A value is nested more than {DEEPEST} levels deep; make it flatter.")
    match value:
        case None | bool() | str():
            return value
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise ValueError(f"{value} is too large for an integer of JSON.")
            return value
        case float():
            raise ValueError(f"{value!r} is a float; decimals are strings: write it as text.")
        case list():
            return [_in_order(entry, depth + 1) for entry in value]
        case dict():
            return {name: _in_order(value[name], depth + 1) for name in _names_in_order(value)}
        case _:
            raise ValueError(
                f"{type(value).__name__} has no canonical form; use text, integers, lists and objects."
            )


def _names_in_order(value: dict[str, object]) -> list[str]:
    """The names of an object by their UTF-16 units; those of ASCII stand so as Python sorts them."""
    try:
        ascii_only = "".join(value).isascii()
    except TypeError:
        raise ValueError(
            f"Of the names {list(value)!r} not all are text; the keys of an object are."
        ) from None
    return sorted(value) if ascii_only else sorted(value, key=lambda name: name.encode("utf-16-be"))

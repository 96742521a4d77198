"""The one byte form of a plain value (RFC 8785), and the digest that names it."""

from __future__ import annotations

from hashlib import sha256

import rfc8785

DEEPEST = 64
"""Levels of lists and objects; deeper values are refused before they exhaust the stack."""


def canonical(value: object) -> bytes:
    """`value` as canonical JSON (RFC 8785), UTF-8.

    Takes str, int, bool, None, list and dict only. Raises `ValueError` for everything else, a float first of
    all: decimals are strings. Also for integers beyond ±(2^53 − 1), half surrogate pairs, bottomless nesting.
    """
    _require_plain(value, 0)
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # _require_plain has just proved the type


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of `value`, 64 hex digits. Raises `ValueError` like `canonical`."""
    return sha256(canonical(value)).hexdigest()


def _require_plain(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError(f"A value is nested more than {DEEPEST} levels deep; make it flatter.")
    match value:
        case None | bool() | str() | int():
            return
        case float():
            raise ValueError(f"{value!r} is a float; decimals are strings: write it as text.")
        case list():
            for entry in value:
                _require_plain(entry, depth + 1)
        case dict():
            for key, entry in value.items():
                if not isinstance(key, str):
                    raise ValueError(f"{key!r} is no text; the keys of an object are texts.")
                _require_plain(entry, depth + 1)
        case _:
            raise ValueError(
                f"{type(value).__name__} has no canonical form; use text, integers, lists and objects."
            )

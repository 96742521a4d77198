"""What the API can be asked: each operation is declared once, for the routes and for the document alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import getdoc
from typing import Any

from flask import Blueprint, Response

from checker.web.api import door
from checker.web.api.reading import Parameter, read_json, read_picture, read_query

bp = Blueprint("api", __name__, url_prefix="/api/v1")
bp.after_request(door.add_headers)

PICTURE = "picture"
"""Stands for a body that is no JSON but the bytes of a picture."""

Answer = tuple[Mapping[str, Any], int] | tuple[Mapping[str, Any], int, Mapping[str, str]]
"""What a view gives: a JSON object and a status, perhaps with headers."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a program can ask for."""

    name: str
    method: str
    path: str
    """As Flask writes it, below /api/v1."""
    summary: str
    scope: str | None
    """What the key must be allowed; None: no key is asked for."""
    query: tuple[Parameter, ...]
    body: str | None
    """The schema of what is sent, or `PICTURE`."""
    answers: Mapping[int, str]
    """Status -> the schema of what is answered."""
    refuses: tuple[int, ...]
    """Statuses of refusals beyond those that a key, a body and a query bring with them."""


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    scope: str | None,
    answers: Mapping[int, str],
    query: Sequence[Parameter] = (),
    body: str | None = None,
    refuses: Sequence[int] = (),
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare a view; the first line of its docstring is its summary.

    It gets the gaps of its path, the parameters of its query, and what was sent as `body`.
    """

    def declare(view: Callable[..., Answer]) -> Callable[..., Answer]:
        OPERATIONS.append(
            Operation(
                name=view.__name__,
                method=method,
                path=path,
                summary=(getdoc(view) or "").split("\n")[0],
                scope=scope,
                query=tuple(query),
                body=body,
                answers=answers,
                refuses=tuple(refuses),
            )
        )

        @wraps(view)
        def asked(**gaps: Any) -> Response:
            if scope is not None:
                door.require(scope)
            given = {**gaps, **read_query(query)}
            if body is not None:
                given["body"] = read_picture() if body == PICTURE else read_json()
            return respond(*view(**given))

        asked.act = scope or "anybody"  # type: ignore[attr-defined]  # tests list who may open which page
        bp.add_url_rule(path, view_func=asked, methods=[method], provide_automatic_options=False)
        return view

    return declare


def respond(data: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Response:
    """JSON in the order in which it was made."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text, status, headers, mimetype="application/json")

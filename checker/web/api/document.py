"""The OpenAPI 3.1 document, made from the declared operations; needs no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from checker.actions.issue_token import SCOPES
from checker.web.api.operations import OPERATIONS, PICTURE, Answer, Operation, bp, operation
from checker.web.api.reading import PICTURES, Parameter
from checker.web.api.schemas import SCHEMAS, Schema, ref

VERSION = "1.0"
"""Of the API; grows with what is added, and nothing is taken away below /api/v1."""

KEYED = (401, 403, 429)
WITH_BODY = (400, 413, 415, 507)
ALWAYS = (422, 503)
"""Statuses of refusals: by every operation that asks for a key, by those with a body, by all."""

CONVERTERS: dict[str, Schema] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 1, "maximum": 100_000},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "string": {"type": "string", "minLength": 1},
}
GAP = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")

REFUSED_WORDS = {
    400: "The body is no JSON, or was cut.",
    401: "No key, or one that does not live.",
    403: "The key may not do this.",
    404: "There is no such thing, or it is not in sight.",
    409: "Something else is here already, or changed meanwhile.",
    413: "The body is too large.",
    415: "The body is no JSON in UTF-8, or where a picture is sent, none.",
    422: "Everything that is wrong, each with its place.",
    429: "The key asks too often.",
    503: "Nothing was stored; try again in a moment.",
    507: "The server's disk is full, or nearly full and this is a picture; nothing was stored.",
}


@operation("GET", "/openapi.json", scope=None, answers={200: "Document"})
def show_document() -> Answer:
    """Show this document; no key is needed."""
    return document(), 200


def document() -> dict[str, Any]:
    """The whole document as plain JSON values."""
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(path_of(one), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Checker",
            "version": VERSION,
            "description": (
                "Visits in, visits and scores out. Shares are numbers where 1 is 100 %. A key is sent as a "
                "bearer token; it may do what its scopes say and sees what its person sees. docs/api.md "
                "has examples."
            ),
        },
        "servers": [{"url": bp.url_prefix}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"A key with scopes; there are {', '.join(SCOPES)}.",
                }
            },
            "schemas": dict(SCHEMAS),
            "headers": {
                "WWW-Authenticate": {"schema": {"type": "string"}},
                "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
                "Location": {"schema": {"type": "string"}},
            },
        },
    }


def path_of(one: Operation) -> str:
    """The path as OpenAPI writes it: "/visits/{id}"."""
    return GAP.sub(lambda gap: f"{{{gap['name']}}}", one.path)


def statuses(one: Operation) -> list[int]:
    """Every status the operation can answer with."""
    refusals = {*ALWAYS, *one.refuses, *(KEYED if one.scope else ()), *(WITH_BODY if one.body else ())}
    return sorted({*one.answers, *refusals})


def _operation(one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_gaps(one.path), *(_parameter(parameter) for parameter in one.query)],
        "responses": {str(status): _response(one, status) for status in statuses(one)},
        "security": [{"key": [one.scope]}] if one.scope else [],
    }
    if one.scope:
        said["description"] = f"Needs the scope {one.scope}."
    if one.body == PICTURE:
        said["requestBody"] = {"required": True, "content": {kind: {} for kind in PICTURES}}
    elif one.body:
        said["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": ref(one.body)}},
        }
    return said


def _gaps(path: str) -> Iterable[dict[str, Any]]:
    for gap in GAP.finditer(path):
        schema = CONVERTERS[gap["kind"] or "string"]
        yield {"name": gap["name"], "in": "path", "required": True, "schema": schema}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": parameter.schema,
    }


def _response(one: Operation, status: int) -> dict[str, Any]:
    if status in one.answers:
        return {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": ref(one.answers[status])}},
            **({"headers": _headers("Location")} if one.body and one.body != PICTURE else {}),
        }
    named = {401: ["WWW-Authenticate"], 403: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}
    return {
        "description": REFUSED_WORDS[status],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
        **({"headers": _headers(*named[status])} if status in named else {}),
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

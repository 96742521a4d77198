"""A program that uses the API: it shows its key, and holds every answer against the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import jsonschema
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from checker.actions.issue_token import SCOPES, issue_token
from checker.store.connection import Store
from checker.web.api.document import document
from tests import people
from tests.conftest import NOW
from tests.making_store import GOOD

BASE = "/api/v1"


class Program:
    """Asks with one person's key. `seen` collects (operation, status) of every answer of all programs."""

    seen: set[tuple[str, int]] = set()

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self.token = token

    def ask(self, method: str, path: str, *, send: Any = None, **rest: Any) -> TestResponse:
        """The answer to a request; `send` travels as JSON."""
        if send is not None:
            rest |= {"data": json.dumps(send), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.token}", **rest.pop("headers", {})}
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        answer = client.open(BASE + path, method=method, headers=headers, buffered=True, **rest)
        conforms(method, path.partition("?")[0], answer)
        return answer

    def get(self, path: str, **query: Any) -> TestResponse:
        """The answer to a question."""
        return self.ask("GET", path, query_string=query)

    def post(self, path: str, send: Any) -> TestResponse:
        """The answer to something sent."""
        return self.ask("POST", path, send=send)


def program(app: Flask, store: Store, name: str, scopes: Iterable[str] = SCOPES, **rest: Any) -> Program:
    """A program with a key of somebody of the cast, issued by Ada."""
    person, ada = people.CAST[name](store), people.ada(store)
    token = issue_token(
        store, name=f"for {name}", person_id=person.id, scopes=scopes, by=ada.id, now=NOW, **rest
    )
    return Program(app, token)


def visit(**changes: Any) -> dict[str, Any]:
    """A visit as it is sent; ten days before `NOW`, answered as well as can be."""
    body: dict[str, Any] = {
        "id": str(uuid4()),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": (NOW - timedelta(days=10)).isoformat(),
        "answers": dict(GOOD),
    }
    return {**body, **changes}


def conforms(method: str, path: str, answer: TestResponse) -> None:
    """The answer is one the document tells of: its status, its kind, its shape."""
    operation = operation_at(method, path)
    if operation is None:
        assert answer.status_code in (404, 405)
        schema: dict[str, Any] = {"$ref": "#/components/schemas/Problem"}
        assert answer.mimetype == "application/problem+json"
    else:
        Program.seen.add((operation["operationId"], answer.status_code))
        told = operation["responses"].get(str(answer.status_code))
        assert told, f"{method} {path} answers {answer.status_code}, which the document does not tell"
        assert answer.mimetype in told["content"]
        schema = told["content"][answer.mimetype]["schema"]
    validator(schema["$ref"]).validate(answer.get_json())


@cache
def told() -> dict[str, Any]:
    """The document."""
    return document()


@cache
def validator(reference: str) -> jsonschema.Draft202012Validator:
    """What holds JSON against one of the document's schemas."""
    schema = {"$ref": reference, "components": told()["components"]}
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def operation_at(method: str, path: str) -> dict[str, Any] | None:
    """The operation that the document has for an address."""
    for template, operations in told()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


def faults_of(answer: TestResponse) -> set[tuple[str, str]]:
    """(place, code) of every fault in a refusal."""
    assert answer.mimetype == "application/problem+json"
    return {(fault["item"], fault["code"]) for fault in answer.get_json()["faults"]}

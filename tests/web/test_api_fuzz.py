"""Whatever is sent: never a 5xx, never an answer that the document does not tell."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from checker import create_app
from checker.store.connection import Store, open_store
from checker.web.api.operations import OPERATIONS, Operation
from tests import people
from tests.browsing import Clock
from tests.conftest import NOW
from tests.making_store import publish
from tests.standards.drawing import JSON
from tests.web.asking import Program, program, visit

EXAMPLES = 25
"""Of each operation, right ones and wrong ones each; more are for an evening, not for every run."""

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]

KNOWN = "0199e8a0-0000-7000-8000-000000000001"
"""A visit that is there."""

quickly = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Program]:
    """Ada's program, with every scope, over a database with three visits that all examples share."""
    folder = tmp_path_factory.mktemp("fuzz")
    shutil.copy(empty_database, folder / "checker.sqlite")
    store: Store = open_store(folder / "checker.sqlite")
    app: Flask = create_app(folder, CLOCK=Clock(NOW), requests_per_key="1000000 per minute", **people.CHEAP)
    people.ada(store)
    publish(store)
    made = program(app, store, "ada")
    for id in (KNOWN, str(uuid4()), str(uuid4())):
        assert made.post("/visits", visit(id=id)).status_code == 201
    yield made
    app.extensions["checker.stores"].close()
    store.close()


RUNS = [
    pytest.param(one, mode, id=f"{one.name}-{mode.value}")
    for one in OPERATIONS
    for mode in GenerationMode
    if one.scope or mode is GenerationMode.POSITIVE  # nothing can be wrong about asking for the document
]


@pytest.mark.parametrize(("operation", "mode"), RUNS)
def test_schemathesis_breaks_nothing(ada: Program, operation: Operation, mode: GenerationMode):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", ada.app)
    declared = schema.find_operation_by_id(operation.name)
    fixed = {"path_parameters": {"id": KNOWN}} if "<uuid:id>" in operation.path else {}
    # Called without a server in between, nothing would unpack what is compressed.
    key = {"Authorization": f"Bearer {ada.token}", "Accept-Encoding": "identity"}

    @quickly
    @given(case=declared.as_strategy(generation_mode=mode, **fixed))
    def runs(case: Any) -> None:
        assume([] not in (case.query or {}).values())  # what is wrong about it would not be sent
        response = case.call(headers=key)
        case.validate_response(response, checks=CHECKS, headers=key)

    runs()


# --- nearly right visits, which reach what comes after the schema -------------------------------------------


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a body."""
    yield path
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from places(entry, (*path, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from places(entry, (*path, index))


WHOLE = visit(
    programme="main",
    employees={"served_by": {"code": "E0001"}},
    assignment=None,
    method="mystery_shopping",
    channel="store",
    subject="own",
    purpose="planned",
    practice=False,
    outcome="completed",
    reason="",
    service_level="standard",
    context={"scenario": "A tent", "busy": True, "customers_waiting": 3},
    photos=[{"item": "tidy", "sha256": "ab" * 32}],
)
PLACES = list(places(WHOLE))

ODD = st.one_of(
    JSON,
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.sampled_from(
        ["B001", "B002", "E0003", "shop", "\ud800", "\x00", "​", "x" * 5000, 2**63, -(2**63), 10**400]
    ),
)


@st.composite
def nearly_right(draw: Callable[..., Any]) -> Any:
    """A whole visit with one to three places changed, taken away or added."""
    body: Any = copy.deepcopy(WHOLE) | {"id": str(uuid4())}
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)):
        if not path:
            continue
        try:
            inner = body
            for step in path[:-1]:
                inner = inner[step]
            if draw(st.booleans()) or not isinstance(inner, dict):
                inner[path[-1]] = draw(ODD)
            elif draw(st.booleans()):
                inner.pop(path[-1], None)
            else:
                inner[draw(st.text(max_size=5))] = draw(ODD)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return body


@settings(quickly, max_examples=150)
@given(body=nearly_right())
def test_nearly_right_visits_are_taken_or_refused_with_faults(ada: Program, body: Any):
    answer = ada.post("/visits", body)
    assert answer.status_code in (201, 400, 409, 422)
    if answer.status_code == 422:
        assert answer.get_json()["faults"]


@settings(quickly, max_examples=100)
@given(
    data=st.one_of(st.binary(), st.text().map(str.encode), JSON.map(lambda value: json.dumps(value).encode()))
)
def test_any_bytes_are_refused_or_read(ada: Program, data: bytes):
    answer = ada.ask("POST", "/visits", data=data, content_type="application/json")
    assert answer.status_code in (400, 422)


@settings(quickly, max_examples=100)
@given(data=st.binary())
def test_any_bytes_are_no_photo(ada: Program, data: bytes):
    """Each is listed by its hash, so it gets as far as a picture gets."""
    sent_hash = sha256(data).hexdigest()
    body = visit(photos=[{"item": "tidy", "sha256": sent_hash}])
    assert ada.post("/visits", body).status_code == 201
    path = f"/visits/{body['id']}/photos/{sent_hash}"
    answer = ada.ask("PUT", path, data=data, content_type="image/png")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "photo.not_image")


@settings(quickly, max_examples=150)
@given(
    name=st.sampled_from(["by", "month", "branch", "region", "checklist", "method", "programme"]),
    value=st.text(),
)
def test_any_question_is_answered_or_refused(ada: Program, name: str, value: str):
    query = {"by": "month", "month": "2026-10", "checklist": "shop", name: value}
    assert ada.get("/scores", **query).status_code in (200, 404, 422)

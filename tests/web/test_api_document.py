"""The OpenAPI document: a validator accepts it, every route is in it, and it takes what the reader takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from openapi_spec_validator import validate

from checker.actions.issue_token import SCOPES
from checker.standards import body
from checker.standards.answers import read_answer
from checker.standards.faults import Refused
from checker.standards.model import Item
from checker.web.api.document import document, path_of, statuses
from checker.web.api.operations import OPERATIONS
from checker.web.api.schemas import SENT, TYPES
from tests.picturing import picture
from tests.standards.drawing import JSON
from tests.standards.making import RULES, choice, item, multi
from tests.web.asking import Program, validator, visit

ROOT = Path(__file__).parents[2]
DOCUMENT = document()


def test_a_validator_accepts_it():
    validate(DOCUMENT)


def test_it_is_printed_without_a_database(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "checker", "openapi"],
        env={**os.environ, "CHECKER_INSTANCE": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(done.stdout) == DOCUMENT
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_it_is_served_to_everybody(app: Flask):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.get_json()) == (200, DOCUMENT)


def test_every_route_is_in_it_with_its_method(app: Flask):
    routes = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
            routes |= {(path, method) for method in (rule.methods or set()) - {"HEAD"}}
    told = {(path, method.upper()) for path, one in DOCUMENT["paths"].items() for method in one}
    assert told == routes


def test_every_operation_says_its_scope_and_statuses():
    for one in OPERATIONS:
        told = DOCUMENT["paths"][path_of(one)][one.method.lower()]
        assert told["operationId"] == one.name and told["summary"].endswith(".")
        assert {int(status) for status in told["responses"]} == set(statuses(one))
        assert told["security"] == ([{"key": [one.scope]}] if one.scope else [])
        assert one.scope is None or one.scope in SCOPES


def test_no_schema_is_left_over_or_missing():
    text = json.dumps(DOCUMENT)
    used = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert used == set(DOCUMENT["components"]["schemas"])


# --- what is sent: the document and the reader agree --------------------------------------------------------


def test_the_fields_of_a_visit_are_those_the_reader_knows():
    assert set(SENT) == set(body.Sent.__dataclass_fields__)
    schemas = DOCUMENT["components"]["schemas"]
    assert set(schemas["Revision"]["properties"]) == set(SENT)
    assert set(schemas["Visit"]["properties"]) == set(SENT) - {"revises"}
    assert set(SENT["context"]["properties"]) == set(body.CONTEXT)


ODD = (
    [None, True, False, 0, 1, -1, 1.5, 100_000, 100_001, 10**16, "", " ", "x", " x", "x ", "a b", "a\nb"]
    + ["na", "x" * 64, "x" * 65, "é", [], {}, ["x"], [{}], [None], {"x": None}, {"code": "E0001"}]
    + [{"code": ""}, {"described": "badge: Anna"}, {"described": ""}, {"code": "E", "described": "x"}]
    + [{"x": {"code": "E0001"}}, {"x": {"described": "tall"}}, {"x": {"described": ""}}, {"x": 1}]
    + [{"busy": True}, {"busy": 1}, {"busy": None}, {"customers_waiting": -1}, {"customers_waiting": 3}]
    + [{"scenario": "A tent"}, {"scenario": 1}, {"weather": "rain"}, [{"item": "x", "sha256": "ab" * 32}]]
    + [[{"item": "x", "sha256": "ab"}], [{"item": "x"}], [{"item": "x", "sha256": "ab" * 32, "size": 1}]]
    + ["01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f", "01928F6E-5B3A-7C41-9F0D-2A6B8C1D4E5F", "01928f6e5b3a7c41"]
    + ["ab" * 32, "AB" * 32, "ab" * 31, "xy" * 32, "2026-10-01T14:05:00+03:00", "2026-10-01T14:05:00Z"]
    + ["2026-10-01T14:05:00", "2026-10-01", "2026-10-01T14:05Z", "1999-10-01T14:05:00Z", "yesterday"]
    + [word for words in (body.Method, body.Channel, body.Subject, body.Purpose) for word in words]
    + [word for words in (body.Outcome, body.ServiceLevel) for word in words]
)
"""Values that one field or another takes, and many that none does."""


READ_AS_SENT = sorted(set(SENT) - {"answers", "revises"})
"""Fields whose values the reader of the envelope judges; answers need a checklist, `revises` a visit."""


def told(sent: dict[str, Any], field: str) -> bool:
    """Whether the document finds no fault in this field."""
    errors = validator("#/components/schemas/Visit").iter_errors(sent)
    return not any(list(error.path)[:1] == [field] for error in errors)


@pytest.mark.parametrize("field", READ_AS_SENT)
def test_a_field_takes_in_the_document_what_the_reader_takes(field: str):
    for value in ODD:
        sent = {**visit(reason="x"), field: value}
        assert told(sent, field) == taken(sent, field), (field, value)


def taken(sent: dict[str, Any], field: str) -> bool:
    """Whether the reader finds no fault in this field itself; a reason may be missing for another's sake."""
    try:
        body.read_envelope(sent)
    except Refused as refused:
        return not any(
            fault.place.split(".")[0] == field and fault.code != "body.reason_missing"
            for fault in refused.faults
        )
    return True


@given(JSON)
def test_what_the_document_refuses_of_a_visit_the_reader_refuses_too(value: object):
    for field in READ_AS_SENT:
        sent = {**visit(reason="x"), field: value}
        assert told(sent, field) or not taken(sent, field), (field, value)


ANSWERS: dict[str, list[object]] = {
    "yes_no_na": ["yes", "no", "na", {"value": "yes", "note": "At once."}, {"na": True}, None],
    "duration": [12, "25.4", "never", "na", {"value": 12, "estimated": True}, {"never": True}],
    "count": [0, 3, {"value": 2, "note": "The third was no."}],
    "scale": [1, 5],
    "choice": ["card"],
    "multi": [[], ["card"]],
    "graded": [1, "0.5"],
    "number": [-3, "25.4"],
    "text": ["Radio too loud", ""],
    "photo": [["ab" * 32]],
    "datetime": ["2026-10-01T14:05:00+03:00"],
}
"""Type of an item -> answers that are right."""


def test_every_type_of_item_is_told():
    assert set(TYPES) == set(ANSWERS)


ITEMS = [item(name, rule) for name, rule in RULES.items()]
ITEMS += [item("choice", choice(card=1, cash=0)), item("multi", multi(card=1, cash=1))]


@given(JSON)
def test_an_answer_that_any_item_takes_the_document_takes_too(value: object):
    if any(answered(one, value) for one in ITEMS):
        validator("#/components/schemas/Answer").validate(value)


def answered(one: Item, value: object) -> bool:
    """Whether this is an answer to the item."""
    try:
        read_answer(one, value)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.type)
def test_right_answers_of_every_type_are_right_in_the_document(one: Item):
    for answer in ANSWERS[one.type]:
        assert answered(replace(one, na_allowed=True), answer), answer
        validator("#/components/schemas/Answer").validate(answer)


# --- what is answered ---------------------------------------------------------------------------------------


def test_every_success_of_every_operation_was_seen_to_conform(as_program: Callable[..., Program]):
    """Each kind of answer once; `Program` holds every one against the document."""
    sam, rea, sent = as_program("sam"), as_program("rea"), visit()
    Program.seen.clear()
    receipt = sam.post("/visits", sent).get_json()
    sam.post("/visits", sent)
    corrected = {**sent, "revises": receipt["manifest_hash"], "reason": "A slip.", "service_level": "wow"}
    for _ in range(2):
        rea.post(f"/visits/{sent['id']}/revisions", corrected)
    given = picture()
    pictured = visit(photos=[{"item": "tidy", "sha256": sha256(given).hexdigest()}])
    sam.post("/visits", pictured)
    for _ in range(2):
        path = f"/visits/{pictured['id']}/photos/{pictured['photos'][0]['sha256']}"
        sam.ask("PUT", path, data=given, content_type="image/jpeg")
    for path in ("/visits", f"/visits/{sent['id']}", "/branches", "/employees", "/checklists", "/actions"):
        rea.get(path)
    rea.get("/checklists/shop/1")
    rea.get("/openapi.json")
    for by in ("branch", "employee", "standard", "month"):
        scope = {"branch": "B001"} if by == "employee" else {}
        rea.get("/scores", by=by, month="2026-10", checklist="shop", **scope)
    wanted = {(one.name, status) for one in OPERATIONS for status in one.answers}
    assert wanted <= Program.seen

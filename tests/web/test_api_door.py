"""Who is let in, how fast, and what everybody else is told; bodies that are no JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from checker import create_app
from checker.actions.issue_token import SCOPES, revoke_token
from checker.store.connection import Store
from checker.web.api.operations import OPERATIONS
from checker.web.api.reading import LARGEST_BODY
from tests import people
from tests.browsing import Browser, Clock
from tests.conftest import NOW
from tests.web.asking import Program, faults_of, visit

AsProgram = Callable[..., Program]

NO_KEY = {"Authorization": ""}


# --- keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        ("", 'Bearer realm="Checker"'),
        ("Bearer", 'Bearer realm="Checker"'),
        ("Bearer ", 'Bearer realm="Checker"'),
        ("Basic c2FtOnNlY3JldA==", 'Bearer realm="Checker"'),
        ("nine quiet lamps", 'Bearer realm="Checker"'),
        ("Bearer made-up", 'Bearer realm="Checker", error="invalid_token"'),
        ("Bearer \xe4\xf6\xfc", 'Bearer realm="Checker", error="invalid_token"'),
        ("Bearer " + "x" * 5000, 'Bearer realm="Checker", error="invalid_token"'),
    ],
)
def test_without_a_living_key_nobody_is_let_in(as_program: AsProgram, header: str, challenge: str):
    answer = as_program("sam").ask("GET", "/visits", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, challenge)


def test_the_word_bearer_may_be_written_anyhow(as_program: AsProgram):
    sam = as_program("sam")
    assert sam.ask("GET", "/visits", headers={"Authorization": f"bEARER {sam.token}"}).status_code == 200


def test_a_key_dies_when_it_is_revoked_or_over(as_program: AsProgram, store: Store, clock: Clock):
    revoked = as_program("sam")
    short = as_program("sam", expires_at=NOW + timedelta(hours=1))
    assert revoked.get("/visits").status_code == short.get("/visits").status_code == 200
    revoke_token(store, token_id=1, by=people.ada(store).id, now=NOW)
    clock.pass_by(hours=1)
    assert revoked.get("/visits").status_code == short.get("/visits").status_code == 401


def test_a_session_is_no_key(as_ada: Browser):
    assert as_ada.get("/account").status_code == 200
    assert as_ada.get("/api/v1/visits").status_code == 401
    assert as_ada.post("/api/v1/visits", json=visit()).status_code == 401


def test_a_key_is_no_session(as_program: AsProgram, client: Browser):
    key = {"Authorization": f"Bearer {as_program('ada').token}"}
    assert client.get("/account", headers=key).status_code == 303


# --- scopes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_operation_asks_for_its_scope(as_program: AsProgram, operation):
    path = (
        operation.path.replace("<uuid:id>", "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f")
        .replace("<checklist>", "shop")
        .replace("<sha256:sha256>", "5" * 64)
        .replace("<int(max=100000):version>", "1")
    )
    if operation.scope is None:
        assert as_program("ada").ask(operation.method, path, headers=NO_KEY).status_code == 200
        return
    assert operation.scope in SCOPES
    without = as_program("ada", *(scope for scope in SCOPES if scope != operation.scope))
    answer = without.ask(operation.method, path)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "token.scope")
    assert f'scope="{operation.scope}"' in answer.headers["WWW-Authenticate"]
    assert as_program("ada", operation.scope).ask(operation.method, path).status_code not in (401, 403)
    assert as_program("ada", operation.scope).ask(operation.method, path, headers=NO_KEY).status_code == 401


def test_every_scope_opens_something():
    assert {operation.scope for operation in OPERATIONS} - {None} == set(SCOPES)


# --- pace ---------------------------------------------------------------------------------------------------


def test_a_key_that_asks_too_often_waits_and_others_do_not(as_program: AsProgram, app: Flask, clock: Clock):
    app.extensions["checker.settings"] = replace(
        app.extensions["checker.settings"], requests_per_key="3 per minute"
    )
    fast, other = as_program("rea"), as_program("rea")
    assert [fast.get("/branches").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = fast.get("/branches")
    assert (answer.headers["Retry-After"], answer.get_json()["code"]) == ("60", "token.pace")
    assert "WWW-Authenticate" not in answer.headers
    assert other.get("/branches").status_code == 200
    clock.pass_by(seconds=59)
    assert fast.get("/branches").headers["Retry-After"] == "1"
    clock.pass_by(seconds=1)
    assert fast.get("/branches").status_code == 200


def test_counting_the_pace_writes_nothing(as_program: AsProgram, store: Store):
    rea = as_program("rea")
    before = store.value("PRAGMA data_version")
    assert rea.get("/visits").status_code == 200
    assert store.value("PRAGMA data_version") == before


# --- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/nothing", "/visits/1", "/visits/", "/checklists/shop/x", "/"])
def test_an_unknown_address_is_a_problem_document(as_program: AsProgram, path: str):
    answer = as_program("ada").get(path)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "http.404")


@pytest.mark.parametrize("path", ["/visits", "/scores", "/openapi.json"])
def test_another_method_is_told_which_there_are(as_program: AsProgram, path: str):
    answer = as_program("ada").ask("DELETE", path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_page_of_another_site_can_ask_for_nothing(as_program: AsProgram, store: Store):
    body = {"data": json.dumps(visit()), "content_type": "application/json"}
    answer = as_program("sam").ask("POST", "/visits", headers={"Origin": "https://elsewhere.example"}, **body)
    assert answer.status_code == 403
    assert store.value("SELECT count(*) FROM visit") == 0


def test_refusals_speak_the_language_asked_for_or_english(as_program: AsProgram):
    answer = as_program("sam").ask("GET", "/visits?x=1", headers={"Accept-Language": "xx"})
    assert faults_of(answer) == {("x", "query.unknown")}
    assert answer.get_json()["detail"].startswith("This cannot be taken as it is.")


def test_a_missing_database_is_a_503_or_500_problem_and_no_page(tmp_path):
    app = create_app(tmp_path, TESTING=True, **people.CHEAP)
    answer = app.test_client().get("/api/v1/visits", headers={"Authorization": "Bearer x"})
    assert answer.status_code >= 500 and answer.mimetype == "application/problem+json"
    app.extensions["checker.stores"].close()


# --- bodies that cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "json.broken", "line 1, column 1"),
        (b'{"id": 1,\n "b" 2}', "json.broken", "line 2, column 6"),
        (b'{"id": "x"} {"id": "y"}', "json.broken", "line 1, column 13"),
        (b"{'id': 1}", "json.broken", "line 1, column 2"),
        (b'{"id": 01}', "json.broken", "line 1"),
        (b'{"id": "a\nb"}', "json.broken", "line 1, column 10"),
        (b'\xef\xbb\xbf{"id": 1}', "json.broken", "line 1, column 1"),
        ('{"id": "ä"}'.encode("latin-1"), "body.encoding", "byte 9"),
        ('{"id": 1}'.encode("utf-16"), "body.encoding", "byte 1"),
        (b'{"id": NaN}', "json.constant", "NaN"),
        (b'{"id": -Infinity}', "json.constant", "-Infinity"),
        (b"[" * 100_000, "json.too_deep", "nested"),
        (b'{"a":' * 100_000, "json.too_deep", "nested"),
        (b'{"id": 1, "id": 1}', "json.twice", "twice"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(
    as_program: AsProgram, store: Store, data: bytes, code: str, words: str
):
    answer = as_program("sam").ask("POST", "/visits", data=data, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, code)
    assert words in answer.get_json()["detail"]
    assert store.value("SELECT count(*) FROM visit") == 0


def test_names_that_stand_twice_are_all_told(as_program: AsProgram):
    data = b'{"id":1,"answers":{"tidy":"yes","tidy":"no"},"photos":[{"item":1,"item":2}],"id":1}'
    answer = as_program("sam").ask("POST", "/visits", data=data, content_type="application/json")
    assert faults_of(answer) == {
        ("id", "json.twice"),
        ("answers.tidy", "json.twice"),
        ("photos.0.item", "json.twice"),
    }


@pytest.mark.parametrize(
    "data", [b"[]", b"null", b'"visit"', b"1", b"1" * 10_000, b"-1e999", b"true", b"1.5"]
)
def test_json_that_is_no_visit_is_refused(as_program: AsProgram, data: bytes):
    answer = as_program("sam").ask("POST", "/visits", data=data, content_type="application/json")
    assert (answer.status_code, faults_of(answer)) == (422, {("", "body.shape")})


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (None, {}),
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("multipart/form-data; boundary=x", {}),
        ("application/json; charset=latin-1", {}),
        ("application/problem+json", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
    ],
)
def test_other_kinds_of_content_are_not_taken(as_program: AsProgram, kind: str | None, more: dict[str, str]):
    data = json.dumps(visit()).encode()
    data = gzip.compress(data) if more else data
    answer = as_program("sam").ask("POST", "/visits", data=data, content_type=kind, headers=more)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "body.kind")


def test_json_with_its_encoding_said_is_taken(as_program: AsProgram):
    data = json.dumps(visit()).encode()
    kind = 'application/json; charset="UTF-8"'
    assert as_program("sam").ask("POST", "/visits", data=data, content_type=kind).status_code == 201


@pytest.mark.parametrize("told", [True, False])
def test_a_body_too_large_is_refused(as_program: AsProgram, told: bool):
    data = b" " * (LARGEST_BODY + 1)
    chunked = {
        "headers": {"Transfer-Encoding": "chunked"},
        "environ_overrides": {"wsgi.input_terminated": True},
    }
    length = {} if told else chunked
    answer = as_program("sam").ask("POST", "/visits", data=data, content_type="application/json", **length)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "body.too_large")


def test_a_key_is_asked_for_before_the_body_is_read(as_program: AsProgram):
    answer = as_program("sam").ask("POST", "/visits", data=b" " * (LARGEST_BODY + 1), headers=NO_KEY)
    assert answer.status_code == 401

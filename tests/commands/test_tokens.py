"""Keys of the API from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.cli import group
from checker.store import tokens, trail
from checker.store.connection import Store
from checker.tokens import token_hash
from tests import people


@pytest.fixture
def run(instance: Path, store: Store):
    people.ada(store)
    people.sam(store)

    def run_(*words: str) -> Result:
        return CliRunner().invoke(group(), ["--instance", str(instance), "token", *words])

    return run_


def add(run, *words: str) -> Result:
    return run("add", "Till system", "--person", "sam@example.org", "--scope", "visits:write", *words)


def test_a_key_is_printed_once_and_stored_as_its_hash(run, store: Store):
    added = add(run, "--scope", "scores:read")
    assert added.exit_code == 0, added.output
    token = added.output.strip()
    held = tokens.find(store, token_hash(token), now=0)
    assert (held["email"], held["scopes"]) == ("sam@example.org", "scores:read visits:write")
    listed = run("list").output
    assert listed == "1  Till system  sam@example.org  scores:read visits:write  (until revoked)\n"
    assert token not in listed
    line = trail.newest(store)[0]
    assert (line["act"], line["person"]) == ("token.issue", "Ada Ash")


def test_a_revoked_key_is_dead_and_says_so(run, store: Store):
    token = add(run, "--days", "30").output.strip()
    assert "(until 20" in run("list").output
    assert run("revoke", "1").output == "Key 1 is refused from now on.\n"
    assert tokens.find(store, token_hash(token), now=0) is None
    assert "(revoked 20" in run("list").output
    again = run("revoke", "1")
    assert again.exit_code == 1 and "no such key" in again.output


def test_with_several_administrators_one_is_named(run, store: Store):
    people.someone(store, "alf@example.org", "Alf Aspen", "admin")
    refused = add(run)
    assert refused.exit_code == 1 and "--by EMAIL" in refused.output
    assert add(run, "--by", "ALF@example.org").exit_code == 0
    assert trail.newest(store)[0]["person"] == "Alf Aspen"
    refused = add(run, "--by", "sam@example.org")
    assert refused.exit_code == 1 and "no administrator" in refused.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "X", "--person", "nobody@example.org", "--scope", "visits:read"], 1, "this address"),
        (["add", " ", "--person", "sam@example.org", "--scope", "visits:read"], 1, "Name the program"),
        (["add", "X", "--person", "sam@example.org", "--scope", "everything"], 2, "visits:write"),
        (["add", "X", "--person", "sam@example.org"], 2, "--scope"),
        (["revoke", "9"], 1, "no such key"),
        (["revoke", "99999999999999999999"], 2, "range"),
    ],
)
def test_what_cannot_be_done_is_said(run, words: list[str], code: int, said: str):
    done = run(*words)
    assert (done.exit_code, done.exception.__class__) == (code, SystemExit)
    assert said in done.output

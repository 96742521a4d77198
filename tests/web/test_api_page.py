"""docs/api.md: its examples run as they stand, and its tables tell what there is."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from checker.actions.issue_token import SCOPES
from checker.actions.plan_action import plan_action
from checker.actions.publish_checklist import publish_checklist
from checker.cli import group
from checker.config import Settings
from checker.standards.parse import read_yaml
from checker.store.connection import Store
from checker.web.api.document import document
from checker.web.api.parameters import LONGEST_PAGE, USUAL_PAGE
from checker.web.api.reading import LARGEST_BODY
from tests import people
from tests.browsing import Clock
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
BLOCK = re.compile(r"^```(sh|json)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Shell:
    """Runs the page's commands: `curl` against the application, `python -m checker` in this process."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.files: dict[str, str] = {}
        self.variables: dict[str, str] = {}

    def run(self, script: str) -> tuple[int, Any] | None:
        """Status and JSON of what `curl` got; None for every other command."""
        answer = None
        for line in script.replace("\\\n", " ").strip().splitlines():
            filled = re.sub(r"\$(\w+)", lambda name: self.variables[name[1]], line)
            match shlex.split(filled):
                case ["export", setting]:
                    name, _, value = setting.partition("=")
                    if name != "KEY":  # the one that was printed counts
                        self.variables[name] = value
                case ["python", "-m", "checker", *words]:
                    instance = ["--instance", self.app.instance_path]
                    done = CliRunner().invoke(group(), [*instance, *words])
                    assert done.exit_code == 0, done.output
                    self.variables["KEY"] = done.output.strip()
                case ["curl", "-s", address, *options]:
                    answer = self.curl(address, options)
                case words:
                    raise AssertionError(f"the page has a command no test knows: {words}")
        return answer

    def curl(self, address: str, options: list[str]) -> tuple[int, Any]:
        """What curl would get: -H and --data-binary @file are known."""
        sent: dict[str, Any] = {"method": "GET", "headers": {}}
        for option, value in zip(options[::2], options[1::2], strict=True):
            if option == "-H":
                name, _, words = value.partition(": ")
                sent["headers"][name] = words
            else:
                assert option == "--data-binary" and value.startswith("@")
                sent |= {"method": "POST", "data": self.files[value[1:]]}
        client = FlaskClient(self.app, self.app.response_class)
        answer = client.open(address.removeprefix(self.variables["CHECKER"]), **sent)
        return answer.status_code, answer.get_json()


@pytest.fixture
def shell(app: Flask, store: Store, clock: Clock) -> Shell:
    """A shell beside a server with the network of the tests and the checklist of the examples."""
    for name in ("ada", "sam", "lee"):
        people.CAST[name](store)
    checklist = read_yaml((ROOT / "checklists" / "store_visit.yaml").read_bytes(), "store_visit.yaml")
    publish_checklist(store, checklist, by=None, now=datetime(2026, 1, 5, tzinfo=UTC))
    action = plan_action(
        store,
        branch="B001",
        what="Somebody stays near the door from 16 to 19.",
        owner="Shift lead",
        due_on="2026-11-30",
        measured_by="Share of visits that meet the standard",
        standard="greeted",
        by=None,
        now=NOW,
    )
    with store.write():  # ids are random; the page's is this one
        row = store.value("SELECT id FROM action WHERE uuid = :uuid", {"uuid": action.bytes})
        store.change("action", row, {"uuid": UUID("0199e5d0-8c4e-7d0a-b1f4-63a1c2f0e977").bytes})
    return Shell(app, clock)


def blocks() -> Iterator[tuple[str, str | None, str]]:
    for found in BLOCK.finditer(PAGE):
        yield found[1], found[2], found[3]


def answers(shell: Shell) -> Iterator[tuple[str, tuple[int, Any] | None, tuple[int, Any]]]:
    """(what was asked, what came, what the page says comes) for every answer on the page."""
    asked, got = "", None
    for kind, about, text in blocks():
        if kind == "sh":
            if "--person lee@" in text:  # by the next morning the branch sees the visits, and so does Lee
                shell.clock.pass_by(days=1)
            asked, got = text, shell.run(text)
        elif about and about.isdigit():
            yield asked, got, (int(about), json.loads(text))
        else:
            assert about, "a block of JSON is a file or an answer"
            shell.files[about] = text


def test_every_example_answers_as_the_page_says(shell: Shell):
    seen = 0
    for asked, got, told in answers(shell):
        assert got == told, asked
        seen += 1
    assert seen >= 8


def test_every_scope_is_told():
    assert re.findall(r"^\| `(\w+:\w+)` \|", PAGE, re.MULTILINE) == list(SCOPES)


def test_every_status_of_a_refusal_is_told():
    told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}
    operations = [one for path in document()["paths"].values() for one in path.values()]
    refusals = {int(status) for one in operations for status in one["responses"] if int(status) >= 400}
    assert told == refusals | {405}


def test_the_numbers_on_the_page_are_those_that_count():
    assert f"{LARGEST_BODY // 1024 // 1024} MiB" in PAGE
    assert f"{int(Settings(instance=Path()).requests_per_key.split()[0]):,} requests a minute" in PAGE
    assert f"{USUAL_PAGE} a page" in PAGE and f"at most {LONGEST_PAGE}" in PAGE


def test_every_address_is_told():
    for path in document()["paths"]:
        start = "/api/v1" + re.sub(r"\{.*", "", path)
        assert start in PAGE, path

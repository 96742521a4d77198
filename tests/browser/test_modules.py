"""What the form's modules make of what is typed, held to the cases that the server's Python is held to."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from flask import Flask

from checker.web.shopper.shown import fault_texts
from tests.browser.conftest import OpenPage
from tests.web import typed

pytestmark = pytest.mark.browser

HASHED = json.loads((Path(__file__).parents[1] / "cases" / "body.json").read_text("utf-8"))["cases"]


def call(page: Any, module: str, code: str, given: object) -> Any:
    """What `code`, a function of the module's exports and what is given, gives in the browser."""
    page.goto("/")
    href = page.evaluate("document.querySelector('link[rel=stylesheet]').href")
    address = f"{href.rsplit('/', 1)[0]}/{module}"
    script = f"async ([address, given]) => ({code})(await import(address), given)"
    return page.evaluate(script, [address, given])


def made_of(page: Any, app: Flask, cases: list[dict[str, Any]]) -> Any:
    """The body and the faults that the browser makes of each case."""
    code = """({ bodyOf, faultsOf }, { datasets, roles, cases }) => {
        const parts = { questions: datasets.map((dataset) => ({ dataset })), roles };
        const made = ({ typed, zone }) => [bodyOf(typed, parts, {}, zone), faultsOf(typed, parts, zone)];
        return JSON.stringify(cases.map(made));
    }"""
    roles = [role.id for role in typed.CHECKLIST.roles]
    given = {"datasets": typed.datasets(app), "roles": roles, "cases": cases}
    return json.loads(call(page, "body.js", code, given))


def test_a_body_is_what_the_server_makes_of_the_same_form(open_page: OpenPage, app: Flask):
    found = made_of(open_page(), app, typed.CASES)
    with app.test_request_context("/"):
        texts = fault_texts()
    for case, (body, faults) in zip(typed.CASES, found, strict=True):
        assert body == case["body"], case["name"]
        said = [[fault["place"], fault["code"], texts[fault["text"]] % fault["details"]] for fault in faults]
        assert sorted(said) == case["faults"], case["name"]


def test_the_frame_overrules_what_inputs_say(open_page: OpenPage):
    code = "({ bodyOf }) => bodyOf({}, { questions: [], roles: [] }, { id: 'x', visited_at: 'y' }, 'UTC')"
    assert call(open_page(), "body.js", code, None) == {
        "id": "x",
        "visited_at": "y",
        "service_level": None,
        "context": {},
        "employees": {},
        "photos": [],
        "answers": {},
    }


def test_a_form_s_parts_are_its_questions_and_roles(open_page: OpenPage):
    page = open_page()
    code = """({ partsOf }, html) => {
        const { questions, roles } = partsOf(new DOMParser().parseFromString(html, "text/html"));
        return [questions.map(({ dataset }) => dataset.item), roles];
    }"""
    html = '<fieldset data-item="a"></fieldset><select name="employees.cashier"></select><select></select>'
    assert call(page, "body.js", code, html) == [["a"], ["cashier"]]


def test_bytes_and_hashes_are_the_server_s(open_page: OpenPage):
    """RFC 8785, by the shared cases."""
    code = """({ canonical, manifestHash }, bodies) => Promise.all(
        bodies.map(async (body) => [canonical(body), await manifestHash(body)]))"""
    found = call(open_page(), "canonical.js", code, [case["body"] for case in HASHED])
    for case, (text, sha256) in zip(HASHED, found, strict=True):
        assert (text, sha256) == (case["canonical"], case["sha256"]), case["name"]


def test_what_has_no_canonical_form_is_no_body(open_page: OpenPage):
    code = """({ canonical }) => [1.5, 2 ** 53, "\\ud800", undefined, NaN, [() => 1]].map((value) => {
        try { return canonical({ value }); } catch ({ name }) { return name; }
    })"""
    assert call(open_page(), "canonical.js", code, None) == ["TypeError"] * 6


WORDS = [
    "", " ", "yes", "no", "na", "n/a", "never", "time", "none/", "card", "light", "floor", "0", "-0", "3",
    "+3", "5", "12.3", "12,30", "1 250,5", "1,2,3", ",5", "5,", "1.", ".5", "-.5", "1e3", "0x1", "1:05",
    "1:05,5", "10:60", "31", "0031.000", "86400.0001", "1.2345670", "-20.0", "40.50", "9" * 12, "9" * 13,
    "\u0663", "x" * 4_001, "\ufeff", "\u00a0a\u2028", "a\x00\r\nb", "2026-10-14", "2026-02-29", "2028-02-29",
    "2999-12-31", "1999-01-01", "2026-3-1", "14:05", "03:30:59", "23:60", "7:00", "3 4", "\U0001f600",
]  # fmt: skip
CHOSEN = {
    "service_level": ["low", "wow"],
    "context.first_visit": ["yes", "no"],
    "context.purchase_made": ["yes", "no"],
    "context.busy": ["yes", "no"],
    **dict.fromkeys(["answers.hello", "answers.sure"], ["yes", "no", "n/a"]),
    **dict.fromkeys(["answers.wait", "answers.queue"], ["", "time", "time", "never", "n/a"]),
    "employees.greeter": ["", "E0001"],
    "employees.cashier": ["", "E0001"],
    "events": ["[]", "{", "null"],
    "clock": ["{}", "nul", " "],
    "photos": ["[]", "[", '[{"item": "sign", "sha256": "%s"}]' % ("ab" * 32)],
}
"""What no shopper types: it is chosen from a list, or noted by a script."""
ZONES = ["Europe/Helsinki", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"]


def anything(chance: random.Random) -> dict[str, Any]:
    """A form of the shared checklist with something in many of its inputs."""
    names = chance.sample(sorted(typed.inputs()), chance.randint(1, 40))
    said = {name: chance.choices(CHOSEN.get(name, WORDS), k=chance.choice([1, 1, 1, 2])) for name in names}
    return {
        "zone": chance.choice(ZONES),
        "typed": {name: words for name, words in said.items() if any(words)},
    }


def test_both_make_the_same_of_whatever_is_typed(open_page: OpenPage, app: Flask):
    """A thousand forms that nobody would fill so; the seed makes them the same each time."""
    chance = random.Random(3)
    cases = [anything(chance) for _ in range(1_000)]
    found = made_of(open_page(), app, cases)
    with app.test_request_context("/"):
        for case, (body, faults) in zip(cases, found, strict=True):
            form = typed.form_of(typed.CHECKLIST, case["typed"], case["zone"])
            assert body == form.body({}), case
            places = {(fault["place"], fault["code"]) for fault in faults}
            assert places == {(place, code) for place, code, _ in typed.said_by_server(form)}, case


def test_a_visits_id_tells_its_day_and_no_hour(open_page: OpenPage):
    """The branch reads the id in the visit's address; it may know the day alone (design §1)."""
    code = "({ visitId }, moments) => moments.map((moment) => visitId(moment))"
    day = datetime(2026, 10, 15, tzinfo=UTC)
    moments = [day, day + timedelta(hours=13, minutes=37), day + timedelta(days=1, milliseconds=-1)]
    made = call(open_page(), "uuid.js", code, [1000 * moment.timestamp() for moment in moments])
    assert len(set(made)) == 3
    for ident in map(UUID, made):
        assert (ident.version, ident.variant) == (7, RFC_4122)
        assert ident.int >> 80 == 1000 * day.timestamp()

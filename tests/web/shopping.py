"""What a shopper's tests need: published checklists, an assignment, a form filled."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from checker.actions.publish_checklist import publish_checklist
from checker.standards.parse import read_yaml
from checker.store.checklists import Version
from checker.store.connection import Store
from checker.store.people import Person
from tests import network
from tests.browsing import Browser

PUBLISHED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

EVERY_KIND = """
id: every_kind
version: 1
title: {en: Every kind of question, fi: Kaikki kysymystyypit}
languages: [fi, en]
sections:
  - id: all
    title: {en: Everything, fi: Kaikki}
    items:
      - {id: hello, type: yes_no_na, na_allowed: false, points: 2, axis: standard, level: employee,
         text: {en: "Did somebody say hello?", fi: "Tervehdittiinkö?"}}
      - {id: first_words, type: text, required: true, when: {hello: "yes"},
         text: {en: "What were the first words?", fi: "Mitkä olivat ensimmäiset sanat?"}}
      - {id: wait, type: duration, target_s: 20, limit_s: 30, points: 2, axis: standard, level: employee,
         text: {en: "Time to the greeting", fi: "Aika tervehdykseen"},
         help: {en: "Start at the door.", fi: "Aloita ovelta."}}
      - {id: true_words, type: yes_no_na, points: 2, axis: standard, level: employee,
         text: {en: "Was what they said true?", fi: "Oliko se totta?"}}
      - {id: yeses, type: count, max: 3, points: 3, axis: standard, level: employee,
         text: {en: "How many times yes?", fi: "Montako kertaa kyllä?"}}
      - {id: felt, type: scale, scale_labels: degree, points: 4, axis: experience, level: branch,
         text: {en: "How much did it feel right?", fi: "Miltä tuntui?"}}
      - {id: paid, type: choice, points: 1, axis: standard, level: branch,
         text: {en: "How did you pay?", fi: "Miten maksoit?"},
         options: [{id: card, points: 1, text: {en: By card, fi: Kortilla}},
                   {id: cash, text: {en: In cash, fi: Käteisellä}}]}
      - {id: seen, type: multi, points: 2, axis: standard, level: branch,
         text: {en: "What was in order?", fi: "Mikä oli kunnossa?"},
         options: [{id: light, points: 1, text: {en: The light, fi: Valo}},
                   {id: floor, points: 1, text: {en: The floor, fi: Lattia}}]}
      - {id: window, type: graded, points: "2.5", axis: standard, level: branch,
         text: {en: "Points for the shop window", fi: "Pisteitä ikkunasta"}}
      - {id: warmth, type: number, min: -20, max: 60, required: false,
         text: {en: "Temperature", fi: "Lämpötila"}}
      - {id: tills, type: count, max: 40, points: 1, axis: standard, level: branch, required: false,
         text: {en: "Open tills", fi: "Avoimia kassoja"}}
      - {id: answered_at, type: datetime, required: false,
         text: {en: "When was it answered?", fi: "Milloin vastattiin?"}}
      - {id: queue, type: text, required: false, when: {context.busy: "yes"},
         text: {en: "What was the queue like?", fi: "Millainen jono oli?"}}
      - {id: picture, type: photo, required: false, text: {en: "A picture of the place", fi: "Kuva paikasta"}}
"""

FILLED: dict[str, str | list[str]] = {
    "visited_at.date": "2026-10-14",
    "visited_at.time": "14:05",
    "employees.served_by": "E0001",
    "service_level": "wow",
    "context.purchase_made": "yes",
    "context.customers_waiting": "3",
    "context.emotion_after": "Glad",
    "answers.hello": "yes",
    "answers.first_words": "Good day",
    "answers.wait": "time",
    "answers.wait.seconds": "12.3",
    "answers.wait.tapped": "12.3",
    "answers.true_words": "n/a",
    "answers.true_words.note": "Nothing was claimed",
    "answers.yeses": "2",
    "answers.felt": "4",
    "answers.paid": "cash",
    "answers.seen": ["light", "floor"],
    "answers.window": "1,75",
}
"""A form of `every_kind` in which nothing is missing, as a browser sends it."""

SAID: dict[str, Any] = {
    "visited_at": "2026-10-14T14:05:00+03:00",
    "employees": {"served_by": {"code": "E0001"}},
    "service_level": "wow",
    "context": {"purchase_made": True, "customers_waiting": 3, "emotion_after": "Glad"},
    "answers": {
        "hello": "yes",
        "first_words": "Good day",
        "wait": "12.3",
        "true_words": {"na": True, "note": "Nothing was claimed"},
        "yeses": 2,
        "felt": 4,
        "paid": "cash",
        "seen": ["light", "floor"],
        "window": "1.75",
    },
}
"""What `FILLED` says in the body of design §9."""


def publish(store: Store, source: str = EVERY_KIND) -> Version:
    """Publish a checklist, given as YAML."""
    network.build(store)
    return publish_checklist(store, read_yaml(source, "test.yaml"), by=None, now=PUBLISHED)


def publish_shipped(store: Store, name: str = "store_visit") -> Version:
    """Publish one of the checklists we ship."""
    file = Path(__file__).parents[2] / "checklists" / f"{name}.yaml"
    return publish(store, file.read_text(encoding="utf-8"))


def assign(store: Store, person: Person, version: Version, branch: str = "B001", **columns: object) -> UUID:
    """Ask a shopper to visit a branch between 10 and 20 October 2026."""
    uuid = UUID(str(uuid7()))
    row = {
        "uuid": uuid.bytes,
        "programme_id": 1,
        "branch_id": store.value("SELECT id FROM branch WHERE code = :code", {"code": branch}),
        "checklist_id": version.checklist_id,
        "shopper_id": person.id,
        "visit_from": "2026-10-10",
        "visit_to": "2026-10-20",
        "report_by": "2026-10-22",
        "scenario": "You look for a present.",
        "briefing": "Come in by the main door.",
        "state": "accepted",
        "state_at": 0,
        "created_at": 0,
    }
    with store.write():
        store.add("assignment", {**row, **columns})
    return uuid


def begin(browser: Browser, **fields: str) -> UUID:
    """Begin a visit and return its id."""
    chosen = fields if "assignment" in fields else {"branch": "B001", "checklist": "every_kind", **fields}
    answer = browser.post("/visits", data=chosen)
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rsplit("/", 1)[1])


def fill(browser: Browser, visit: UUID, do: str = "review", **changes: Any) -> Any:
    """Post the filled form as a browser without script does; a change to None leaves the input out."""
    page = browser.get(f"/visits/{visit}").text
    fields: dict[str, Any] = {**FILLED, **{name.replace("__", "."): value for name, value in changes.items()}}
    fields = {name: value for name, value in fields.items() if value is not None}
    return browser.post(f"/visits/{visit}", data={**fields, **hidden(page), "do": do})


def hidden(page: str) -> dict[str, str]:
    """The sequence and the device that a page of the form carries."""
    found = dict(re.findall(r'<input type="hidden" name="(sequence|device|instead)" value="([^"]*)">', page))
    return {name: found[name] for name in ("sequence", "device", "instead") if name in found}


def send(browser: Browser, visit: UUID, **fields: str) -> Any:
    """Press Send on the review page."""
    page = browser.get(f"/visits/{visit}/review").text
    return browser.post(f"/visits/{visit}/send", data={**hidden(page), **fields})


def stored_body(store: Store, visit: UUID) -> dict[str, Any]:
    """The newest revision of a visit as it is stored."""
    from checker.store import revisions, visits

    row = visits.find(store, visit)
    assert row is not None
    return revisions.get(store, row["id"], row["revision"])


def typed_in(store: Store, visit: UUID) -> dict[str, list[str]]:
    """What the draft keeps."""
    body = store.value("SELECT body FROM draft WHERE uuid = :uuid", {"uuid": visit.bytes})
    typed: dict[str, list[str]] = json.loads(body)["typed"]
    return typed

"""A small real store for tests: three branches in two regions, a cast of people, one small checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from checker.actions.publish_checklist import publish_checklist
from checker.actions.submit_visit import Receipt, Sender, Way, submit_visit
from checker.standards.month import Month
from checker.standards.parse import read_yaml
from checker.store import branches, visits
from checker.store.connection import Row, Store, open_store
from checker.store.upgrade import create_or_migrate

CHECKLIST = """
id: shop
version: VERSION
title: {en: "Shop"}
languages: [en]
sections:
  - id: welcome
    title: {en: "Welcome"}
    items:
      - id: tidy
        type: yes_no_na
        points: 4
        axis: standard
        level: branch
        text: {en: "The shop was tidy."}
      - id: greeting_time
        type: duration
        points: 4
        target_s: 20
        limit_s: 30
        axis: standard
        level: employee
        critical: true
        text: {en: "How long until the greeting?"}
      - id: smile
        type: yes_no_na
        points: 4
        axis: standard
        level: employee
        na_allowed: false
        text: {en: "The employee smiled."}
      - id: three_yes
        type: count
        max: 3
        points: 4
        axis: standard
        level: employee
        text: {en: "How many of the three questions got a yes?"}
  - id: feeling
    title: {en: "Feeling"}
    items:
      - id: welcome_felt
        type: scale
        points: 4
        axis: experience
        level: employee
        scale_labels: {low: {en: "not at all"}, high: {en: "very"}}
        text: {en: "I felt welcome."}
      - id: try_out
        type: yes_no_na
        points: 2
        axis: standard
        level: branch
        trial: true
        text: {en: "A new question."}
      - {id: remark, type: text, required: false, text: {en: "What else?"}}
"""

DESK = """
id: desk
version: 1
title: {en: "Desk"}
languages: [en]
roles: [greeter, cashier]
sections:
  - id: all
    title: {en: "All"}
    items:
      - id: hello
        type: yes_no_na
        points: 2
        axis: standard
        level: employee
        role: greeter
        text: {en: "Hello."}
      - id: bill
        type: yes_no_na
        points: 6
        axis: standard
        level: employee
        role: cashier
        text: {en: "Bill."}
"""
"""A checklist with two roles."""

NEAT = """
      - id: neat
        type: yes_no_na
        points: 4
        axis: standard
        level: branch
        standard: tidy
        required: false
        text: {en: "The staff were neat."}
"""
"""A further item, for a second version, that measures the standard `tidy` too."""

PICTURED = """
      - id: window
        type: photo
        required: true
        text: {en: "The shop window"}
"""
"""A further item, for a second version: a photo that must be there."""

GOOD: dict[str, Any] = {
    "tidy": "yes",
    "greeting_time": 12,
    "smile": "yes",
    "three_yes": 3,
    "welcome_felt": 5,
    "try_out": "no",
}
"""Answers worth 100 % on both axes."""

POOR: dict[str, Any] = {
    "tidy": "no",
    "greeting_time": "never",
    "smile": "no",
    "three_yes": 0,
    "welcome_felt": 1,
    "try_out": "no",
}
"""Answers worth 0 % on both axes."""

NOW = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)

ADDED_AT = 1_600_000_000


@dataclass(slots=True)
class Shop:
    """The store with the keys of everybody in it.

    Sam shops; Mara manages B1 and B2 (north); Lee leads all; Lena leads the region north; Rea reviews; Ada
    administers; Eve (E1) and Ed (E2) work at B1; Bo manages B3 (south), where Bea (E3) works.
    """

    store: Store
    people: dict[str, int] = field(default_factory=dict)
    branches: dict[str, int] = field(default_factory=dict)
    employees: dict[str, int] = field(default_factory=dict)

    def body(self, **changes: Any) -> dict[str, Any]:
        """A visit as it is sent; answers are `GOOD` unless given."""
        body: dict[str, Any] = {
            "id": str(uuid4()),
            "checklist": "shop",
            "version": 1,
            "branch": "B1",
            "visited_at": (NOW - timedelta(days=10)).isoformat(),
            "answers": dict(GOOD),
        }
        body.update(changes)
        return body

    def send(
        self, *, now: datetime | None = None, shopper: str | None = "sam", way: Way = Way.API, **changes: Any
    ) -> Receipt:
        """Send a visit. Received nine days before `NOW`, so it is revealed, unless `now` is given."""
        key = self.people[shopper] if shopper else None
        sender = Sender(way=way, person_id=key, shopper_id=key)
        return submit_visit(
            self.store, self.body(**changes), sender=sender, now=now or NOW - timedelta(days=9)
        )

    def visit(self, receipt: Receipt) -> Row:
        """The stored visit of a receipt."""
        row = visits.find(self.store, receipt.id)
        assert row is not None
        return row

    @property
    def series_id(self) -> int:
        """The series of shop visits by mystery shopping."""
        return int(self.store.value("SELECT id FROM series WHERE method = 'mystery_shopping' ORDER BY id"))


def publish(store: Store, version: int = 1, more: str = "") -> None:
    """Publish a version of the small checklist; `more` is YAML of further items."""
    checklist = read_yaml(CHECKLIST.replace("VERSION", str(version)) + more, "shop.yaml")
    publish_checklist(store, checklist, by=None, now=datetime.fromtimestamp(ADDED_AT, UTC))


def publish_desk(store: Store) -> None:
    """Publish the checklist with two roles."""
    checklist = read_yaml(DESK, "desk.yaml")
    publish_checklist(store, checklist, by=None, now=datetime.fromtimestamp(ADDED_AT, UTC))


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    """A fresh store in `folder` with its cast."""
    path = folder / "checker.sqlite"
    create_or_migrate(path, folder)
    store = open_store(path)
    try:
        publish(store)
        made = Shop(store)
        with store.write():
            _places(made)
            _cast(made)
            store.db.execute("UPDATE programme SET reveal = 'next_morning'")
        yield made
    finally:
        store.close()


def _places(made: Shop) -> None:
    add = made.store.add
    regions = {code: add("region", {"code": code, "name": code.title()}) for code in ("north", "south")}
    for code, name, region in (
        ("B1", "Harbour", "north"),
        ("B2", "Airport", "north"),
        ("B3", "Centre", "south"),
    ):
        made.branches[code] = add(
            "branch", {"code": code, "name": name, "region_id": regions[region], "zone": "Europe/Helsinki"}
        )


def _cast(made: Shop) -> None:
    add = made.store.add
    for code, name, branch in (("E1", "Eve", "B1"), ("E2", "Ed", "B1"), ("E3", "Bea", "B3")):
        made.employees[code] = add("employee", {"code": code, "name": name})
        add(
            "employment",
            {
                "employee_id": made.employees[code],
                "branch_id": made.branches[branch],
                "from_on": "2020-01-01",
            },
        )
    roles = {
        "sam": "shopper",
        "mara": "manager",
        "lee": "leadership",
        "lena": "leadership",
        "rea": "reviewer",
        "ada": "admin",
        "eve": "employee",
        "bo": "manager",
    }
    for name, role in roles.items():
        made.people[name] = add(
            "person",
            {
                "email": f"{name}@example.org",
                "name": name.title(),
                "role": role,
                "created_at": ADDED_AT,
                "employee_id": made.employees["E1"] if name == "eve" else None,
            },
        )
    north = branches.find(made.store, "B1")
    assert north is not None
    scopes: tuple[Mapping[str, int], ...] = (
        {"person_id": made.people["mara"], "branch_id": made.branches["B1"]},
        {"person_id": made.people["mara"], "branch_id": made.branches["B2"]},
        {"person_id": made.people["bo"], "branch_id": made.branches["B3"]},
        {"person_id": made.people["lena"], "region_id": north["region_id"]},
    )
    for scope in scopes:
        add("person_scope", scope)

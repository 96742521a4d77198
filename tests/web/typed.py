"""The shared cases of typed inputs (tests/cases/typed.json): what the server makes of them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask, get_template_attribute

from checker.standards.answers import missing
from checker.standards.body import misfits, read_envelope
from checker.standards.faults import Refused
from checker.standards.model import Checklist
from checker.standards.parse import read_definition
from checker.store.checklists import Version
from checker.web.form_for import VisitForm, form_for

HELD: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "cases" / "typed.json").read_text(encoding="utf-8")
)
CASES: list[dict[str, Any]] = HELD["cases"]
CHECKLIST = read_definition(HELD["checklist"])
FRAME = {
    "id": "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f",
    "checklist": "every_input",
    "version": 1,
    "branch": "B001",
}


def form_of(checklist: Checklist, typed: dict[str, list[str]], zone: str) -> VisitForm:
    """The form, filled."""
    version = Version(1, 1, checklist, checklist.id.encode(), b"", {})
    return form_for(version, attributed=True)(typed, zone=zone)


def inputs() -> frozenset[str]:
    """The names of all inputs of the form."""
    return type(form_of(CHECKLIST, {}, "UTC")).inputs()


def said_by_server(form: VisitForm) -> list[list[str]]:
    """Every fault, as a tablet is told it: [place, code, words in English], in the order of their places.

    What inputs alone can get wrong stands for the rest of its place.
    """
    own = form.own_faults()
    body = form.body(FRAME)
    faults = form.answer_faults()
    try:
        faults += misfits(read_envelope(body), form.checklist)
    except Refused as refused:
        faults += refused.faults
    photos: Any = body["photos"]
    listed = {photo["item"] for photo in photos if isinstance(photo, dict)}
    faults += [
        fault
        for fault in missing(form.checklist, form.answers, form.context)
        if fault.place not in form.questions and fault.place not in listed
    ]
    known = {fault.place for fault in own}
    kept = [*own, *(fault for fault in faults if fault.place not in known)]
    return sorted([fault.place, fault.code, fault.text % fault.details] for fault in kept)


class _Fieldsets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        data = {name.removeprefix("data-"): value or "" for name, value in attrs if name.startswith("data-")}
        if tag == "fieldset" and "item" in data:
            self.found.append(data)


def datasets(app: Flask) -> list[dict[str, str]]:
    """What the form's template tells a script of each question: the `dataset` of its fieldset."""
    form = form_of(CHECKLIST, {}, "UTC")
    with app.test_request_context("/"):
        question = get_template_attribute("shopper/_question.html", "question")
        photo = get_template_attribute("shopper/_question.html", "photo")
        parser = _Fieldsets()
        for item in CHECKLIST.items:
            if item.type == "photo":
                parser.feed(photo(item, CHECKLIST.languages))
            else:
                parser.feed(question(form.questions[item.id], form, CHECKLIST.languages))
    return parser.found

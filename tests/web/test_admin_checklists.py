"""Checklists on administrators' pages: faults with their lines, preview, publishing, versions, downloads."""

from __future__ import annotations

import html
import io
import re

import pytest
from pypdf import PdfReader

from checker.standards.canonical import digest
from checker.standards.parse import read_yaml
from checker.store import checklists
from checker.store.connection import Store
from tests.browsing import Browser
from tests.web import shopping
from tests.web.administering import count, hand_in, row, values
from tests.web.sent import send, words

STALL = """\
id: stall
version: 1
title: {en: "Market stall", fi: "Torikoju"}
languages: [en, fi]
sections:
  - id: all
    title: {en: "Everything", fi: "Kaikki"}
    items:
      - {id: hello, type: yes_no_na, points: 2, axis: standard, level: employee, critical: true,
         text: {en: "Somebody said hello.", fi: "Joku tervehti."}}
      - {id: how, type: text, when: {hello: "yes"}, text: {en: "In which words?", fi: "Millä sanoilla?"}}
"""


def save(browser: Browser, source: str = STALL, name: str = "stall.yaml") -> str:
    """Hand a text in; the path of its draft."""
    answer = browser.post("/admin/new-checklist", data={"source": source, "name": name})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def publish(browser: Browser, source: str = STALL):
    """Hand a text in and publish it."""
    return browser.post(f"{save(browser, source)}/publish")


def test_every_fault_is_shown_with_its_line_and_the_text_is_kept(as_ada: Browser, store: Store):
    source = (
        STALL.replace("points: 2", "point: 2")
        .replace("type: text", "type: txt")
        .replace("version: 1", "version: one")
    )
    answer = as_ada.post("/admin/new-checklist", data={"source": source, "name": "stall.yaml"})
    assert answer.status_code == 422
    assert values(answer.text)["source"] == source
    lines = re.findall(r"<b>Line (\d+):</b> (.*?)<pre>(.*?)</pre>", answer.text, re.S)
    assert {int(number) for number, _said, _line in lines} >= {2, 9, 11}
    assert len(lines) >= 3
    said = {int(number): html.unescape(said) for number, said, _line in lines}
    assert "whole number" in said[2] or "one" in said[2]
    shown = {int(number): html.unescape(line) for number, _said, line in lines}
    assert (shown[2], shown[11].strip()[:9]) == ("version: one", "- {id: ho")
    assert count(store, "checklist_draft") == 0


def test_a_file_takes_the_place_of_the_text_and_is_shown_when_it_has_faults(as_ada: Browser, store: Store):
    crlf = STALL.replace("points: 2", "point: 2").replace("\n", "\r\n")
    answer = hand_in(
        as_ada, "/admin/new-checklist", crlf, "my stall.yaml", file="file", source="old", name="x.yaml"
    )
    assert answer.status_code == 422
    assert values(answer.text)["source"] == STALL.replace("points: 2", "point: 2")
    assert values(answer.text)["name"] == "my stall.yaml"
    assert "Did you mean “points”?" in html.unescape(answer.text)
    good = hand_in(as_ada, "/admin/new-checklist", STALL, "my stall.yaml", file="file", source="", name="")
    assert good.status_code == 303
    assert row(store, "checklist_draft", name="my stall.yaml")["source"] == STALL


@pytest.mark.parametrize(
    ("source", "saying"),
    [
        (b"\xff\xfe\x00i", "UTF-8"),
        (STALL.encode("utf-8") + "# ä".encode("latin-1"), "UTF-8"),
        (b"", "empty"),
        (b"id: [", "Line"),
        (b"- just\n- a list\n", "Line"),
    ],
)
def test_what_is_no_checklist_is_refused_in_words(as_ada: Browser, store: Store, source: bytes, saying: str):
    answer = hand_in(as_ada, "/admin/new-checklist", source, "x.yaml", file="file", source="", name="x.yaml")
    assert (answer.status_code, saying in words(answer.text)) == (422, True), words(answer.text)
    assert count(store, "checklist_draft") == 0


def test_a_draft_is_looked_at_in_each_language_changed_and_published(as_ada: Browser, store: Store):
    path = save(as_ada)
    english, finnish = as_ada.get(path).text, as_ada.get(f"{path}?lang=fi").text
    assert "Somebody said hello." in words(english)
    assert '<fieldset class="preview" disabled lang="fi">' in finnish
    preview = finnish[finnish.index('class="preview"') :]
    assert "Joku tervehti." in preview
    assert "Somebody said hello." not in preview
    assert "Compliance: 2 points." in words(english)
    assert "critical" in words(english)
    assert values(as_ada.get(f"{path}/edit").text)["source"] == STALL
    changed = STALL.replace("points: 2", "points: 3")
    assert as_ada.post(f"{path}/edit", data={"source": changed, "name": "stall.yaml"}).location == path
    wrong = as_ada.post(f"{path}/edit", data={"source": "id: 7", "name": "stall.yaml"})
    assert (wrong.status_code, values(wrong.text)["source"]) == (422, "id: 7")
    assert as_ada.post(f"{path}/publish").location == "/admin/checklists/stall"
    held = checklists.current(store, "stall")
    assert held is not None
    assert held.hash.hex() == digest(read_yaml(changed, "x").definition)
    assert as_ada.get(path).status_code == 404
    page = words(as_ada.get("/admin/checklists/stall").text)
    assert "Ada Ash" in page
    assert held.hash.hex()[:12] in page


def test_looking_at_a_draft_stores_nothing(as_ada: Browser, store: Store):
    path = save(as_ada)
    before = store.value("SELECT total_changes()"), count(store, "trail")
    as_ada.get(path)
    assert count(store, "checklist_version") == 0
    assert count(store, "trail") == before[1]


def test_warnings_are_shown_and_do_not_keep_it_from_being_published(as_ada: Browser):
    unscored = re.sub(
        r"type: yes_no_na, points: 2, axis: standard, level: employee, critical: true", "type: text", STALL
    )
    path = save(as_ada, unscored.replace(', when: {hello: "yes"}', ""))
    assert "No item is scored" in words(as_ada.get(path).text)
    assert as_ada.post(f"{path}/publish").status_code == 303


def test_an_old_version_handed_in_again_is_not_called_the_one_in_use(as_ada: Browser):
    publish(as_ada)
    publish(as_ada, STALL.replace("version: 1", "version: 2"))
    assert "Version 2 is published; new visits use it." in words(as_ada.get("/admin/checklists/stall").text)
    publish(as_ada)
    said = words(as_ada.get("/admin/checklists/stall").text)
    assert "Version 1 was published before; new visits use version 2." in said


def test_the_same_version_with_other_content_is_refused_in_words_and_the_draft_stays(
    as_ada: Browser, store: Store
):
    assert publish(as_ada).status_code == 303
    answer = publish(as_ada, STALL.replace("points: 2", "points: 3"))
    assert answer.status_code == 409
    assert "Version 1 of “stall” is published with other content." in words(answer.text)
    assert "give this file the next version number" in words(answer.text)
    assert count(store, "checklist_draft") == 1
    older = STALL.replace("version: 1", "version: 3")
    assert publish(as_ada, older).status_code == 303
    assert publish(as_ada, STALL.replace("version: 1", "version: 2")).status_code == 409
    assert store.value("SELECT count(*) FROM checklist_version") == 2


def test_a_draft_is_thrown_away(as_ada: Browser, store: Store):
    path = save(as_ada)
    assert "stall.yaml" in as_ada.get("/admin/checklists").text
    assert as_ada.post(f"{path}/discard").status_code == 303
    assert (count(store, "checklist_draft"), as_ada.post(f"{path}/discard").status_code) == (0, 404)


def test_the_next_version_begins_with_the_present_one(as_ada: Browser, store: Store):
    publish(as_ada)
    page = as_ada.get("/admin/new-checklist?like=stall").text
    source = values(page)["source"]
    again = read_yaml(source, "stall.yaml")
    assert again.version == 2
    assert {**again.definition, "version": 1} == dict(read_yaml(STALL, "x").definition)
    assert publish(as_ada, source).status_code == 303
    assert "Version 2" in as_ada.get("/admin/checklists/stall").text


def test_a_version_shows_its_visits_and_is_downloaded(as_ada: Browser, store: Store):
    send(store, 2)
    page = as_ada.get("/admin/checklists/shop").text
    assert '<td class="num">2</td>' in page
    source = as_ada.get("/admin/checklists/shop/1/file.yaml").data
    held = checklists.current(store, "shop")
    assert held is not None
    assert digest(read_yaml(source, "shop.yaml").definition) == held.hash.hex()
    assert as_ada.get("/admin/checklists/shop/1/definition.json").get_json() == held.checklist.definition
    pdf = as_ada.get("/admin/checklists/shop/1/form.pdf")
    assert pdf.headers["Content-Disposition"] == "attachment; filename=shop-1-en.pdf"

    assert "The shop was tidy." in " ".join(PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text().split())
    assert as_ada.get("/admin/checklists/shop/2").status_code == 404


def test_the_paper_form_is_in_the_language_asked_for(as_ada: Browser, store: Store):
    shopping.publish_shipped(store)
    answer = as_ada.get("/admin/checklists/store_visit/2/form.pdf?lang=fi")
    assert answer.headers["Content-Disposition"] == "attachment; filename=store_visit-2-fi.pdf"
    assert as_ada.get("/admin/checklists/store_visit/2/form.pdf?lang=../x").status_code == 200


def test_a_checklist_is_retired_and_brought_back(as_ada: Browser, store: Store):
    publish(as_ada)
    as_ada.post("/admin/checklists/stall/retire")
    assert "retired" in as_ada.get("/admin/checklists/stall").text
    assert "stall" not in as_ada.get("/admin/new-assignment").text
    as_ada.post("/admin/checklists/stall/restore")
    assert "Market stall (stall)" in as_ada.get("/admin/new-assignment").text
    acts = [
        one["act"] for one in store.rows("SELECT act FROM trail WHERE act LIKE 'checklist.re%' ORDER BY id")
    ]
    assert acts == ["checklist.retire", "checklist.restore"]

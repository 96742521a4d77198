"""What travels compressed, what stays as it is and why, and what a device is given to keep."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from flask import Flask

from checker.store.connection import Store
from checker.web.assets import FOLDER, texts_of, version_of
from checker.web.compression import LEAST
from tests import people
from tests.browsing import Browser, signed_in_as

GZIP = {"Accept-Encoding": "br, gzip;q=0.8"}
TEXTS = texts_of(FOLDER, version_of(FOLDER))
TEMPLATES = FOLDER.parent / "templates"
OWN = {"Sec-Fetch-Site": "same-origin"}


# --- scripts and style sheets ---


def test_a_script_comes_compressed_and_reads_the_same(client: Browser, app: Flask):
    address = f"/s/{app.extensions['checker.assets']}/visit.js"
    plain = client.get(address)
    small = client.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers and small.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.data) == plain.data == TEXTS["visit.js"]
    assert len(small.data) < len(plain.data) / 2
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_pictures_and_fonts_come_as_they_are(client: Browser, app: Flask):
    for name in ("icons/192.png", "fonts/Inter-Regular.ttf"):
        answer = client.get(f"/s/{app.extensions['checker.assets']}/{name}", headers=GZIP)
        assert answer.status_code == 200 and answer.data == (FOLDER / name).read_bytes()
        assert "Content-Encoding" not in answer.headers


GIVEN = re.compile(r"\bexport (?:async )?(?:function|const|let) ?(\w+)")
TAKEN = re.compile(r"\bimport ?{([^}]*)}")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.js")), ids=lambda file: file.name)
def test_what_modules_give_each_other_keeps_its_name(file: Path):
    source, small = file.read_text("utf-8"), TEXTS[file.name].decode()
    assert set(GIVEN.findall(small)) == set(GIVEN.findall(source))
    taken = [
        {name.split(" as ")[0].strip() for names in TAKEN.findall(text) for name in names.split(",")}
        for text in (source, small)
    ]
    assert taken[0] == taken[1]


def test_remarks_blanks_and_long_names_are_left_out():
    assert b"/*" in (FOLDER / "timing.js").read_bytes() and b"/*" not in TEXTS["timing.js"]
    for name in ("timing.js", "reading.js", "vault.js"):
        assert len(TEXTS[name]) < len((FOLDER / name).read_bytes()) * 0.75, name


def test_where_the_library_has_no_package_all_come_as_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "minify", None)
    assert texts_of(FOLDER, "elsewhere")["timing.js"] == (FOLDER / "timing.js").read_bytes()


def test_what_others_wrote_stays_byte_for_byte():
    assert TEXTS["vendor/idb.js"] == (FOLDER / "vendor" / "idb.js").read_bytes()


# --- pages ---


def test_a_page_comes_compressed_to_its_own_reader(app: Flask, store: Store):
    browser = signed_in_as(app, people.sam(store))
    plain = browser.get("/account")
    small = browser.get("/account", headers={**GZIP, **OWN})
    assert small.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert len(small.data) < len(plain.data) and b"</html>" in gzip.decompress(small.data)
    assert small.content_length == len(small.data)
    assert {"Cookie", "Accept-Encoding"} <= set(small.vary) and "Accept-Encoding" in plain.vary


def test_a_page_comes_without_its_templates_indentation(client: Browser):
    assert not re.search(r"^[ \t]", client.get("/login").text, re.M)


@pytest.mark.parametrize(
    "file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: str(file.relative_to(TEMPLATES))
)
def test_no_text_of_a_template_that_keeps_its_blanks_spans_lines(file: Path):
    """Else it would lose those that look like indentation."""
    source = re.sub(r"{#.*?#}", "", file.read_text("utf-8"), flags=re.S)
    keeping = [
        *re.findall(r"<(pre|textarea)\b[^>]*>(.*?)</\1>", source, re.S),
        *re.findall(r"=([\"'])([^<>]*?)\1", source),
    ]
    keeping = [inside for _, inside in keeping if re.search(r"\n[ \t]", inside)]
    assert not keeping and "{% trans" not in source and "{% raw" not in source


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_page_that_another_site_asked_for_tells_nothing_by_its_length(app: Flask, store: Store, site):
    """BREACH: the form token stands in the same page as what the address says."""
    browser = signed_in_as(app, people.sam(store))
    answer = browser.get("/account", headers={**GZIP, **({"Sec-Fetch-Site": site} if site else {})})
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


def test_without_a_cookie_there_is_nothing_to_tell(app: Flask):
    stranger = app.test_client(use_cookies=False)
    answer = stranger.get("/api/v1/openapi.json", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["openapi"]


def test_short_answers_come_as_they_are(client: Browser):
    assert "Content-Encoding" not in client.get("/healthz", headers={**GZIP, **OWN}).headers


# --- what a device keeps ---


def test_the_worker_names_every_file_of_its_build(client: Browser, app: Flask):
    build = app.extensions["checker.assets"]
    answer = client.get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-store")
    listed = re.search(r"^const ASSETS = (\[.*\]);$", answer.text, re.M)
    assert listed is not None
    for path in json.loads(listed.group(1)):
        found = client.get(path)
        assert found.status_code == 200 and found.headers["Checker-Build"] == build, path
    assert len(gzip.compress(answer.data, 9)) <= 3 * 1024
    modules = {path.name for path in FOLDER.glob("*.js")} - {"sw.js"}
    assert modules <= {Path(path).name for path in json.loads(listed.group(1))}


def test_the_manifest_says_nothing_of_what_it_is_for(client: Browser):
    answer = client.get("/manifest.webmanifest")
    said = answer.get_json(force=True)
    assert answer.mimetype == "application/manifest+json"
    assert said["name"] == said["short_name"] == "Checker"
    assert not re.search("myster|shop|visit", answer.text, re.I)
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for icon in said["icons"]:
        assert client.get(icon["src"]).data.startswith(b"\x89PNG")


def test_what_waits_for_a_build_bears_its_name(client: Browser, app: Flask):
    for path in ("/tablet/shell/en", "/tablet/forms/en/none/1/none", "/tablet/none"):
        assert client.get(path).headers["Checker-Build"] == app.extensions["checker.assets"], path
    assert "Checker-Build" not in client.get("/login").headers


def test_a_short_answer_is_the_same_for_everybody(app: Flask, store: Store):
    sam = signed_in_as(app, people.sam(store))
    answer = sam.get("/healthz", headers={**GZIP, **OWN})
    assert len(answer.data) < LEAST and "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" not in answer.vary

"""What protects every page: headers, form tokens, other sites, hosts, sizes, silent refusals."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from flask import Flask

from checker import create_app
from checker.problem import Problem
from checker.standards.faults import Fault, Refused
from checker.store.connection import Store
from checker.web.assets import FOLDER, version_of
from checker.web.security import POLICY
from tests import people
from tests.browsing import Browser

TEMPLATES = Path(__file__).parents[2] / "checker" / "web" / "templates"


def paths_of(app: Flask) -> list[str]:
    """A path for every route that can be looked at, with something in each gap."""
    filled = {
        "uuid": "0199e8a0-0000-7000-8000-000000000000",
        "int": "1",
        "sha256": "0" * 64,
        "any": "none",
        "path": "x",
        "string": "x",
        "default": "x",
    }
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            found.add(
                re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda m: filled[m[1] or "default"], rule.rule)
            )
    return sorted(found)


@pytest.mark.parametrize("name", ["nobody", "sam", "mara", "ada"])
def test_every_page_carries_the_headers(app: Flask, store: Store, client: Browser, name: str):
    if name != "nobody":
        people.CAST[name](store)
        client.post("/login", data={"email": f"{name}@example.org", "password": people.PASSWORD})
    for path in [*paths_of(app), "/there/is/nothing"]:
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert "Strict-Transport-Security" not in answer.headers, path
        assert answer.headers["Cache-Control"] and "public" not in answer.headers["Cache-Control"], path


def test_personal_pages_are_kept_by_nobody(as_mara: Browser):
    assert as_mara.get("/account").headers["Cache-Control"] == "no-store"
    assert "Cookie" in as_mara.get("/account").headers["Vary"]


def test_the_policy_lets_no_inline_code_in():
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in POLICY and "*" not in POLICY
    for place in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert place in POLICY


def test_no_template_asks_for_inline_code():
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), template
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template


def test_https_is_asked_for_where_there_is_https(client: Browser, instance):
    assert (
        "max-age=31536000"
        in client.get("/login", base_url="https://localhost").headers["Strict-Transport-Security"]
    )
    behind = create_app(instance, https=True, **people.CHEAP).test_client()
    answer = behind.get("/login")
    assert "Strict-Transport-Security" in answer.headers
    assert answer.headers["Set-Cookie"].startswith("__Host-checker-form=")


# --- requests of other sites ----------------------------------------------------------------------------

CHANGES = ["/login", "/logout", "/account", "/account/password", "/account/sessions/00/end", "/welcome/x"]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_change_needs_the_form_token(as_sam: Browser, path: str, token: str):
    answer = as_sam.post(path, headers={"X-CSRFToken": token})
    assert answer.status_code == 400
    assert "request.form_expired" in answer.text


def test_another_persons_form_token_is_no_token(as_sam: Browser, as_bo: Browser):
    token = as_bo.get("/session").get_json()["csrf_token"]
    assert as_sam.post("/logout", headers={"X-CSRFToken": token}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_change_another_site_asks_for_is_refused_even_with_a_token(as_sam: Browser, headers):
    token = as_sam.get("/session").get_json()["csrf_token"]
    answer = as_sam.post("/logout", headers={**headers, "X-CSRFToken": token})
    assert answer.status_code == 403
    assert "request.other_site" in answer.text
    assert as_sam.get("/session").get_json()["person"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_a_change_of_our_own_page_goes_through(as_sam: Browser, headers):
    token = as_sam.get("/session").get_json()["csrf_token"]
    assert as_sam.post("/logout", headers={**headers, "X-CSRFToken": token}).status_code == 303


def test_links_from_elsewhere_may_be_followed(as_sam: Browser):
    assert as_sam.get("/account", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# --- hosts, proxies, sizes ------------------------------------------------------------------------------


def test_only_trusted_hosts_are_answered(instance, store: Store):
    app = create_app(instance, trusted_hosts=("checker.example.org",), TESTING=True, **people.CHEAP)
    client = app.test_client()
    assert client.get("/login", headers={"Host": "checker.example.org"}).status_code == 200
    answer = client.get("/login", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and "evil" not in answer.text
    app.extensions["checker.stores"].close()


def test_a_forwarded_address_is_believed_only_from_as_many_proxies_as_there_are(instance, store: Store):
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    for hops, secure in ((0, False), (1, True)):
        app = create_app(instance, proxy_hops=hops, TESTING=True, **people.CHEAP)
        answer = app.test_client().get("/login", headers=forged)
        assert ("Strict-Transport-Security" in answer.headers) is secure
        app.extensions["checker.stores"].close()


def test_what_is_too_large_is_refused_in_words(instance, store: Store):
    app = create_app(instance, upload_mb=1, TESTING=True, **people.CHEAP)
    client = Browser(app, app.response_class, use_cookies=True)
    answer = client.post("/login", data={"email": "x" * 3_000_000, "password": "y"})
    assert answer.status_code == 413
    assert "too large" in answer.text
    app.extensions["checker.stores"].close()


# --- refusals -------------------------------------------------------------------------------------------


@pytest.fixture
def refusing(app: Flask) -> Flask:
    @app.get("/test/problem")
    def problem() -> str:
        raise Problem("thing.other", 409, "The %(thing)s is <b>other</b>.", {"thing": "<script>"})

    @app.get("/test/refused")
    def refused() -> str:
        raise Refused([Fault("a.b", "field", "Give %(n)s.", {"n": 3}), Fault("c.d", "", "And this.")])

    @app.get("/test/broken")
    def broken() -> str:
        raise RuntimeError("secret detail")

    return app


def test_a_problem_becomes_a_page(refusing: Flask, client: Browser):
    answer = client.get("/test/problem")
    assert answer.status_code == 409
    assert "The &lt;script&gt; is &lt;b&gt;other&lt;/b&gt;." in answer.text
    assert "thing.other" in answer.text


def test_a_problem_becomes_a_document_for_programs(refusing: Flask, client: Browser):
    answer = client.get("/test/refused", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    body = answer.get_json()
    assert body["code"] == "refused" and body["status"] == 422
    assert body["faults"] == [
        {"item": "field", "code": "a.b", "text": "Give 3."},
        {"item": "", "code": "c.d", "text": "And this."},
    ]
    nothing = client.get("/api/nothing")
    assert (nothing.status_code, nothing.mimetype) == (404, "application/problem+json")


def test_every_fault_stands_on_the_page(refusing: Flask, client: Browser):
    page = client.get("/test/refused").text
    assert "Give 3." in page and "And this." in page


def test_our_own_mistake_shows_a_number_and_nothing_else(refusing: Flask, client: Browser, caplog):
    refusing.testing = False
    answer = client.get("/test/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text and "Traceback" not in answer.text
    number = re.search(r"the number ([0-9a-f]{8})", answer.text).group(1)
    assert number in caplog.text and "secret detail" in caplog.text


def test_a_page_that_is_not_there_keeps_the_menu(as_mara: Browser):
    answer = as_mara.get("/there/is/nothing")
    assert answer.status_code == 404
    assert "Mara Moor" in answer.text


def test_a_wrong_method_says_which_are_taken(client: Browser):
    answer = client.get("/logout")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


# --- static files, health, key --------------------------------------------------------------------------


def test_static_files_are_kept_for_a_year_under_their_own_version(client: Browser):
    address = re.search(r'href="(/s/[0-9a-f]{12}/app\.css)"', client.get("/login").text).group(1)
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    old = address.replace(version_of(FOLDER), "000000000000")
    assert client.get(old).status_code == 404, "never a mix of two versions"
    assert client.get(address.replace("app.css", "../security.py")).status_code == 404


def test_the_version_changes_with_any_file(tmp_path: Path):
    (tmp_path / "a.css").write_text("a")
    first = version_of(tmp_path)
    (tmp_path / "b.js").write_text("b")
    second = version_of(tmp_path)
    (tmp_path / "b.js").rename(tmp_path / "c.js")
    third = version_of(tmp_path)
    (tmp_path / "c.js").write_text("c")
    assert len({first, second, third, version_of(tmp_path)}) == 4


def test_health_tells_strangers_no_more_than_whether(client: Browser, app: Flask, instance):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    app.extensions["checker.stores"].close()
    (instance / "checker.sqlite").rename(instance / "away")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "unavailable"})


def test_the_key_is_made_once_for_its_owner_alone(instance, app: Flask):
    file = instance / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert app.secret_key == file.read_text() and len(app.secret_key) == 64
    assert create_app(instance, **people.CHEAP).secret_key == app.secret_key


def test_another_key_reads_no_form_cookie_of_the_one_before(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
):
    before = client.get("/session").get_json()["csrf_token"]
    answer = client.get("/session")
    assert "Set-Cookie" not in answer.headers and "Cookie" in answer.vary  # read, and as it was
    monkeypatch.setitem(app.config, "SECRET_KEY", "of another instance")
    sent = {"email": "sam@example.org", "password": "", "csrf_token": before}
    assert client.post("/login", data=sent).status_code == 400
    answer = client.get("/session")
    assert answer.headers["Set-Cookie"].startswith("checker-form=")
    sent["csrf_token"] = answer.get_json()["csrf_token"]
    assert client.post("/login", data=sent).status_code == 422

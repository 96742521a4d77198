"""The tablet's modules by themselves: a page of our site without scripts, in which a test runs them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests import people
from tests.browser.site import PATIENCE_S, Site
from tests.web.shopping import SAID

MODULES = ("database", "vault", "queue", "seal", "bytes", "canonical")

BARE = "/healthz"
"""A page without scripts, on our origin."""

RUN = """async ([base, names, given, patience]) => {
  const [database, vault, queue, seal, bytes, canonical] =
    await Promise.all(names.map((name) => import(`${base}/${name}.js`)));
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const stored = (store) => database.act(store, "readonly", (tx) => tx.store.getAll());
  const never = wait(patience).then(() => { throw new Error("it does not come to an end"); });
  return Promise.race([(async () => { %s
  })(), never]);
}"""

DUMP = """async () => {
  const found = [];
  const plain = (value) => {
    if (value instanceof CryptoKey) { found.push(`key extractable=${value.extractable}`); return; }
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      found.push(new TextDecoder("latin1").decode(value), new TextDecoder().decode(value),
        new TextDecoder("utf-16").decode(value));
    } else if (value && typeof value === "object") {
      for (const [name, inside] of Object.entries(value)) { found.push(name); plain(inside); }
    } else found.push(String(value));
  };
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done, fail) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = fail;
    });
    for (const store of db.objectStoreNames) {
      const all = (what) => new Promise((done) => {
        const asked = db.transaction(store).objectStore(store)[what]();
        asked.onsuccess = () => done(asked.result);
      });
      plain(await all("getAllKeys"));
      plain(await all("getAll"));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (/[.](png|ttf)$/.test(request.url)) continue;
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  plain({ ...localStorage });
  plain({ ...sessionStorage });
  found.push(document.cookie, document.documentElement.outerHTML);
  return found.join("\\n");
}"""
"""All that this browser keeps for our site and any script of it could read, as text."""


@dataclass
class Modules:
    """A page in which modules run; `run` is the body of a function over `given`."""

    page: Page
    base: str

    def run(self, code: str, given: Any = None, patience_s: int = 90) -> Any:
        return self.page.evaluate(RUN % code, [self.base, MODULES, given, patience_s * 1000])

    def dump(self) -> str:
        return str(self.page.evaluate(DUMP))


def bare_page(site: Site, chromium: Browser, mistakes: list[str], **options: Any) -> Page:
    """A page of a browser of its own, in which nobody is signed in and no script has run."""
    usual = {"base_url": site.url, "service_workers": "block"}
    page = chromium.new_context(**{**usual, **options}).new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(BARE)
    return page


def modules_in(page: Page) -> Modules:
    """The modules for a page; it may lie under any address."""
    html = page.evaluate("fetch('/login').then((answer) => answer.text())")
    build = re.search(r"/s/([0-9a-f]{12})/", html)
    assert build is not None
    return Modules(page, f"/s/{build.group(1)}")


def sign_in(page: Page, email: str = "sam@example.org") -> None:
    """Sign in without the sign-in page and what it does."""
    status = page.evaluate(
        """async ([email, password]) => {
          const { csrf_token } = await (await fetch("/session")).json();
          const body = new URLSearchParams({ email, password, csrf_token });
          return (await fetch("/login", { method: "POST", body })).status;
        }""",
        [email, people.PASSWORD],
    )
    assert status == 200


def body_of(visit: str, **changes: Any) -> dict[str, Any]:
    """A visit of `every_kind` as the shell makes it."""
    said = json.loads(json.dumps(SAID))
    return {"id": visit, "checklist": "every_kind", "version": 1, "branch": "B001", **said, **changes}


OpenModules = Callable[..., Modules]

__all__ = ["BARE", "Modules", "OpenModules", "bare_page", "body_of", "modules_in", "sign_in"]

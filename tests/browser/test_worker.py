"""The service worker: a build whole or not at all, a shell without a server, nothing lost between builds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import people
from tests.browser.modules import BARE, Modules, bare_page, modules_in
from tests.browser.site import PATIENCE_S, Site
from tests.browser.tablets import until
from tests.browser.test_queue import BEGIN, STATE, arrived, body, sign_in

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
FORM = "/tablet/forms/en/every_kind/1/named"

REGISTER = """async () => {
  await navigator.serviceWorker.register("/sw.js", { type: "module" });
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
}"""

UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const fresh = registration.installing ?? registration.waiting;
  if (!fresh) return "none";
  while (fresh.state === "installing") await new Promise((done) => setTimeout(done, 20));
  return fresh.state;
}"""

CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  }
  return found;
}"""


@pytest.fixture
def tablet(site: Site, chromium: Browser) -> Iterator[Modules]:
    """Sam's tablet with a worker in charge, the day in an open vault and one form kept."""
    mistakes: list[str] = []
    page = bare_page(site, chromium, mistakes, service_workers="allow")
    made = modules_in(page)
    sign_in(page)
    page.evaluate(REGISTER)
    made.run(BEGIN, {"email": "sam@example.org", "password": people.PASSWORD})
    assert page.evaluate("(path) => fetch(path).then(({ status }) => status)", FORM) == 200
    yield made
    page.context.close()
    assert mistakes == []


@pytest.fixture
def later_build(site: Site, tmp_path: Path) -> Iterator[LaterBuild]:
    """The same site, as its next version would serve it; the usual one is back afterwards."""
    made = LaterBuild(site, tmp_path / "later")
    yield made
    made.stop()
    if site.running is None:
        site.start()


class LaterBuild:
    """A copy of the program with another script in it, on the site's own port."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        shutil.copytree(ROOT / "checker", folder / "checker")  # and what Python has compiled of it
        script = self.static / "when.js"
        script.write_text(script.read_text("utf-8") + "// newer\n", "utf-8")
        self.running: subprocess.Popen[bytes] | None = None

    @property
    def static(self) -> Path:
        return self.folder / "checker" / "web" / "static"

    def start(self) -> None:
        if self.site.running is not None:
            self.site.stop()
        options = ["--bind", f"127.0.0.1:{self.site.port}", "--threads", "4", "--log-level", "warning"]
        running = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "checker:create_app()"],
            cwd=self.folder,
            env={**environ, **self.site.settings},
        )
        self.running = running
        self.site.await_answer(lambda: running.poll() is None)

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(timeout=PATIENCE_S)
            self.running = None


def builds(page: Page) -> list[str]:
    """Whose files are kept."""
    return sorted(name.split()[-1] for name in page.evaluate(CACHES) if "forms" not in name)


def shown(page: Page, path: str = "/") -> str:
    """The build of the page that answers an address."""
    page.goto(path)
    return str(page.locator("body").get_attribute("data-build"))


def test_everything_of_a_build_is_kept_and_no_persons_page(tablet: Modules):
    build = tablet.base.removeprefix("/s/")
    kept = tablet.page.evaluate(CACHES)
    assert set(kept) == {f"checker {build}", f"checker forms {build}"}
    assert kept[f"checker forms {build}"] == [FORM]
    shells = [path for path in kept[f"checker {build}"] if path.startswith("/tablet/shell/")]
    assert len(shells) == 5
    assert all(path.startswith(f"{tablet.base}/") or path in shells for path in kept[f"checker {build}"])
    held = tablet.page.evaluate("(path) => caches.match(path).then((held) => held.text())", FORM)
    assert "Sam" not in held


def test_without_a_server_a_cold_start_shows_the_shell(tablet: Modules, site: Site):
    page = tablet.page.context.new_page()
    visit = "/visits/0199e000-0000-7000-8000-000000000001"
    tablet.page.close()
    site.stop()
    try:
        for path in ("/", visit, f"{visit}/review", f"{visit}/receipt", f"{visit}/unfinished"):
            assert shown(page, path) == tablet.base.removeprefix("/s/"), path
            if path == visit:
                page.wait_for_url(f"**{visit}/receipt")  # nothing of it is here: the form leads away
        assert 'id="visit"' in page.evaluate("(path) => fetch(path).then((held) => held.text())", FORM)
        Modules(page, tablet.base).run("await vault.lock({ leave: true })")
        assert shown(page) == tablet.base.removeprefix("/s/"), "the lock, where nobody's vault is open"
    finally:
        site.start()


def test_while_nobodys_vault_is_open_the_server_answers(tablet: Modules):
    tablet.run("await vault.lock({ leave: true })")
    tablet.page.context.clear_cookies()
    tablet.page.goto("/")
    assert "/login" in tablet.page.url


def test_an_update_waits_and_then_takes_over_with_all_that_waits(
    tablet: Modules, site: Site, later_build: LaterBuild
):
    """C7: 20 queued and 3 drafts, two tabs, a form of a draft that must open offline afterwards too."""
    old = tablet.base.removeprefix("/s/")
    bodies = [body() for _ in range(20)]
    site.stop()
    tablet.run(
        """const { upload } = await vault.get("day", "day");
        for (const id of ["a", "b", "c"]) await vault.put("draft", id, { id, typed: { n: [id] } });
        for (const body of given) await queue.enqueue({ visit: body.id, body, upload });""",
        bodies,
    )
    tab = tablet.page.context.new_page()
    tab.goto("/")
    later_build.start()
    assert tab.evaluate(UPDATE) == "installed"
    both = builds(tab)
    assert len(both) == 2 and old in both
    assert shown(tab) == old, "it waits until somebody says so"
    kept = tab.evaluate(CACHES)
    new = next(build for build in both if build != old)
    assert kept[f"checker forms {new}"] == [FORM]

    with tab.expect_navigation():  # the shell loads itself anew
        tab.evaluate(
            "navigator.serviceWorker.getRegistration()"
            ".then(({ waiting }) => waiting.postMessage('take over'))"
        )
    tab.wait_for_function("(build) => document.body?.dataset.build === build", arg=new)
    assert builds(tab) == [new]
    fresh = Modules(tab, f"/s/{new}")
    state = fresh.run("await queue.flush({ force: true });" + STATE)
    assert (state["unsent"], state["drafts"]) == (0, 3)
    assert all(len(arrived(site, one["id"])) == 1 for one in bodies)
    later_build.stop()
    assert fresh.run("return (await vault.get('draft', 'c')).typed.n") == ["c"]
    assert tab.evaluate("(path) => fetch(path).then(({ status }) => status)", FORM) == 200


def stays_old(tablet: Modules, site: Site) -> None:
    """The old build is in charge and nothing of the new one lies about."""
    old = tablet.base.removeprefix("/s/")
    assert tablet.page.evaluate(UPDATE) == "redundant"
    assert builds(tablet.page) == [old]
    assert shown(tablet.page) == old


def test_half_an_update_is_none(tablet: Modules, site: Site, later_build: LaterBuild):
    later_build.start()
    (later_build.static / "icons" / "512.png").unlink()
    stays_old(tablet, site)


def test_an_update_whose_files_come_from_yet_another_build_is_none(
    tablet: Modules, site: Site, later_build: LaterBuild
):
    """Two servers behind one address, in the middle of their own update."""
    worker = later_build.folder / "checker" / "web" / "tablet" / "worker.py"
    said = 'headers["Checker-Build"] = '
    assert said in worker.read_text("utf-8")
    worker.write_text(worker.read_text("utf-8").replace(said, f'{said}"another" or '), "utf-8")
    later_build.start()
    stays_old(tablet, site)


def test_a_form_of_another_build_is_shown_and_not_kept(tablet: Modules, later_build: LaterBuild):
    later_build.start()
    path = FORM.replace("/en/", "/fi/")
    assert tablet.page.evaluate("(path) => fetch(path).then(({ status }) => status)", path) == 200
    kept = tablet.page.evaluate(CACHES)
    assert [paths for name, paths in kept.items() if "forms" in name] == [[FORM]]


def test_a_form_is_shown_though_there_is_no_room_to_keep_it(tablet: Modules, site: Site):
    usage = tablet.page.evaluate("navigator.storage.estimate().then(({ usage }) => usage)")
    tools = tablet.page.context.new_cdp_session(tablet.page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": usage})
    path = FORM.replace("/en/", "/fi/")
    assert tablet.page.evaluate("(path) => fetch(path).then(({ status }) => status)", path) == 200
    assert path not in sum(tablet.page.evaluate(CACHES).values(), []), "there was room"
    tools.send("Storage.overrideQuotaForOrigin", {"origin": site.url})


def test_somebody_who_left_without_network_has_left_once_the_server_itself_says_so(tablet: Modules):
    """A captive portal answers everything with its own page."""
    left = "return database.read('meta', 'leaving')"
    tablet.run("await vault.act('meta', 'readwrite', (tx) => tx.store.put(true, 'leaving'))")
    tablet.run("await vault.lock({ leave: true })")
    portal = {"status": 200, "content_type": "text/html", "body": "<p>Welcome to our network</p>"}
    tablet.page.context.route("**/tablet/leave", lambda route: route.fulfill(**portal))
    tablet.page.goto("/")
    assert tablet.page.locator("body").get_attribute("data-build"), "a page of who has left"
    assert tablet.run(left) is True
    tablet.page.context.route("**/tablet/leave", lambda _route: None)  # nor does one that never answers
    tablet.run("await database.act('meta', 'readwrite', (tx) => tx.store.put({ language: 'fi' }, 'open'))")
    tablet.page.goto("/")
    assert tablet.page.locator("html").get_attribute("lang") == "fi", "who opened it again meanwhile"
    tablet.run("await vault.lock({ leave: true })")
    tablet.page.context.unroute("**/tablet/leave")
    tablet.page.goto("/")
    tablet.page.wait_for_url("**/login**")
    assert tablet.run(left) is None


def test_an_update_that_cannot_fetch_a_drafts_form_is_none_yet(
    tablet: Modules, site: Site, later_build: LaterBuild
):
    """Its session is over: markup for the old scripts would not fit the new ones."""
    later_build.start()
    cookies: Any = tablet.page.context.cookies()
    tablet.page.context.clear_cookies()
    stays_old(tablet, site)
    tablet.page.context.add_cookies(cookies)
    assert tablet.page.evaluate(UPDATE) == "installed"


def test_the_browser_wakes_the_worker_to_send(tablet: Modules, site: Site):
    """Background Sync, where the browser has it: no page is open any more."""
    one = body()
    site.stop()
    try:
        tablet.run(
            """const { upload } = await vault.get("day", "day");
            await queue.enqueue({ visit: given.id, body: given, upload });""",
            one,
        )
    finally:
        site.start()
    page = tablet.page
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(each["registrationId"] for each in said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.goto("about:blank")
    until(page, lambda: found, "the browser knows of no worker")
    tools.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": site.url, "registrationId": found[-1], "tag": "checker.queue", "lastChance": False},
    )
    until(page, lambda: arrived(site, one["id"]), "the worker sent nothing")
    assert len(arrived(site, one["id"])) == 1
    page.goto(BARE)


def test_the_browser_wakes_the_worker_again_while_a_photo_waits(tablet: Modules, site: Site):
    """A promise that fails makes it come again; the visit itself has arrived."""
    photo = {"visit": body()["id"], "sha256": "0" * 64, "owner": "Sam", "sealed": [], "size": 0}
    tablet.run("await database.act('photos', 'readwrite', (tx) => tx.store.put(given));", photo)
    worker = tablet.page.context.service_workers[-1]
    site.stop()
    try:
        ended = worker.evaluate(
            """() => {
              const event = new ExtendableEvent("sync");
              const ended = new Promise((done) => { event.waitUntil = done; });
              dispatchEvent(event);
              return ended.then(() => "for good", () => "for now");
            }"""
        )
    finally:
        site.start()
    assert ended == "for now"

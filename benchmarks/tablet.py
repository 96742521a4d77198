"""What a shopper's tablet costs: bytes, time until the first tap and until a tap is stored, taps lost.

    python -m benchmarks.tablet [PART ...]

Parts: bytes, ready, stored, lost, photo, lighthouse; without any, all of them. A real gunicorn with the
shipped store visit of 30 items, the distribution's Chromium. Node and npm are needed for what we are compared
with and for Lighthouse, and for nothing else here; where they are missing these lines say so.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from benchmarks import tablet_peers as peers
from benchmarks.tablet_site import (
    CHROMIUM,
    KB,
    LIVES,
    PHONE,
    SLOWER,
    WATCH,
    Shop,
    begin,
    cookies,
    device,
    late_commits,
    run,
    shop,
    sign_in,
    slow,
)
from tests.browser.site import FLAGS

NODE = Path(tempfile.gettempdir()) / "checker-benchmark-node"
"""What npm fetched stays here for the next time."""

RUNS = 5
TRIALS = 60
TAPS = 12
GAP_MS = 350
SETTLE_MS = 250
DIGITS = {"s": 2, "": 0}


@dataclass(slots=True)
class Table:
    """Lines as they are measured, and which of them missed their limits."""

    missed: list[str] = field(default_factory=list)

    def line(
        self,
        name: str,
        value: float,
        unit: str,
        limit: float | None = None,
        *,
        least: bool = False,
        more: str = "",
    ) -> None:
        """One measured figure and its limit (`least`: it must not be less)."""
        held = limit is None or (value >= limit if least else value <= limit)
        if not held:
            self.missed.append(name)
        told = (
            ""
            if limit is None
            else f"limit {'≥' if least else '≤'} {limit:g}: {'held' if held else 'MISSED'}"
        )
        print(f"{name:<58} {value:9.{DIGITS.get(unit, 1)}f} {unit:<5} {more:<22} {told}".rstrip(), flush=True)

    def say(self, words: str) -> None:
        """Something that is no figure."""
        print(words, flush=True)


def main(*parts: str) -> None:
    """Measure the parts that are asked for, and print the table."""
    wanted = parts or tuple(PARTS)
    if unknown := [part for part in wanted if part not in PARTS]:
        sys.exit(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    table = Table()
    with (
        tempfile.TemporaryDirectory() as folder,
        shop(Path(folder)) as where,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for part in wanted:
            table.say(f"\n{part}")
            PARTS[part](table, browser, where, playwright)
        browser.close()
    table.say(f"\nmissed: {', '.join(table.missed) or 'nothing'}")


# --- bytes --------------------------------------------------------------------------------------------------


def measure_bytes(table: Table, browser: Browser, where: Shop, _playwright: Playwright) -> None:
    """Everything a page of the checklist loads, each answer's body as it is served (gzip), with nothing
    kept before.
    """
    for name, tablet in (("server's page", False), ("shell's page", True)):
        context, page = device(browser, where, tablet=tablet)
        path = begin(page)
        page.close()
        page = context.new_page()
        asked: list[tuple[str, str]] = []
        page.on("request", lambda request, asked=asked: asked.append((request.resource_type, request.url)))
        page.goto(path)
        page.wait_for_function(LIVES)
        page.wait_for_timeout(2000)
        held = cookies(context)
        kinds: dict[str, dict[str, int]] = {}
        for kind, url in dict.fromkeys(asked):
            if kind == "document" and tablet:
                kind, url = "shell", f"{where.url}/tablet/shell/en"
            elif "/tablet/forms/" in url:
                kind = "form"
            elif kind in ("fetch", "ping", "xhr"):
                kind = "data"
            if url.endswith(("/draft", "/contact")):
                continue  # what is sent, not loaded
            kinds.setdefault(kind, {})[url] = where.size(url, held)
        sums = {kind: sum(urls.values()) / KB for kind, urls in kinds.items()}
        for kind in sorted(sums):
            limit = {"script": 25, "stylesheet": 12}.get(kind)
            table.line(f"{name}: {kind}, {len(kinds[kind])} files", sums[kind], "KB", limit)
        total = sum(value for kind, value in sums.items() if kind not in ("data", "manifest", "other"))
        exact = f"{round(total * KB)} of {40 * KB} bytes"
        table.line(f"{name}: everything but the day's data", total, "KB", 40, more=exact)
        for url, size in sorted(kinds["script"].items(), key=lambda held: -held[1]):
            table.say(f"    {size:6} {url.rsplit('/', 1)[1]}")
        if tablet:
            measure_worker(table, page, where, held, {url for urls in kinds.values() for url in urls})
        context.close()


def measure_worker(table: Table, page: Page, where: Shop, held: str, loaded: set[str]) -> None:
    """The service worker, and what it fetches for all other pages beforehand, in peace."""
    table.line("service worker", where.size(f"{where.url}/sw.js", held) / KB, "KB", 3)
    kept: list[str] = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) => "
        "(await (await caches.open(name)).keys()).map(({ url }) => url)))).flat()"
    )
    others = [where.size(url, held) for url in kept if url not in loaded]
    table.line(f"kept for other pages and languages, {len(others)} files", sum(others) / KB, "KB")


# --- ready --------------------------------------------------------------------------------------------------


def measure_ready(table: Table, browser: Browser, where: Shop, _playwright: Playwright) -> None:
    """From asking for the page until its form can be tapped; all ways take turns in each run."""
    server_context, page = device(browser, where, tablet=False)
    server_path = begin(page)
    page.close()
    tablet_context, page = device(browser, where, tablet=True)
    tablet_path = begin(page)
    page.wait_for_timeout(3000)  # until the draft is at the server and the worker at rest
    page.close()
    other = browser.new_context(**PHONE)
    ways: dict[str, Callable[[], float]] = {
        "server's page, cold": lambda: timed(server_context.new_page(), server_path, LIVES, cold=True),
        "shell, cold, no worker": lambda: timed(
            tablet_context.new_page(), tablet_path, LIVES, cold=True, sent=True
        ),
        "shell, as usual, from its worker": lambda: timed(tablet_context.new_page(), tablet_path, LIVES),
    }
    limits = dict.fromkeys(ways, 1.5)
    loaded: dict[str, float] = {}
    try:
        modules = peers.packages(NODE, peers.PACKAGES)
    except RuntimeError as error:
        table.say(f"SurveyJS and form.io not measured: {error}")
        measure_turns(table, ways, limits, loaded)
    else:
        with peers.served(modules) as (urls, loaded):
            for name, url in urls.items():
                ways[f"{name}, cold"] = lambda url=url: timed(other.new_page(), url, peers.LIVES, cold=True)
            measure_turns(table, ways, limits, {f"{name}, cold": size for name, size in loaded.items()})
        try:
            table.line("Enketo, one script (a lower bound; not timed)", peers.enketo(NODE / "enketo"), "KB")
        except RuntimeError as error:
            table.say(f"Enketo not measured: {error}")
    for context in (server_context, tablet_context, other):
        context.close()


def measure_turns(
    table: Table, ways: dict[str, Callable[[], float]], limits: dict[str, float], loaded: dict[str, float]
) -> None:
    """Each way once in every run; medians and ranges."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(RUNS):
        names = list(ways)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            took[name].append(ways[name]())
    for name, seconds in took.items():
        span = f"({min(seconds):.2f} to {max(seconds):.2f})"
        table.line(name, round(statistics.median(seconds), 2), "s", limits.get(name), more=span)
        if name in loaded:
            table.line(f"{name.split(',')[0]}, all that its page loads", loaded[name], "KB")


def timed(page: Page, url: str, lives: str, *, cold: bool = False, sent: bool = False) -> float:
    """Seconds until a page lives. `cold`: nothing of it is kept and no worker answers. `sent`: in place of
    the server's
    page of this address the shell comes over the network, as no worker is there to do it.
    """
    page.add_init_script(WATCH % lives)
    session = slow(page)
    if cold:
        session.send("Network.clearBrowserCache")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.send("Network.setBypassServiceWorker", {"bypass": True})
    else:
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")  # as after a pause
    if sent:
        session.on("Fetch.requestPaused", lambda paused: session.send(
            "Fetch.continueRequest",
            {
                    "requestId": paused["requestId"],
                    "url": re.sub("/visits/.*", "/tablet/shell/en", paused["request"]["url"]),
                },
        ))  # fmt: skip
        session.send("Fetch.enable", {"patterns": [{"urlPattern": "*/visits/*", "resourceType": "Document"}]})
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.livesAt")
    seconds = float(page.evaluate("() => window.livesAt / 1000"))
    page.close()
    return seconds


# --- stored -------------------------------------------------------------------------------------------------

NOTE_WRITES = """
  window.writes = [];
  window.changes = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
    const tx = begin.call(this, stores, mode, ...more);
    if (mode === "readwrite" && [stores].flat().includes("boxes")) {
      const asked = performance.now();
      tx.addEventListener("complete", () => window.writes.push([asked, performance.now()]));
    }
    return tx;
  };
  window.addEventListener("change", (event) => window.changes.push(event.timeStamp), true);
"""


def measure_stored(table: Table, browser: Browser, where: Shop, _playwright: Playwright) -> None:
    """From a tap's change event until the last of the writes that it caused is complete."""
    for slower in (False, True):
        context, page = device(browser, where, tablet=True)
        page.add_init_script(NOTE_WRITES)
        begin(page)
        if slower:
            slow(page, network=False)
        for item, value in taps(page, random.Random(1), rounds=8):
            tap(page, item, value)
            page.wait_for_timeout(GAP_MS)
        page.wait_for_timeout(1000)
        changes, writes = page.evaluate("() => [window.changes, window.writes]")
        took = []
        for at in changes:
            ends = [done - at for asked, done in writes if at - 20 <= asked < at + SETTLE_MS]
            assert ends, "a tap was not written at all"
            took.append(max(ends))
        took.sort()
        p95 = took[int(len(took) * 0.95)]
        name = f"tap to stored, {SLOWER}× slower" if slower else "tap to stored"
        more = f"p95 {p95:.0f}, most {took[-1]:.0f}"
        table.line(f"{name}, {len(took)} taps", statistics.median(took), "ms", 50, more=more)
        context.close()


ITEMS = """() => [...document.querySelectorAll('#visit [data-type="yes_no_na"]:not([data-when])')]
  .filter((question) => !question.hidden).map(({ dataset }) => dataset.item)"""

PLACE = """([item, value]) => {
  const input = document.querySelector(`input[name="answers.${item}"][value="${value}"]`);
  const label = input.closest("label");
  label.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = label.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""

CHOSEN = """(items) => Object.fromEntries(items.map((item) => (
  [item, document.querySelector(`input[name="answers.${item}"]:checked`)?.value ?? null])))"""


def taps(page: Page, rng: random.Random, rounds: int = 1) -> Iterable[tuple[str, str]]:
    """Twelve questions, each answered otherwise than it stands."""
    items = page.evaluate(ITEMS)
    assert len(items) >= TAPS, items
    stands = page.evaluate(CHOSEN, items)
    for _ in range(rounds):
        for item in rng.sample(items, TAPS):
            stands[item] = "no" if stands[item] == "yes" else "yes"
            yield item, stands[item]


def tap(page: Page, item: str, value: str) -> None:
    """A finger on an answer."""
    page.touchscreen.tap(*page.evaluate(PLACE, [item, value]))


# --- lost ---------------------------------------------------------------------------------------------------


def measure_lost(table: Table, browser: Browser, where: Shop, _playwright: Playwright) -> None:
    """Twelve taps and a reload at once, again and again: how many answers the form does not show
    afterwards.
    """
    lost_answers(table, browser, where, "as it is", 0)
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder), late_commits(Path(folder))) as other:
        lost_answers(table, browser, other, "without the early commit", None)


def lost_answers(table: Table, browser: Browser, where: Shop, name: str, limit: int | None) -> None:
    """Trials on one device."""
    context, page = device(browser, where, tablet=True)
    fired: list[str] = []
    page.on("console", lambda message: fired.append(message.text))
    page.add_init_script(
        "window.addEventListener('change', ({ target }) => "
        "console.debug(`${target.name.slice(8)} ${target.value}`), true);"
    )
    begin(page)
    lost: list[int] = []
    unfired = 0
    rng = random.Random(3)
    for _ in range(TRIALS):
        fired.clear()
        tapped = list(taps(page, rng))
        for item, value in tapped:
            tap(page, item, value)
        page.reload(wait_until="commit")
        page.wait_for_function(LIVES)
        stands = page.evaluate(CHOSEN, [item for item, _value in tapped])
        lost += [n for n, (item, value) in enumerate(tapped, 1) if stands[item] != value]
        unfired += sum(f"{item} {value}" not in fired for item, value in tapped)
    which = ", ".join(f"{lost.count(n)} × the {n}th" for n in sorted(set(lost)))
    table.line(f"answers lost of {TRIALS * TAPS}, {name}", len(lost), "", limit, more=which)
    if unfired:
        table.say(f"    {unfired} change events were not seen")
    context.close()


# --- photo --------------------------------------------------------------------------------------------------


def measure_photo(table: Table, browser: Browser, where: Shop, _playwright: Playwright) -> None:
    """Twelve megapixels of noise, which compress worst, through the form's own input into the vault."""
    file = where.folder / "noise.jpg"
    channels = [Image.effect_noise((4000, 3000), 60) for _ in "RGB"]
    Image.merge("RGB", channels).save(file, quality=90)
    context, page = device(browser, where, tablet=True)
    begin(page)
    page.set_input_files("[data-take=gallery]", file)
    page.locator("[data-editor] [value=use]").click()
    page.wait_for_selector("[data-photos] img")
    module = page.evaluate(
        "() => document.querySelector('script[type=module]').src.replace('tablet.js', 'vault.js')"
    )
    kept = page.evaluate(
        "async (module) => (await (await import(module)).list('photo')).map(({ value }) => value.length)",
        module,
    )
    assert len(kept) == 1, kept
    table.line("photo kept", kept[0] / KB, "KB", 700, more=f"of {file.stat().st_size / KB:.0f} KB, 12 MP")
    context.close()


# --- lighthouse ---------------------------------------------------------------------------------------------

CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}

JUDGED = 3


def measure_lighthouse(table: Table, browser: Browser, where: Shop, playwright: Playwright) -> None:
    """Lighthouse as it judges a phone: pages of the server in its own browser, pages of the shell on a
    device.
    """
    try:
        program = peers.packages(NODE, peers.PACKAGES) / ".bin" / "lighthouse"
    except RuntimeError as error:
        table.say(f"Lighthouse not run: {error}")
        return
    context, page = device(browser, where, tablet=False)
    path = begin(page)
    held = cookies(context)
    context.close()
    judge(table, program, where, "/login", "sign-in")
    judge(table, program, where, "/tablet/shell/en", "shell, locked")
    judge(
        table,
        program,
        where,
        path,
        "server's checklist page",
        f"--extra-headers={json.dumps({'Cookie': held})}",
    )
    profile = where.folder / "profile"
    there = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=FLAGS, base_url=where.url
    )
    page = there.new_page()
    sign_in(page, tablet=True)
    path = begin(page)
    page.wait_for_timeout(3000)
    there.close()
    options = ("--disable-storage-reset",)
    judge(table, program, where, "/", "shell, Today", *options, profile=profile)
    judge(table, program, where, path, "shell, checklist page", *options, profile=profile)


def judge(
    table: Table,
    program: Path,
    where: Shop,
    path: str,
    name: str,
    *options: str,
    profile: Path | None = None,
) -> None:
    """One page: the four categories, and what kept each from 100.

    Of three runs the median stands, as Lighthouse's own makers advise: in some runs the browser is busy with
    itself for 0.2 s and more before the page has begun, and the page pays for it.
    """
    command = (str(program), f"{where.url}{path}", "--quiet", "--output=json", *options)
    own = [f"--user-data-dir={profile}"] if profile else []
    flags = f"--chrome-flags=--headless=new {' '.join([*FLAGS, *own])}"
    reports: list[dict[str, Any]] = []
    for attempt in range(2 * JUDGED):
        try:
            reports.append(json.loads(run(*command, flags, folder=where.folder, CHROME_PATH=CHROMIUM)))
        except RuntimeError as error:  # it loses a trace now and then
            if attempt == 2 * JUDGED - 1:
                table.say(f"{name}: not judged: {str(error)[-200:]}")
                return
        if len(reports) == JUDGED:
            break
    for category, limit in CATEGORIES.items():
        by_score = sorted(reports, key=lambda report: report["categories"][category]["score"] or 0)
        scores = [(report["categories"][category]["score"] or 0) * 100 for report in by_score]
        span = f"({scores[0]:.0f} to {scores[-1]:.0f})"
        table.line(f"{name}: {category}", statistics.median(scores), "", limit, least=True, more=span)
        report = by_score[len(by_score) // 2]
        found = report["categories"][category]
        audits = [report["audits"][said["id"]] for said in found["auditRefs"] if said["weight"]]
        wrong = [audit["id"] for audit in audits if audit["score"] is not None and audit["score"] < 0.9]
        if wrong:
            table.say(f"    {', '.join(wrong)}")


PARTS: dict[str, Callable[[Table, Browser, Shop, Playwright], None]] = {
    "bytes": measure_bytes,
    "ready": measure_ready,
    "stored": measure_stored,
    "lost": measure_lost,
    "photo": measure_photo,
    "lighthouse": measure_lighthouse,
}

if __name__ == "__main__":
    main(*sys.argv[1:])

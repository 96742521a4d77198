"""The vault on a shared tablet: another cannot read it, and what is written is kept whatever fails."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from checker.sealing import key_from, open_sealed
from tests import sealed
from tests.browser.modules import BARE, Modules, OpenModules, bare_page, modules_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser

CASES = sealed.cases()
KEY = {"id": CASES["key_id"], "spki": CASES["spki"]}

SECRETS = (
    "amanda@example.org",
    "Amanda",
    "nine quiet lamps",
    "7351",
    "Hämeentie",
    "Was she kind? Oddly so",
    "Itäkeskus",
)
"""What A typed; none of it may be found."""

MAKE = """
await vault.create({ email: given.email ?? "amanda@example.org",
  password: given.password ?? "nine quiet lamps",
  person: "7", serverKey: given.key, minutes: 30, language: "en", day: { idle_minutes: 30 } });
"""

OPEN = """return vault.open({ email: "amanda@example.org", minutes: 30, language: "en", ...given });"""


@pytest.fixture
def open_modules(chromium: Browser, site: Site) -> Iterator[OpenModules]:
    """Opens the modules in a browser of their own."""
    pages: list[Any] = []
    mistakes: list[str] = []

    def open_(**options: Any) -> Modules:
        page = bare_page(site, chromium, mistakes, **options)
        pages.append(page)
        return modules_in(page)

    yield open_
    for page in pages:
        page.context.close()
    assert mistakes == []


@pytest.fixture
def amanda(open_modules: OpenModules) -> Modules:
    """A's vault, open."""
    made = open_modules()
    made.run(MAKE, {"key": KEY})
    return made


def another_tab(modules: Modules) -> Modules:
    """A second tab of the same browser."""
    page = modules.page.context.new_page()
    page.goto(BARE)
    return Modules(page, modules.base)


# --- whose it is ---


def test_nothing_of_one_can_be_read_by_another(amanda: Modules):
    """C10: whoever holds the tablet next sees all that the browser keeps."""
    draft = {"typed": {"answers.kind": ["Was she kind? Oddly so"]}, "begin": {"branch": "Itäkeskus"}}
    day = {"person": {"name": "Amanda"}, "branches": [{"name": "Hämeentie"}]}
    amanda.run(
        """await vault.setPin("nine quiet lamps", "7351");
        await vault.put("draft", "0199e000-0000-7000-8000-000000000001", given.draft);
        await vault.put("day", "day", given.day);
        await vault.put("photo", "a", new TextEncoder().encode("Was she kind? Oddly so"));
        IDBDatabase.prototype.transaction_ = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = () => { throw new DOMException("no", "UnknownError"); };
        await vault.put("draft", "0199e000-0000-7000-8000-000000000002", given.draft); // as a spare copy
        IDBDatabase.prototype.transaction = IDBDatabase.prototype.transaction_;
        if (!Object.keys(localStorage).length) throw new Error("there is no spare copy");
        await vault.lock({ leave: true });""",
        {"draft": draft, "day": day},
    )
    amanda.page.goto(BARE)
    amanda.run(MAKE, {"email": "ben@example.org", "password": "seven loud bells", "key": KEY})
    amanda.run("""await vault.put("draft", "0199e000-0000-7000-8000-000000000003", { typed: {} });""")
    kept = amanda.dump()
    assert [secret for secret in SECRETS if secret in kept] == []
    assert "extractable=true" not in kept
    assert "0199e000-0000-7000-8000-000000000002" in kept, "A's drafts are still there"

    owners = "(await stored('vaults')).map(({ owner }) => owner)"
    read_by_b = amanda.run(
        f"""const me = (await vault.current()).owner;
        const tries = [];
        for (const record of await stored("boxes")) {{
          if (record.owner === me) continue;
          const about = new TextEncoder().encode(`${{record.owner}} ${{record.kind}} ${{record.id}}`);
          const asMine = new TextEncoder().encode(`${{me}} ${{record.kind}} ${{record.id}}`);
          for (const additionalData of [about, asMine]) {{
            tries.push(await crypto.subtle.decrypt({{ name: "AES-GCM", iv: record.iv, additionalData }},
              (await vault.current()).key, record.box).then(() => "read", () => "closed"));
          }}
        }}
        return [tries, await vault.list("draft"), {owners}.length];"""
    )
    assert set(read_by_b[0]) == {"closed"}
    assert [draft["id"][-1] for draft in read_by_b[1]] == ["3"]
    assert read_by_b[2] == 2


def test_one_opens_with_password_or_pin_and_with_nothing_else(amanda: Modules):
    amanda.run(
        """await vault.put("draft", "a", { typed: { x: ["1"] } }); await vault.lock({ leave: true });"""
    )
    assert amanda.run(OPEN, {"password": "nine loud lamps"}) == "wrong"
    assert amanda.run(OPEN, {"password": ""}) == "wrong"
    assert amanda.run(OPEN, {"pin": "7351"}) == "no_pin"
    assert amanda.run(OPEN, {"email": "ben@example.org", "password": "nine quiet lamps"}) == "unknown"
    assert amanda.run(
        "return [await vault.current(), await vault.get('draft', 'a').catch(() => 'locked')]"
    ) == [
        None,
        "locked",
    ]
    assert amanda.run(OPEN, {"email": " Amanda@Example.org", "password": "nine quiet lamps"}) == "open"
    assert amanda.run("return vault.get('draft', 'a')") == {"typed": {"x": ["1"]}}
    assert amanda.run("return vault.setPin('wrong', '7351')") is False
    assert amanda.run("return vault.setPin('nine quiet lamps', '7351')") is True
    owner = amanda.run("await vault.lock(); return (await database.read('meta', 'open')).owner")
    assert amanda.run(OPEN, {"email": None, "owner": owner, "pin": "7351"}) == "open"
    assert amanda.run("return vault.setPin('nine quiet lamps', null)") is True
    assert amanda.run(OPEN, {"pin": "7351"}) == "no_pin"


def test_five_wrong_pins_leave_the_password(amanda: Modules):
    amanda.run("await vault.setPin('nine quiet lamps', '7351'); await vault.lock({ leave: true })")
    assert [amanda.run(OPEN, {"pin": f"000{n}"}) for n in range(4)] == ["wrong"] * 4
    assert amanda.run(OPEN, {"pin": "7351"}) == "open"
    assert [amanda.run(OPEN, {"pin": f"000{n}"}) for n in range(5)] == ["wrong"] * 5
    assert amanda.run(OPEN, {"pin": "7351"}) == "no_pin"
    assert amanda.run(OPEN, {"password": "nine quiet lamps"}) == "open"


def test_wrong_pins_at_once_count_one_by_one(amanda: Modules):
    amanda.run("await vault.setPin('nine quiet lamps', '7351'); await vault.lock({ leave: true })")
    found = amanda.run(
        """const pins = ["0001", "0002", "0003", "0004", "0005", "0006"];
        const who = { email: "amanda@example.org", minutes: 30, language: "en" };
        return Promise.all(pins.map((pin) => vault.open({ ...who, pin })));"""
    )
    assert sorted(found) == ["no_pin"] + ["wrong"] * 5
    assert amanda.run(OPEN, {"pin": "7351"}) == "no_pin"


def test_the_pin_alone_opens_nothing_without_this_device(amanda: Modules):
    """A copy of the disk in another browser meets another device's key: not even the right PIN opens it."""
    amanda.run(
        """await vault.setPin('nine quiet lamps', '7351'); await vault.lock({ leave: true });
        const other = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
        await vault.act("meta", "readwrite", (tx) => tx.store.put({ key: other, born: "x" }, "device"));"""
    )
    owner = amanda.run("return (await stored('vaults'))[0].owner")
    assert amanda.run(OPEN, {"email": None, "owner": owner, "pin": "7351"}) == "wrong"


def test_after_a_changed_password_the_server_gives_the_key_back(amanda: Modules):
    escrow = amanda.run(
        """await vault.setPin("nine quiet lamps", "7351"); await vault.put("draft", "a", { typed: {} });
        await vault.lock({ leave: true }); return bytes.base64((await stored("vaults"))[0].escrow);"""
    )
    keys = key_from(sealed.case_pem(CASES))
    opened = json.loads(open_sealed(keys, b64decode(escrow), "vault key"))
    assert opened["person"] == "7"
    recover = """return vault.recover({ email: "amanda@example.org", password: "ten small boats", minutes: 30,
      language: "en", fetchKey: async (escrow) => given });"""
    wrong = sealed.b64encode(bytes(32)).decode()
    assert amanda.run(recover, wrong) == "wrong"
    assert amanda.run(OPEN, {"password": "nine quiet lamps"}) == "open", "a wrong key changes nothing"
    amanda.run("await vault.lock({ leave: true })")
    assert amanda.run(recover, opened["key"]) == "open"
    assert amanda.run("return vault.get('draft', 'a')") == {"typed": {}}
    assert amanda.run(OPEN, {"password": "nine quiet lamps"}) == "wrong"
    assert amanda.run(OPEN, {"pin": "7351"}) == "no_pin", "whoever knew the old password may have set it"
    assert amanda.run(OPEN, {"password": "ten small boats"}) == "open"
    assert amanda.run("return vault.setPin('ten small boats', '2468')") is True
    assert amanda.run(OPEN, {"pin": "2468"}) == "open"


def test_an_address_that_is_another_persons_by_now_opens_what_is_theirs(amanda: Modules):
    """Amanda has a new address, and Ben her former one; the server gives each the key of what is theirs."""
    amanda.run("await vault.put('draft', 'a', { typed: {} }); await vault.lock({ leave: true })")
    hers = amanda.run("return bytes.base64((await stored('vaults'))[0].escrow)")
    key = json.loads(open_sealed(key_from(sealed.case_pem(CASES)), b64decode(hers), "vault key"))["key"]
    recover = """return vault.recover({ ...given.who, minutes: 30, language: "en",
      fetchKey: async (escrow) => (escrow === given.hers ? given.key : null) });"""
    ben = {"email": "amanda@example.org", "password": "seven loud bells"}
    assert amanda.run(recover, {"who": ben, "hers": hers, "key": None}) == "wrong"
    amanda.run(MAKE, {**ben, "key": KEY})
    assert amanda.run("return vault.list('draft')") == []
    amanda.run("await vault.lock({ leave: true })")
    assert amanda.run(OPEN, {"password": "nine quiet lamps"}) == "wrong", "it is Ben's"
    moved = {"email": "amanda.lee@example.org", "password": "nine quiet lamps"}
    assert amanda.run(recover, {"who": moved, "hers": hers, "key": key}) == "open"
    assert amanda.run("return vault.get('draft', 'a')") == {"typed": {}}
    assert amanda.run("return (await stored('vaults')).length") == 2
    amanda.run("await vault.lock({ leave: true })")
    assert amanda.run(OPEN, moved) == "open" and amanda.run(OPEN, ben) == "open"


def test_a_vault_without_its_day_is_none(open_modules: OpenModules):
    """The tab is closed amid the sign-in, or there is no room: no page could show anything of it."""
    modules = open_modules()
    made = modules.run(
        """const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...said) {
          if (this.name === "boxes") throw new DOMException("broken for the test", "UnknownError");
          return put.apply(this, said);
        };
        const failed = await (async () => {"""
        + MAKE
        + """})().then(() => false, () => true);
        IDBObjectStore.prototype.put = put;
        return [failed, await stored("vaults"), await vault.current()];""",
        {"key": KEY},
    )
    assert made == [True, [], None]


def test_opened_where_it_was_locked_it_stays_open_for_as_long_as_the_day_says(amanda: Modules):
    minutes = amanda.run(
        """await vault.lock();
        await vault.open({ email: "amanda@example.org", password: "nine quiet lamps", language: "en" });
        return (await database.read("meta", "open")).minutes;"""
    )
    assert minutes == 30


def test_it_closes_by_itself_after_its_minutes_without_use(amanda: Modules):
    amanda.run("await vault.put('draft', 'a', { typed: {} })")
    later = """const real = Date.now; Date.now = () => real() + given * 60_000;
      try { return [(await vault[%s]())?.owner != null, Boolean((await database.read("meta", "open")).key)]; }
      finally { Date.now = real; }"""
    assert amanda.run(later % "'current'", 29) == [True, True]
    assert amanda.run(later % "'current'", 58) == [True, True], "29 minutes after its last use"
    assert amanda.run(later % "'peek'", 80) == [True, True]
    assert amanda.run(later % "'peek'", 89) == [False, False], (
        "looking does not keep it open; its key is gone"
    )
    assert amanda.run(OPEN, {"password": "nine quiet lamps"}) == "open"
    assert amanda.run(later % "'peek'", -60) == [False, False], "a clock that went back is no longer time"


def test_a_page_of_one_never_writes_into_the_vault_of_the_next(amanda: Modules):
    tab = another_tab(amanda)
    amanda.run("await vault.current(); globalThis.heard = []; vault.watch((m) => heard.push(m.type))")
    tab.run("await vault.lock({ leave: true })")
    amanda.page.wait_for_function("heard.includes('locked')")
    tab.run(MAKE, {"email": "ben@example.org", "password": "seven loud bells", "key": KEY})
    said = (
        "return vault.put('draft', 'a', { typed: { secret: ['A'] } }).then(() => 'stored', (e) => e.message)"
    )
    assert amanda.run(said) == "The vault is locked."
    assert tab.run("return vault.list('draft')") == []


def test_a_wiped_device_holds_nothing(amanda: Modules):
    amanda.run(
        """await vault.put("draft", "a", { typed: {} });
        localStorage.setItem("checker.spare boxes [\\"x\\"]", "{}");
        await vault.wipe();"""
    )
    counts = """const stores = ["meta", "vaults", "boxes", "queue", "photos"];
      return Promise.all(stores.map(async (store) => (await stored(store)).length))"""
    assert amanda.run(counts) == [0] * 5
    assert amanda.run("return [{ ...localStorage }, await vault.current()]") == [{}, None]


# --- whatever fails ---

BREAK = """
/* Lets every call of IndexedDB from the given one on fail, each of them or that one alone. */
const broken = { calls: 0, from: Infinity, to: 0 };
globalThis.broken = broken;
const due = () => { broken.calls += 1; return broken.calls >= broken.from && broken.calls <= broken.to; };
const of = (owner, name) => {
  const real = owner[name];
  owner[name] = function (...said) {
    if (due()) throw new DOMException("broken for the test", "UnknownError");
    return real.apply(this, said);
  };
};
of(IDBFactory.prototype, "open");
of(IDBDatabase.prototype, "transaction");
for (const name of ["put", "get", "getAll", "getAllKeys", "delete"]) of(IDBObjectStore.prototype, name);
of(IDBTransaction.prototype, "commit");
globalThis.told = [];
vault.watch(({ type, what }) => { if (type === "trouble") told.push([what, Date.now()]); });
"""

TYPE = """
database.disconnect();
Object.assign(broken, { calls: 0, from: given.from, to: given.to });
told.length = 0;
const began = Date.now();
let safe = true;
for (const n of [1, 2, 3, 4, 5]) {
  await vault.put("draft", "a", { typed: { n: [`${given.from} ${n}`] } }).catch(() => { safe = false; });
}
const calls = broken.calls;
const kept = Object.keys(localStorage).length;
broken.to = 0;
return { safe, calls, kept, told: told.map(([what, at]) => [what, at - began]),
  read: (await vault.get("draft", "a")).typed.n[0] };
"""


def test_one_call_that_fails_is_not_even_noticed(amanda: Modules):
    """C5: the Nth call of IndexedDB fails, for every N that storing five answers makes."""
    amanda.run(BREAK)
    for nth in range(1, 1000):
        found = amanda.run(TYPE, {"from": nth, "to": nth})
        assert (found["safe"], found["read"], found["kept"], found["told"]) == (True, f"{nth} 5", 0, []), nth
        if found["calls"] < nth:
            break
    assert nth > 20


def test_text_is_safe_and_it_is_said_when_the_store_stays_broken(amanda: Modules):
    """C5: from the Nth call on all fail; the spare copy has it, encrypted, and comes home later."""
    amanda.run(BREAK)
    for nth in range(1, 21):
        found = amanda.run(TYPE, {"from": nth, "to": 1_000_000})
        assert (found["safe"], found["read"], found["kept"]) == (True, f"{nth} 5", 1), nth
        assert found["told"][0][0] == "storage" and found["told"][0][1] < 1000, (nth, found)
        amanda.run("await database.takeBack()")
        assert amanda.run(
            "return [(await vault.get('draft', 'a')).typed.n[0], Object.keys(localStorage)]"
        ) == [
            f"{nth} 5",
            [],
        ]
    amanda.page.goto(BARE)
    assert amanda.run("return (await vault.get('draft', 'a')).typed.n[0]") == "20 5"


def test_a_store_that_never_answers_is_noticed_within_a_second(amanda: Modules):
    found = amanda.run(
        """const heard = new Promise((done) => {
          vault.watch(({ type, what }) => type === "trouble" && done(what));
        });
        await vault.current();
        const real = IDBTransaction.prototype.commit;
        IDBDatabase.prototype.transaction = ((transaction) => function (...said) {
          if (!globalThis.hang) return transaction.apply(this, said);
          const tx = transaction.apply(this, said); // kept busy, so that it never ends
          const store = tx.objectStore(tx.objectStoreNames[0]);
          (function spin() { if (globalThis.hang) store.get("x").onsuccess = spin; })();
          tx.commit = () => {};
          return tx;
        })(IDBDatabase.prototype.transaction);
        globalThis.hang = true;
        vault.put("draft", "a", { typed: { n: ["1"] } });
        // reading which vault is open, then storing, each waits 0.9 s
        const what = await Promise.race([heard, wait(2000)]);
        const kept = Object.keys(localStorage).length;
        globalThis.hang = false;
        return [what, kept];"""
    )
    assert found == ["storage", 1]


def test_a_store_that_is_slow_to_open_does_not_ask_for_the_password(amanda: Modules):
    """A tablet that has just been switched on; the page knows nothing yet of whose vault is open."""
    tab = another_tab(amanda)
    found = tab.run(
        """const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = function (...said) {
          const real = open.apply(this, said);
          return Object.assign(real, { addEventListener(type, heard) {
            const late = type === "success" ? (event) => setTimeout(heard, given, event) : heard;
            EventTarget.prototype.addEventListener.call(real, type, late);
          } });
        };
        return (await vault.current())?.owner != null;""",
        1200,
    )
    assert found


def test_what_a_spare_copy_has_never_replaces_something_newer(amanda: Modules):
    found = amanda.run(
        """await vault.put("draft", "a", { typed: { n: ["old"] } });
        const [record] = await stored("boxes");
        const packed = (value) => ({ bytes: bytes.base64(value) });
        const slot = `checker.spare boxes ${JSON.stringify([record.owner, "draft", "a"])}`;
        const old = JSON.stringify({ ...record, iv: packed(record.iv), box: packed(record.box) });
        await vault.put("draft", "a", { typed: { n: ["new"] } });
        localStorage.setItem("checker.spare boxes [1]", "{"); // a damaged one is in nobody's way
        localStorage.setItem(slot, old);
        const first = (await vault.get("draft", "a")).typed.n[0];
        await database.takeBack();
        return [first, (await vault.get("draft", "a")).typed.n[0], Object.keys(localStorage).length];"""
    )
    assert found == ["new", "new", 1]


def test_a_damaged_spare_copy_hides_nothing_of_how_it_stands(amanda: Modules):
    found = amanda.run(
        """await vault.put("draft", "a", { typed: {} });
        localStorage.setItem('checker.spare queue ["b"]', "{");
        localStorage.setItem('checker.spare boxes ["a"]', "{");
        return [(await queue.state()).drafts, (await vault.list("draft")).length];"""
    )
    assert found == [1, 1]


def test_a_clock_that_went_back_hides_no_later_answer(amanda: Modules):
    found = amanda.run(
        """await vault.put("draft", "a", { typed: { n: ["first"] } });
        const real = Date.now;
        Date.now = () => real() - 3 * 60_000;
        const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = () => { throw new DOMException("no", "UnknownError"); };
        await vault.put("draft", "a", { typed: { n: ["second"] } });
        IDBDatabase.prototype.transaction = transaction;
        await database.takeBack();
        return (await vault.get("draft", "a")).typed.n[0];"""
    )
    assert found == "second"


def test_a_full_device_still_takes_text_and_it_is_said(open_modules: OpenModules, site: Site):
    """Photos until no more fit, then text."""
    amanda = open_modules()
    tools = amanda.page.context.new_cdp_session(amanda.page)  # as long as it lives, the limit does
    tools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 1_500_000})
    amanda.run(
        MAKE + "await vault.settle(); globalThis.told = []; vault.watch((m) => told.push(m.what))",
        {"key": KEY},
    )
    assert amanda.run("return (await database.read('meta', 'ballast')).length") == 512 * 1024
    found = amanda.run(
        """let lost = 0;
        for (let n = 0; n < 4; n += 1) {
          const picture = new Uint8Array(700_000).map(() => Math.random() * 256);
          const full = ({ name }) => { lost += name === "QuotaExceededError"; };
          await vault.put("photo", `${n}`, picture).catch(full);
        }
        for (let n = 0; n < 5; n += 1) await vault.put("draft", `${n}`, { typed: { x: ["y".repeat(3000)] } });
        const ballast = Boolean(await database.read("meta", "ballast"));
        return [told, (await vault.list("draft")).length, ballast, lost > 0];"""
    )
    assert found[0][:1] == ["full"], found
    assert found[1:] == [5, False, True]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_the_limit_ends_is_noticed_though_no_request_hears_of_it(amanda: Modules, at_once: bool):
    """At the storage limit Chromium now and then tells the transaction alone; a page waited for ever."""
    found = amanda.run(
        """const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...said) {
          const asked = put.apply(this, said);
          for (const end of ["success", "error"]) {
            asked.addEventListener(end, (event) => event.stopImmediatePropagation());
          }
          queueMicrotask(() => this.transaction.abort());
          return asked;
        };
        IDBTransaction.prototype.commit = () => {};
        const record = { owner: "7", kind: "draft", id: "a", box: new Uint8Array(9), at: 1 };
        const unless = given ? null : async () => null;
        const written = database.write([["boxes", record]], [], unless).then(() => "safe");
        const ended = await Promise.race([written, wait(5000).then(() => "waits for ever")]);
        return [ended, database.spared("boxes", ["7", "draft", "a"])?.at ?? null];""",
        at_once,
    )
    assert found == ["safe", 1]


# --- versions ---


def test_a_newer_version_gets_the_database_at_once_and_what_is_typed_then_is_kept(amanda: Modules):
    """C7: an old page stands open while a newer one changes the store's form."""
    tab = another_tab(amanda)
    amanda.run(
        """await vault.put("draft", "a", { typed: { n: ["before"] } });
        globalThis.told = []; vault.watch((m) => told.push(m.what))"""
    )
    took = tab.run(
        """const began = Date.now();
        const db = await new Promise((done, fail) => {
          const asked = indexedDB.open("checker", 2);
          asked.onblocked = () => fail(new Error("an old page holds it up"));
          asked.onupgradeneeded = () => asked.result.createObjectStore("later");
          asked.onsuccess = () => done(asked.result);
          asked.onerror = fail;
        });
        const count = await new Promise((done) => {
          const asked = db.transaction("boxes").objectStore("boxes").count();
          asked.onsuccess = () => done(asked.result);
        });
        db.close();
        return [Date.now() - began, count];"""
    )
    assert took[0] < 2000 and took[1] == 2
    found = amanda.run(
        """await vault.put("draft", "a", { typed: { n: ["after"] } });
        return [told, (await vault.get("draft", "a")).typed.n[0], Object.keys(localStorage).length];"""
    )
    assert "newer" in found[0] and found[1:] == ["after", 1]


# --- seals ---


def test_the_script_seals_as_the_server_opens(amanda: Modules):
    """Every shared case both ways: its token, its seal opened here; a seal made here opened by the server."""
    keys = key_from(sealed.case_pem(CASES))
    for sample in CASES["samples"]:
        made = amanda.run(
            "return bytes.base64(await seal.seal(given.key, given.about, bytes.unbase64(given.content)))",
            {"key": KEY, **sample},
        )
        assert open_sealed(keys, b64decode(made), sample["about"]) == b64decode(sample["content"])
    visit = CASES["tokens"][0]["visit"]
    for token in CASES["tokens"]:
        made = amanda.run("return seal.signed(given, given.visit)", token)
        assert made == {"device": token["device"], "person": token["person"], "token": token["token"]}
    upload = {name: CASES["tokens"][0][name] for name in ("device", "person", "key")}
    made = amanda.run(
        "return bytes.base64(await seal.sealVisit(given.key, given.upload, given.visit, '{}'))",
        {"key": KEY, "upload": upload, "visit": visit},
    )
    content = json.loads(open_sealed(keys, b64decode(made), f"visit {visit}"))
    assert content["body"] == "{}" and content["upload"]["token"] == CASES["tokens"][0]["token"]


def test_the_vendored_script_is_the_published_one():
    from hashlib import sha256

    folder = Path(__file__).parents[2] / "checker" / "web" / "static" / "vendor"
    for file in folder.glob("*.js"):
        assert sha256(file.read_bytes()).hexdigest() in (folder / "README.md").read_text("utf-8")

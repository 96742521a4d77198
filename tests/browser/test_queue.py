"""What a tablet has sealed goes to the server exactly once, and only the server's receipt lets it go."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route
from uuid6 import uuid7

from checker.actions.judging import Way
from checker.actions.revoke_device import revoke_device
from checker.actions.submit_visit import Sender, submit_visit
from checker.sealing import open_sealed, seal_key
from checker.store import devices
from tests import people, sealed
from tests.browser.modules import BARE, Modules, bare_page, body_of, modules_in, sign_in
from tests.browser.proxy import Proxy
from tests.browser.site import Site
from tests.browser.tablets import until
from tests.picturing import picture
from tests.web.shopping import stored_body

pytestmark = pytest.mark.browser

BEGIN = """
const contact = await queue.contact();
const day = await (await fetch("/tablet/day", { headers: { Accept: "application/json" } })).json();
await vault.create({ email: given.email, password: given.password, person: day.upload.person,
  serverKey: contact.key, minutes: day.idle_minutes, language: "en", day });
await vault.put("day", "day", day);
"""

SEND = """
const { upload } = await vault.get("day", "day");
for (const body of given.bodies) {
  await vault.put("draft", body.id, { id: body.id, begin: {}, typed: { "context.emotion_after": ["Glad"] } });
  await queue.enqueue({ visit: body.id, body, upload: { ...upload, ...given.upload } });
}
await queue.flush({ force: true });
"""

STATE = """
const { visits, unsent, drafts } = await queue.state();
const named = Object.fromEntries(visits.map((one) => [one.visit, one]));
return { unsent, drafts, waiting: await queue.flush(), visits: named };
"""

TAPS = "POST /tablet/visits/"


@pytest.fixture
def mistakes() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def sam(chromium: Browser, site: Site, mistakes: list[str]) -> Iterator[Modules]:
    """Sam's tablet: signed in, the day in an open vault."""
    yield from tablet(site, chromium, mistakes)


def tablet(site: Site, chromium: Browser, mistakes: list[str], **options: Any) -> Iterator[Modules]:
    page = bare_page(site, chromium, mistakes, **options)
    made = modules_in(page)
    sign_in(page)
    made.run(BEGIN, {"email": "sam@example.org", "password": people.PASSWORD})
    yield made
    page.context.close()


def send(modules: Modules, *bodies: dict[str, Any], upload: dict[str, str] | None = None) -> Any:
    """Send visits, and say how all stands then."""
    return modules.run(SEND + STATE, {"bodies": bodies, "upload": upload or {}})


def body(**changes: Any) -> dict[str, Any]:
    return body_of(str(uuid7()), **changes)


def asked(page: Page) -> list[str]:
    """What this page's browser asks the server for, from now on."""
    requests: list[str] = []
    page.context.on("request", lambda one: requests.append(f"{one.method} /{one.url.split('/', 3)[3]}"))
    return requests


def arrived(site: Site, visit: str) -> list[str]:
    """The hash of each revision of a visit that the server has."""
    store = site.store()
    try:
        sql = """SELECT lower(hex(r.hash)) AS hash FROM visit_revision r JOIN visit v ON v.id = r.visit_id
                 WHERE v.uuid = :uuid"""
        return [row["hash"] for row in store.rows(sql, {"uuid": UUID(visit).bytes})]
    finally:
        store.close()


def told(answer: Any) -> dict[str, Any]:
    """An answer in the form that takes a note."""
    return answer if isinstance(answer, dict) else {"value": answer}


# --- once ---


def test_a_visit_goes_by_itself_and_leaves_only_its_receipt(sam: Modules, site: Site):
    one = body()
    state = send(sam, one)
    assert state["unsent"] == state["drafts"] == state["waiting"] == 0
    assert state["visits"][one["id"]]["state"] == "received"
    assert arrived(site, one["id"]) == [state["visits"][one["id"]]["hash"]]
    store = site.store()
    assert stored_body(store, UUID(one["id"]))["answers"]["first_words"] == "Good day"
    store.close()
    left = sam.run("return [(await stored('queue')).length, (await stored('boxes')).map(({ kind }) => kind)]")
    assert left == [0, ["day"]]


def test_it_goes_without_its_shopper(sam: Modules, site: Site):
    """The vault is locked, the session is over: what is sealed needs neither."""
    one = body()
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    assert send(sam, one)["waiting"] == 1
    sam.run("await vault.lock({ leave: true })")
    sam.page.context.unroute("**/tablet/visits/**")
    sam.page.context.clear_cookies()
    sam.page.goto(BARE)
    assert sam.run("await queue.flush({ force: true });" + STATE)["unsent"] == 0
    assert len(arrived(site, one["id"])) == 1


def test_two_tabs_and_a_double_tap_make_one_request(sam: Modules, site: Site):
    """C9: all at once, while the first is still under way."""
    tabs = [sam]
    for _ in range(2):
        page = sam.page.context.new_page()
        page.goto(BARE)
        tabs.append(Modules(page, sam.base))
    requests = asked(sam.page)
    held: list[Route] = []
    sam.page.context.route("**/tablet/visits/**", lambda route: held.append(route))
    one = body()
    both = """const { upload } = await vault.get("day", "day");
      const tap = () => queue.enqueue({ visit: given.id, body: given, upload });
      globalThis.sent = Promise.all([tap(), tap()]).then(() => queue.flush({ force: true }));"""
    for tab in tabs:
        tab.run(both, one)
    until(sam.page, lambda: held, "nothing was sent")
    for route in held:
        route.continue_()
    for tab in tabs:
        tab.page.evaluate("sent")
        assert tab.run(STATE)["visits"][one["id"]]["state"] == "received"
    assert [request for request in requests if request.startswith(TAPS)] == [f"{TAPS}{one['id']}"]
    assert len(arrived(site, one["id"])) == 1
    again = sam.run(both + "await sent;" + STATE, one)
    assert again["unsent"] == 0
    assert len([request for request in requests if request.startswith(TAPS)]) == 1, "its receipt is known"


def test_every_tab_hears_how_it_stands(sam: Modules):
    page = sam.page.context.new_page()
    page.goto(BARE)
    other = Modules(page, sam.base)
    other.run("globalThis.heard = []; vault.watch((message) => heard.push(message));")
    one = body()
    send(sam, one)
    page.wait_for_function("heard.some(({ type }) => type === 'received')")
    heard = page.evaluate("heard.map(({ type, visit }) => `${type} ${visit}`)")
    assert heard.index(f"sending {one['id']}") < heard.index(f"received {one['id']}")
    assert other.run(STATE)["visits"][one["id"]]["state"] == "received"


# --- a connection that breaks ---


def places(size: int, step: int, request: pytest.FixtureRequest) -> range:
    """Where to cut: at each step with --long, else at some."""
    return range(1, size, step if request.config.getoption("--long", False) else max(step, size // 6))


@pytest.fixture
def wire(site: Site) -> Iterator[Proxy]:
    made = Proxy(site.port)
    yield made
    made.close()


@pytest.fixture
def wired(chromium: Browser, site: Site, wire: Proxy, mistakes: list[str]) -> Iterator[Modules]:
    """Sam's tablet behind a connection that breaks."""
    yield from tablet(site, chromium, mistakes, base_url=wire.url)


def test_a_request_cut_anywhere_is_sent_again(
    wired: Modules, wire: Proxy, site: Site, request: pytest.FixtureRequest
):
    """C2, the way there: the server has nothing, so it goes again."""
    for place in places(12_000, 1024, request):
        one = body()
        for item in ("true_words", "felt", "paid", "yeses"):
            one["answers"][item] = {**told(one["answers"][item]), "note": "Good day. " * 380}
        wire.cut_request_after, wire.seen, wire.cuts = place, 0, 0
        state = send(wired, one)
        assert (wire.cuts > 0, state["waiting"], len(arrived(site, one["id"]))) == (True, 1, 0), place
        wire.cut_request_after = None
        state = wired.run("await queue.flush({ force: true });" + STATE)
        assert (state["unsent"], len(arrived(site, one["id"]))) == (0, 1), place


def test_a_reply_cut_anywhere_is_asked_for_again(
    wired: Modules, wire: Proxy, site: Site, request: pytest.FixtureRequest
):
    """C2, the way back: the server has it, the tablet does not know; it goes again and stays one."""
    for place in places(900, 100, request):
        one = body()
        wire.cut_reply_after, wire.seen, wire.cuts = place, 0, 0
        send(wired, one)
        if not wire.cuts:
            break  # the reply is shorter
        assert len(arrived(site, one["id"])) == 1, place
        assert wired.run("return (await stored('queue')).length") == 1, place
        wire.cut_reply_after = None
        state = wired.run("await queue.flush({ force: true });" + STATE)
        assert (state["unsent"], len(arrived(site, one["id"]))) == (0, 1), place
    assert place > 300


# --- every other answer ---

RECEIPT = {"id": "{id}", "manifest_hash": "0" * 64, "received_at": "2026-10-14T12:00:00.000Z"}
PAGE = "<!doctype html><title>Welcome to our free network</title><form>"

ANSWERS: dict[str, tuple[dict[str, Any], str, tuple[int, str]]] = {
    "200, but another's hash": ({"status": 200, "json": RECEIPT}, "waiting", (200, "not_ours")),
    "200, but another's id": ({"status": 200, "json": {**RECEIPT, "id": "x"}}, "waiting", (200, "not_ours")),
    "200, an empty object": ({"status": 200, "json": {}}, "waiting", (200, "not_ours")),
    "200, null": ({"status": 200, "json": None}, "waiting", (200, "not_ours")),
    "200, half an object": (
        {"status": 200, "body": '{"id": "', "content_type": "application/json"},
        "waiting",
        (200, "not_ours"),
    ),
    "200, a captive portal": (
        {"status": 200, "body": PAGE, "content_type": "text/html"},
        "waiting",
        (200, "not_ours"),
    ),
    "204": ({"status": 204}, "waiting", (204, "not_ours")),
    "302 to a sign-in page": ({"status": 302, "headers": {"Location": "/login"}}, "waiting", (0, "offline")),
    "400": ({"status": 400, "json": {"code": "body.json", "title": "No"}}, "attention", (400, "body.json")),
    "401": ({"status": 401, "json": {"code": "session.over"}}, "waiting", (401, "session.over")),
    "403 of a portal": (
        {"status": 403, "body": PAGE, "content_type": "text/html"},
        "waiting",
        (403, "not_ours"),
    ),
    "403 of a proxy": (
        {"status": 403, "json": {"code": "request.other_site"}},
        "waiting",
        (403, "request.other_site"),
    ),
    "404 of ours": ({"status": 404, "json": {"code": "not_found"}}, "attention", (404, "not_found")),
    "404 of a portal": (
        {"status": 404, "body": PAGE, "content_type": "text/html"},
        "waiting",
        (404, "not_ours"),
    ),
    "413 of a proxy": (
        {"status": 413, "body": PAGE, "content_type": "text/html"},
        "attention",
        (413, "not_ours"),
    ),
    "422": ({"status": 422, "json": {"code": "visit.refused"}}, "attention", (422, "visit.refused")),
    "426": ({"status": 426, "json": {"code": "tablet.too_old"}}, "waiting", (426, "tablet.too_old")),
    "429": ({"status": 429, "json": {"code": "tablet.pace"}}, "waiting", (429, "tablet.pace")),
    "500": ({"status": 500, "json": {"code": "server.error"}}, "waiting", (500, "server.error")),
    "502 of a proxy": (
        {"status": 502, "body": PAGE, "content_type": "text/html"},
        "waiting",
        (502, "not_ours"),
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_but_the_receipt_lets_a_visit_go(sam: Modules, site: Site, name: str):
    """C3: kept in every case, said in every case, and sent when the server answers again."""
    answer, state, problem = ANSWERS[name]
    one = body()
    answer = json.loads(json.dumps(answer).replace("{id}", one["id"]))
    sam.run("globalThis.heard = []; vault.watch((message) => heard.push(message));")
    sam.page.context.route("**/tablet/visits/**", lambda route: route.fulfill(**answer))
    found = send(sam, one)["visits"][one["id"]]
    heard = sam.page.evaluate(
        "heard.filter(({ problem }) => problem).map(({ type, problem }) => [type, problem])"
    )
    said = {"status": problem[0], "code": problem[1]}
    assert found["state"] == state
    assert found["problem"] == (None if problem[0] == 0 else said)  # no network is no news of this visit
    assert ["attention" if state == "attention" else "later", said] in heard
    assert sam.run("return (await vault.get('draft', given)).typed", one["id"]), "the draft is there too"
    sam.page.context.unroute("**/tablet/visits/**")
    again = "await queue.retry(given);" if state == "attention" else "await queue.flush({ force: true });"
    assert sam.run(again + STATE, one["id"])["unsent"] == 0
    assert len(arrived(site, one["id"])) == 1


def test_other_words_under_the_same_id_need_attention(sam: Modules, site: Site):
    """409 of the real server; its words are kept, encrypted, for the page. Photos of both go."""
    each = photo(9, 60)
    one = with_photos(sam, body(), [each])
    sam.page.context.route("**/photos/**", lambda route: route.abort())
    send(sam, one)
    sam.page.context.unroute("**/photos/**")
    other = {**one, "service_level": "low"}
    state = send(sam, other)["visits"][one["id"]]
    assert photos_of(site, one["id"]) == [sha256(each).hexdigest()]
    assert (state["state"], state["problem"]) == ("attention", {"status": 409, "code": "visit.other_content"})
    words = sam.run("return vault.get('problem', given)", one["id"])
    assert words["code"] == "visit.other_content" and words["title"]
    assert "already" not in sam.dump() or words["title"] not in sam.dump()
    assert len(arrived(site, one["id"])) == 1


def test_faults_need_attention_and_correcting_them_sends(sam: Modules, site: Site):
    one = body(branch="B999")
    state = send(sam, one)["visits"][one["id"]]
    assert (state["state"], state["problem"]["status"]) == ("attention", 422)
    faults = sam.run("return vault.get('problem', given)", one["id"])["faults"]
    assert [fault["place"] for fault in faults] == ["branch"]
    assert send(sam, {**one, "branch": "B001"})["visits"][one["id"]]["state"] == "received"
    assert len(arrived(site, one["id"])) == 1


AT_ONCE = """
const { upload } = await vault.get("day", "day");
const over = () => queue.enqueue({ visit: given.id, body: given, upload });
"""


def test_what_is_put_right_during_a_try_is_not_lost_to_its_answer(sam: Modules, site: Site):
    """The first try is refused for good while the second, which is right, has just been sealed."""
    one = body(branch="B999")
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, one)
    sam.page.context.unroute("**/tablet/visits/**")
    state = sam.run(
        AT_ONCE
        + """const problem = { status: 409, code: "tablet.other_key" };
        await database.act("queue", "readwrite", async ({ store }) =>
          store.put({ ...(await store.get(given.id)), state: "attention", problem }));
        const real = globalThis.fetch;
        globalThis.fetch = async (path, said) => {
          if (!path.startsWith("/tablet/visits/")) return real(path, said);
          globalThis.fetch = real;
          const answer = await real(path, said);
          await over();
          return answer;
        };
        await queue.flush({ force: true });
        await queue.flush({ force: true });"""
        + STATE,
        {**one, "branch": "B001"},
    )
    assert state["visits"][one["id"]]["state"] == "received"
    assert arrived(site, one["id"]) == [state["visits"][one["id"]]["hash"]]


def test_what_is_put_right_goes_though_the_database_did_not_take_it(sam: Modules, site: Site):
    """The spare copy is newer than what was refused and lies in the database."""
    one = body(branch="B999")
    send(sam, one)
    state = sam.run(
        AT_ONCE
        + """const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...said) {
          if (this.name === "queue") throw new DOMException("broken", "UnknownError");
          return put.apply(this, said);
        };
        await over();
        IDBObjectStore.prototype.put = put;
        await queue.flush({ force: true });"""
        + STATE,
        {**one, "branch": "B001"},
    )
    assert state["visits"][one["id"]]["state"] == "received"
    assert len(arrived(site, one["id"])) == 1


def test_a_token_of_somebody_else_needs_attention(sam: Modules, site: Site):
    one = body()
    key = b64encode(bytes(32)).decode()
    state = send(sam, one, upload={"key": key})["visits"][one["id"]]
    assert (state["state"], state["problem"]) == ("attention", {"status": 403, "code": "tablet.token"})
    assert arrived(site, one["id"]) == []


def test_what_was_refused_goes_when_it_is_thrown_away(sam: Modules):
    """Else it would be unsent for ever, and could be sent again by mistake."""
    one = body(branch="B999")
    assert send(sam, one)["visits"][one["id"]]["state"] == "attention"
    throw = "const { throwAway } = await import(`${base}/sync.js`); await throwAway(given);"
    state = sam.run(throw + STATE, {"id": one["id"], "device": "tablet"})
    assert (state["unsent"], state["visits"]) == (0, {})


def test_too_large_for_the_server_needs_attention(sam: Modules):
    one = body()
    one["answers"]["first_words"] = "x" * (2 * 1024 * 1024)
    state = send(sam, one)["visits"][one["id"]]
    assert (state["state"], state["problem"]["status"]) == ("attention", 413)


EXPORT = "const { exportUnsent } = await import(`${base}/unsent.js`); return (await exportUnsent()).text()"

OTHER_KEY = """
const server = await database.read("meta", "server");
await database.act("meta", "readwrite", (tx) => tx.store.put({ ...server, key: given }, "server"));
"""


def test_a_server_with_another_key_gets_it_sealed_anew(sam: Modules, site: Site):
    cases = sealed.cases()
    sam.run(OTHER_KEY, {"id": cases["key_id"], "spki": cases["spki"]})
    one = body()
    assert send(sam, one)["visits"][one["id"]]["state"] == "received"
    assert len(arrived(site, one["id"])) == 1


def test_while_the_vault_is_locked_another_key_needs_attention(sam: Modules, site: Site):
    cases = sealed.cases()
    sam.run(OTHER_KEY, {"id": cases["key_id"], "spki": cases["spki"]})
    one = body()
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, one)
    sam.run("await vault.lock()")
    sam.page.context.unroute("**/tablet/visits/**")
    sam.run("await queue.flush({ force: true })")
    record = sam.run("return (await stored('queue')).map(({ state, problem }) => [state, problem.code])")
    assert record == [["attention", "tablet.other_key"]]
    sam.run(
        """await vault.open({ email: given.email, password: given.password, minutes: 30, language: "en" });
        await queue.flush({ force: true });""",
        {"email": "sam@example.org", "password": people.PASSWORD},
    )
    assert len(arrived(site, one["id"])) == 1


def test_one_that_the_server_cannot_take_does_not_hold_the_others(sam: Modules, site: Site):
    each = photo(10, 60)
    bodies = [*(body() for _ in range(5)), with_photos(sam, body(), [each])]
    sick = [one["id"] for one in bodies[:3]]
    sam.page.context.route(
        "**/tablet/visits/**",
        lambda route: (
            route.fulfill(status=500, json={"code": "server.error"})
            if route.request.url.rsplit("/", 1)[1] in sick
            else route.continue_()
        ),
    )
    sam.run(SEND, {"bodies": bodies, "upload": {}})
    sam.run("await queue.flush({ force: true });")
    assert [len(arrived(site, one["id"])) for one in bodies] == [0, 0, 0, 1, 1, 1]
    assert photos_of(site, bodies[-1]["id"]) == [sha256(each).hexdigest()]


def test_a_server_that_asks_for_time_gets_it(sam: Modules):
    """429 with Retry-After: not even somebody's tap asks sooner; then it goes."""
    requests = asked(sam.page)
    sam.page.context.route(
        "**/tablet/visits/**",
        lambda route: route.fulfill(status=429, json={"code": "tablet.pace"}, headers={"Retry-After": "600"}),
    )
    send(sam, body(), body(), body())
    assert len([one for one in requests if one.startswith(TAPS)]) == 1
    sam.page.context.unroute("**/tablet/visits/**")
    sam.run("await queue.flush({ force: true });")
    assert len([one for one in requests if one.startswith(TAPS)]) == 1
    hold = "await database.act('meta', 'readwrite', (tx) => tx.store.put(Date.now() + given, 'hold'));"
    sam.run(hold, 2 * 60 * 60_000)  # as it looks when the device's clock was put back
    assert sam.run("await queue.flush({ force: true });" + STATE)["unsent"] == 0
    sam.run(hold, 10 * 60_000)
    assert send(sam, body())["waiting"] == 1
    sam.run(hold, 0)  # its time is over
    assert sam.run("await queue.flush({ force: true });" + STATE)["unsent"] == 0


def test_waiting_grows_and_stays_within_five_minutes(sam: Modules):
    waits = sam.run("return Array.from({ length: 12 }, (_, n) => queue.backOff(n));")
    assert all(wait <= 5 * 60_000 * 1.25 for wait in waits)
    assert 1500 <= waits[0] <= 2500 and waits[11] >= 5 * 60_000 * 0.75
    assert len({sam.run("return queue.backOff(3)") for _ in range(5)}) > 1, "not all tablets at once"


def test_it_goes_by_itself_when_the_server_is_back(sam: Modules, site: Site):
    """No tap, no event: the timer alone."""
    one = body()
    sam.page.clock.install()
    sam.run("await queue.start()")
    site.stop()
    try:
        assert send(sam, one)["waiting"] == 1
    finally:
        site.start()
    sam.page.clock.fast_forward("00:30")
    until(sam.page, lambda: arrived(site, one["id"]), "it did not go by itself")
    assert len(arrived(site, one["id"])) == 1


# --- photos ---


def photo(number: int = 0, size: int = 700) -> bytes:
    return picture(size, size, noise=True, quality=90) + bytes([number])


def with_photos(modules: Modules, one: dict[str, Any], pictures: list[bytes]) -> dict[str, Any]:
    """Puts pictures into the vault as kept-photos.js does, and lists them in the visit."""
    hashes = [sha256(each).hexdigest() for each in pictures]
    for each, name in zip(pictures, hashes, strict=True):
        modules.run(
            """await vault.put("photo", given.id, bytes.unbase64(given.bytes));
            await vault.put("thumb", given.id, new Uint8Array(3));""",
            {"id": f"{one['id']} {name}", "bytes": b64encode(each).decode()},
        )
    return {**one, "photos": [{"item": "picture", "sha256": name} for name in hashes]}


def photos_of(site: Site, visit: str) -> list[str]:
    """The hashes of the photos that the server has of a visit, as they were sent."""
    store = site.store()
    try:
        sql = """SELECT lower(hex(p.sent_hash)) AS hash FROM photo p JOIN visit v ON v.id = p.visit_id
                 WHERE v.uuid = :uuid AND p.received_at IS NOT NULL"""
        return sorted(row["hash"] for row in store.rows(sql, {"uuid": UUID(visit).bytes}))
    finally:
        store.close()


def test_photos_follow_their_visit_in_pieces(sam: Modules, site: Site):
    requests = asked(sam.page)
    pictures = [photo(1), photo(2)]
    one = with_photos(sam, body(), pictures)
    state = send(sam, one)
    assert (state["unsent"], state["visits"][one["id"]]["photos"]) == (0, 0)
    assert photos_of(site, one["id"]) == sorted(sha256(each).hexdigest() for each in pictures)
    assert sam.run(
        "return [(await stored('photos')).length, (await stored('boxes')).map(({ kind }) => kind)]"
    ) == [
        0,
        ["day"],
    ]
    puts = [each for each in requests if each.startswith("PUT")]
    assert len(puts) == sum(-(-(len(each) + 428) // (128 * 1024)) for each in pictures), puts
    assert requests.index(f"{TAPS}{one['id']}") < requests.index(puts[0])


def test_a_photo_goes_on_where_it_broke_off(
    wired: Modules, wire: Proxy, site: Site, request: pytest.FixtureRequest
):
    """Cut in its second piece, then anywhere: what the server has is not sent again."""
    wire.marks = (b"PUT /tablet/visits/",)
    each = photo(size=1600)  # more than all the cuts together let through
    one = with_photos(wired, body(), [each])
    for place in places(100_000, 10 * 1024, request):
        wire.cut_request_after = place
        send(wired, one) if place == 1 else wired.run("await queue.flush({ force: true })")
    wire.cut_request_after = None
    requests = asked(wired.page)
    wired.run("await queue.flush({ force: true })")
    assert photos_of(site, one["id"]) == [sha256(each).hexdigest()]
    first = next(line for line in requests if line.startswith("PUT"))
    assert "offset=0&" not in first
    assert wired.run("return (await stored('photos')).length") == 0


def test_a_photo_that_was_sealed_to_another_key_is_sealed_anew(sam: Modules, site: Site):
    """The key was replaced while the photo waited and its owner was away; it goes when they are back."""
    cases = sealed.cases()
    each = photo(5)
    one = with_photos(sam, body(), [each])
    sam.page.context.route("**/photos/**", lambda route: route.abort())
    assert send(sam, one)["visits"][one["id"]]["photos"] == 1
    sam.page.context.route("**/tablet/contact", lambda route: route.abort())
    sam.run(OTHER_KEY + "await queue.flush({ force: true });", {"id": cases["key_id"], "spki": cases["spki"]})
    sam.run("await vault.lock()")
    sam.page.context.unroute("**/photos/**")
    sam.page.context.unroute("**/tablet/contact")
    sam.run("await queue.flush({ force: true })")
    assert photos_of(site, one["id"]) == []
    problems = sam.run("return Object.values(await database.read('meta', 'photos')).map(({ code }) => code)")
    assert problems == ["tablet.other_key"]
    sam.run(
        """await vault.open({ email: given.email, password: given.password, minutes: 30, language: "en" });
        await queue.flush({ force: true });""",
        {"email": "sam@example.org", "password": people.PASSWORD},
    )
    assert photos_of(site, one["id"]) == [sha256(each).hexdigest()]
    assert sam.run("return (await queue.state()).visits.map(({ state }) => state)") == ["received"]
    kinds = "return [(await stored('photos')).length, (await stored('boxes')).map(({ kind }) => kind)]"
    assert sam.run(kinds) == [0, ["day"]]


def test_a_photo_is_in_the_file_once_though_it_lies_here_twice(sam: Modules):
    one = with_photos(sam, body(), [photo(6, 60)])
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, one)
    assert len(json.loads(sam.run(EXPORT))["photos"]) == 1


def test_what_is_damaged_keeps_nothing_else_out_of_the_file(sam: Modules):
    one = with_photos(sam, body(), [photo(14, 60)])
    sam.run("await vault.put('draft', given, { id: given, begin: {}, typed: {} });", one["id"])
    sam.run(
        """const [{ owner, ...box }] = await stored("boxes");
        for (const kind of ["draft", "photo"]) {
          await vault.act("boxes", "readwrite", (tx) => tx.store.put({ ...box, owner, kind, id: "damaged" }));
        }"""
    )
    made = json.loads(sam.run(EXPORT))
    assert [len(made[part]) for part in ("drafts", "photos")] == [1, 1]


def test_a_photo_that_is_none_needs_attention_and_stays(sam: Modules, site: Site):
    one = with_photos(sam, body(), [b"no picture at all"])
    state = send(sam, one)["visits"][one["id"]]
    assert (state["state"], state["photos"], state["problem"]["status"]) == ("attention", 1, 422)
    assert len(arrived(site, one["id"])) == 1
    assert sam.run("return (await queue.state()).unsent") == 1


HERE = """
const boxes = (await stored("boxes")).filter(({ kind }) => kind === "photo");
return [boxes.map(({ id }) => id.split(" ")[1]).sort(), (await stored("photos")).length];
"""


def test_photos_follow_a_visit_that_another_device_has_sent(sam: Modules, site: Site):
    """It was begun here, with two photos; the phone has sent it with one of them. Drafts keep theirs."""
    listed, other, drafts_own = photo(11, 60), photo(12, 60), photo(13, 60)
    gone, begun = with_photos(sam, body(), [listed, other]), with_photos(sam, body(), [drafts_own])
    sent = {**gone, "photos": gone["photos"][:1]}
    store = site.store()
    shopper = people.sam(store).id
    sender = Sender(Way.FORM, person_id=shopper, shopper_id=shopper)
    submit_visit(store, sent, sender=sender, now=datetime.now(UTC))
    store.close()
    drafts = [{"id": gone["id"], "begun": True, "gone": "sent"}, {"id": begun["id"]}]
    sam.run("for (const draft of given) await vault.put('draft', draft.id, draft);", drafts)
    sam.run("await queue.flush({ force: true })")
    assert photos_of(site, gone["id"]) == [sha256(listed).hexdigest()]
    names = sorted(sha256(each).hexdigest() for each in (other, drafts_own))
    assert sam.run(HERE) == [names, 0]
    assert sam.run("return (await queue.state()).visits.map(({ state }) => state)") == ["draft", "draft"]


# --- the device ---


def device_of(modules: Modules, site: Site) -> Any:
    store = site.store()
    uuid = modules.run("return (await vault.get('day', 'day')).upload.device")
    row = devices.find(store, UUID(uuid))
    store.close()
    return row


def test_a_revoked_device_sends_what_it_has_and_forgets_the_rest(sam: Modules, site: Site):
    """What is sealed and was refused stays: nobody can read it, and it is not lost."""
    one, refused = body(), body(branch="B999")
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, one, refused)
    sam.page.context.unroute("**/tablet/visits/**")
    store = site.store()
    device = device_of(sam, site)["id"]
    revoke_device(store, device_id=device, by=people.ada(store).id, now=datetime.now(UTC))
    store.close()
    sam.page.goto(BARE)
    sam.run("globalThis.heard = []; vault.watch(({ type }) => heard.push(type));")
    sam.run("await queue.flush({ force: true })")
    assert len(arrived(site, one["id"])) == 1
    left = sam.run("return [await stored('vaults'), await stored('boxes'), await vault.current()]")
    assert left == [[], [], None]
    assert sam.run("return (await stored('queue')).map(({ visit }) => visit)") == [refused["id"]]
    assert "revoked" in sam.page.evaluate("heard")


def test_a_tablet_that_lost_its_store_is_noticed(sam: Modules, site: Site):
    """C6: the browser cleared everything between Send and sending."""
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, body())
    sam.run("await queue.contact()")
    assert device_of(sam, site)["unsent"] == 1
    tools = sam.page.context.new_cdp_session(sam.page)
    tools.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": "indexeddb,local_storage"})
    sam.page.goto(BARE)
    assert sam.run("return queue.contact()")["missing"] == 1
    assert sam.run("return queue.contact()")["missing"] == 1, "until somebody has seen it"
    assert sam.run("return queue.shownMissing(1)")["missing"] == 0
    assert sam.run("return queue.contact()")["missing"] == 0


def test_what_is_unsent_can_be_carried_away_in_a_file(sam: Modules, site: Site):
    each = photo(3, 60)
    one, two = with_photos(sam, body(), [each]), body()
    sam.page.context.route("**/tablet/visits/**", lambda route: route.abort())
    send(sam, one)
    draft = {"id": two["id"], "begin": {"branch": "B001"}, "typed": {"answers.hello": ["yes"]}, "sequence": 0}
    sam.run("await vault.put('draft', given.id, given)", draft)
    damaged = """await vault.put(given, "x", new Uint8Array(9));
    await database.act("boxes", "readwrite", async ({ store }) => {
      const [of] = (await store.getAll()).filter(({ id }) => id === "x" );
      await store.put({ ...of, box: new Uint8Array(20), id: "y" });
      await store.delete([of.owner, of.kind, "x"]);
    });"""
    for kind in ("photo", "draft"):
        sam.run(damaged, kind)  # and holds up nothing else
    file = json.loads(sam.run(EXPORT))
    keys = seal_key(site.instance)
    assert file["format"] == "checker-unsent/1"
    (visit,) = file["visits"]
    content = json.loads(open_sealed(keys, b64decode(visit["sealed"]), f"visit {one['id']}"))
    assert sha256(content["body"].encode()).hexdigest() == visit["hash"]
    (taken,) = file["photos"]
    name = f"photo {one['id']} {taken['sha256']}"
    assert open_sealed(keys, b64decode(taken["sealed"]), name) == each
    drafts = {held["id"]: held for held in file["drafts"]}
    assert list(drafts) == sorted([one["id"], two["id"]])
    content = json.loads(open_sealed(keys, b64decode(drafts[two["id"]]["sealed"]), f"draft {two['id']}"))
    assert content["draft"] == {name: draft[name] for name in ("id", "begin", "typed")}
    assert content["upload"]["token"]
    parts = [*file["visits"], *file["photos"], *file["drafts"]]
    opaque = b"".join(b64decode(part.pop("sealed")) for part in parts)  # as letters it may spell anything
    for plain in ("Good day", "Sam", "B001"):
        assert plain not in json.dumps(file) and plain.encode() not in opaque

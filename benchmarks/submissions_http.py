"""Visits received per second through HTTP, beside django-survey-and-report 1.5.0 from PyPI.

    python -m benchmarks.submissions_http [SECONDS PER TURN] [ROUNDS]

Each is gunicorn with two workers; they take turns in every round, so that the machine's moods meet all:

- api:      Checker, `POST /api/v1/visits` with a key: read, checked, scored, stored with every figure
- form:     Checker, a signed-in shopper without JavaScript: begin, save and review, send (three posts)
- shipped:  the peer as its documentation sets it up
- best:     the peer with WAL, FULL and one transaction per request

The peer answers anonymous visitors (a signed-in one may answer a survey once) and scores nothing, which is
to its advantage. Every answer must be a success, and the rows stored are counted in each database after
each turn. A ratio counts when every round agrees with it. The peer is installed into a virtual environment
of its own, for this run.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from benchmarks.submissions import CHECKLIST, body, fill_places, fsync_median, read_checklist
from checker.actions.add_person import add_person
from checker.actions.issue_token import issue_token
from checker.actions.publish_checklist import publish_checklist
from checker.actions.set_password import set_password
from checker.config import load
from checker.passwords import Passwords
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate

HERE = Path(__file__).parent
PEER = "django-survey-and-report==1.5.0"
CLIENTS = 8
PREPARED = 8_000
"""Visits made before each turn; more than any server takes in it."""
LIMITS = (
    ("api", "shipped", "requests", 30.0),
    ("api", "best", "requests", 3.0),
    ("form", "shipped", "requests", 30.0),
    ("form", "shipped", "visits", None),  # told, not promised: three of our requests make one visit
    ("form", "best", "visits", 3.0),
)
SHOPPERS = 8
PASSWORD = "a quiet walk through town"  # noqa: S105

Send = Callable[[http.client.HTTPConnection, int], None]


@dataclass(slots=True)
class Way:
    """One of the four: where it listens, how one visit is sent, how the stored ones are counted."""

    port: int
    send: Send
    prepare: Callable[[], None]
    """Make what will be sent before the clock starts: client and server share the processors."""
    count: Callable[[], int]
    requests: int = 1
    """How many requests one visit takes."""


def main(seconds: float = 4.0, rounds: int = 5) -> None:
    """Start the servers, run the rounds, print the table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name, ExitStack() as stack:
        folder = Path(name)
        python = peer_python(folder / "peer")
        ways = {
            **checker_ways(folder, stack),
            "shipped": peer_way(folder, stack, python, port=8733, best=False),
            "best": peer_way(folder, stack, python, port=8734, best=True),
        }
        rates: dict[str, list[float]] = {way: [] for way in ways}
        fsync_us = []
        for number in range(rounds):
            fsync_us.append(fsync_median(folder))
            order = list(ways)[number % 4 :] + list(ways)[: number % 4]
            for way in order:
                rates[way].append(turn(ways[way], seconds))
        fsync = statistics.median(fsync_us)
        print(f"{rounds} rounds of {seconds:g} s, {CLIENTS} clients; write and fsync {fsync:.0f} µs")
        for way, values in rates.items():
            middle, span = statistics.median(values), f"{min(values):.1f} to {max(values):.1f}"
            requests = middle * ways[way].requests
            print(f"{way:<10} {middle:8.1f} visits/s   ({span}), {requests:.1f} requests/s")
        for ours, theirs, unit, limit in LIMITS:
            per_visit = ways[ours].requests if unit == "requests" else 1
            ratios = [a * per_visit / b for a, b in zip(rates[ours], rates[theirs], strict=True)]
            held = "held in every round" if limit and min(ratios) >= limit else "NOT held in every round"
            told = "no limit" if limit is None else f"limit {limit:g}: {held}"
            middle, span = statistics.median(ratios), f"{min(ratios):.1f} to {max(ratios):.1f}"
            print(f"{ours} / {theirs:<8} {unit:<9} {middle:8.1f} ×  ({span}), {told}")


def turn(way: Way, seconds: float) -> float:
    """Send for some seconds; visits per second, counted in the database."""
    way.prepare()
    before, began = way.count(), perf_counter()
    failures: list[BaseException] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", way.port, timeout=60)
        try:
            while perf_counter() - began < seconds:
                way.send(connection, number)
            connection.close()
        except BaseException as failure:  # noqa: BLE001 - told by the main thread
            failures.append(failure)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = perf_counter() - began
    if failures:
        raise failures[0]
    return (way.count() - before) / took


# --- Checker ------------------------------------------------------------------------------------------------


def checker_ways(folder: Path, stack: ExitStack) -> dict[str, Way]:
    """One Checker server, used through its API and through its form."""
    instance = folder / "instance"
    create_or_migrate(instance / "checker.sqlite", folder)
    store = open_store(instance / "checker.sqlite")
    key = people(store, instance)
    stack.callback(store.close)
    stack.enter_context(
        server(
            [sys.executable, "-m", "gunicorn"],
            "benchmarks.ours:app",
            8731,
            {"CHECKER_INSTANCE": str(instance)},
        )
    )

    def count() -> int:
        return int(store.value("SELECT count(*) FROM visit"))

    shoppers = [Shopper(number) for number in range(SHOPPERS)]

    def prepare_forms() -> None:
        for shopper in shoppers:
            shopper.prepare()

    return {
        "api": Way(8731, *api_sender(key), count=count),
        "form": Way(
            8731, lambda link, number: shoppers[number].visit(link), prepare_forms, count, requests=3
        ),
    }


def people(store: Store, instance: Path) -> str:
    """Branches and staff, one administrator with a key to the API, shoppers with passwords; returns the
    key.
    """
    from benchmarks.submissions import NOW

    publish_checklist(store, read_checklist(), by=None, now=NOW)
    fill_places(store)
    admin = add_person(
        store, email="admin@example.org", name="Ada", role="admin", language="en", by=None, now=NOW
    )
    passwords = Passwords(load(instance))
    for number in range(SHOPPERS):
        email = f"shopper{number}@example.org"
        person = add_person(
            store, email=email, name=f"Sam {number}", role="shopper", language="en", by=admin, now=NOW
        )
        set_password(store, person_id=person, password=PASSWORD, passwords=passwords, by=admin, now=NOW)
    return issue_token(store, name="measuring", person_id=admin, scopes=["visits:write"], by=admin, now=NOW)


def api_sender(key: str) -> tuple[Send, Callable[[], None]]:
    """Posts a visit of 30 answers; and how to make visits beforehand."""
    checklist, rng = read_checklist(), random.Random(7)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    ready: list[str] = []

    def prepare() -> None:
        ready.extend(json.dumps(body(checklist, rng)) for _ in range(PREPARED - len(ready)))

    def send(connection: http.client.HTTPConnection, _number: int) -> None:
        connection.request("POST", "/api/v1/visits", ready.pop(), headers)
        require(connection.getresponse(), 201)

    return send, prepare


class Shopper:
    """Signs in once, begins a visit, and sends its form again and again (each time a new visit)."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.connection = http.client.HTTPConnection("127.0.0.1", 8731, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.rng = random.Random(number)
        self.checklist = read_checklist()
        self.ready: list[str] = []

    def prepare(self) -> None:
        """Sign in, and fill forms beforehand."""
        if not self.token:
            self.sign_in()
        self.ready.extend(urlencode(self.typed()) for _ in range(PREPARED // SHOPPERS - len(self.ready)))

    def visit(self, connection: http.client.HTTPConnection) -> None:
        """Begin, save with review, send: what a browser without JavaScript posts."""
        self.connection = connection
        begun = self.post("/visits", {"branch": "B000", "checklist": f"{self.checklist.id}"}, 303)
        path = begun.split("?")[0]
        more = {"sequence": "0", "device": "measuring", "do": "review"}
        reviewed = self.post(path, more, 303, self.ready.pop())
        assert reviewed.endswith("/review"), reviewed
        self.post(f"{path}/send", {"sequence": "1"}, 303)

    def typed(self) -> dict[str, str]:
        """The form's inputs for a visit."""
        sent = body(self.checklist, self.rng)
        inputs = {
            "visited_at.date": sent["visited_at"][:10],
            "visited_at.time": "12:30",
            "service_level": "standard",
        }
        for item in self.checklist.items:
            given = sent["answers"].get(item.id)
            if given is not None:
                inputs |= self.typed_answer(item.id, item.type, given)
        return inputs

    def typed_answer(self, item: str, kind: str, given: object) -> dict[str, str]:
        """One answer as the form types it."""
        if kind == "yes_no_na":
            return {f"answers.{item}": "n/a" if given == "na" else str(given)}
        if kind == "duration" and given != "never":
            return {f"answers.{item}": "time", f"answers.{item}.seconds": str(given)}
        return {f"answers.{item}": str(given)}

    def sign_in(self) -> None:
        """Over the login page, as everybody does."""
        page = self.get("/login")
        self.token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        self.post("/login", {"email": f"shopper{self.number}@example.org", "password": PASSWORD}, 303)
        self.token = re.findall(r'name="csrf_token" value="([^"]+)"', self.get("/"))[0]

    def get(self, path: str) -> str:
        """A page's text."""
        return self.ask("GET", path, None, 200)[1]

    def post(self, path: str, inputs: dict[str, str], status: int, ready: str = "") -> str:
        """Where a post leads; `ready` are inputs that were encoded beforehand."""
        own = urlencode(inputs | {"csrf_token": self.token})
        return self.ask("POST", path, f"{ready}&{own}" if ready else own, status)[0]

    def ask(self, method: str, path: str, sent: str | None, status: int) -> tuple[str, str]:
        """One request, with the cookies kept."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request(method, path, sent, headers)
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        text = require(answer, status)
        return answer.headers.get("Location", ""), text


# --- the peer -----------------------------------------------------------------------------------------------


def peer_python(folder: Path) -> Path:
    """A virtual environment with the peer in it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER, "gunicorn==27.0.1"], check=True)  # noqa: S603
    return python


def peer_way(folder: Path, stack: ExitStack, python: Path, *, port: int, best: bool) -> Way:
    """One peer server with a survey of 30 questions."""
    database = folder / f"peer-{port}.sqlite"
    variables = {"PEER_DATABASE": str(database), "PEER_BEST": "1" if best else ""}
    filled = subprocess.run(  # noqa: S603
        [python, "fill.py"],
        cwd=HERE / "peer",
        env=os.environ | variables,
        check=True,
        capture_output=True,
        text=True,
    )
    survey = json.loads(filled.stdout)
    stack.enter_context(
        server([str(python), "-m", "gunicorn"], "wsgi:application", port, variables, HERE / "peer")
    )

    def count() -> int:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            answers, responses = (
                connection.execute(f"SELECT count(*) FROM survey_{table}").fetchone()[0]  # noqa: S608
                for table in ("answer", "response")
            )
        finally:
            connection.close()
        assert answers == 30 * responses, (answers, responses)
        return int(responses)

    return Way(port, *peer_sender(survey), count=count)


def peer_sender(survey: dict[str, object]) -> tuple[Send, Callable[[], None]]:
    """Posts the survey's form; Django's CSRF check wants a cookie and the same token in the form."""
    rng = random.Random(7)
    ready: list[str] = []
    token = "x" * 32
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    path = f"/survey/{survey['survey']}/"
    questions: list[tuple[int, str, str | None]] = survey["questions"]  # type: ignore[assignment]

    def answer(kind: str, choices: str | None) -> str:
        if kind == "integer":
            return str(rng.randrange(60))
        return rng.choice(choices.split(",")) if choices else "The shelves were easy to read."

    def filled() -> str:
        inputs = {f"question_{key}": answer(kind, choices) for key, kind, choices in questions}
        return urlencode(inputs | {"csrfmiddlewaretoken": token})

    def prepare() -> None:
        ready.extend(filled() for _ in range(PREPARED // 10 - len(ready)))

    def send(connection: http.client.HTTPConnection, _number: int) -> None:
        connection.request("POST", path, ready.pop(), headers)
        require(connection.getresponse(), 302)

    return send, prepare


# --- what both need -----------------------------------------------------------------------------------------


@contextmanager
def server(
    command: list[str], app: str, port: int, variables: dict[str, str], folder: Path | None = None
) -> Iterator[None]:
    """Gunicorn with two workers of four threads, until the block ends."""
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen([*command, *options, app], env=os.environ | variables, cwd=folder)  # noqa: S603
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    """Until somebody answers on the port."""
    for _attempt in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError(f"nobody answers on port {port}")


def require(answer: http.client.HTTPResponse, status: int) -> str:
    """The answer's text, when it has the wanted status."""
    text = answer.read().decode()
    if answer.status != status:
        words = " ".join(re.sub("<[^>]*>", " ", text).split())
        raise AssertionError(f"{answer.status} instead of {status}: {words[-1000:]}")
    return text


if __name__ == "__main__":
    assert CHECKLIST.exists()
    main(*map(float, sys.argv[1:2]), *map(int, sys.argv[2:3]))

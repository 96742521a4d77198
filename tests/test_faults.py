"""What may go wrong around a submission, and that nothing acknowledged is lost by it."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from pysqlite3 import dbapi2 as sqlite3
from sqlite_utils import Database

from checker import create_app
from checker.actions.issue_token import SCOPES, issue_token
from checker.actions.verify_store import verify
from checker.problem import Problem
from checker.store import photo_files, visits
from checker.store.connection import Store, connected, open_store
from checker.store.people import Person
from tests import people
from tests.browsing import signed_in_as
from tests.making_store import GOOD, publish
from tests.picturing import picture
from tests.serving import Served, free_port

CLIENTS = 16
IDS = 20
KILLS = 15


@pytest.fixture
def token(store: Store) -> str:
    """A key of Sam's, who sends; `shop` is published."""
    sam = people.sam(store)
    publish(store)
    return issue_token(
        store, name="tablet", person_id=sam.id, scopes=SCOPES, by=people.ada(store).id, now=datetime.now(UTC)
    )


@contextmanager
def served(instance: Path, twin: str = "") -> Iterator[Served]:
    server = Served(instance, free_port(), twin)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def body(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="seconds"),
        "answers": dict(GOOD),
        **changes,
    }


def nothing_is_wrong(store: Store) -> None:
    """Integrity, references, every stored figure, and no visit without its parts."""
    assert verify(store) == []
    assert store.value("SELECT count(*) FROM visit") == store.value("SELECT count(*) FROM visit_revision")
    halves = "SELECT count(*) FROM visit WHERE (SELECT count(*) FROM answer WHERE visit_id = visit.id) <> 6"
    assert store.value(halves) == 0


# --- the same id from many at once (A4) -------------------------------------------------------------------


def test_many_clients_with_one_id_make_one_visit(instance: Path, store: Store, token: str):
    """Half of the ids come with the same body from everybody, half with another from each."""
    sent = []
    for index in range(IDS):
        first = body()
        for client in range(CLIENTS):
            remark = "" if index % 2 else f"as client {client} saw it"
            sent.append({**first, "answers": {**GOOD, "remark": remark}})
    random.Random(4).shuffle(sent)
    with served(instance) as server, ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda one: (one, *server.ask("POST", "/api/v1/visits", one, token)), sent))
    for id in {one["id"] for one in sent}:
        found = [(one, status, said) for one, status, said in answers if one["id"] == id]
        statuses = Counter(status for _, status, _ in found)
        same = len({one["answers"]["remark"] for one, _, _ in found}) == 1
        assert statuses == {201: 1, (200 if same else 409): CLIENTS - 1}
        row = visits.find(store, UUID(id))
        assert row is not None
        assert {said["manifest_hash"] for _, status, said in found if status < 300} == {row["hash"]}
        kept = store.value("SELECT count(*) FROM visit_conflict WHERE visit_id = :id", {"id": row["id"]})
        assert kept == (0 if same else CLIENTS - 1), "what was refused is kept beside it"
    assert store.value("SELECT count(*) FROM visit") == IDS
    nothing_is_wrong(store)


# --- writers that read first (A5) -------------------------------------------------------------------------


def contend(path: Path, threads: int = 6, turns: int = 25) -> tuple[int, int]:
    """Everybody reads a number and writes it plus one, again and again: (what it came to, faults)."""
    start, faults = threading.Barrier(threads), []

    def work() -> None:
        mine = open_store(path)
        start.wait()
        for _ in range(turns):
            try:
                with mine.write():
                    now = int(mine.value("SELECT value FROM setting WHERE name = 'turns'"))
                    time.sleep(0.0005)
                    mine.db.execute("UPDATE setting SET value = :n WHERE name = 'turns'", {"n": str(now + 1)})
            except sqlite3.OperationalError as fault:
                faults.append(fault)
        mine.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    mine = open_store(path)
    found = int(mine.value("SELECT value FROM setting WHERE name = 'turns'"))
    mine.close()
    return found, len(faults)


@pytest.fixture
def turns(store: Store) -> Path:
    with store.write():
        store.add("setting", {"name": "turns", "value": "0"})
    return store.path


def test_writers_wait_for_each_other_and_lose_nothing(turns: Path):
    assert contend(turns) == (150, 0)


def test_its_twin_that_begins_deferred_and_never_waits_fails(turns: Path, monkeypatch: pytest.MonkeyPatch):
    def begun(self: Store) -> Database:
        self._writer = self._writer or connected(self.path)
        self._writer.execute("BEGIN")
        return self._writer

    monkeypatch.setattr(Store, "_begun", begun)
    monkeypatch.setattr(Store, "in_line", lambda self: nullcontext())
    found, faults = contend(turns)
    assert found < 150 and faults > 0


# --- killed at any moment (B1) ----------------------------------------------------------------------------


class Senders:
    """Clients that send one visit after another and remember which were acknowledged."""

    def __init__(self, server: Served, token: str, clients: int = 4) -> None:
        self.server, self.token = server, token
        self.acknowledged: dict[str, str] = {}
        self._over = threading.Event()
        self._workers = [threading.Thread(target=self._work) for _ in range(clients)]

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                status, said = self.server.ask("POST", "/api/v1/visits", body(), self.token)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.02)  # it is down; a tablet tries again
                continue
            if status in (200, 201):
                self.acknowledged[said["id"]] = said["manifest_hash"]

    def __enter__(self) -> Senders:
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for worker in self._workers:
            worker.join()


def lost(store: Store, acknowledged: dict[str, str]) -> list[str]:
    """The acknowledged visits that are not there as they were acknowledged."""
    found = {id: visits.find(store, UUID(id)) for id in acknowledged}
    return [id for id, row in found.items() if row is None or row["hash"] != acknowledged[id]]


def test_whatever_is_killed_every_acknowledged_visit_is_there(instance: Path, store: Store, token: str):
    moments = random.Random(15)
    with served(instance) as server, Senders(server, token) as senders:
        for kill in range(KILLS):
            time.sleep(moments.uniform(0.05, 0.4))
            if kill % 2:
                server.kill_a_worker()
            else:
                server.kill()
                server.start()
        time.sleep(0.3)
    assert len(senders.acknowledged) > KILLS
    assert lost(store, senders.acknowledged) == []
    nothing_is_wrong(store)
    with served(instance) as server:
        assert server.ask("POST", "/api/v1/visits", body(), token)[0] == 201


def test_its_twin_that_answers_before_it_stores_loses_visits(instance: Path, store: Store, token: str):
    with served(instance, "answers-before-it-stores") as server, Senders(server, token) as senders:
        time.sleep(0.4)
        server.kill()
    assert senders.acknowledged
    assert lost(store, senders.acknowledged) != []


# --- a photo's file and its row (B5) ------------------------------------------------------------------------


class Photographers(Senders):
    """Clients that send a visit with a photo, then the photo; `acknowledged` are photos, by visit."""

    def _work(self) -> None:
        while not self._over.is_set():
            given = picture(40, 30, colour=(random.randrange(256), random.randrange(256), 9))
            sent_hash = sha256(given).hexdigest()
            sent = body(photos=[{"item": "tidy", "sha256": sent_hash}])
            try:
                self.server.ask("POST", "/api/v1/visits", sent, self.token)
                status, said = self._put(f"/api/v1/visits/{sent['id']}/photos/{sent_hash}", given)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.02)
                continue
            if status in (200, 201):
                self.acknowledged[sent["id"]] = said["stored_sha256"]

    def _put(self, path: str, given: bytes) -> tuple[int, Any]:
        door = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {self.token}"}
        try:
            door.request("PUT", path, given, headers)
            answer = door.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            door.close()


def photo_faults(store: Store) -> list[str]:
    return [fault.code for fault in verify(store) if fault.code.startswith("verify.photo")]


def test_whatever_is_killed_no_photo_is_named_without_its_file(instance: Path, store: Store, token: str):
    moments = random.Random(5)
    with served(instance) as server, Photographers(server, token) as senders:
        for kill in range(10):
            time.sleep(moments.uniform(0.05, 0.4))
            if kill % 2:
                server.kill_a_worker()
            else:
                server.kill()
                server.start()
        time.sleep(0.3)
    assert len(senders.acknowledged) > 10
    for stored_hash in senders.acknowledged.values():
        assert photo_files.digest(store, stored_hash) == stored_hash
    nothing_is_wrong(store)


def test_its_twin_that_names_a_photo_before_it_is_written_is_noticed(
    instance: Path, store: Store, token: str
):
    with served(instance, "names-before-it-writes") as server, Photographers(server, token) as senders:
        time.sleep(0.4)
        server.kill()
    assert senders.acknowledged
    assert photo_faults(store) != []


# --- a full disk (B4) -------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes whatever room is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        for size in (65_536, 4_096, 1):
            try:
                while stream.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
    return ballast


@dataclass
class SmallServer:
    """An app over an instance on the small disk, asked as Sam by the API."""

    store: Store
    app: Flask
    ada: Person
    headers: dict[str, str]

    def post(self, sent: dict[str, Any]) -> Any:
        return self.app.test_client().post("/api/v1/visits", json=sent, headers=self.headers)

    def put_photo(self, visit: str, given: bytes) -> Any:
        address = f"/api/v1/visits/{visit}/photos/{sha256(given).hexdigest()}"
        headers = {**self.headers, "Content-Type": "image/jpeg"}
        return self.app.test_client().put(address, data=given, headers=headers)


@pytest.fixture
def small(small_disk: Path, empty_database: Path) -> Iterator[SmallServer]:
    shutil.copy(empty_database, small_disk / "checker.sqlite")
    store = open_store(small_disk / "checker.sqlite")
    sam, ada = people.sam(store), people.ada(store)
    publish(store)
    now = datetime.now(UTC)
    key = issue_token(store, name="t", person_id=sam.id, scopes=SCOPES, by=ada.id, now=now)
    app = create_app(small_disk, **people.CHEAP)
    yield SmallServer(store, app, ada, {"Authorization": f"Bearer {key}"})
    app.extensions["checker.stores"].close()
    store.close()


def test_a_nearly_full_disk_takes_answers_and_no_more_pictures(small: SmallServer, small_disk: Path):
    """Of 6 MB the last 300 KB are for answers; a picture waits where it is until there is room."""
    given = picture(40, 30)
    sent = [body(photos=[{"item": "tidy", "sha256": sha256(given).hexdigest()}]) for _ in range(2)]
    assert small.post(sent[0]).status_code == 201
    ballast = fill(small_disk)
    os.truncate(ballast, ballast.stat().st_size - 250_000)
    assert small.post(sent[1]).status_code == 201
    refused = small.put_photo(sent[1]["id"], given)
    assert (refused.status_code, refused.get_json()["code"]) == (507, "store.full")
    assert "nearly full" in refused.get_json()["detail"]
    with pytest.raises(Problem, match="nearly full"):  # the first bytes of one that comes in pieces
        photo_files.receive(small.store, UUID(sent[1]["id"]), sha256(given).hexdigest(), 0, given[:9])
    assert "disk is nearly full" in signed_in_as(small.app, small.ada).get("/admin/").text
    nothing_is_wrong(small.store)
    ballast.unlink()
    assert small.put_photo(sent[1]["id"], given).status_code == 201


def test_a_full_disk_is_said_and_nothing_is_half_stored(small: SmallServer, small_disk: Path):
    store, post = small.store, small.post
    assert post(body()).status_code == 201
    ballast = fill(small_disk)
    sent = [body(answers={**GOOD, "remark": "x" * 2_000}) for _ in range(60)]
    answers = [post(one) for one in sent]
    refused = [one for one, answer in zip(sent, answers, strict=True) if answer.status_code != 201]
    assert refused, "the disk was not full"
    for answer in answers:
        if answer.status_code != 201:
            assert (answer.status_code, answer.mimetype) == (507, "application/problem+json")
            assert answer.get_json()["code"] == "store.full"
            assert "manifest_hash" not in answer.text
    for one in refused:
        assert visits.find(store, UUID(one["id"])) is None
    nothing_is_wrong(store)
    ballast.unlink()
    for one in refused:
        assert post(one).status_code == 201
    assert store.value("SELECT count(*) FROM visit") == 61
    nothing_is_wrong(store)

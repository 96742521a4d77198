"""Actions: who finds them, and what becomes of those from before they had an id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pysqlite3 import dbapi2 as sqlite3
from sqlite_utils import Database

from checker.store import plans
from checker.store.migrations import migrations
from tests.making_store import ADDED_AT, Shop
from tests.making_store import shop as made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with made(tmp_path) as it:
        yield it


def put(shop: Shop, branch: str | None = None, region: str | None = None) -> UUID:
    uuid = uuid4()
    region_id = shop.store.value("SELECT id FROM region WHERE code = :code", {"code": region})
    with shop.store.write():
        shop.store.add(
            "action",
            {
                "uuid": uuid.bytes,
                "programme_id": 1,
                "branch_id": shop.branches.get(branch or ""),
                "region_id": region_id,
                "what": "x",
                "owner": "x",
                "due_on": "2026-10-20",
                "measured_by": "x",
                "created_at": ADDED_AT,
            },
        )
    return uuid


SEES = {
    "B1": {"mara", "lee", "lena", "rea", "ada"},
    "B3": {"bo", "lee", "rea", "ada"},
    "north": {"lee", "lena", "rea", "ada"},
    "south": {"lee", "rea", "ada"},
    "network": {"lee", "rea", "ada"},
}


def test_who_sees_the_place_sees_its_actions(shop: Shop):
    uuids = {
        "B1": put(shop, branch="B1"),
        "B3": put(shop, branch="B3"),
        "north": put(shop, region="north"),
        "south": put(shop, region="south"),
        "network": put(shop),
    }
    for place, uuid in uuids.items():
        found = {
            name
            for name, key in shop.people.items()
            if plans.find_for(shop.store, uuid, person_id=key) is not None
        }
        assert found == SEES[place], place
    for name, key in shop.people.items():
        listed = {UUID(bytes=row["uuid"]) for row in plans.list_for(shop.store, person_id=key, limit=9)}
        assert listed == {uuid for place, uuid in uuids.items() if name in SEES[place]}, name


def test_who_cannot_sign_in_any_more_sees_none(shop: Shop):
    uuids = [put(shop, branch="B1"), put(shop, region="north"), put(shop)]
    with shop.store.write():
        shop.store.db.execute("UPDATE person SET disabled_at = 1")
    for uuid in uuids:
        for key in shop.people.values():
            assert plans.find_for(shop.store, uuid, person_id=key) is None


def test_an_action_has_one_place_at_most(shop: Shop):
    with pytest.raises(sqlite3.IntegrityError):
        put(shop, branch="B1", region="north")


def test_actions_from_before_are_kept_by_the_migration(tmp_path: Path):
    connection = sqlite3.connect(str(tmp_path / "old.sqlite"), isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    db = Database(connection)
    migrations.apply(db, stop_before="m004_actions")
    db.execute("INSERT INTO person (email, name, role, created_at) VALUES ('a@example.org', 'A', 'admin', 1)")
    db.execute("INSERT INTO region (code, name) VALUES ('R1', 'North')")
    for region, closed in ((1, None), (None, 1_790_000_000)):
        db.execute(
            "INSERT INTO action (programme_id, region_id, what, owner, due_on, created_by, created_at, "
            "closed_at) VALUES (1, ?, 'Smile', 'All', '2026-10-01', 1, 1780000000, ?)",
            [region, closed],
        )
    migrations.apply(db)
    rows = db.execute(
        "SELECT length(uuid), region_id, what, owner, due_on, state, closed_on FROM action ORDER BY id"
    ).fetchall()
    assert rows == [
        (16, 1, "Smile", "All", "2026-10-01", "open", None),
        (16, None, "Smile", "All", "2026-10-01", "done", "2026-09-21"),
    ]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []

"""The engine, the locks and the one way to write."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite3

from checker.problem import Problem
from checker.store import backup, series, trail
from checker.store.connection import Store, connected, engine_is_safe, open_store, require_safe_engine
from checker.store.migrations import migrations
from checker.store.upgrade import create_or_migrate

WRITERS, WRITES = 4, 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A fresh database."""
    create_or_migrate(tmp_path / "checker.sqlite", tmp_path / "backups")
    return tmp_path / "checker.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The same, open."""
    opened = open_store(path)
    yield opened
    opened.close()


class TestEngine:
    @pytest.mark.parametrize(
        "version", [(3, 40, 1), (3, 51, 1), (3, 51, 2), (3, 50, 6), (3, 44, 5), (3, 49, 9)]
    )
    def test_an_engine_that_can_lose_visits_is_refused(self, version: tuple[int, int, int]) -> None:
        assert not engine_is_safe(version)
        with pytest.raises(Problem) as refusal:
            require_safe_engine(version)
        assert refusal.value.code == "store.unsafe_engine"

    @pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (3, 50, 7), (3, 44, 6), (4, 0, 0)])
    def test_a_repaired_engine_is_taken(self, version: tuple[int, int, int]) -> None:
        require_safe_engine(version)

    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)],
    )
    def test_both_connections_are_safe(self, store: Store, pragma: str, value: object) -> None:
        assert store.value(f"PRAGMA {pragma}") == value
        with store.write():
            assert store.value(f"PRAGMA {pragma}") == value


class TestWriting:
    def test_nothing_is_written_outside_a_transaction(self, store: Store) -> None:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            trail.add(store, person_id=None, act="test", at=1)

    def test_all_or_nothing(self, store: Store) -> None:
        with pytest.raises(RuntimeError), store.write():
            trail.add(store, person_id=None, act="test", at=1)
            raise RuntimeError
        assert store.value("SELECT count(*) FROM trail") == 0

    def test_an_inner_block_that_fails_takes_back_only_itself(self, store: Store) -> None:
        with store.write():
            trail.add(store, person_id=None, act="outer", at=1)
            with pytest.raises(RuntimeError), store.write():
                trail.add(store, person_id=None, act="inner", at=1)
                raise RuntimeError
        assert [row["act"] for row in store.rows("SELECT act FROM trail")] == ["outer"]

    def test_what_is_written_is_read_inside_and_after(self, store: Store) -> None:
        with store.write():
            trail.add(store, person_id=None, act="test", at=1)
            assert store.value("SELECT count(*) FROM trail") == 1
        assert store.value("SELECT count(*) FROM trail") == 1

    def test_what_was_kept_of_a_transaction_taken_back_is_forgotten(self, store: Store) -> None:
        with pytest.raises(RuntimeError), store.write():
            store.frozen["version", 1] = "never published"
            raise RuntimeError
        assert store.frozen == {}

    def test_a_series_made_in_a_transaction_taken_back_is_made_again(self, store: Store) -> None:
        key_for = partial(series.key_for, programme_id=1, checklist_id=1, method="mystery_shopping")
        with store.write():
            store.add("checklist", {"code": "shop"})
            with pytest.raises(RuntimeError), store.write():  # a part of it, and the rest goes on
                key_for(store)
                raise RuntimeError
            key = key_for(store)
        assert store.value("SELECT id FROM series") == key
        with store.write():
            assert key_for(store) == key

    def test_writers_stand_in_line_and_lose_nothing(self, path: Path, store: Store) -> None:
        """Each reads, then writes: begun without IMMEDIATE most of them would fail at once."""
        processes = [multiprocessing.Process(target=count_up, args=(path,)) for _ in range(WRITERS)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * WRITERS
        assert store.value("SELECT max(at) FROM trail") == WRITERS * WRITES

    def test_a_stranger_who_holds_the_database_is_waited_for_and_then_named(
        self, path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("checker.store.connection.BUSY_MS", 10)
        stranger = connected(path)
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(Problem) as refusal, store.write():
            pass
        assert (refusal.value.code, refusal.value.status) == ("store.busy", 503)
        stranger.execute("ROLLBACK")
        stranger.close()
        with store.write():
            trail.add(store, person_id=None, act="test", at=1)


def count_up(path: Path) -> None:
    """Add one to the largest number, many times."""
    store = open_store(path)
    for _ in range(WRITES):
        with store.write():
            largest = store.value("SELECT ifnull(max(at), 0) FROM trail")
            trail.add(store, person_id=None, act="count", at=largest + 1)
    store.close()


class TestOpening:
    def test_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(Problem) as refusal:
            open_store(tmp_path / "nothing.sqlite")
        assert refusal.value.code == "store.missing"

    def test_a_newer_one_is_refused(self, path: Path) -> None:
        stranger = connected(path)
        row = {"migration_set": "checker", "name": "m999_later", "applied_at": "2030-01-01"}
        stranger["_sqlite_migrations"].insert(row)  # type: ignore[union-attr]
        stranger.close()
        for attempt in (lambda: open_store(path), lambda: create_or_migrate(path, path.parent)):
            with pytest.raises(Problem) as refusal:
                attempt()
            assert refusal.value.code == "store.newer"

    def test_an_older_one_is_copied_verified_and_brought_up_to_date(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = open_store(path)
        with store.write():
            trail.add(store, person_id=None, act="before", at=1)
        store.close()
        later = list(migrations._migrations)
        monkeypatch.setattr(migrations, "_migrations", later)
        migrations(name="m999_later")(lambda db: db.execute("CREATE TABLE later (id INTEGER) STRICT"))  # type: ignore[arg-type]
        with pytest.raises(Problem) as refusal:
            open_store(path)
        assert refusal.value.code == "store.outdated"

        assert create_or_migrate(path, tmp_path / "backups") == ["m999_later"]

        updated = open_store(path)
        assert updated.value("SELECT count(*) FROM later") == 0
        assert updated.value("SELECT act FROM trail") == "before"
        updated.close()
        (copy,) = (tmp_path / "backups").iterdir()
        assert backup.check_database(copy) == 0

    def test_a_second_time_changes_nothing(self, path: Path) -> None:
        assert create_or_migrate(path, path.parent) == []

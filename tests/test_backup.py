"""Backups: whole, checked, taken while others write; restored as they were, or refused."""

from __future__ import annotations

import json
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.actions import back_up as backing_up
from checker.actions.back_up import back_up
from checker.actions.restore import restore
from checker.problem import Problem
from checker.store import tallies
from checker.store.backup import require_unused
from checker.store.connection import Store, open_store
from tests.making_store import Shop, shop

NOW = datetime(2026, 10, 20, 12, 0, 5, tzinfo=UTC)
NAME = "checker.sqlite"
KEY = "f" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The instance: what lies beside the database, and what does not belong to it."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "secret_key").write_text(KEY)
    (folder / "tablet-key.pem").write_text("sealed to this")
    (folder / "config.toml").write_text('zone = "Europe/Helsinki"\n')
    (folder / "photos" / "ab").mkdir(parents=True)
    (folder / "photos" / "ab" / "abcd.jpg").write_bytes(bytes(range(256)))
    (folder / "photos" / "ab" / "half.part").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    return folder


@pytest.fixture
def made(folder: Path) -> Iterator[Shop]:
    with shop(folder) as opened:
        opened.send()
        yield opened


@pytest.fixture(params=["kept.zip", "kept"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the backup goes: a .zip file, a folder."""
    return tmp_path / "backups" / str(request.param)


def code(problem: pytest.ExceptionInfo[Problem]) -> str:
    assert str(problem.value)
    return problem.value.code


def names(place: Path) -> set[str]:
    if place.is_dir():
        return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    with zipfile.ZipFile(place) as archive:
        return set(archive.namelist())


def damage(place: Path, name: str) -> None:
    """Change one byte of one file of a backup."""
    if place.is_dir():
        content = bytearray((place / name).read_bytes())
        content[len(content) // 2] ^= 1
        (place / name).write_bytes(content)
        return
    with zipfile.ZipFile(place) as archive:
        contents = {one: archive.read(one) for one in archive.namelist()}
    changed = bytearray(contents[name])
    changed[len(changed) // 2] ^= 1
    contents[name] = bytes(changed)
    with zipfile.ZipFile(place, "w") as archive:
        for one, content in contents.items():
            archive.writestr(one, content)


def test_a_backup_holds_everything_and_only_that(made: Shop, place: Path) -> None:
    done = back_up(made.store, place, now=NOW)
    assert names(place) == {
        *(NAME, "secret_key", "tablet-key.pem", "config.toml", "photos/ab/abcd.jpg", "backup.json")
    }
    assert (done.files, done.visits) == (5, 1)
    assert [path.name for path in place.parent.iterdir()] == [place.name]  # nothing unfinished stays
    assert place.stat().st_mode & 0o077 == 0


def test_what_is_restored_is_what_was_kept(made: Shop, place: Path, tmp_path: Path) -> None:
    back_up(made.store, place, now=NOW)
    made.send()
    elsewhere = tmp_path / "elsewhere"
    done = restore(place, elsewhere, database=NAME, now=NOW)
    assert (done.visits, done.files, done.made_at, done.aside) == (1, 5, NOW.isoformat(), None)
    assert (elsewhere / "secret_key").read_text() == KEY
    assert (elsewhere / "secret_key").stat().st_mode & 0o077 == 0
    assert (elsewhere / "tablet-key.pem").read_text() == "sealed to this"
    assert (elsewhere / "tablet-key.pem").stat().st_mode & 0o077 == 0
    assert (elsewhere / "photos" / "ab" / "abcd.jpg").read_bytes() == bytes(range(256))
    store = open_store(elsewhere / NAME)
    assert store.value("SELECT count(*) FROM visit") == 1
    assert tallies.differences(store) == []
    store.close()


def test_a_backup_is_taken_while_others_write(made: Shop, folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    sent = 0

    def keep_sending() -> None:
        nonlocal sent
        writer = Shop(open_store(folder / NAME), made.people, made.branches, made.employees)
        while not stop.is_set():
            writer.send()
            sent += 1
        writer.store.close()

    thread = threading.Thread(target=keep_sending)
    thread.start()
    try:
        while sent < 3:
            time.sleep(0.01)
        before = sent
        done = back_up(made.store, tmp_path / "kept.zip", now=NOW)
    finally:
        stop.set()
        thread.join()
    assert done.visits >= 1 + before - 1
    restore(tmp_path / "kept.zip", tmp_path / "elsewhere", database=NAME, now=NOW)
    store = open_store(tmp_path / "elsewhere" / NAME)
    assert store.value("SELECT count(*) FROM visit") == done.visits
    assert tallies.differences(store) == []
    store.close()


def test_nothing_that_exists_is_written_over(made: Shop, place: Path) -> None:
    back_up(made.store, place, now=NOW)
    with pytest.raises(Problem) as problem:
        back_up(made.store, place, now=NOW)
    assert code(problem) == "backup.exists"


def test_a_copy_that_reads_back_differently_does_not_count(
    made: Shop, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_digest = backing_up.digest_of
    monkeypatch.setattr(
        backing_up, "digest_of", lambda path: "0" * 64 if "instance" in path.parts else true_digest(path)
    )
    with pytest.raises(Problem) as problem:
        back_up(made.store, place, now=NOW)
    assert code(problem) == "backup.damaged"
    assert list(place.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_to(made: Shop) -> None:
    with pytest.raises(Problem) as problem:
        back_up(made.store, Path("/proc/kept.zip"), now=NOW)
    assert code(problem) == "backup.unwritable"


def test_an_instance_is_only_replaced_when_that_is_meant(folder: Path, place: Path) -> None:
    with shop(folder) as made:
        made.send()
        back_up(made.store, place, now=NOW)
        made.send()
    with pytest.raises(Problem) as problem:
        restore(place, folder, database=NAME, now=NOW)
    assert code(problem) == "restore.exists"
    done = restore(place, folder, database=NAME, force=True, now=NOW)
    assert done.visits == 1
    assert done.aside == folder / "replaced-20261020T120005"
    old = open_store(done.aside / NAME)
    assert old.value("SELECT count(*) FROM visit") == 2
    old.close()
    assert (done.aside / "secret_key").read_text() == KEY
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / ".restoring").exists()


def test_a_backup_of_before_there_were_tablets_leaves_their_key_in_place(folder: Path, place: Path) -> None:
    """What waits on tablets is sealed to it."""
    key = folder / "tablet-key.pem"
    key.unlink()
    with shop(folder) as made:
        back_up(made.store, place, now=NOW)
    key.write_text("made since")
    done = restore(place, folder, database=NAME, force=True, now=NOW)
    assert done.aside is not None and (done.aside / "tablet-key.pem").read_text() == "made since"
    assert key.read_text() == "made since"


def test_a_database_that_is_open_is_not_replaced(made: Shop, folder: Path, place: Path) -> None:
    back_up(made.store, place, now=NOW)
    with pytest.raises(Problem) as problem:
        restore(place, folder, database=NAME, force=True, now=NOW)
    assert code(problem) == "store.in_use"
    assert made.store.value("SELECT count(*) FROM visit") == 1
    assert not list(folder.glob("replaced-*"))


def test_a_damaged_database_may_be_replaced(folder: Path, place: Path) -> None:
    with shop(folder) as made:
        back_up(made.store, place, now=NOW)
    (folder / NAME).write_bytes(b"no database at all" * 100)
    require_unused(folder / NAME)
    assert restore(place, folder, database=NAME, force=True, now=NOW).visits == 0


@pytest.mark.parametrize("name", [NAME, "secret_key", "photos/ab/abcd.jpg"])
def test_one_wrong_byte_is_found_before_anything_is_touched(
    made: Shop, place: Path, tmp_path: Path, name: str
) -> None:
    back_up(made.store, place, now=NOW)
    damage(place, name)
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(Problem) as problem:
        restore(place, elsewhere, database=NAME, now=NOW)
    assert code(problem) == "backup.damaged"
    assert list(elsewhere.iterdir()) == []


def listing(place: Path, **changes: object) -> None:
    """Change the list of a backup that is a folder."""
    path = place / "backup.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "photos/../../outside", "checker.py", "a\\..\\b", ""]
)
def test_a_list_that_leads_outside_is_refused(made: Shop, tmp_path: Path, name: str) -> None:
    place = tmp_path / "kept"
    back_up(made.store, place, now=NOW)
    files = json.loads((place / "backup.json").read_text())["files"]
    listing(place, files={**files, name: "0" * 64})
    with pytest.raises(Problem) as problem:
        restore(place, tmp_path / "elsewhere", database=NAME, now=NOW)
    assert code(problem) == "restore.no_backup"
    assert not (tmp_path / "outside").exists()


def test_what_is_no_backup_is_refused(made: Shop, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    back_up(made.store, place, now=NOW)
    (tmp_path / "text.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a", "b")
    (tmp_path / "empty").mkdir()
    broken = [tmp_path / name for name in ("text.zip", "other.zip", "empty", "none.zip")]
    listing(place, format=99)
    for source in [*broken, place]:
        with pytest.raises(Problem) as problem:
            restore(source, tmp_path / "elsewhere", database=NAME, now=NOW)
        assert code(problem) == "restore.no_backup", source
    listing(place, format=1, files=["checker.sqlite"])
    with pytest.raises(Problem) as problem:
        restore(place, tmp_path / "elsewhere", database=NAME, now=NOW)
    assert code(problem) == "restore.no_backup"


def test_a_backup_of_a_newer_checker_is_refused(made: Shop, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    back_up(made.store, place, now=NOW)
    newer = Store(place / NAME)
    with newer.write():
        row = {"migration_set": "checker", "name": "m999_later", "applied_at": ""}
        newer.add("_sqlite_migrations", row)
    newer.close()
    files = json.loads((place / "backup.json").read_text())["files"]
    listing(place, files={**files, NAME: backing_up.digest_of(place / NAME)})
    with pytest.raises(Problem) as problem:
        restore(place, tmp_path / "elsewhere", database=NAME, now=NOW)
    assert code(problem) == "store.newer"


def test_another_name_for_the_database(made: Shop, place: Path, tmp_path: Path) -> None:
    back_up(made.store, place, now=NOW)
    restore(place, tmp_path / "elsewhere", database="shops.sqlite", now=NOW)
    store: Store = open_store(tmp_path / "elsewhere" / "shops.sqlite")
    assert store.value("SELECT count(*) FROM visit") == 1
    store.close()

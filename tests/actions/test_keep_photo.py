"""Photos arrive after their visits: once, whole, and never a row without its file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from checker.actions import keep_photo as keeping
from checker.actions.back_up import back_up
from checker.actions.correct_visit import correct_visit
from checker.actions.keep_photo import PhotoReceipt, keep_photo, keep_sealed_photo
from checker.actions.sweep_photos import Swept, sweep_photos
from checker.actions.verify_store import verify
from checker.problem import Problem
from checker.sealing import seal_key
from checker.store import photo_files, photos, trail, visits
from checker.store.connection import Store
from tests.making_store import NOW, Shop
from tests.picturing import picture
from tests.sealed import seal as sealed

ROOT = Path(__file__).parents[2]
ONE, OTHER = picture(80, 60), picture(80, 60, colour=(20, 30, 200))
HASH, OTHER_HASH = (sha256(given).hexdigest() for given in (ONE, OTHER))


def listing(*hashes: str, item: str = "tidy") -> list[dict[str, str]]:
    return [{"item": item, "sha256": one} for one in hashes]


@pytest.fixture
def visit(shop: Shop) -> UUID:
    """A visit that lists both pictures."""
    return shop.send(photos=listing(HASH, OTHER_HASH)).id


def keep(shop: Shop, visit: UUID, given: bytes = ONE, wanted: str | None = None) -> PhotoReceipt:
    named = wanted or sha256(given).hexdigest()
    return keep_photo(shop.store, visit, named, given, by=None, now=NOW + timedelta(hours=1))


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        act()
    assert str(caught.value)
    return caught.value.code


def stored_files(store: Store) -> list[Path]:
    return sorted(photo_files.folder_of(store).rglob("*.jpg"))


# --- kept -------------------------------------------------------------------------------------------------


def test_a_photo_is_written_anew_and_named_by_what_is_stored(shop: Shop, visit: UUID):
    receipt = keep(shop, visit)
    assert (receipt.item, receipt.sha256, receipt.fresh) == ("tidy", HASH, True)
    assert receipt.received_at == NOW + timedelta(hours=1)
    assert receipt.stored_sha256 != HASH
    held = photo_files.read(shop.store, receipt.stored_sha256)
    assert held is not None and sha256(held).hexdigest() == receipt.stored_sha256
    (file,) = stored_files(shop.store)
    assert file.stat().st_mode & 0o077 == 0
    assert not list((photo_files.folder_of(shop.store) / "incoming").iterdir())
    assert trail.newest(shop.store)[0]["act"] == "visit.photo"
    assert verify(shop.store) == []


def test_the_same_again_gives_the_same_receipt_and_no_second_line(shop: Shop, visit: UUID):
    first = keep(shop, visit)
    lines = len(trail.newest(shop.store))
    again = keep_photo(shop.store, visit, HASH, ONE, by=None, now=NOW + timedelta(days=2))
    assert (again.received_at, again.stored_sha256) == (first.received_at, first.stored_sha256)
    assert not again.fresh
    assert len(trail.newest(shop.store)) == lines


def test_only_what_the_visit_lists_is_taken(shop: Shop, visit: UUID):
    stranger = picture(30, 30)
    assert code(lambda: keep(shop, visit, stranger)) == "photo.unlisted"
    assert code(lambda: keep(shop, UUID(int=7))) == "photo.unlisted"
    assert code(lambda: keep(shop, visit, OTHER, wanted=HASH)) == "photo.other_hash"
    assert stored_files(shop.store) == []


def test_what_is_no_picture_is_refused_though_its_hash_is_listed(shop: Shop):
    words = b"<svg onload=alert(1)>"
    visit = shop.send(photos=listing(sha256(words).hexdigest())).id
    assert code(lambda: keep(shop, visit, words)) == "photo.not_image"
    assert stored_files(shop.store) == []


def test_one_picture_for_two_items_comes_once(shop: Shop):
    visit = shop.send(photos=[*listing(HASH), *listing(HASH, item="smile")]).id
    keep(shop, visit)
    row = visits.find(shop.store, visit)
    assert row is not None
    held = photos.list_for_visit(shop.store, row["id"])
    assert [one["item"] for one in held] == ["tidy", "smile"]
    assert len({one["stored_hash"] for one in held}) == 1 and held[0]["stored_hash"]


def test_a_correction_keeps_what_came_and_may_list_more(shop: Shop, visit: UUID):
    keep(shop, visit)
    row = visits.find(shop.store, visit)
    assert row is not None
    third = "ab" * 32
    body = {
        **shop.body(id=str(visit), photos=[*listing(HASH, third), *listing(HASH, item="smile")]),
        "revises": row["hash"],
        "reason": "One more.",
    }
    correct_visit(shop.store, row, body, by=shop.people["ada"], now=NOW + timedelta(hours=2))
    held = {
        (one["item"], one["sent_hash"]): one["stored_hash"] is not None
        for one in photos.list_for_visit(shop.store, row["id"])
    }
    assert held == {
        ("tidy", HASH): True,
        ("tidy", OTHER_HASH): False,
        ("tidy", third): False,
        ("smile", HASH): True,  # is here already, under its first item
    }


def test_a_full_disk_is_said_and_nothing_stays(shop: Shop, visit: UUID, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert code(lambda: keep(shop, visit)) == "store.full"
    assert list(photo_files.folder_of(shop.store).rglob("*.*")) == []


# --- sealed -----------------------------------------------------------------------------------------------


def test_a_sealed_photo_is_opened_and_kept(shop: Shop, visit: UUID, tmp_path: Path):
    keys = seal_key(tmp_path)
    about = f"photo {visit} {HASH}"
    receipt = keep_sealed_photo(shop.store, keys, visit, HASH, sealed(keys.spki, ONE, about), now=NOW)
    assert receipt.fresh
    again = keep_sealed_photo(shop.store, keys, visit, HASH, b"anything", now=NOW)
    assert not again.fresh
    for wrong in (sealed(keys.spki, OTHER, about), b"anything", sealed(keys.spki, OTHER, about)[:-1]):
        kept = lambda: keep_sealed_photo(shop.store, keys, visit, OTHER_HASH, wrong, now=NOW)  # noqa: B023, E731
        assert code(kept) == "photo.unreadable"


# --- killed between file and row (B5) ---------------------------------------------------------------------

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from checker.actions import keep_photo as keeping
from checker.store import photo_files, photos
from checker.store.connection import open_store

def dies(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

where, twin, path, visit, sent, picture = sys.argv[1:]
if twin == "row-first":  # the broken twin: the row is written, and only then the file
    from hashlib import sha256
    write = photo_files.write
    made = []
    def later(store, ours):
        made.append(ours)
        return sha256(ours).hexdigest()
    keeping.photo_files.write = later
    keeping.photo_files.is_there = lambda *_: True
if where == "file":
    photo_files._settle = dies
elif where == "row":
    photos.set_stored = dies
store = open_store(Path(path))
keeping.keep_photo(store, UUID(visit), sent, Path(picture).read_bytes(), by=None, now=datetime.now(UTC))
if where == "after" and twin:
    dies()
"""


def killed(shop: Shop, visit: UUID, tmp_path: Path, where: str, twin: str = "") -> int:
    """Keep a photo in a process that dies at this point; what it ended with."""
    given = tmp_path / "given"
    given.write_bytes(ONE)
    arguments = [where, twin, str(shop.store.path), str(visit), HASH, str(given)]
    return subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT).returncode


@pytest.mark.parametrize("where", ["file", "row"])
def test_a_kill_leaves_no_row_without_its_file(shop: Shop, visit: UUID, tmp_path: Path, where: str):
    assert killed(shop, visit, tmp_path, where) == -9
    row = photos.find(shop.store, visit, HASH)
    assert row is not None and row["stored_hash"] is None
    assert len(stored_files(shop.store)) == 1, "a file that nobody names"
    assert verify(shop.store) == []
    assert keep(shop, visit).fresh
    assert verify(shop.store) == []


def test_its_twin_that_writes_the_row_first_is_noticed(shop: Shop, visit: UUID, tmp_path: Path):
    assert killed(shop, visit, tmp_path, "after", "row-first") == -9
    assert [fault.code for fault in verify(shop.store)] == ["verify.photo_missing"]


def test_verify_tells_files_that_are_gone_or_changed(shop: Shop, visit: UUID):
    keep(shop, visit)
    keep(shop, visit, OTHER)
    first, second = stored_files(shop.store)
    first.unlink()
    second.write_bytes(b"else")
    assert sorted(fault.code for fault in verify(shop.store)) == [
        "verify.photo_changed",
        "verify.photo_missing",
    ]


# --- swept ------------------------------------------------------------------------------------------------


def aged(path: Path, **ago: float) -> None:
    moment = (NOW - timedelta(**ago)).timestamp()
    os.utime(path, (moment, moment))


def test_what_nobody_names_goes_after_a_day(shop: Shop, visit: UUID):
    kept = keep(shop, visit).stored_sha256
    orphans = [photo_files.write(shop.store, picture(9, size)) for size in (9, 10)]
    aged(photo_files.path_of(shop.store, kept), days=400)
    aged(photo_files.path_of(shop.store, orphans[0]), hours=25)
    aged(photo_files.path_of(shop.store, orphans[1]), hours=23)
    assert sweep_photos(shop.store, now=NOW) == Swept(nobodys=1, unfinished=0)
    assert {path.stem for path in stored_files(shop.store)} == {kept, orphans[1]}
    assert sweep_photos(shop.store, now=NOW) == Swept(0, 0)


def test_what_never_came_whole_goes_after_a_week(shop: Shop, visit: UUID):
    for sent_hash in (HASH, OTHER_HASH):
        photo_files.receive(shop.store, visit, sent_hash, 0, b"half")
    first, second = sorted((photo_files.folder_of(shop.store) / "incoming").iterdir())
    aged(first, days=8)
    aged(second, days=6)
    assert sweep_photos(shop.store, now=NOW) == Swept(0, unfinished=1)
    assert second.exists() and not first.exists()


def test_an_empty_instance_has_nothing_to_sweep(shop: Shop):
    assert sweep_photos(shop.store, now=NOW) == Swept(0, 0)


def test_a_photo_that_arrives_while_its_old_file_is_swept_keeps_it(
    shop: Shop, visit: UUID, monkeypatch: pytest.MonkeyPatch
):
    """The file is nobody's and old; the sweep takes it after it was written anew and before the row is."""
    write = photo_files.write
    swept = []

    def written(store: Store, ours: bytes) -> str:
        stored = write(store, ours)
        if not swept:
            aged(photo_files.path_of(store, stored), days=2)
            swept.append(sweep_photos(shop.store, now=NOW))
        return stored

    monkeypatch.setattr(keeping.photo_files, "write", written)
    keep(shop, visit)
    assert swept == [Swept(1, 0)]
    assert verify(shop.store) == []


# --- backups ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kept.zip", "kept"])
def test_a_backup_holds_every_photo_and_nothing_unfinished(
    shop: Shop, visit: UUID, tmp_path: Path, name: str
):
    keep(shop, visit)
    for number in range(300):
        photo_files.write(shop.store, number.to_bytes(2, "big") * 40)
    photo_files.receive(shop.store, visit, OTHER_HASH, 0, b"half")
    done = back_up(shop.store, tmp_path / "backups" / name, now=NOW)
    assert done.files == 302  # with the database


# --- pieces -----------------------------------------------------------------------------------------------


def test_pieces_join_wherever_they_were_cut(shop: Shop, visit: UUID):
    whole = bytes(range(256)) * 8
    for cut in range(0, len(whole) + 1, 100):
        photo_files.let_go(shop.store, visit, HASH)
        assert photo_files.receive(shop.store, visit, HASH, 0, whole[:cut]) == cut
        assert photo_files.receive(shop.store, visit, HASH, cut, whole[cut:]) == len(whole)
        assert photo_files.read_received(shop.store, visit, HASH) == whole


def test_pieces_may_overlap_and_may_not_leave_a_gap(shop: Shop, visit: UUID):
    def receive(offset: int, piece: bytes) -> int:
        return photo_files.receive(shop.store, visit, HASH, offset, piece)

    assert receive(4, b"ef") == 0
    assert receive(0, b"abcd") == 4
    assert receive(2, b"cdef") == 6
    assert receive(0, b"ab") == 6
    assert receive(7, b"h") == 6
    assert receive(6, b"gh") == 8
    assert photo_files.read_received(shop.store, visit, HASH) == b"abcdefgh"
    assert receive(0, b"abXY") == 4, "sent anew from the start, as other bytes"
    assert photo_files.read_received(shop.store, visit, HASH) == b"abXY"

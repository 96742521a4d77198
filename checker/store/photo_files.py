"""Where pictures lie: stored ones by their own hash, half-received ones until the rest has come.

`instance/photos/ab/ab….jpg` is a stored picture, named by the SHA-256 of its own bytes: two that are equal
are one, and nothing a person typed is part of a path. `instance/photos/incoming/….part` is unfinished, and in
no backup. A stored file is on the disk before a row names it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from checker.problem import Problem
from checker.standards.faults import N_
from checker.store.connection import Store, disk_is_full

SHARE_FOR_ANSWERS = 0.05
MOST_FOR_ANSWERS = 1024**3
"""What pictures leave free of a disk: this share of it, though no more than so many bytes. They can wait on
their tablets; answers are small, and are taken as long as there is room.
"""


def folder_of(store: Store) -> Path:
    """The folder with the pictures of an instance."""
    return store.path.parent / "photos"


def path_of(store: Store, stored_hash: str) -> Path:
    """Where the stored picture with this hash (64 hexadecimal digits) is, or would be."""
    return folder_of(store) / stored_hash[:2] / f"{stored_hash}.jpg"


def room_is_short(store: Store) -> bool:
    """Whether what is left of the disk is for answers alone."""
    disk = shutil.disk_usage(store.path.parent)
    return disk.free < min(disk.total * SHARE_FOR_ANSWERS, MOST_FOR_ANSWERS)


# --- stored -------------------------------------------------------------------------------------------------


def write(store: Store, picture: bytes) -> str:
    """Put a picture in its place, durably, and give its hash. Raises Problem "store.full" (507)."""
    _leave_room(store)
    stored_hash = sha256(picture).hexdigest()
    place = path_of(store, stored_hash)
    unfinished = _incoming(store) / f"{uuid4().hex}.part"
    with _room():
        for folder in (folder_of(store), unfinished.parent, place.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
        try:
            with os.fdopen(_private(unfinished, os.O_WRONLY | os.O_EXCL), "wb") as stream:
                stream.write(picture)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
        for folder in (place.parent, place.parent.parent):
            _settle(folder)
    return stored_hash


def read(store: Store, stored_hash: str) -> bytes | None:
    """A stored picture; None when its file is not there."""
    try:
        return path_of(store, stored_hash).read_bytes()
    except FileNotFoundError:
        return None


def is_there(store: Store, stored_hash: str) -> bool:
    """Whether the file of a stored picture is there."""
    return path_of(store, stored_hash).is_file()


def digest(store: Store, stored_hash: str) -> str | None:
    """The SHA-256 of what lies in its place; None when nothing does."""
    held = read(store, stored_hash)
    return None if held is None else sha256(held).hexdigest()


def stored_before(store: Store, moment: float) -> Iterator[list[str]]:
    """Hashes of the pictures that were written before a moment (seconds since 1970), folder by folder."""
    for folder in sorted(folder_of(store).glob("[0-9a-f][0-9a-f]")):
        yield [path.stem for path in folder.glob("*.jpg") if path.stat().st_mtime < moment]


def remove(store: Store, stored_hash: str) -> None:
    """Take a stored picture away."""
    path_of(store, stored_hash).unlink(missing_ok=True)


# --- on their way -------------------------------------------------------------------------------------------


def received(store: Store, visit: UUID, sent_hash: str) -> int:
    """How many bytes of a picture have come so far."""
    try:
        return _part(store, visit, sent_hash).stat().st_size
    except FileNotFoundError:
        return 0


def receive(store: Store, visit: UUID, sent_hash: str, offset: int, piece: bytes) -> int:
    """Put a piece where it belongs; how many bytes there are now.

    A piece that overlaps what is here is taken as far as it goes on; one that says something else is where
    the sender began anew, and what followed is let go. One that would leave a gap is not taken.

    Raises Problem "store.full" (507).
    """
    _leave_room(store)
    place = _part(store, visit, sent_hash)
    with _room():
        for folder in (folder_of(store), place.parent):
            folder.mkdir(exist_ok=True, mode=0o700)
        with os.fdopen(_private(place, os.O_RDWR | os.O_APPEND), "rb+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            here = stream.seek(0, os.SEEK_END)
            if offset > here:
                return here
            stream.seek(offset)
            held = stream.read(len(piece))
            if held != piece[: len(held)]:
                stream.truncate(offset)
                here = offset
            if offset + len(piece) > here:
                stream.write(piece[here - offset :])  # appends
                here = offset + len(piece)
        return here


def settle(store: Store, visit: UUID, sent_hash: str) -> None:
    """Wait until what has come of a picture is on the disk; not where a second sending of it was faster."""
    with _room(), suppress(FileNotFoundError):
        _settle(_part(store, visit, sent_hash))


def read_received(store: Store, visit: UUID, sent_hash: str) -> bytes:
    """What has come of a picture."""
    try:
        return _part(store, visit, sent_hash).read_bytes()
    except FileNotFoundError:
        return b""


def let_go(store: Store, visit: UUID, sent_hash: str) -> None:
    """Forget what has come of a picture: it is stored, or of no use."""
    _part(store, visit, sent_hash).unlink(missing_ok=True)


def remove_unfinished_before(store: Store, moment: float) -> int:
    """Forget what was last added to before a moment; how many files that were."""
    gone = 0
    for path in _incoming(store).glob("*.part"):
        try:
            if path.stat().st_mtime < moment:
                path.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # it became whole meanwhile
    return gone


def _incoming(store: Store) -> Path:
    return folder_of(store) / "incoming"


def _part(store: Store, visit: UUID, sent_hash: str) -> Path:
    return _incoming(store) / f"{visit}-{sent_hash}.part"


def _private(path: Path, flags: int) -> int:
    """A file opened, or made for its owner's eyes."""
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _leave_room(store: Store) -> None:
    if room_is_short(store):
        text = N_(
            "The server's disk is nearly full, and what is left is for answers. The picture was not taken; "
            "tell your administrator, and send it again later."
        )
        raise Problem("store.full", 507, text)


@contextmanager
def _room() -> Iterator[None]:
    """Say in our words that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_is_full() from error
        raise

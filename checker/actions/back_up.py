"""Everything an instance consists of is copied while it serves: database, photos, settings, secret key."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from checker.problem import Problem
from checker.sealing import FILE as TABLET_KEY
from checker.standards.faults import N_
from checker.store.backup import check_database, copy_database
from checker.store.connection import Store

FORMAT = 1
"""Of the list in `LIST`; raised when an older Checker could not read it any more."""

LIST = "backup.json"
"""The file that says what a backup holds, with the SHA-256 of each file."""

BESIDES = ("secret_key", TABLET_KEY, "config.toml", "photos")
"""What an instance holds beside its database."""

PART = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """What was kept: how many files and bytes, and how many visits the database holds."""

    files: int
    size: int
    visits: int


def back_up(
    store: Store,
    destination: Path,
    *,
    now: datetime,
    progress: Callable[[int], object] = lambda files: None,
) -> Backup:
    """Copy the instance of an open database to `destination`: a .zip file, or else a new folder.

    The copy takes its name only after every byte of it was read back and the database in it checked. The
    database is copied first: a photo that arrives meanwhile is copied with nothing that names it yet.
    Raises Problem "backup.exists", "backup.damaged", and "backup.unwritable" with what is wrong with the
    place.
    """
    if destination.exists():
        text = N_("%(path)s exists already. Choose another name, such as one with the date.")
        raise Problem("backup.exists", 409, text, {"path": destination})
    unfinished = destination.with_name(f".{destination.name}.part")
    try:
        return _back_up(store, destination, unfinished, now, progress)
    except OSError as error:
        text = N_("The backup cannot be written to %(path)s (%(problem)s). Nothing was kept.")
        details = {"path": destination, "problem": error.strerror or str(error)}
        raise Problem("backup.unwritable", 500, text, details) from error
    finally:
        for leaving in (unfinished, _zip_of(unfinished)):
            shutil.rmtree(leaving) if leaving.is_dir() else leaving.unlink(missing_ok=True)


def _back_up(
    store: Store, destination: Path, unfinished: Path, now: datetime, progress: Callable[[int], object]
) -> Backup:
    folder = store.path.parent
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    database = unfinished / store.path.name
    copy_database(store, database)
    visits = check_database(database)
    database.chmod(0o600)
    _settle(database)
    held = {database.name: digest_of(database)}
    target: _Zip | _Folder = _Folder(unfinished)
    if destination.suffix.lower() == ".zip":
        target = _Zip(_zip_of(unfinished))
        target.add(database, database.name)
    progress(1)
    with target:
        for path in kept_files(folder):
            name = path.relative_to(folder).as_posix()
            progress(1)
            try:
                target.add(path, name)
                held[name] = digest_of(path)
            except FileNotFoundError:
                continue  # a photo of a draft that was thrown away meanwhile
        target.add_text(LIST, _list(store, held, visits, now))
    size = target.check(held)
    _settle(target.path)
    target.path.replace(destination)
    _settle(destination.parent)
    return Backup(len(held), size, visits)


def _list(store: Store, held: dict[str, str], visits: int, now: datetime) -> str:
    content = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": store.path.name,
        "visits": visits,
        "files": dict(sorted(held.items())),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def kept_files(folder: Path) -> Iterator[Path]:
    """Every file beside the database that belongs to an instance; no links, no unfinished files."""
    for name in BESIDES:
        path = folder / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            if file.is_file() and not file.is_symlink() and not file.name.endswith(".part"):
                yield file


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _zip_of(unfinished: Path) -> Path:
    return unfinished.with_name(f"{unfinished.name}.zip")


def _settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Folder:
    """A backup as a folder of files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def add(self, source: Path, name: str) -> None:
        copy = self.path / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
        _settle(copy)

    def add_text(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")
        _settle(self.path / name)

    def check(self, held: dict[str, str]) -> int:
        """Read every file back; the bytes they have together."""
        for name, digest in held.items():
            if digest_of(self.path / name) != digest:
                raise _differs(name)
        return sum((self.path / name).stat().st_size for name in held)


class _Zip:
    """A backup as one file. Photos are compressed already and stored as they are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600)
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    def __enter__(self) -> _Zip:
        return self

    def __exit__(self, *error: object) -> None:
        self._archive.close()

    def add(self, source: Path, name: str) -> None:
        plain = zipfile.ZIP_STORED if name.startswith("photos/") else zipfile.ZIP_DEFLATED
        self._archive.write(source, name, plain)

    def add_text(self, name: str, text: str) -> None:
        self._archive.writestr(name, text)

    def check(self, held: dict[str, str]) -> int:
        """Read every file back; the bytes of the archive."""
        with zipfile.ZipFile(self.path) as archive:
            for name, digest in held.items():
                with archive.open(name) as stream:
                    if hashlib.file_digest(stream, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                        raise _differs(name)
        return self.path.stat().st_size


def _differs(name: str) -> Problem:
    text = N_("%(name)s reads back differently from what was written; nothing was kept. Check the disk.")
    return Problem("backup.damaged", 500, text, {"name": name})

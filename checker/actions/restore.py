"""An instance is put back from a backup that was checked; what was there before is kept aside."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from checker.actions.back_up import BESIDES, FORMAT, LIST, PART
from checker.problem import Problem
from checker.sealing import FILE as TABLET_KEY
from checker.standards.faults import N_
from checker.store.backup import check_database, require_unused


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now, and where the instance that was there before is kept (None: there was none)."""

    files: int
    visits: int
    made_at: str
    aside: Path | None


def restore(source: Path, instance: Path, *, database: str, force: bool = False, now: datetime) -> Restored:
    """Put the backup `source` (a .zip or a folder) in place of what is in the folder `instance`.

    `database` is the file name the instance's settings give its database. Nothing is touched before every
    file of the backup was read and the database in it checked. Raises Problem "restore.no_backup",
    "backup.damaged", "store.newer", "store.in_use", and "restore.exists" when there is a database already
    and `force` is not given.
    """
    if (instance / database).exists() and not force:
        text = N_("There is a database in %(folder)s already. With --force it is put aside and replaced.")
        raise Problem("restore.exists", 409, text, {"folder": instance})
    staged = instance / ".restoring"
    try:
        with _opened(source) as backup:
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir(parents=True, mode=0o700)
            for name, digest in backup.files.items():
                _fetch(backup, name, digest, staged)
        if backup.database != database:
            (staged / backup.database).replace(staged / database)
        visits = check_database(staged / database)
        if not (staged / TABLET_KEY).exists() and (instance / TABLET_KEY).exists():
            shutil.copy2(instance / TABLET_KEY, staged)  # of before there was one: what waits is sealed to it
        aside = _put_aside(instance, database, now)
        for path in sorted(staged.iterdir()):
            path.replace(instance / path.name)
    except OSError as error:
        text = N_("The backup cannot be put into %(folder)s (%(problem)s).")
        details = {"folder": instance, "problem": error.strerror or str(error)}
        raise Problem("restore.unwritable", 500, text, details) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Restored(len(backup.files), visits, backup.made_at, aside)


@dataclass(frozen=True, slots=True)
class _Backup:
    """An open backup: what it lists, and how its files are read."""

    source: Path
    archive: zipfile.ZipFile | None
    files: dict[str, str]
    database: str
    made_at: str

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name) if self.archive else (self.source / name).open("rb")


@contextmanager
def _opened(source: Path) -> Iterator[_Backup]:
    if source.is_dir():
        yield _listed(source, None)
        return
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise _no_backup(source, N_("%(source)s does not exist.")) from None
    except zipfile.BadZipFile as error:
        text = N_("%(source)s is no backup of Checker, or a damaged one: it is no sound .zip file.")
        raise _no_backup(source, text) from error
    with archive:
        yield _listed(source, archive)


def _listed(source: Path, archive: zipfile.ZipFile | None) -> _Backup:
    try:
        listed = archive.read(LIST) if archive is not None else (source / LIST).read_bytes()
        content: dict[str, Any] = json.loads(listed)
        files = {str(name): str(digest) for name, digest in content["files"].items()}
        backup = _Backup(source, archive, files, str(content["database"]), str(content["made_at"]))
    except (KeyError, FileNotFoundError, ValueError, TypeError, AttributeError) as error:
        text = N_("%(source)s is no backup of Checker: it has no sound list of its files.")
        raise _no_backup(source, text) from error
    if content.get("format") != FORMAT:
        raise _no_backup(source, N_("%(source)s was made by a newer Checker. Install that version."))
    if backup.database not in files or not all(_is_ours(name, backup.database) for name in files):
        raise _no_backup(source, N_("%(source)s lists files that no instance has. Nothing was restored."))
    return backup


def _is_ours(name: str, database: str) -> bool:
    """Whether a listed name stays inside the instance and is of a kind a backup holds."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        return False
    return path.parts[0] in BESIDES or path.parts == (database,)


def _fetch(backup: _Backup, name: str, digest: str, staged: Path) -> None:
    """Copy one file out of the backup and compare it with what the list says of it."""
    target = staged / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.touch(mode=0o600)
    found = hashlib.sha256()
    try:
        with backup.open(name) as stream, target.open("wb") as copy:
            while part := stream.read(PART):
                found.update(part)
                copy.write(part)
    except (KeyError, FileNotFoundError, zipfile.BadZipFile, EOFError) as error:
        raise _damaged(name) from error
    if found.hexdigest() != digest:
        raise _damaged(name)


def _put_aside(instance: Path, database: str, now: datetime) -> Path | None:
    """Move what is there out of the way, as it is; None when there was no database."""
    held = [instance / name for name in (database, f"{database}-wal", f"{database}-shm", *BESIDES)]
    if not (instance / database).exists():
        held = [path for path in held if path.name in BESIDES]
    else:
        require_unused(instance / database)
    held = [path for path in held if path.exists()]
    if not held:
        return None
    aside = instance / f"replaced-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in held:
        path.replace(aside / path.name)
    return aside


def _no_backup(source: Path, text: str) -> Problem:
    return Problem("restore.no_backup", 400, text, {"source": source})


def _damaged(name: str) -> Problem:
    text = N_(
        "The backup is damaged: %(name)s is not what was kept. Nothing was changed; take another backup."
    )
    return Problem("backup.damaged", 400, text, {"name": name})

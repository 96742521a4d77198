"""Files handed in for an import, kept from the dry run to the import: what was looked at is what is taken."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.web.clock import timestamp
from checker.web.private import private_folder

KEPT_S = 2 * 60 * 60
"""How long a file waits for its import, in seconds."""

_KEY = re.compile(r"[0-9a-f]{32}")
_ABOUT, _SHEET, _MAP = "about.json", "sheet", "map"
GONE = N_("This file is no longer kept here. Hand it in again; nothing was stored.")
TAKEN = N_("This file is imported already, or is being imported just now. Imports lists what came of it.")


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an upload besides its bytes."""

    kind: str
    name: str
    person_id: int
    at: int
    map_name: str = ""
    checklist: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in, with the map that belongs to it, if one does."""

    key: str
    about: About
    source: bytes
    map_source: bytes


def keep(about: About, source: bytes, map_source: bytes = b"") -> Upload:
    """Keep an upload, under a key nobody can guess; those whose time is over are thrown away."""
    _forget_old()
    key = secrets.token_hex(16)
    folder = private_folder() / key
    folder.mkdir(mode=0o700)
    (folder / _SHEET).write_bytes(source)
    (folder / _MAP).write_bytes(map_source)
    (folder / _ABOUT).write_text(json.dumps(asdict(about)), encoding="utf-8")
    return Upload(key, about, source, map_source)


def folder_of(key: str, *, person_id: int) -> Path:
    """The folder of one's own upload. Raises Problem "not_found" when it is gone or somebody else's."""
    return _found(key, person_id=person_id)[0]


@contextmanager
def taking(key: str, *, person_id: int) -> Iterator[Upload]:
    """An upload for its import: nobody else can take it at the same time, and a failure leaves it there.

    Raises Problem "not_found", and "import.taken" where somebody has or had it.
    """
    folder, about = _found(key, person_id=person_id)
    taken = folder / f"{_SHEET}.taken"
    try:
        (folder / _SHEET).rename(taken)  # one of two that come at once finds nothing
    except FileNotFoundError:
        raise Problem("import.taken", 409, TAKEN) from None
    try:
        yield Upload(key, about, taken.read_bytes(), (folder / _MAP).read_bytes())
    except BaseException:
        taken.rename(folder / _SHEET)
        raise
    taken.unlink()


def throw_away(key: str, *, person_id: int) -> About:
    """Throw an upload away with all that was kept of it. Raises Problem like `taking`."""
    with taking(key, person_id=person_id) as upload:
        pass
    shutil.rmtree(folder_of(key, person_id=person_id), ignore_errors=True)
    return upload.about


def _found(key: str, *, person_id: int) -> tuple[Path, About]:
    if not _KEY.fullmatch(key):
        raise not_found(GONE)
    folder = private_folder() / key
    about = _about(folder)
    if about is None or about.person_id != person_id or about.at + KEPT_S < timestamp():
        raise not_found(GONE)
    return folder, about


def _about(folder: Path) -> About | None:
    try:
        return About(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _forget_old() -> None:
    for folder in private_folder().iterdir():
        if not _KEY.fullmatch(folder.name):
            continue
        about = _about(folder)
        if about is not None and about.at + KEPT_S < timestamp():
            shutil.rmtree(folder, ignore_errors=True)

"""Files that are there whole or not at all, and a list beside them of what each was made from."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from checker.problem import Problem
from checker.standards.faults import N_

LIST = ".made.jsonl"
"""Beside the reports: a line for each one made; the last line of a name counts."""

PRIVATE = "uploads"
"""In the instance folder: what is handed in, and files being written to be handed out, a folder each."""

PRIVATE_S = 86_400
"""What still lies there after so many seconds was left behind."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name and then give it its own, so that nobody ever reads half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_folder(out: Path) -> None:
    """Make the folder reports go to. Raises Problem where that cannot be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = N_("%(folder)s cannot be used: %(reason)s.")
        details = {"folder": str(out), "reason": error.strerror or str(error)}
        raise Problem("report.no_folder", 500, text, details) from error


def forget_left(folder: Path, *, before: float) -> None:
    """Take away what lies in a folder and was last changed before a moment (seconds): whoever wrote it was
    ended, or nobody came back for it.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # its owner has just taken it away
            if path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True)


class Made:
    """What a folder's files were made from, so that none need be made twice.

    A file counts as made while its stamp and its bytes are the listed ones; one that somebody changed is not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listed: dict[str, tuple[str, str]] = {}
        try:
            lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                name, stamp, digest = json.loads(line)
            except ValueError:  # the machine stopped while it was written
                continue
            self._listed[name] = (stamp, digest)

    def holds(self, name: str, stamp: str) -> bool:
        """Say whether the file is there as it was made from this."""
        listed = self._listed.get(name)
        if listed is None or listed[0] != stamp:
            return False
        try:
            return sha256((self.folder / name).read_bytes()).hexdigest() == listed[1]
        except FileNotFoundError:
            return False

    def keep(self, name: str, stamp: str, content: bytes) -> None:
        """Write the file and then its line; a stop in between only makes it be made again."""
        write_whole(self.folder / name, content)
        listed = (stamp, sha256(content).hexdigest())
        line = json.dumps([name, *listed], ensure_ascii=False) + "\n"
        descriptor = os.open(self.folder / LIST, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, line.encode())  # in one piece: several processes write here
        finally:
            os.close(descriptor)
        self._listed[name] = listed

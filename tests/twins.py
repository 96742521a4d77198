"""Servers broken on purpose: a test of faults counts only when it fails with its twin."""

from __future__ import annotations

import sys
import threading
import time
from hashlib import sha256
from typing import Any

from checker.actions import submit_visit as submitting
from checker.cli import main
from checker.store import photo_files
from checker.store.connection import Store, open_store

LATE_S = 0.5


def answers_before_it_stores() -> None:
    """The receipt goes out, and only then is the visit written."""
    keep = submitting.keep

    def keep_later(store: Store, *parts: Any, **named: Any) -> bool:
        def write() -> None:
            time.sleep(LATE_S)
            own = open_store(store.path)
            keep(own, *parts, **named)
            own.close()

        threading.Thread(target=write).start()
        return True

    submitting.keep = keep_later


def names_before_it_writes() -> None:
    """A photo's row is committed and receipted, and only then its file is written."""
    write = photo_files.write

    def write_later(store: Store, picture: bytes) -> str:
        def late() -> None:
            time.sleep(LATE_S)
            write(store, picture)

        threading.Thread(target=late).start()
        return sha256(picture).hexdigest()

    photo_files.write = write_later
    photo_files.is_there = lambda *_: True


TWINS = {
    "answers-before-it-stores": answers_before_it_stores,
    "names-before-it-writes": names_before_it_writes,
}

if __name__ == "__main__":
    TWINS[sys.argv.pop(1)]()
    main()

"""The open database of the thread and process a request runs in."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from flask import Flask, current_app

from checker.config import Settings
from checker.store.connection import Store, open_store


class Stores:
    """One open store per thread, opened when first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._here = threading.local()
        self._inherited: list[Store] = []

    def get(self) -> Store:
        """This thread's store.

        One that came over from a parent process is neither used nor closed: SQLite forbids both.
        """
        held: Store | None = getattr(self._here, "store", None)
        if held is not None and self._here.process == os.getpid():
            return held
        if held is not None:
            self._inherited.append(held)
        self._here.store, self._here.process = open_store(self.path), os.getpid()
        store: Store = self._here.store
        return store

    def close(self) -> None:
        """Close this thread's store, if it has one."""
        held: Store | None = getattr(self._here, "store", None)
        if held is not None:
            self._here.store = None
            if self._here.process == os.getpid():
                held.close()


def init_app(app: Flask, settings: Settings) -> None:
    """Remember where the database is; the first request opens it, not we, so that a fork shares nothing."""
    app.extensions["checker.stores"] = Stores(settings.database_path)


def current_store() -> Store:
    """The database of this thread."""
    stores: Stores = current_app.extensions["checker.stores"]
    return stores.get()

"""A real server that can be stopped and started, and what is asked of the real Chromium in front of it."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from checker.store.connection import Store, open_store
from tests import people
from tests.browser import warm

CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = next((path for path in CHROMIUMS if path.exists()), CHROMIUMS[0])
"""The distribution's. The shell is the same without the window around a page: a third less work for each."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}

PATIENCE_S = 30
"""How long a server may take to answer; a busy machine is no fault of the page."""


@dataclass
class Site:
    """A running server; `stop` and `start` are what happens to it in a shop's cellar."""

    instance: Path
    port: int
    running: ForkServerProcess | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.running = warm.begin(self.port, self.settings)
        self.await_answer(self.running.is_alive)

    def await_answer(self, runs: Callable[[], bool]) -> None:
        """Wait until a server answers that has just been started; `runs` says whether it still does."""
        give_up = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert runs(), "the server ended before it answered"
            assert time.monotonic() < give_up, "the server does not answer"
            time.sleep(0.02)

    @property
    def settings(self) -> dict[str, str]:
        cheap = {f"CHECKER_{name.upper()}": str(value) for name, value in people.CHEAP.items()}
        return {
            **cheap,
            "CHECKER_INSTANCE": str(self.instance),
            "CHECKER_TRIES_PER_ACCOUNT": "1000 per minute",
            "CHECKER_TRIES_PER_ADDRESS": "1000 per minute",
        }

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Stop it, as a power cut would: at once."""
        if self.running is not None:
            self.running.terminate()
            self.running.join(PATIENCE_S)
            self.running = None

    def store(self) -> Store:
        """Its database, for looking and for making things ready; to be closed."""
        return open_store(self.instance / "checker.sqlite")


def is_mistake(message: Any) -> bool:
    """Refused requests are what tests provoke; everything else that is printed as an error is ours."""
    return message.type == "error" and "Failed to load resource" not in message.text

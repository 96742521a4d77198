"""The process beside the server: takes what waits in the queue, does it, and ends with the server."""

from __future__ import annotations

import os
import signal
from typing import Any

from huey.consumer import Consumer, ConsumerStopped

from checker.config import Settings
from checker.jobs.queue import Queue

THREADS = 3
"""Reports, mail and putting in order, none of which should wait for another."""

LOOK_S = 1.0
"""Longest time between looks at an empty queue: so long a person waits for the first sign of life."""

END_S = 20
"""What runs has so long to come to an end; an order of reports goes on at the next start."""


class Beside(Consumer):
    """Huey's consumer, ending also when the process that began it is no more."""

    def __init__(self, queue: Queue, *, parent: int | None = None) -> None:
        super().__init__(
            queue.huey,
            workers=THREADS,
            max_delay=LOOK_S,
            shutdown_timeout=END_S,
            graceful_signal="TERM",
        )
        self._queue = queue
        self._parent = parent
        self._signal_actions[signal.SIGINT] = (False, True)  # Ctrl-C lets what runs come to an end too

    def loop(self, health_check_ts: float | None = None) -> Any:
        """Look after threads and signals; called by Huey ten times a second."""
        if self._parent is not None and os.getppid() != self._parent:
            self.stop(graceful=True)
            raise ConsumerStopped
        return super().loop(health_check_ts)

    def stop(self, graceful: bool = False) -> None:
        """Let what runs come to an end."""
        self._queue.stopping = True
        super().stop(graceful=graceful)


def work(settings: Settings, *, makers: int, parent: int | None = None) -> None:
    """Do what waits, until a signal; `parent`: the process to end with."""
    Beside(Queue(settings, makers=makers), parent=parent).run()

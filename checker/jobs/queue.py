"""The queue between the server and the process that makes reports and sends mail (Huey).

A task in it is no more than a knock at the door: what is to be done stands in the database, and is looked for
every minute in any case. So a lost task costs a minute, and a task that comes twice nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from huey import Huey, crontab
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

from checker.actions.tidy import tidy
from checker.config import Settings, secret_key
from checker.jobs import mail, orders
from checker.jobs.files import PRIVATE, PRIVATE_S, forget_left
from checker.store.connection import Store, open_store
from checker.store.queue import DatabaseError, IntegrityError, OperationalError, connect_queue

FILE = "queue.sqlite"

EVERY_MINUTE = crontab()
EVERY_HOUR = crontab(minute="7")

log = logging.getLogger(__name__)


class SafeStorage(SqliteStorage):
    """Huey's storage with our engine: the standard library's can lose rows in the journal that it uses."""

    integrity_error = IntegrityError
    operational_error = OperationalError

    def _create_connection(self) -> Any:
        return connect_queue(Path(self.filename))


class Queue:
    """The tasks of an instance. `makers`: how many processes make reports at a time."""

    def __init__(self, settings: Settings, *, makers: int = 1) -> None:
        self.settings = settings
        self.stopping = False
        self.huey = Huey(
            "checker",
            results=False,
            serializer=SignedSerializer(secret=secret_key(settings.instance)),
            storage_class=SafeStorage,
            filename=str(settings.instance / FILE),
        )
        self._makers = makers
        self.make_reports = self._task(self._make_reports, EVERY_MINUTE)
        self.send_mail = self._task(self._send_mail, EVERY_MINUTE)
        self.put_in_order = self._task(self._put_in_order, EVERY_HOUR)

    def _task(self, work: Callable[[Store], object], when: Callable[[datetime], bool]) -> Any:
        """Let work be done when somebody knocks, and at its times: each time with a store of its own."""

        def done() -> None:
            store = open_store(self.settings.database_path)
            try:
                work(store)
            finally:
                store.close()

        name = work.__name__.strip("_")
        self.huey.periodic_task(when, name=f"{name}_at_its_time")(done)
        return self.huey.task(name=name)(done)

    def _make_reports(self, store: Store) -> None:
        workshop = orders.Workshop(self.settings.instance, self._makers, lambda: self.stopping)
        orders.work_off(store, workshop)

    def _send_mail(self, store: Store) -> None:
        mail.send_due(store, self.settings, stopping=lambda: self.stopping)

    def _put_in_order(self, store: Store) -> None:
        """What fails is written down by Huey, and tried again an hour later."""
        now = datetime.now(UTC)
        if tidy(store, grace_days=self.settings.expire_days, now=now, when_due=True) is not None:
            orders.sweep(store, self.settings.instance, days=self.settings.report_days, now=now)
            forget_left(self.settings.instance / PRIVATE, before=now.timestamp() - PRIVATE_S)


def knock(settings: Settings, task: Literal["make_reports", "send_mail"]) -> None:
    """Let what waits be done now; where that cannot be said, it is done within a minute all the same."""
    try:
        queue = Queue(settings)
        getattr(queue, task)()
        queue.huey.storage.close()
    except (DatabaseError, OSError):
        log.exception("The queue could not be told of new work")

"""How often something may be tried: Flask-Limiter's rules over counts that all workers share."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem
from limits.storage import Storage

from checker.config import Settings
from checker.store import limits
from checker.web.clock import now
from checker.web.store import current_store


class StoreStorage(Storage):
    """Keeps the limiter's counts in our database, where every worker sees them."""

    STORAGE_SCHEME = ["checker"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may wrap; we let it wrap nothing."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more and return the sum."""
        return limits.hit(current_store(), key, hits=amount, now=now().timestamp(), seconds=expiry)

    def get(self, key: str) -> int:
        """The sum so far."""
        return limits.count(current_store(), key, now=now().timestamp())

    def get_expiry(self, key: str) -> float:
        """When the count begins anew."""
        return limits.expires_at(current_store(), key) or now().timestamp()

    def check(self) -> bool:
        """Whether the storage works; /healthz asks the database itself."""
        return True

    def reset(self) -> int:
        """Forget every count."""
        return limits.forget_all(current_store())

    def clear(self, key: str) -> None:
        """Forget one count."""
        limits.forget(current_store(), key)


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or "unknown"


limiter = Limiter(key_func=address, storage_uri="checker://", strategy="fixed-window")


def init_app(app: Flask) -> None:
    """Install the limiter; a route asks for a limit with `@limiter.limit(…)`."""
    limiter.init_app(app)
    # A view that wants a limit asks by itself; asking before every other view too costs each visit 4 %.
    app.before_request_funcs[None].remove(limiter._check_request_limit)


def limit_of(name: str) -> str:
    """A limit from the settings, such as "10 per 15 minutes"."""
    settings: Settings = current_app.extensions["checker.settings"]
    return str(getattr(settings, name))


class Pace:
    """Counts requests, of a key or a tablet, in windows of fixed length.

    In this process alone: the counts that all workers share cost a durable write for every request, which is
    right for the few tries of a sign-in and would double the price of every visit here.
    """

    def __init__(self, limit: RateLimitItem) -> None:
        self.limit = limit
        self.seconds = limit.get_expiry()
        self._window = 0
        self._counts: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def wait_s(self, who: Hashable, *, at: int) -> int:
        """Count one request; how many seconds to wait when it is one too many, else 0."""
        window, passed = divmod(at, self.seconds)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts.get(who, 0) + 1
            self._counts[who] = count
        return 0 if count <= self.limit.amount else self.seconds - passed

"""How often something was tried lately, for every worker; the rules are the rate limiter's."""

from __future__ import annotations

from checker.store.connection import Store

HIT = """
INSERT INTO rate_limit (key, hits, expires_at) VALUES (:key, :hits, :expires_at)
ON CONFLICT (key) DO UPDATE SET hits = hits + :hits RETURNING hits
"""


def hit(store: Store, key: str, *, hits: int, now: float, seconds: float) -> int:
    """Count `hits` more under `key` and return the sum; a new count lasts `seconds`. Writes by itself."""
    with store.write():
        store.db.execute("DELETE FROM rate_limit WHERE expires_at <= :now", {"now": now})
        row = store.db.execute(HIT, {"key": key, "hits": hits, "expires_at": now + seconds}).fetchone()
    return int(row[0])


def count(store: Store, key: str, *, now: float) -> int:
    """How many under `key` still count."""
    found = store.value(
        "SELECT hits FROM rate_limit WHERE key = :key AND expires_at > :now", {"key": key, "now": now}
    )
    return int(found or 0)


def expires_at(store: Store, key: str) -> float | None:
    """When the count under `key` begins anew, in seconds since 1970."""
    found = store.value("SELECT expires_at FROM rate_limit WHERE key = :key", {"key": key})
    return None if found is None else float(found)


def forget(store: Store, key: str) -> None:
    """Begin anew under `key`."""
    with store.write():
        store.db.execute("DELETE FROM rate_limit WHERE key = :key", {"key": key})


def forget_all(store: Store) -> int:
    """Begin anew everywhere; how many counts there were."""
    with store.write():
        return int(store.db.execute("DELETE FROM rate_limit").rowcount)

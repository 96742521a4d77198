"""Signed-in devices: found by the hash of the token in their cookie."""

from __future__ import annotations

from checker.store.connection import Row, Store

FIND = """
SELECT person.id, person.email, person.name, person.role, person.language, person.employee_id,
    session.token_hash, session.created_at, session.seen_at, session.expires_at
FROM session JOIN person ON person.id = session.person_id
WHERE session.token_hash = :hash AND session.expires_at > :now AND person.disabled_at IS NULL
"""


def find(store: Store, token_hash: bytes, *, now: int) -> Row | None:
    """The living session with its person; None once it is over, ended, or the person disabled."""
    return store.row(FIND, {"hash": token_hash, "now": now})


def list_of(store: Store, person_id: int, *, now: int) -> list[Row]:
    """A person's living sessions, the newest first."""
    return store.rows(
        "SELECT token_hash, created_at, seen_at, expires_at, agent FROM session "
        "WHERE person_id = :person AND expires_at > :now ORDER BY created_at DESC, token_hash",
        {"person": person_id, "now": now},
    )


def add(store: Store, *, token_hash: bytes, person_id: int, at: int, expires_at: int, agent: str) -> None:
    """Begin a session, and forget those that are over; inside `write()`."""
    store.db.execute("DELETE FROM session WHERE expires_at <= :now", {"now": at})
    store.add(
        "session",
        {
            "token_hash": token_hash,
            "person_id": person_id,
            "created_at": at,
            "seen_at": at,
            "expires_at": expires_at,
            "agent": agent,
        },
    )


def touch(store: Store, token_hash: bytes, *, at: int) -> None:
    """Remember that something was done in this session; inside `write()`."""
    store.db.execute(
        "UPDATE session SET seen_at = :at WHERE token_hash = :hash", {"at": at, "hash": token_hash}
    )


def end(store: Store, token_hash: bytes, *, person_id: int | None = None) -> bool:
    """End one session, when a person is given only if it is theirs; whether it was. Inside `write()`."""
    cursor = store.db.execute(
        "DELETE FROM session WHERE token_hash = :hash AND (:person IS NULL OR person_id = :person)",
        {"hash": token_hash, "person": person_id},
    )
    return bool(cursor.rowcount)


def end_all(store: Store, person_id: int) -> None:
    """End every session of this person; inside `write()`."""
    store.db.execute("DELETE FROM session WHERE person_id = :person", {"person": person_id})

"""Links with which a person sets a password, once; the table holds only their hashes."""

from __future__ import annotations

from checker.store.connection import Row, Store

FIND = """
SELECT person.id, person.email, person.name, person.role, person.language, person.employee_id
FROM invitation JOIN person ON person.id = invitation.person_id
WHERE invitation.token_hash = :hash AND invitation.used_at IS NULL AND invitation.expires_at > :now
    AND person.disabled_at IS NULL
"""


def find(store: Store, token_hash: bytes, *, now: int) -> Row | None:
    """The person a link that still works was made for."""
    return store.row(FIND, {"hash": token_hash, "now": now})


def add(store: Store, *, token_hash: bytes, person_id: int, at: int, expires_at: int) -> None:
    """Store a new link; earlier ones of the person stop working. Inside `write()`."""
    store.db.execute(
        "DELETE FROM invitation WHERE person_id = :person AND used_at IS NULL", {"person": person_id}
    )
    store.add(
        "invitation",
        {"token_hash": token_hash, "person_id": person_id, "created_at": at, "expires_at": expires_at},
    )


def use(store: Store, token_hash: bytes, *, at: int) -> bool:
    """Use a link up; False when it was used already. Inside `write()`."""
    cursor = store.db.execute(
        "UPDATE invitation SET used_at = :at "
        "WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :at",
        {"at": at, "hash": token_hash},
    )
    return bool(cursor.rowcount)

"""Keys with which programs use the API; the table holds only their hashes."""

from __future__ import annotations

from collections.abc import Iterable

from checker.store.connection import Row, Store

FIND = """
SELECT person.id, person.email, person.name, person.role, person.language, person.employee_id,
    api_token.id AS token_id, api_token.scopes
FROM api_token JOIN person ON person.id = api_token.person_id
WHERE api_token.token_hash = :hash AND api_token.revoked_at IS NULL
    AND (api_token.expires_at IS NULL OR api_token.expires_at > :now) AND person.disabled_at IS NULL
"""


def find(store: Store, token_hash: bytes, *, now: int) -> Row | None:
    """The person a living token stands for, with `scopes` (words with blanks between)."""
    return store.row(FIND, {"hash": token_hash, "now": now})


def list_all(store: Store) -> list[Row]:
    """Every token, the newest first; their hashes stay inside."""
    return store.rows(
        "SELECT api_token.id, api_token.name, api_token.scopes, api_token.created_at, api_token.expires_at, "
        "api_token.revoked_at, person.name AS person, person.email FROM api_token "
        "JOIN person ON person.id = api_token.person_id ORDER BY api_token.id DESC"
    )


def add(
    store: Store,
    *,
    name: str,
    token_hash: bytes,
    person_id: int,
    scopes: Iterable[str],
    at: int,
    by: int,
    expires_at: int | None,
) -> int:
    """Store a new token; inside `write()`."""
    return store.add(
        "api_token",
        {
            "name": name,
            "token_hash": token_hash,
            "person_id": person_id,
            "scopes": " ".join(sorted(scopes)),
            "created_at": at,
            "created_by": by,
            "expires_at": expires_at,
        },
    )


def revoke(store: Store, token_id: int, *, at: int) -> bool:
    """End a token; False when there is none that lives. Inside `write()`."""
    cursor = store.db.execute(
        "UPDATE api_token SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL",
        {"at": at, "id": token_id},
    )
    return bool(cursor.rowcount)

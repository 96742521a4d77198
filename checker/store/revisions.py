"""What was sent, word for word: canonical JSON, deflated against the dictionary of its checklist version."""

from __future__ import annotations

import json
import zlib
from typing import Any

from checker.store.connection import Row, Store

LEVEL = 6
MEMORY = 8
"""More brings no byte of a visit, and costs more to set up than a visit to pack."""


def pack(body: bytes, dictionary: bytes) -> bytes:
    """Deflate canonical JSON; about 8 bytes per answer instead of 38."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15, MEMORY, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return packer.compress(body) + packer.flush()


def unpack(blob: bytes, dictionary: bytes) -> bytes:
    """The inverse of `pack`, byte for byte."""
    unpacker = zlib.decompressobj(-15, dictionary)
    return unpacker.decompress(blob) + unpacker.flush()


def add(
    store: Store,
    visit_id: int,
    n: int,
    packed: bytes,
    *,
    manifest_hash: str,
    author_id: int | None,
    reason: str | None,
    at: int,
) -> None:
    """Append revision `n` of a visit, its canonical JSON packed; inside `write()`.

    Revisions are never changed or removed.
    """
    store.db.execute(
        "INSERT INTO visit_revision (visit_id, n, body, hash, author_id, reason, at) "
        "VALUES (:visit, :n, :body, :hash, :author, :reason, :at)",
        {
            "visit": visit_id,
            "n": n,
            "body": packed,
            "hash": bytes.fromhex(manifest_hash),
            "author": author_id,
            "reason": reason,
            "at": at,
        },
    )


SENT = "SELECT at FROM visit_revision WHERE visit_id = :visit AND hash = :hash"


def moment_of(store: Store, visit_id: int, manifest_hash: str) -> int | None:
    """When a revision of the visit with this hash was received; None when there is none."""
    found = store.value(SENT, {"visit": visit_id, "hash": bytes.fromhex(manifest_hash)})
    return None if found is None else int(found)


GET = """
SELECT visit_revision.body, checklist_version.dictionary
FROM visit_revision
JOIN visit ON visit.id = visit_revision.visit_id
JOIN checklist_version ON checklist_version.id = visit.version_id
WHERE visit_revision.visit_id = :visit AND visit_revision.n = :n
"""


def get(store: Store, visit_id: int, n: int) -> dict[str, Any]:
    """The body of revision `n` as it was sent. Raises LookupError when there is none."""
    row = store.row(GET, {"visit": visit_id, "n": n})
    if row is None:
        raise LookupError(f"visit {visit_id} has no revision {n}")
    body: dict[str, Any] = json.loads(unpack(row["body"], row["dictionary"]))
    return body


BODIES = """
SELECT visit_revision.n, visit_revision.body, lower(hex(visit_revision.hash)) AS hash,
    checklist_version.dictionary
FROM visit_revision
JOIN visit ON visit.id = visit_revision.visit_id
JOIN checklist_version ON checklist_version.id = visit.version_id
WHERE visit_revision.visit_id = :visit ORDER BY visit_revision.n
"""


def list_bodies(store: Store, visit_id: int) -> list[tuple[int, str, bytes]]:
    """Every revision of a visit, oldest first: number, hash, and the canonical JSON that was hashed.

    Raises zlib.error where a stored body cannot be unpacked.
    """
    rows = store.rows(BODIES, {"visit": visit_id})
    return [(row["n"], row["hash"], unpack(row["body"], row["dictionary"])) for row in rows]


LIST = """
SELECT n, lower(hex(hash)) AS hash, author_id, person.name AS author, reason, at
FROM visit_revision LEFT JOIN person ON person.id = author_id
WHERE visit_id = :visit ORDER BY n
"""


def list_for_visit(store: Store, visit_id: int) -> list[Row]:
    """Every revision of a visit: number, hash, author, reason, time; oldest first."""
    return store.rows(LIST, {"visit": visit_id})

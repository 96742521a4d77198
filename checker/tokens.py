"""Words that stand for a person: random ones, stored only as hashes, and those that a tablet keeps.

A tablet's words are codes (HMAC-SHA256) over what they stand for, under the secret key: nothing of them is
stored, so they can be checked after years and cannot be read out of a stolen database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from uuid import UUID

KEY = re.compile(r"[1-9][0-9]{0,17}")
"""A key of the database as words name it."""


def fresh_token() -> tuple[str, bytes]:
    """A new token of 256 random bits, for URLs and cookies, and the hash to store in its place."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """What is stored of a token. It is random already, so one round of SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()


# --- a tablet's words ---------------------------------------------------------------------------------------


def upload_key(secret: str, device: UUID, person_id: int) -> bytes:
    """From what a person's tablet derives the token of each visit, without asking us."""
    return _code(secret.encode(), f"upload {device} {person_id}")


def visit_token(key: bytes, visit: UUID) -> str:
    """Proves who sent a visit from which tablet; good for this visit alone."""
    return _code(key, str(visit)).hex()


def renewal_token(
    secret: str, device: UUID, *, revocations: int, person_id: int, password_hash: str | None
) -> str:
    """With this a person begins a session on this device without their password, while that stays as it is
    and the device is not revoked.
    """
    proof = _code(secret.encode(), f"renewal {device} {revocations} {person_id} {password_hash}")
    return f"{device}.{person_id}.{proof.hex()}"


def read_renewal(token: str) -> tuple[UUID, int] | None:
    """Which device and person a renewal token names; whether it is true is not looked at."""
    device, _, rest = token.partition(".")
    person, _, _ = rest.partition(".")
    try:
        return (UUID(device), int(person)) if KEY.fullmatch(person) else None
    except ValueError:
        return None


def same(one: str, other: str) -> bool:
    """Whether two words are the same; how long it takes tells nothing of where they differ."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def _code(key: bytes, words: str) -> bytes:
    return hmac.digest(key, words.encode(), "sha256")

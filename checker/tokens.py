"""Random words that stand for a person: sessions, one-time links, keys of programs; stored only as hashes."""

from __future__ import annotations

import hashlib
import secrets


def fresh_token() -> tuple[str, bytes]:
    """A new token of 256 random bits, for URLs and cookies, and the hash to store in its place."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """What is stored of a token. It is random already, so one round of SHA-256 cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()

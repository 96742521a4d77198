"""Whole addresses, for links that are printed."""

from __future__ import annotations

from checker.config import Settings


def full_link(settings: Settings, path: str) -> str:
    """The address under which people reach `path`; this machine's, as long as no public one is set."""
    return (settings.public_url or "http://127.0.0.1:8000").rstrip("/") + path

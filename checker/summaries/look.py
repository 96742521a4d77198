"""What an administrator decided about the look of reports and pages."""

from __future__ import annotations

from base64 import b64decode

from checker.store import settings
from checker.store.connection import Store
from checker.summaries.values import Look

_PLAIN = Look()


def look(store: Store) -> Look:
    """The organisation's name, logo, accent colour and paper; ours where nothing was decided."""
    held = settings.get(store, "look", {})
    return Look(
        str(settings.get(store, "organisation", "")),
        b64decode(held["logo"]) if held.get("logo") else None,
        held.get("accent", _PLAIN.accent),
        held.get("paper", _PLAIN.paper),
    )

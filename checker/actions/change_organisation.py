"""The organisation gets another name: it stands on reports and forms."""

from __future__ import annotations

from datetime import datetime

from checker.actions.branch_entry import LONGEST_NAME, tidy
from checker.standards.faults import N_, Fault, Refused
from checker.store import settings, trail
from checker.store.connection import Store

ORGANISATION = "organisation"
"""The setting's name."""


def change_organisation(store: Store, *, name: str, by: int | None, now: datetime) -> bool:
    """Put a name in place, "" for none; False when it is the same. Raises Refused."""
    name = tidy(name)
    if len(name) > LONGEST_NAME:
        text = N_("Give a name of at most %(most)s characters.")
        raise Refused([Fault("name.length", "organisation", text, {"most": LONGEST_NAME})])
    with store.write():
        if settings.get(store, ORGANISATION, "") == name:
            return False
        settings.put(store, ORGANISATION, name)
        trail.add(store, person_id=by, act="organisation.change", at=int(now.timestamp()))
    return True

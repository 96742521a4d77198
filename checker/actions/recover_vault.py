"""A person whose password was changed gets the key of what they kept on a tablet back."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime

from checker.actions.take_sealed import read_content
from checker.problem import Problem
from checker.sealing import SealKey, open_sealed
from checker.standards.faults import N_
from checker.store import trail
from checker.store.connection import Store
from checker.tokens import same


def recover_vault(store: Store, keys: SealKey, sealed: str, *, person_id: int, now: datetime) -> str:
    """The key in base64, when it was sealed for this person; `sealed` in base64.

    Raises Problem "tablet.other_key" (409), "tablet.unreadable" (422), "tablet.not_yours" (403).
    """
    content = read_content(open_sealed(keys, from_base64(sealed), "vault key"))
    owner, key = content.get("person"), content.get("key")
    if not isinstance(owner, str) or not isinstance(key, str) or not same(owner, str(person_id)):
        raise Problem("tablet.not_yours", 403, N_("This was kept by somebody else on this tablet."))
    with store.write():
        trail.add(store, person_id=person_id, act="device.recover", at=int(now.timestamp()))
    return key


def from_base64(words: object) -> bytes:
    """The bytes that base64 writes; none where it is broken, which nothing sealed is."""
    try:
        return b64decode(words, validate=True) if isinstance(words, str) else b""
    except ValueError:
        return b""

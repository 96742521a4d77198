"""A tablet reports what waits on it; whoever signs in on one for the first time makes it known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from uuid6 import uuid7

from checker.store import devices, sessions, trail
from checker.store.connection import Row, Store
from checker.tokens import fresh_token, token_hash

SAME_S = 5 * 60
"""For so long a device that reports the same again is not written down anew, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a device says of itself. `born` names its own store: another one means that it was emptied.

    `told`: how many visits it has told its shopper to be missing.
    """

    agent: str
    born: str
    build: str
    protocol: int
    unsent: int
    drafts: int
    told: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """How the device stands; `token` is for its cookie, when it has just become known."""

    device: Row | None
    token: str | None = None

    @property
    def revoked(self) -> bool:
        return self.device is not None and self.device["revoked_at"] is not None

    @property
    def forget(self) -> bool:
        """Whether it is to forget everything now: it is revoked, and nothing waits on it to be sent."""
        return self.revoked and self.device is not None and not self.device["unsent"]


def note_contact(
    store: Store,
    report: Report,
    *,
    token: str | None,
    shopper_id: int | None,
    session: bytes | None = None,
    now: datetime,
) -> Contact:
    """Remember what a device reports; `token` is its cookie's, `shopper_id` who is signed in on it.

    One that is not known becomes so when a shopper is signed in. On a revoked one the `session` (the hash of
    its token) ends.
    """
    at = int(now.timestamp())
    held = devices.find_by_token(store, token_hash(token)) if token else None
    if held is None:
        return Contact(None) if shopper_id is None else _register(store, report, shopper_id, at)
    said: Row = {
        "agent": report.agent[:200],
        "build": report.build,
        "protocol": report.protocol,
        "born": report.born,
        "unsent": report.unsent,
        "drafts": report.drafts,
    }
    revoked = held["revoked_at"] is not None
    emptied = held["born"] != report.born and held["wiped_at"] is None
    # a revoked one is born anew with each wipe, which leaves what is sealed where it is
    lost = max(0, held["unsent"] - (report.unsent if revoked else 0)) if emptied else 0
    said["missing"] = max(0, held["missing"] - report.told) + lost
    if not revoked:
        said["wiped_at"] = None
    elif not report.unsent:
        said["wiped_at"] = held["wiped_at"] or at
    if shopper_id is not None and not revoked:
        said["person_id"] = shopper_id
    ends = revoked and session is not None
    if ends or at - held["last_seen"] >= SAME_S or any(held[name] != value for name, value in said.items()):
        with store.write():
            devices.change(store, held["id"], {**said, "last_seen": at})
            if ends:
                sessions.end(store, cast(bytes, session))
    return Contact({**held, **said, "last_seen": at})


def _register(store: Store, report: Report, shopper_id: int, at: int) -> Contact:
    token, hashed = fresh_token()
    row = {
        "uuid": UUID(str(uuid7())).bytes,
        "token_hash": hashed,
        "agent": report.agent[:200],
        "person_id": shopper_id,
        "born": report.born,
        "build": report.build,
        "protocol": report.protocol,
        "unsent": report.unsent,
        "drafts": report.drafts,
        "first_seen": at,
        "last_seen": at,
    }
    with store.write():
        key = devices.add(store, row)
        trail.add(store, person_id=shopper_id, act="device.add", thing=f"device {key}", at=at)
    return Contact({**row, "id": key, "missing": 0, "revocations": 0, "revoked_at": None}, token)

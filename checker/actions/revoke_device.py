"""A tablet may not be used any more: it forgets everything at its next contact. Or it may again."""

from __future__ import annotations

from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import devices, trail
from checker.store.connection import Row, Store


def revoke_device(store: Store, *, device_id: int, by: int, now: datetime) -> None:
    """Revoke a device. Nobody signs in on it without their password, and what waits on it is still taken."""
    at = int(now.timestamp())
    with store.write():
        held = _find(store, device_id)
        if held["revoked_at"] is None:
            row = {"revoked_at": at, "revocations": held["revocations"] + 1, "wiped_at": None}
            devices.change(store, device_id, row)
            trail.add(store, person_id=by, act="device.revoke", thing=f"device {device_id}", at=at)


def restore_device(store: Store, *, device_id: int, by: int, now: datetime) -> None:
    """Let a revoked device be used again; everybody signs in on it with their password first."""
    with store.write():
        if _find(store, device_id)["revoked_at"] is not None:
            devices.change(store, device_id, {"revoked_at": None})
            at = int(now.timestamp())
            trail.add(store, person_id=by, act="device.restore", thing=f"device {device_id}", at=at)


def _find(store: Store, device_id: int) -> Row:
    held = devices.get(store, device_id)
    if held is None:
        raise not_found(N_("There is no such device."))
    return held

"""Tablets and phones that keep visits of their own: who used them last, what waits there; revoke, restore."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template
from flask_babel import gettext as _

from checker.actions.revoke_device import restore_device, revoke_device
from checker.store import devices
from checker.web.admin.listing import searched
from checker.web.admin.room import KEY, Answer, bp
from checker.web.clock import now, timestamp
from checker.web.session import me, signed_in
from checker.web.store import current_store

SILENT_S = 7 * 24 * 3600
"""A device that has not been heard of for so long while something waits on it is pointed out, in seconds."""


@bp.get("/devices")
@signed_in("device.change")
def list_devices() -> Answer:
    """Every device, the one heard of last first."""
    rows = devices.list_all(current_store())
    for row in rows:
        waits = row["unsent"] or row["drafts"]
        row["silent"] = bool(waits) and timestamp() - row["last_seen"] > SILENT_S
        row["name"] = f"#{row['id']}"
    return render_template(
        "admin/devices.html",
        listing=searched(rows, "name", "person", "agent"),
        build=current_app.extensions["checker.assets"],
    )


@bp.post(f"/devices/{KEY}/revoke")
@signed_in("device.change")
def revoke_one(key: int) -> Answer:
    """Let a device be used no more; it forgets everything when it is heard of next."""
    revoke_device(current_store(), device_id=key, by=me().id, now=now())
    flash(_("The tablet is revoked. It forgets everything at its next contact."), "good")
    return redirect("/admin/devices", 303)


@bp.post(f"/devices/{KEY}/restore")
@signed_in("device.change")
def restore_one(key: int) -> Answer:
    """Let a revoked device be used again."""
    restore_device(current_store(), device_id=key, by=me().id, now=now())
    flash(_("The tablet can be used again, after a sign-in with the password."), "good")
    return redirect("/admin/devices", 303)

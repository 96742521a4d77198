"""The tablet's blueprint: what a shopper's tablet asks the server for, beside the pages."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, current_app, g, request
from limits import parse

from checker.config import Settings
from checker.problem import Problem
from checker.sealing import SealKey
from checker.sealing import seal_key as read_seal_key
from checker.standards.faults import N_, Refused
from checker.store import devices
from checker.store.connection import Row
from checker.tokens import token_hash
from checker.web.clock import timestamp
from checker.web.limits import Pace, address
from checker.web.problems import answer_refused
from checker.web.security import SAFE_METHODS, over_https
from checker.web.session import device_cookie, device_token
from checker.web.store import current_store

bp = Blueprint("tablet", __name__, url_prefix="/tablet")

PROTOCOL = 1
"""How tablet and server speak. A tablet with the one before is still served; see docs/architecture.md."""

PACE = "6000 per minute"
"""Changes one device may send to one server process, or all devices without a cookie at one address.

A tablet that was away for weeks sends hundreds of visits and thousands of parts of photos in a row.
"""

REVOKED = N_("Your administrator has revoked this tablet. Ask for it to be restored, or use another.")

COOKIE_S = 400 * 24 * 3600
"""How long a browser keeps the device's cookie at most."""


@bp.before_request
def mind_the_protocol() -> None:
    """Refuse a tablet that is two protocols behind; it says so and takes the new version first."""
    said = request.headers.get("Checker-Protocol", "")
    if said.isascii() and said.isdigit() and int(said[:9]) < PROTOCOL - 1:
        text = N_(
            "This app is too old for the server. Open it once with a connection; what waits stays here."
        )
        raise Problem("tablet.too_old", 426, text)


@bp.before_request
def mind_the_pace() -> None:
    """Refuse what comes too fast, and say when to come again. Raises Problem "tablet.pace" (429)."""
    if request.method in SAFE_METHODS:
        return
    pace: Pace | None = current_app.extensions.get("checker.tablet_pace")
    if pace is None:
        pace = Pace(parse(current_app.config.get("TABLET_PACE", PACE)))
        current_app.extensions["checker.tablet_pace"] = pace
    token = device_token()
    known = token is not None and devices.find_by_token(current_store(), token_hash(token)) is not None
    wait_s = pace.wait_s(token_hash(token) if token and known else address(), at=timestamp())
    if wait_s:
        g.retry_after = wait_s
        text = N_("This comes too fast. It stays on the tablet and is sent again in %(seconds)s seconds.")
        raise Problem("tablet.pace", 429, text, {"seconds": wait_s})


@bp.after_request
def say_when(response: Response) -> Response:
    """Say with a refusal when to come again."""
    if "retry_after" in g:
        response.headers["Retry-After"] = str(g.retry_after)
    return response


@bp.errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    """Every fault with its place: an item's id, or a path into the body."""
    response = answer_refused(refused)
    said = response.get_json()
    said["faults"] = [{"place": fault["item"], **fault} for fault in said.get("faults", [])]
    response.set_data(current_app.json.dumps(said))
    return response


# --- what the modules here share ----------------------------------------------------------------------------


def seal_key() -> SealKey:
    """The key to which tablets seal; read once per process."""
    held: SealKey | None = current_app.extensions.get("checker.seal_key")
    if held is None:
        settings: Settings = current_app.extensions["checker.settings"]
        held = current_app.extensions["checker.seal_key"] = read_seal_key(settings.instance)
    return held


def secret() -> str:
    """The secret from which a tablet's tokens are derived."""
    return cast(str, current_app.secret_key)


def read_object() -> dict[str, Any]:
    """The JSON object that was sent; an empty one where it is none."""
    said = request.get_json(silent=True)
    return said if isinstance(said, dict) else {}


# --- the device's cookie ------------------------------------------------------------------------------------


def known_device() -> Row:
    """The device that asks, when it may be used. Raises Problem "tablet.unknown", "tablet.revoked" (403)."""
    token = device_token()
    held = devices.find_by_token(current_store(), token_hash(token)) if token else None
    if held is None:
        raise Problem("tablet.unknown", 403, N_("This tablet is not known yet. Open the first page again."))
    if held["revoked_at"] is not None:
        raise Problem("tablet.revoked", 403, REVOKED)
    return held


def set_device_cookie(response: Response, token: str) -> None:
    """Let the device show who it is from now on; never to a request that another site asked for."""
    response.set_cookie(
        device_cookie(),
        token,
        max_age=COOKIE_S,
        path="/",
        secure=over_https(),
        httponly=True,
        samesite="Strict",
    )

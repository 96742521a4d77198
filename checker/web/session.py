"""Who is asking: the session cookie, `g.person`, and the decorator that guards a view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request
from flask import session as form_session
from flask_babel import gettext as _
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as AnyResponse

from checker.access import may
from checker.actions.sign_in import begin_session
from checker.config import Settings
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import sessions
from checker.store.connection import Row
from checker.store.people import Person, person_of
from checker.tokens import token_hash
from checker.web.clock import now, timestamp
from checker.web.security import SAFE_METHODS, over_https
from checker.web.store import current_store
from checker.web.written import written

P = ParamSpec("P")
R = TypeVar("R")

FRESH_S = 5 * 60
"""The cookie's time of last use is renewed when it is this old, in seconds."""

TOUCH_S = 10 * 60
"""A session's `seen_at` is renewed when it is this old, in seconds, by a request that writes anyway."""

NOBODY = {"asset", "healthz"}
"""Endpoints that never ask who it is."""


class Signer(TimestampSigner):
    """Signs a token together with the application's time."""

    def get_timestamp(self) -> int:
        """Whole seconds since 1970."""
        return timestamp()


def init_app(app: Flask) -> None:
    """Find the person before each request and renew the cookie after it."""
    app.before_request(find_person)
    app.after_request(renew_cookie)


# --- the cookie ---------------------------------------------------------------------------------------------
#
# It holds a random token, signed together with the time of its last use. The table knows when a session
# began, ends, and that it was not revoked; the idle limit is read from the signature. So a page that is only
# looked at writes nothing to the database, and a cookie copied from a backup is dead after the idle limit
# even while the session lives on.


def cookie_name() -> str:
    """The cookie's name; browsers take one with `__Host-` from this very host over HTTPS alone."""
    return "__Host-checker" if over_https() else "checker"


def signer() -> Signer:
    """What signs and reads the cookie."""
    return Signer(cast(str, current_app.secret_key), salt="checker session")


def read_cookie() -> tuple[str, datetime] | None:
    """The token in the cookie and when it was last used; None when there is none of ours."""
    try:
        token, used = signer().unsign(request.cookies.get(cookie_name(), ""), return_timestamp=True)
    except BadSignature:
        return None
    return token.decode(), used


def set_cookie(response: AnyResponse, token: str, *, expires_at: int) -> None:
    """Put the token into the cookie, used now."""
    response.set_cookie(
        cookie_name(),
        signer().sign(token).decode(),
        max_age=max(0, expires_at - timestamp()),
        path="/",
        secure=over_https(),
        httponly=True,
        samesite="Lax",
    )


def device_cookie() -> str:
    """The name of the cookie that tells which tablet asks, whoever is signed in on it."""
    return "__Host-checker-device" if over_https() else "checker-device"


def device_token() -> str | None:
    """The token in the tablet's cookie."""
    return request.cookies.get(device_cookie())


def limits_for(person: Person) -> tuple[int, int]:
    """How long a session of this person may lie idle, in minutes, and how long it lasts at all, in hours."""
    settings: Settings = current_app.extensions["checker.settings"]
    if person.role == "shopper":
        return settings.shopper_idle_minutes, settings.shopper_hours
    return settings.session_idle_minutes, settings.session_hours


# --- each request -------------------------------------------------------------------------------------------


def find_person() -> None:
    """Set `g.person` to who is signed in, as the database has them now, or to None."""
    g.person, g.session, g.cookie_used = _found() or (None, None, None)


def _found() -> tuple[Person, Row, datetime] | None:
    """Who shows a living session's cookie, the session with its token, and when the cookie was last used."""
    if request.endpoint in NOBODY or request.blueprint == "api":
        return None
    held = read_cookie()
    if held is None:
        return None
    token, used = held
    row = sessions.find(current_store(), token_hash(token), now=timestamp())
    if row is None:
        return None
    person = person_of(row)
    idle_minutes, _hours = limits_for(person)
    if (now() - used).total_seconds() > idle_minutes * 60:
        return None
    return person, {**row, "token": token}, used


def renew_cookie(response: Response) -> Response:
    """Sign the token with this moment, unless that was done lately or the view set or took the cookie."""
    held: Row | None = g.get("session")
    if held is not None and (now() - g.cookie_used).total_seconds() >= FRESH_S:
        set_cookie(response, held["token"], expires_at=held["expires_at"])
    return response


# --- for views ----------------------------------------------------------------------------------------------


def signed_in(act: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R | AnyResponse]]:
    """Guard a view: somebody is signed in and, when an act is named, their role may do it.

    Nobody signed in: a page leads to the sign-in and back, a script gets 401. Another role: 404, because for
    them the page does not exist.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            if g.person is None:
                return lead_to_sign_in()
            if act is not None and not may(g.person, act):
                abort(404)
            note_use()
            return view(*args, **kwargs)

        guarded.act = act or "account"  # type: ignore[attr-defined]  # tests list who may open which page
        return guarded

    return guard


def note_use() -> None:
    """Note in the table that something is being sent in this session; looking at pages is not noted."""
    if request.method not in SAFE_METHODS and timestamp() - g.session["seen_at"] >= TOUCH_S:
        with current_store().write():
            sessions.touch(current_store(), g.session["token_hash"], at=timestamp())


def me() -> Person:
    """The person signed in; only inside a guarded view."""
    return cast(Person, g.person)


def lead_to_sign_in() -> AnyResponse:
    """Where a person goes who is not signed in."""
    if wants_json():
        text = N_(
            "You are not signed in, or your session is over. "
            "Sign in and send again; nothing is lost on this device."
        )
        raise Problem("session.over", 401, text)
    if request.method in SAFE_METHODS:
        here = quote(request.path)  # a code in it may hold what an address gives a meaning to
        if request.query_string:
            here += f"?{request.query_string.decode(errors='replace')}"
        return redirect("/login?" + urlencode({"next": here}), 303)
    if written():
        text = N_(
            "Your session is over, so nothing was stored. What you had written stands below: "
            "copy it, sign in, and send it again."
        )
        raise Problem("session.over", 401, text)
    flash(_("Your session is over, so nothing was stored. Sign in and send it again."), "bad")
    return redirect("/login", 303)


def wants_json() -> bool:
    """Whether the request comes from a program or a script rather than from a person turning pages."""
    if request.path.startswith(("/api/", "/tablet/")) or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"


def start_session(person: Person, response: AnyResponse) -> None:
    """Sign the person in on this device: fresh token, fresh form cookie, an end to what was before."""
    _idle, hours = limits_for(person)
    held = read_cookie()
    moment = now()
    token = begin_session(
        current_store(),
        person,
        hours=hours,
        agent=request.user_agent.string,
        now=moment,
        in_place_of=held[0] if held else None,
    )
    form_session.clear()
    set_cookie(response, token, expires_at=int(moment.timestamp()) + hours * 3600)
    g.session = None  # the new cookie is set; renewing the old one would undo it


def drop_session(response: AnyResponse) -> None:
    """Take the cookie away from this device."""
    form_session.clear()
    g.session = None
    response.delete_cookie(cookie_name(), path="/", secure=over_https(), httponly=True, samesite="Lax")


def path_within(words: str | None) -> str | None:
    """A path on this site that it is safe to redirect to, or None.

    One slash at the start, no host, no backslash or control character: browsers read "/\\evil" and "//evil"
    as hosts.
    """
    if not words or not words.startswith("/") or words.startswith("//") or "\\" in words:
        return None
    if any(ord(letter) < 33 or ord(letter) == 127 for letter in words):
        return None
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else words

"""What protects every page: no code but ours, no request of another site, nothing personal in a cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from checker.config import Settings
from checker.problem import Problem
from checker.standards.faults import N_

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

csrf = CSRFProtect()

P = ParamSpec("P")
R = TypeVar("R")


class FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie, for form tokens and notices only; who is signed in stands in our own table."""

    _key: str | bytes | None = None
    _serializer: URLSafeTimedSerializer | None = None

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name; browsers take one with `__Host-` from this very host over HTTPS alone."""
        return "__Host-checker-form" if over_https() else "checker-form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Only over HTTPS, where there is HTTPS."""
        return over_https()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie; made once for a key, because that costs as much as reading."""
        if self._key != app.secret_key:
            self._serializer, self._key = super().get_signing_serializer(app), app.secret_key
        return self._serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie when something in it changed; most requests only read it."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")


def over_https() -> bool:
    """Whether this request came over HTTPS, by itself or as the proxy or the settings say."""
    settings: Settings = current_app.extensions["checker.settings"]
    return request.is_secure or settings.https


def init_app(app: Flask) -> None:
    """Install the checks before a request and the headers after it."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the cookie: a checklist may take an afternoon
    )
    app.session_interface = FormSession()
    app.before_request(refuse_other_sites)
    csrf.init_app(app)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """Refuse a change that another site's page asked the browser for.

    The form token already does; this holds even where a token leaked. Programs that are no browsers send
    neither header.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc != request.host
    )
    if foreign:
        text = N_(
            "This came from a page of another site, so nothing was done. Open the page here and send again."
        )
        raise Problem("request.other_site", 403, text)


def without_form_token(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view be asked by a script that has no page, so no form token; another site's is refused still."""
    csrf.exempt(view)
    return view


def add_headers(response: Response) -> Response:
    """Set the headers every answer carries; a view may say its own `Cache-Control`."""
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    if over_https():
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if headers.get("Cache-Control", "no-cache") == "no-cache":  # which is what a file sent says by itself
        headers["Cache-Control"] = "no-store"
    if g.get("person") is not None and "Vary" not in headers:
        headers["Vary"] = "Cookie"
    return response

"""The pages: what every request passes through, and the list of blueprints."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from checker.config import Settings, secret_key
from checker.passwords import Passwords
from checker.web import (
    assets,
    clock,
    format,
    health,
    language,
    limits,
    menu,
    problems,
    security,
    session,
    store,
)

BLUEPRINTS = ("account", "shopper", "manager", "leadership", "review", "admin", "api")

MIB = 1024 * 1024


def init_app(app: Flask, settings: Settings) -> None:
    """Put everything a request needs on the application, in the order a request passes through it."""
    app.config.update(
        SECRET_KEY=secret_key(settings.instance),
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=settings.upload_mb * MIB,
        MAX_FORM_MEMORY_SIZE=2 * MIB,
        MAX_FORM_PARTS=2_000,
    )
    app.extensions["checker.settings"] = settings
    app.extensions["checker.passwords"] = Passwords(settings)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        behind = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = behind  # type: ignore[method-assign]
    clock.init_app(app)
    store.init_app(app, settings)
    assets.init_app(app)
    health.init_app(app)
    language.init_app(app, settings)
    format.init_app(app)
    session.init_app(app)
    security.init_app(app)
    limits.init_app(app)
    problems.init_app(app)
    menu.init_app(app)
    for name in BLUEPRINTS:
        add_blueprint(app, name)


def add_blueprint(app: Flask, name: str) -> None:
    """Register the blueprint `bp` of `checker.web.<name>`, if that room is built already."""
    try:
        module = import_module(f"checker.web.{name}")
    except ImportError as error:
        if not (error.name or "").startswith(f"checker.web.{name}"):
            raise
        app.logger.warning("%s is not built yet: %s", name, error)
        return
    bp = getattr(module, "bp", None)
    if bp is None:
        return
    app.register_blueprint(bp)
    if name == "api":
        # A program shows its key with every request and keeps no cookie another site could use.
        security.csrf.exempt(bp)

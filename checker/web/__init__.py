"""The pages: what every request passes through, and the list of blueprints."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from checker.config import Settings, secret_key
from checker.passwords import Passwords
from checker.web import (
    account,
    addresses,
    admin,
    api,
    assets,
    clock,
    compression,
    format,
    health,
    language,
    leadership,
    limits,
    look,
    manager,
    menu,
    planning,
    problems,
    review,
    security,
    session,
    shopper,
    store,
    tables,
    tablet,
)
from checker.web.tablet import worker

ROOMS = (account, shopper, tablet, manager, leadership, planning, review, admin, api)
"""The rooms with pages, each with its blueprint `bp`."""

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
    addresses.init_app(app)
    clock.init_app(app)
    store.init_app(app, settings)
    assets.init_app(app)
    worker.init_app(app)
    compression.init_app(app)
    health.init_app(app)
    language.init_app(app, settings)
    format.init_app(app)
    session.init_app(app)
    security.init_app(app)
    limits.init_app(app)
    problems.init_app(app)
    menu.init_app(app)
    look.init_app(app)
    tables.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room.bp)
    # A program shows its key with every request and keeps no cookie another site could use.
    security.csrf.exempt(api.bp)

"""The production server."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from checker.actions.tidy import tidy
from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.store import settings as kept

THREADS = 4
"""Per worker. Requests mostly wait for the disk; a password check takes 19 MiB in each."""

LOOK_EVERY_S = 3600
"""How often a worker looks whether something is to be put in order; whoever is first in a day does it."""


class Server(BaseApplication):
    """Gunicorn, started from here; each worker makes its own application, so no connection crosses a fork."""

    def __init__(self, settings: Settings, options: dict[str, object]) -> None:
        self.settings = settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to Gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; called in each worker."""
        from checker import create_app

        return create_app(self.settings.instance)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes; about one per core.",
)
@click.option(
    "--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificate chain, PEM."
)
@click.option(
    "--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key, PEM."
)
@pass_settings
def command(
    settings: Settings, host: str, port: int, workers: int, tls_cert: Path | None, tls_key: Path | None
) -> None:
    """Serve Checker; over HTTPS by a certificate here or by a proxy."""
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together.")
    with opened(settings) as store:
        logins = kept.get(store, "demo_logins", [])
        tidy(store, grace_days=settings.expire_days, now=datetime.now(UTC))
    scheme = "https" if tls_cert else "http"
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Checker is at {settings.public_url or f'{scheme}://{shown}:{port}'}")
    for login in logins:
        click.echo(f"  {login['role']:<10}  {login['email']}  {login['password']}")
    if not tls_cert and not settings.https and host not in ("127.0.0.1", "::1", "localhost"):
        click.echo("Without HTTPS passwords cross the network in clear.", err=True)
    options = gunicorn_options(f"{shown}:{port}", workers, tls_cert, tls_key)
    Server(settings, options | {"post_worker_init": lambda worker: tidy_daily(settings)}).run()


def tidy_daily(settings: Settings) -> None:
    """Begin to look, from this worker, whether something is to be put in order.

    In a worker, because a thread of the process that forks could leave a lock to its children.
    """

    def looking() -> None:
        while True:
            time.sleep(LOOK_EVERY_S)
            look(settings, now=datetime.now(UTC))

    Thread(target=looking, name="tidy", daemon=True).start()


def look(settings: Settings, *, now: datetime) -> None:
    """Put in order when a day has passed; what fails is written down, and the server goes on."""
    try:
        with opened(settings) as store:
            tidy(store, grace_days=settings.expire_days, now=now, when_due=True)
    except Exception:
        logging.getLogger(__name__).exception("Putting in order failed")


def gunicorn_options(bind: str, workers: int, cert: Path | None, key: Path | None) -> dict[str, Any]:
    """Gunicorn's options, by its own names."""
    options: dict[str, Any] = {
        "bind": bind,
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 120,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "proc_name": "checker",
    }
    if cert and key:
        options |= {"certfile": str(cert), "keyfile": str(key)}
    return options

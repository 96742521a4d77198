"""The production server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from checker.actions.sweep_photos import sweep_photos
from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.store import settings as kept

THREADS = 4
"""Per worker. Requests mostly wait for the disk; a password check takes 19 MiB in each."""


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
        sweep_photos(store, now=datetime.now(UTC))
    scheme = "https" if tls_cert else "http"
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Checker is at {settings.public_url or f'{scheme}://{shown}:{port}'}")
    for login in logins:
        click.echo(f"  {login['role']:<10}  {login['email']}  {login['password']}")
    if not tls_cert and not settings.https and host not in ("127.0.0.1", "::1", "localhost"):
        click.echo("Without HTTPS passwords cross the network in clear.", err=True)
    Server(settings, gunicorn_options(f"{shown}:{port}", workers, tls_cert, tls_key)).run()


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

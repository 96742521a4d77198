"""The production server."""

from __future__ import annotations

import logging
import os
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from checker.actions.tidy import tidy
from checker.commands import opened, pass_settings
from checker.commands.jobs import PARENT, makers_by_default
from checker.config import Settings
from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import settings as kept

log = logging.getLogger(__name__)

THREADS = 4
"""Per worker. Requests mostly wait for the disk; a password check takes 19 MiB in each."""

WAIT_S = 25
"""The process beside us has so long to end: longer than what it gives to what it does."""


class Beside:
    """The process that makes reports and sends mail: begun after the server's own, and anew when it ends."""

    def __init__(self, settings: Settings, makers: int) -> None:
        self._call = [sys.executable, "-m", "checker", "--instance", str(settings.instance)]
        self._call += ["jobs", "--makers", str(makers)]
        self._running: subprocess.Popen[bytes] | None = None
        self._next = 0.0
        self._pause_s = 1.0

    def keep(self) -> None:
        """Begin it where it does not run; ever more rarely while it ends at once."""
        if self._running is not None:
            if self._running.poll() is None:
                return
            log.error("The process that makes reports and sends mail ended; it is begun again")
            self._running = None
        if time.monotonic() < self._next:
            return
        # A session of its own: Ctrl-C reaches us alone, and we let it end in order.
        environment = {**os.environ, PARENT: str(os.getpid())}
        self._running = subprocess.Popen(self._call, env=environment, start_new_session=True)  # noqa: S603
        self._pause_s = min(self._pause_s * 2, 60)
        self._next = time.monotonic() + self._pause_s

    def ask_to_end(self) -> None:
        """Tell it to end."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()

    def end(self) -> None:
        """Wait for its end, and not for ever."""
        self.ask_to_end()
        if self._running is not None:
            try:
                self._running.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                self._running.kill()
            self._running = None


class Keeper(Arbiter):
    """Gunicorn's head of its workers, who looks after the process beside them too."""

    def __init__(self, app: Server) -> None:
        super().__init__(app)
        self._beside = app.beside

    def manage_workers(self) -> None:
        """Called once a second, and before the first request."""
        super().manage_workers()
        self._beside.keep()

    def stop(self, graceful: bool = True) -> None:
        """Let both end at the same time."""
        self._beside.ask_to_end()
        super().stop(graceful)
        self._beside.end()


class Server(BaseApplication):
    """Gunicorn, started from here; each worker makes its own application, so no connection crosses a fork."""

    def __init__(self, settings: Settings, beside: Beside, options: dict[str, object]) -> None:
        self.settings = settings
        self.beside = beside
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

    def run(self) -> None:
        """Serve until stopped."""
        Keeper(self).run()


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
    "--makers",
    type=click.IntRange(1, 64),
    default=makers_by_default(),
    show_default="processors − 1",
    help="Processes that make reports, besides.",
)
@click.option(
    "--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificate chain, PEM."
)
@click.option(
    "--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key, PEM."
)
@pass_settings
def command(
    settings: Settings,
    host: str,
    port: int,
    workers: int,
    makers: int,
    tls_cert: Path | None,
    tls_key: Path | None,
) -> None:
    """Serve Checker; over HTTPS by a certificate here or by a proxy. Reports and mail are made beside it."""
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together.")
    with opened(settings) as store:
        logins = kept.get(store, "demo_logins", [])
        tidy(store, grace_days=settings.expire_days, now=datetime.now(UTC))
    if tls_cert and tls_key:
        require_certificate(tls_cert, tls_key)
    scheme = "https" if tls_cert else "http"
    shown = f"[{host}]" if ":" in host else host

    def tell(_server: Arbiter) -> None:
        """Where Checker is: said once it is there."""
        click.echo(f"Checker is at {settings.public_url or f'{scheme}://{shown}:{port}'}")
        for login in logins:
            click.echo(f"  {login['role']:<10}  {login['email']}  {login['password']}")

    if not tls_cert and not settings.https and host not in ("127.0.0.1", "::1", "localhost"):
        click.echo("Without HTTPS passwords cross the network in clear.", err=True)
    options = gunicorn_options(f"{shown}:{port}", workers, tls_cert, tls_key)
    options["when_ready"] = tell
    Server(settings, Beside(settings, makers), options).run()


def require_certificate(cert: Path, key: Path) -> None:
    """Refuse what is no certificate with its key: the server would run, and no browser would reach it."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (OSError, ValueError) as error:
        text = N_("%(cert)s and %(key)s are no certificate with its key, both as PEM (%(problem)s).")
        details = {"cert": str(cert), "key": str(key), "problem": str(error)}
        raise Problem("serve.certificate", 422, text, details) from error


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

"""Servers that are there at once: each is forked off a process that has read the program already.

Tests stop and start the site some fifty times, and to read the program takes a second or two each time.
What is forked is Gunicorn over the application as `serve` has it, without the process that makes reports and
sends mail.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from flask import Flask
from gunicorn.app.base import BaseApplication

from checker import create_app, web
from checker.cli import commands
from checker.commands.serve import gunicorn_options

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([__name__])

READ = (web, commands())
"""Everything that `create_app` reads, read before the fork."""


class Alone(BaseApplication):
    """Gunicorn with one worker."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        """Options as the program's own server has them."""
        for name, value in gunicorn_options(f"127.0.0.1:{self.port}", 1, None, None).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in the worker; where its instance is, the environment says."""
        return create_app()


def serve(port: int, settings: Mapping[str, str]) -> None:
    """Serve until stopped."""
    os.environ.update(settings)
    Alone(port).run()


def begin(port: int, settings: Mapping[str, str]) -> ForkServerProcess:
    """A server that is about to answer."""
    process = FORKED.Process(target=serve, args=(port, dict(settings)), daemon=True)
    process.start()
    return process

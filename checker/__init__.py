"""Checker: checklists that mystery shoppers fill, scored as they are sent, read by those who can act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask


def create_app(instance: Path | None = None, **overrides: Any) -> Flask:
    """The web application over the database in `instance`.

    Overrides in small letters are settings (see `config.Settings`), those in capitals go to Flask's own
    configuration.
    """
    from checker import web
    from checker.cli import commands
    from checker.config import load

    settings = load(instance, **{name: value for name, value in overrides.items() if name.islower()})
    app = Flask(
        __name__,
        instance_path=str(settings.instance),
        static_folder=None,  # web/assets.py gives out what is static
        template_folder="web/templates",
    )
    web.init_app(app, settings)
    app.config.update({name: value for name, value in overrides.items() if name.isupper()})
    for command in commands():
        app.cli.add_command(command)
    return app

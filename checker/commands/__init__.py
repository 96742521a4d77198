"""The commands, one noun per module; each module offers `command`, or a list `commands`.

What every command can rely on: `@pass_settings` hands it the settings of the instance, `opened(settings)` the
database. Problem and Refused may simply be raised: they are printed as words and end the command with exit
code 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from flask.cli import ScriptInfo

from checker.config import Settings, load
from checker.store.connection import Store, open_store

P = ParamSpec("P")
R = TypeVar("R")


def pass_settings(function: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Hand the command the settings, under `python -m checker` and under `flask --app checker` alike."""

    @wraps(function)
    def with_settings(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(settings_of(click.get_current_context()), *args, **kwargs)

    return with_settings


def settings_of(context: click.Context) -> Settings:
    """The settings of the instance the command was called for."""
    held: Any = context.find_root().obj
    if isinstance(held, Settings):
        return held
    if isinstance(held, ScriptInfo):
        settings: Settings = held.load_app().extensions["checker.settings"]
        return settings
    return load()


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The instance's database, closed again afterwards."""
    store = open_store(settings.database_path)
    try:
        yield store
    finally:
        store.close()

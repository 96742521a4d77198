"""The command line: every command, refusing in words, with exit codes 0 done, 1 refused, 2 usage."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import click

from checker import commands as rooms
from checker.config import load
from checker.problem import Problem
from checker.standards.faults import Refused


def commands() -> list[click.Command]:
    """Every command there is, by name, refusing in words."""
    found: list[click.Command] = []
    for room in sorted(module.name for module in iter_modules(rooms.__path__)):
        module = import_module(f"checker.commands.{room}")
        found += getattr(module, "commands", None) or [module.command]
    for command in found:
        speak(command)
    return sorted(found, key=lambda command: command.name or "")


def speak(command: click.Command) -> None:
    """Let a command, and those below it, print a refusal in words instead of a traceback."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speak(below)
    if command.callback is not None and not hasattr(command.callback, "speaks"):
        command.callback = in_words(command.callback)


def in_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run `function`; print what it refuses, one fault per line, and end with exit code 1."""

    @wraps(function)
    def speaking(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Refused as refused:
            lines = [str(fault) for fault in refused.faults]
        except Problem as problem:
            lines = [str(problem), *(str(fault) for fault in problem.faults)]
        for line in lines:
            click.echo(line, err=True)
        raise SystemExit(1)

    speaking.speaks = True  # type: ignore[attr-defined]
    return speaking


def group() -> click.Group:
    """The whole command line as one click group."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.option(
        "--instance",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder with database, photos and settings; else CHECKER_INSTANCE, else ./instance.",
    )
    @click.pass_context
    def checker(context: click.Context, instance: Path | None) -> None:
        """Checklists for mystery shoppers, scored as they are sent, and what branches make of them."""
        context.obj = load(instance)

    speak(checker)
    for command in commands():
        checker.add_command(command)
    return checker


def main() -> None:
    """Run the command line."""
    group()(prog_name="python -m checker")

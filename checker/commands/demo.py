"""A believable network to try Checker with."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import click

from checker.commands import opened, pass_settings
from checker.config import LANGUAGES, Settings
from checker.demo.build import Made, Wish, build, days
from checker.passwords import Passwords

USUAL = Wish()

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody mistakes for another when typing them from a screen."""


@click.command("demo")
@click.option("--branches", default=USUAL.branches, show_default=True, type=click.IntRange(1, 5_000))
@click.option(
    "--employees",
    default=USUAL.employees,
    show_default=True,
    type=click.IntRange(1, 200),
    help="Of each branch, at a time.",
)
@click.option(
    "--months",
    default=USUAL.months,
    show_default=True,
    type=click.IntRange(1, 60),
    help="Up to the month that runs now.",
)
@click.option(
    "--visits",
    default=USUAL.visits,
    show_default=True,
    type=click.IntRange(1, 500),
    help="To each branch in a month; some more are made online.",
)
@click.option(
    "--seed", default=USUAL.seed, show_default=True, help="The same seed on one day, the same demo."
)
@click.option(
    "--lang",
    "language",
    default=USUAL.language,
    show_default=True,
    type=click.Choice(LANGUAGES),
    help="Language of what people write.",
)
@pass_settings
def command(
    settings: Settings, branches: int, employees: int, months: int, visits: int, seed: int, language: str
) -> None:
    """Fill an empty instance with a made-up network: branches, people, visits, and something to find in them.

    All of it is stored, or nothing. Everybody in it signs in with one password, made now and printed here and
    at every start: nothing of a real network belongs beside a demo.
    """
    wish = Wish(
        branches=branches, employees=employees, months=months, visits=visits, seed=seed, language=language
    )
    password = fresh_password(settings.password_length)
    with opened(settings) as store, calendar(wish) as (now, progress):
        made = build(
            store, wish, password=password, passwords=Passwords(settings), now=now, progress=progress
        )
    for line in told(made):
        click.echo(line)


@contextmanager
def calendar(wish: Wish) -> Iterator[tuple[datetime, Callable[[date], None]]]:
    """Now, and a progress bar over the demo's days on the error stream; told which day it has come to."""
    now = datetime.now(UTC)
    first, last = days(wish, now)
    with click.progressbar(length=(last - first).days, file=sys.stderr, label="Demo network") as bar:

        def progress(day: date) -> None:
            bar.update(max(0, (day - first).days - bar.pos))

        yield now, progress


def fresh_password(least: int) -> str:
    """A password nobody can guess, in groups of four."""
    groups = max(3, -(-(least + 1) // 5))
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))


def told(made: Made) -> Iterator[str]:
    """What was made, and how to sign in."""
    yield (
        f"{made.branches} branches, {made.employees} employees, {made.visits} visits "
        f"from {made.first} to {made.last}. Sign in as:"
    )
    for login in made.logins:
        yield f"  {login.role:<10}  {login.email}  {login.password}"

"""People: add, new password, disable, list."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from checker.access import ROLES
from checker.actions.add_person import add_person
from checker.actions.disable_person import disable_person
from checker.actions.invite_person import invite_person
from checker.actions.set_password import set_password
from checker.commands import opened, pass_settings
from checker.config import LANGUAGES, Settings
from checker.links import full_link
from checker.passwords import Passwords
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import people
from checker.store.connection import Row, Store


@click.group("user")
def command() -> None:
    """People who sign in."""


@command.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person is here.")
@click.option("--name", help="Name as others see it; by default the address up to the @.")
@click.option(
    "--branch", "branches", multiple=True, metavar="CODE", help="A branch to look into; may be repeated."
)
@click.option(
    "--region", "regions", multiple=True, metavar="CODE", help="A region to look into; may be repeated."
)
@click.option("--employee", metavar="CODE", help="The employee this person is.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@pass_settings
def add(
    settings: Settings,
    email: str,
    role: str,
    name: str | None,
    branches: tuple[str, ...],
    regions: tuple[str, ...],
    employee: str | None,
    language: str,
) -> None:
    """Add a person and print the link with which they set a password."""
    now = datetime.now(UTC)
    with opened(settings) as store, store.write():
        person_id = add_person(
            store,
            email=email,
            name=name or email.partition("@")[0],
            role=role,
            branches=branches,
            regions=regions,
            language=language,
            employee=employee,
            by=None,
            now=now,
        )
        path = invite_person(store, person_id=person_id, days=settings.invitation_days, by=None, now=now)
    click.echo(full_link(settings, path))


@command.command()
@click.argument("email")
@click.option("--ask", is_flag=True, help="Ask for the new password here instead of printing a link.")
@pass_settings
def passwd(settings: Settings, email: str, ask: bool) -> None:
    """Print a link with which the person sets a new password."""
    now = datetime.now(UTC)
    with opened(settings) as store:
        person = known(store, email)
        if ask:
            password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
            set_password(
                store,
                person_id=person["id"],
                password=password,
                passwords=Passwords(settings),
                by=None,
                now=now,
            )
            click.echo("The new password counts. Every session of this person has ended.")
            return
        path = invite_person(store, person_id=person["id"], days=settings.invitation_days, by=None, now=now)
    click.echo(full_link(settings, path))


@command.command()
@click.argument("email")
@pass_settings
def disable(settings: Settings, email: str) -> None:
    """End a person's sessions and let them sign in no more; what they did stays."""
    with opened(settings) as store:
        disable_person(store, person_id=known(store, email)["id"], by=None, now=datetime.now(UTC))
    click.echo(f"{email} cannot sign in any more.")


@command.command("list")
@click.option("--role", type=click.Choice(ROLES), help="Only people of this role.")
@pass_settings
def list_(settings: Settings, role: str | None) -> None:
    """List everybody: address, role, name, what they look at, and whether they can sign in."""
    with opened(settings) as store:
        rows = people.list_all(store, role=role)
    width = max((len(row["email"]) for row in rows), default=0)
    for row in rows:
        scope = " ".join(part for part in (row["branches"], row["regions"], row["employee"]) if part)
        line = f"{row['email']:<{width}}  {row['role']:<10}  {row['name']}"
        notes = [note for note in (scope, state_of(row)) if note]
        click.echo(line + (f"  ({'; '.join(notes)})" if notes else ""))


def known(store: Store, email: str) -> Row:
    """The person with this address; Problem when there is none."""
    row = people.find_by_email(store, email)
    if row is None:
        raise not_found(N_("Nobody here has this address. `user list` shows everybody."))
    return row


def state_of(row: Row) -> str:
    """What keeps a person from signing in, if anything does."""
    if row["disabled_at"] is not None:
        return "disabled"
    return "" if row["has_password"] else "no password yet"

"""Keys with which programs use the API: made, listed, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from checker.actions.issue_token import SCOPES, issue_token, revoke_token
from checker.commands import opened, pass_settings
from checker.config import Settings
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import people, tokens
from checker.store.connection import Row, Store

by_option = click.option(
    "--by", metavar="EMAIL", help="The administrator who answers for it; needed where there are several."
)


@click.group("token")
def command() -> None:
    """Keys with which programs use the API."""


@command.command()
@click.argument("name")
@click.option(
    "--person", metavar="EMAIL", required=True, help="Whose eyes the key has: it sees what they see."
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="What the key may do; may be repeated.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="It ends after so many days; else when revoked.")
@by_option
@pass_settings
def add(
    settings: Settings, name: str, person: str, scopes: tuple[str, ...], days: int | None, by: str | None
) -> None:
    """Make a key for the program NAME and print it: this once, because only its hash is kept."""
    now = datetime.now(UTC)
    with opened(settings) as store:
        held = people.find_by_email(store, person)
        if held is None:
            raise not_found(N_("Nobody here has this address. `user list` shows everybody."))
        token = issue_token(
            store,
            name=name,
            person_id=held["id"],
            scopes=scopes,
            by=administrator(store, by),
            now=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
    click.echo(token)


@command.command("list")
@pass_settings
def list_(settings: Settings) -> None:
    """List every key: number, program, person, scopes, until when it works; never the key itself."""
    with opened(settings) as store:
        rows = tokens.list_all(store)
    for row in rows:
        click.echo(f"{row['id']}  {row['name']}  {row['email']}  {row['scopes']}  ({state_of(row)})")


@command.command()
@click.argument("number", type=click.IntRange(1, 2**31))
@by_option
@pass_settings
def revoke(settings: Settings, number: int, by: str | None) -> None:
    """End the key with this NUMBER; `token list` shows the numbers."""
    with opened(settings) as store:
        revoke_token(store, token_id=number, by=administrator(store, by), now=datetime.now(UTC))
    click.echo(f"Key {number} is refused from now on.")


def administrator(store: Store, email: str | None) -> int:
    """Who answers for what is done here: the administrator named, else the only one there is.

    Raises Problem.
    """
    admins = [row for row in people.list_all(store, role="admin") if row["disabled_at"] is None]
    if email is not None:
        admins = [row for row in admins if row["email"].casefold() == email.strip().casefold()]
    if len(admins) == 1:
        return int(admins[0]["id"])
    if email is not None:
        text = N_("%(email)s is no administrator here. `user list --role admin` shows them.")
        raise Problem("token.by", 422, text, {"email": email})
    text = N_("Say which administrator answers for this: --by EMAIL. `user list --role admin` shows them.")
    raise Problem("token.by", 422, text)


def state_of(row: Row) -> str:
    """Since when a key works no more, or until when it does."""
    if row["revoked_at"] is not None:
        return f"revoked {day(row['revoked_at'])}"
    if row["expires_at"] is None:
        return "until revoked"
    over = row["expires_at"] <= datetime.now(UTC).timestamp()
    return f"ended {day(row['expires_at'])}" if over else f"until {day(row['expires_at'])}"


def day(seconds: int) -> str:
    """A stored moment's day, UTC."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()

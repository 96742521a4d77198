"""Make the database, or bring it up to date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from checker.actions.add_person import add_person
from checker.actions.invite_person import invite_person
from checker.actions.publish_checklist import publish_checklist
from checker.commands import opened, pass_settings
from checker.config import Settings, secret_key
from checker.links import full_link
from checker.problem import Problem
from checker.sealing import seal_key
from checker.standards.faults import N_
from checker.standards.parse import read_yaml
from checker.store import people
from checker.store.connection import Store
from checker.store.upgrade import create_or_migrate

CHECKLISTS = Path(__file__).resolve().parent.parent.parent / "checklists"


@click.command("init")
@click.option(
    "--admin", metavar="EMAIL", help="Make this person an administrator and print a link to set a password."
)
@pass_settings
def command(settings: Settings, admin: str | None) -> None:
    """Make the database or bring it up to date, and publish the checklists that come with Checker."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    settings.instance.chmod(0o700)  # what people did is in here: for the owner's eyes alone
    applied = create_or_migrate(settings.database_path, settings.backup_dir)
    secret_key(settings.instance)
    seal_key(settings.instance)
    click.echo(f"{settings.database_path}: {', '.join(applied) if applied else 'up to date'}")
    with opened(settings) as store:
        now = datetime.now(UTC)
        for line in publish_shipped(store, now=now):
            click.echo(line)
        if admin:
            click.echo(admit_admin(store, settings, admin, now=now))


def publish_shipped(store: Store, *, now: datetime) -> list[str]:
    """Publish the checklists in `checklists/` that are newer than what is published; says what was done."""
    done = []
    for file in sorted(CHECKLISTS.glob("*.yaml")):
        checklist = read_yaml(file.read_bytes(), file.name)
        try:
            version = publish_checklist(store, checklist, by=None, now=now)
        except Problem as problem:
            if problem.code not in ("checklist.older", "checklist.other_content"):
                raise
            done.append(f"{file.name}: kept what is published. {problem}")
        else:
            done.append(f"{version.checklist.id} {version.checklist.version}: published")
    return done


def admit_admin(store: Store, settings: Settings, email: str, *, now: datetime) -> str:
    """Make sure this administrator exists; the line to print, with a link to set a password."""
    held = people.find_by_email(store, email)
    if held is None:
        name = email.partition("@")[0]
        person_id = add_person(store, email=email, name=name, role="admin", by=None, now=now)
    elif held["role"] != "admin":
        text = N_("%(email)s is there already, as %(role)s. Change the role on the page of people.")
        raise Problem("person.other_role", 409, text, {"email": email, "role": held["role"]})
    elif held["password_hash"] is not None:
        return f"{email} is an administrator already. A new link: python -m checker user passwd {email}"
    else:
        person_id = held["id"]
    path = invite_person(store, person_id=person_id, days=settings.invitation_days, by=None, now=now)
    days = settings.invitation_days
    return f"{email} sets a password here, once, within {days} days:\n  {full_link(settings, path)}"

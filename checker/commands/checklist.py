"""Checklists: files checked, published and listed; what is published, shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click

from checker.actions.publish_checklist import publish_checklist
from checker.commands import opened, pass_settings
from checker.config import LANGUAGES, Settings
from checker.problem import Problem, not_found
from checker.reports.blank_form import blank_form
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import DEFAULT_ROLE, POINT, Checklist, Item
from checker.standards.parse import read_yaml, schema, warnings
from checker.store import checklists
from checker.store.checklists import Version
from checker.store.connection import Store
from checker.summaries.look import look
from checker.words import Words, words_for

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

LANGUAGE = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the texts; where the checklist lacks it, its first.",
)

VERSION = click.option("--version", "number", type=click.IntRange(1), help="Which version; else the newest.")


@click.group("checklist")
def command() -> None:
    """Checklists: what shoppers are asked, and what each answer is worth."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE…")
def validate(files: Sequence[Path]) -> None:
    """Check files: every fault with its line and what to do; exit code 1 when there is one.

    Warnings are printed too, but a file with warnings alone may be published.
    """
    sound: list[tuple[Path, Checklist]] = []
    for file in files:
        try:
            sound.append((file, read(file)))
        except Refused as refused:
            for fault in refused.faults:
                click.echo(str(fault), err=True)
    for index, (file, checklist) in enumerate(sound):
        # Held against the files before it only, so that two that differ are told of once.
        warn(file, warnings(checklist, (other for _, other in sound[:index] if other.id != checklist.id)))
        click.echo(f"{file}: sound ({told(checklist)})")
    if len(sound) < len(files):
        raise SystemExit(1)


@command.command("list")
@pass_settings
def list_(settings: Settings) -> None:
    """List every published version: how many visits rest on it, when it was published, its hash."""
    with opened(settings) as store:
        rows = checklists.list_versions(store)
    width = max((len(row["code"]) for row in rows), default=0)
    for row in rows:
        day = datetime.fromtimestamp(row["published_at"], UTC).date()
        line = f"{row['code']:<{width}}  {row['version']:>3}  {row['visits']:>7} visits  {day}"
        retired = "  (retired)" if row["retired_at"] is not None else ""
        click.echo(f"{line}  {row['hash'].lower()}{retired}")


@command.command()
@click.argument("file", type=FILE)
@pass_settings
def publish(settings: Settings, file: Path) -> None:
    """Publish a file as a version: it is frozen, and visits may rest on it from now on.

    The same file again changes nothing. Other content needs the next version number.
    """
    checklist = read(file)
    with opened(settings) as store:
        others = [version.checklist for version in checklists.list_current(store)]
        warn(file, warnings(checklist, [other for other in others if other.id != checklist.id]))
        held = checklists.find(store, checklist.id, checklist.version)
        version = publish_checklist(store, checklist, by=None, now=datetime.now(UTC))
    done = "published" if held is None else "was published already"
    click.echo(f"{told(checklist)}: {done}\n{version.hash.hex()}")


@command.command()
@click.argument("code", metavar="ID")
@VERSION
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="The stored definition itself, as JSON.")
@pass_settings
def show(settings: Settings, code: str, number: int | None, language: str, as_json: bool) -> None:
    """Show a published version: its questions and what they are worth."""
    with opened(settings) as store:
        version = find(store, code, number)
    if as_json:
        click.echo(json.dumps(version.checklist.definition, ensure_ascii=False, indent=2))
        return
    for line in shown(version, words_for(language)):
        click.echo(line)


@command.command()
@click.argument("code", metavar="ID")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.pdf",
    help="The PDF to write.",
)
@VERSION
@LANGUAGE
@click.option(
    "--points", is_flag=True, help="Print points, targets and critical marks too; not for shoppers."
)
@pass_settings
def form(settings: Settings, code: str, out: Path, number: int | None, language: str, points: bool) -> None:
    """Write a published version as a blank form to print, for visits without a tablet."""
    with opened(settings) as store:
        version = find(store, code, number)
        looks = look(store)
    words = words_for(language)
    try:
        out.write_bytes(blank_form(version.checklist, words, look=looks, points=points))
    except OSError as error:
        text = N_("%(file)s cannot be written: %(why)s. Choose another place with --out.")
        details = {"file": out, "why": error.strerror}
        raise Problem("file.not_written", 500, text, details) from error
    click.echo(f"{out}: {told(version.checklist)}")


@command.command("schema")
def schema_() -> None:
    """Print the JSON Schema of checklist files, for editors."""
    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


# --- what they share ----------------------------------------------------------------------------------------


def read(file: Path) -> Checklist:
    """The checklist in a file. Raises Refused with every fault, each with file and line."""
    return read_yaml(file.read_bytes(), str(file))


def warn(file: Path, found: Sequence[Fault]) -> None:
    """Print what to look at; a warning's place is an item."""
    for warning in found:
        click.echo(f"{file}: warning: {warning}", err=True)


def told(checklist: Checklist) -> str:
    """A checklist in a few words."""
    return f"{checklist.id} {checklist.version}, {len(checklist.items)} questions"


def find(store: Store, code: str, number: int | None) -> Version:
    """The published version, the newest when none is named. Raises Problem "not_found"."""
    version = checklists.current(store, code) if number is None else checklists.find(store, code, number)
    if version is not None:
        return version
    if number is None or checklists.current(store, code) is None:
        raise not_found(N_("There is no such checklist. `checklist list` shows every one."))
    text = N_("Version %(version)s of “%(code)s” was never published. `checklist list` shows every one.")
    raise Problem("not_found", 404, text, {"version": number, "code": code})


def shown(version: Version, words: Words) -> Iterator[str]:
    """A checklist on the screen, line by line."""
    checklist = version.checklist
    languages = checklist.languages
    yield f"{words.text(checklist.title, languages)} ({told(checklist)}; {' '.join(languages)})"
    yield version.hash.hex()
    width = max(len(item.id) for item in checklist.items)
    for section in checklist.sections:
        weight = f" (weight {units(section.weight)})" if section.weight is not None else ""
        yield f"\n{words.text(section.title, languages)}{weight}"
        for item in section.items:
            yield f"  {item.id:<{width}}  {worth(item)}"
            yield f"  {'':<{width}}  {words.text(item.text, languages)}"


def worth(item: Item) -> str:
    """Type, points and everything else that decides what an answer does."""
    parts = [item.type]
    if item.scored:
        parts += [f"{units(item.points)} points", item.axis.value, item.level.value]
    if item.role != DEFAULT_ROLE:
        parts.append(f"role {item.role}")
    if item.standard not in ("", item.id):
        parts.append(f"standard {item.standard}")
    parts += [name for name in ("critical", "bonus", "trial") if getattr(item, name)]
    if item.when:
        parts.append("only when " + " and ".join(dict.fromkeys(one.subject for one in item.when)))
    return ", ".join(parts)


def units(amount: int) -> str:
    """Points or a weight, held in 1/10,000, as they stand in the file."""
    return f"{Decimal(amount) / POINT:f}"

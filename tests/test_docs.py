"""The documentation is held against the program: commands, settings, rules, links, words on buttons."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from checker.access import ROLES
from checker.actions.issue_token import SCOPES
from checker.cli import group
from checker.config import LANGUAGES, Settings
from tests.test_layers import ARROWS

HOME = Path(__file__).parent.parent
DOCS = HOME / "docs"
README = HOME / "README.md"
PAGES = sorted([*HOME.glob("*.md"), HOME / "checklists" / "README.md", *DOCS.rglob("*.md")])
PAGES += sorted((HOME / "checker").glob("*/README.md"))
GUIDES = [README, *sorted((DOCS / "guides").glob("*.md"))]

LARGEST_PICTURE = 150_000
LONGEST_README = 120

MACHINE = re.compile(r"(?<![\w.])(/home/|/root/|/work/|/tmp/|/Users/|/opt/cv|[A-Z]:\\)")
"""Places of somebody's own machine; /srv and /etc are examples everybody understands."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    """The page's prose: blocks of code aside."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


# --- commands -----------------------------------------------------------------------------------------------


def commands(found: click.Command, *names: str) -> Iterator[tuple[str, click.Command]]:
    """Every command, with the words it is called by."""
    if isinstance(found, click.Group):
        for name, below in found.commands.items():
            yield from commands(below, *names, name)
    else:
        yield " ".join(names), found


COMMANDS = dict(commands(group()))


def options_of(command: click.Command) -> set[str]:
    """The options as they are typed."""
    return {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }


@cache
def commands_told() -> dict[str, set[str]]:
    """The rows of the table in docs/operations.md: command -> its options."""
    section = text_of(DOCS / "operations.md").split("\n## Commands\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z ]+)` \|.*\|(.*)\|$", section, re.MULTILINE)
    return {name: set(re.findall(r"`(--[a-z-]+)`", options)) for name, options in rows}


def test_every_command_is_told_with_its_options() -> None:
    assert commands_told() == {name: options_of(command) for name, command in COMMANDS.items()}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    assert (COMMANDS[name].help or "").strip()


def test_groups_explain_themselves() -> None:
    every = group()
    assert (every.help or "").strip()
    groups = [one for one in every.commands.values() if isinstance(one, click.Group)]
    assert all((one.help or "").strip() for one in groups)


def test_commands_on_the_pages_exist() -> None:
    """`python -m checker export visits …` names a command and, of its options, those there are."""
    wrong = []
    for page in PAGES:
        for line in re.findall(r"python -m checker (.+?)(?:`|\n|$)", text_of(page).replace("\\\n", " ")):
            words = re.sub(r"--instance \S+ ?", "", line).split()
            name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)
            if name is None:
                wrong += [] if words[0] in {"…", "COMMAND"} or words[1:2] == ["…"] else [(page.name, line)]
                continue
            asked = {word.partition("=")[0] for word in words if word.startswith("--")}
            wrong += [(page.name, line, option) for option in asked - options_of(COMMANDS[name]) - {"--help"}]
    assert wrong == []


# --- settings, scopes, rules, roles, rooms ------------------------------------------------------------------


def as_toml(value: object) -> str:
    """A default as config.toml would have it."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def test_every_setting_is_told_with_default_and_meaning() -> None:
    section = text_of(DOCS / "operations.md").split("\n## Settings\n")[1].split("\n## ")[0]
    told = re.findall(r"^\| `(\w+)` \| `(.*?)` \| (.*) \|$", section, re.MULTILINE)
    known = [entry for entry in fields(Settings) if entry.name != "instance"]
    assert told == [(one.name, as_toml(one.default), one.metadata["meaning"]) for one in known]


def test_every_scope_of_a_key_is_told() -> None:
    told = re.findall(r"^\| `(\w+:\w+)` \|", text_of(DOCS / "api.md"), re.MULTILINE)
    assert told == list(SCOPES)


def test_every_rule_of_scoring_is_told_once() -> None:
    told = re.findall(r"^### (SC-\d\d) ", text_of(DOCS / "scoring.md"), re.MULTILINE)
    assert told == [f"SC-{n:02}" for n in range(1, 16)]
    named = {
        rule
        for path in (HOME / "checker").rglob("*.py")
        for rule in re.findall(r"SC-\d\d", path.read_text(encoding="utf-8"))
    }
    assert named <= set(told)


def test_every_role_has_its_guide() -> None:
    names = {"admin": "administrator"}
    wanted = {f"{names.get(role, role)}.md" for role in ROLES}
    assert {guide.name for guide in GUIDES if guide is not README} == wanted


def test_every_room_stands_in_the_architecture() -> None:
    page = text_of(DOCS / "architecture.md")
    rooms = {path.name for path in (HOME / "checker").iterdir() if (path / "__init__.py").exists()}
    assert rooms == {room for room in ARROWS if (HOME / "checker" / room).is_dir()}
    told = set(re.findall(r"^\| `checker/(\w+)` \|", page, re.MULTILINE))
    assert told == rooms | {"translations"}
    alone = {path.name for path in (HOME / "checker").glob("*.py")} - {"__main__.py"}
    assert [name for name in alone if name not in page] == []


def test_every_benchmark_is_told() -> None:
    page = text_of(DOCS / "benchmarks.md")
    modules = {path.stem for path in (HOME / "benchmarks").glob("*.py")} - {"__init__"}
    assert [name for name in modules if name not in page] == []


def test_every_language_is_told() -> None:
    assert len(LANGUAGES) == 5
    names = ("English", "Finnish", "German", "Polish", "Romanian")
    assert all(name in text_of(DOCS / "translations.md") for name in names)


# --- the pages themselves -----------------------------------------------------------------------------------


def test_the_readme_is_short_and_its_two_commands_are_there() -> None:
    text = text_of(README)
    assert text.count("\n") <= LONGEST_README
    for name in ("scripts/run", "scripts/test"):
        assert re.search(rf"^{name}$", text, re.MULTILINE)
        path = HOME / name
        assert path.stat().st_mode & stat.S_IXUSR and os.access(path, os.X_OK)


def test_every_page_is_in_the_index() -> None:
    index = text_of(DOCS / "README.md")
    pages = [page for page in DOCS.rglob("*.md") if page.name != "README.md"]
    assert [page.name for page in pages if f"({page.relative_to(DOCS).as_posix()})" not in index] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text_of(page)), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {words.strip().replace(" ", "-") for words in plain}


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.relative_to(HOME).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text_of(document))):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or not file.is_relative_to(HOME) or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_picture_is_shown_and_small() -> None:
    shown = {Path(name).name for page in PAGES for name in re.findall(r"!\[[^]]+\]\((\S+)\)", text_of(page))}
    pictures = {path.name: path.stat().st_size for path in (DOCS / "images").iterdir()}
    assert shown == set(pictures)
    assert {name for name, size in pictures.items() if size > LARGEST_PICTURE} == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.relative_to(HOME).as_posix())
def test_no_page_names_a_machine(document: Path) -> None:
    assert MACHINE.findall(text_of(document)) == []


# --- guides say what stands on the screen -------------------------------------------------------------------


@cache
def words_on_screen() -> set[str]:
    """Every text of the pages, in English."""
    with (HOME / "checker" / "translations" / "messages.pot").open("rb") as file:
        catalog = read_po(file)
    texts: set[str] = set()
    for message in catalog:
        texts |= {message.id} if isinstance(message.id, str) else set(message.id)
    return texts


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_bold_words_of_a_guide_stand_on_the_screen(guide: Path) -> None:
    """In guides, bold marks what is read on a page or tapped there, and nothing else."""
    prose = without_code(text_of(guide))
    bold = {re.sub(r"\s+", " ", words) for words in re.findall(r"\*\*(.+?)\*\*", prose, re.DOTALL)}
    assert bold - words_on_screen() == set()


def test_addresses_on_the_pages_exist(app: Flask) -> None:
    """`/healthz` and the like lead to a view."""
    adapter = app.url_map.bind("localhost")
    wrong = []
    for page in [*GUIDES, *DOCS.glob("*.md")]:
        for path in re.findall(r"`(?:(?:GET|POST|PUT) )?(/[a-z][\w/<>.-]*)`", without_code(text_of(page))):
            if path == "/api/v1":  # everything below it
                continue
            filled = path.replace("<id>", "0199e8a0-0000-7000-8000-000000000000")
            try:
                adapter.match(filled)
            except (MethodNotAllowed, RequestRedirect):
                continue
            except NotFound:
                wrong.append((page.name, path))
    assert wrong == []

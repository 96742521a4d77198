"""Data flows one way (docs/architecture.md): every import between rooms is read from the source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
PACKAGE = HOME / "checker"

SMALL = {
    "problem",
    "config",
    "words",
    "access",
    "passwords",
    "tokens",
    "links",
    "sealing",
    "pictures",
    "colours",
}
"""Modules that stand alone beside the rooms."""

ARROWS: dict[str, set[str]] = {
    # What each room may import, itself aside. A room that is not named here may import nothing of ours.
    "standards": set(),
    "charts": set(),
    "tokens": set(),
    "colours": set(),
    "problem": {"standards"},
    "words": {"standards"},
    "config": {"standards", "problem"},
    "links": {"config"},
    "pictures": {"standards", "problem"},
    "sealing": {"standards", "problem", "config"},
    "passwords": {"standards", "config"},
    "store": {"standards", "problem"},
    "access": {"store"},
    "sheets": {"standards"},
    "summaries": {"standards", "store", "problem"},
    "actions": {
        *("standards", "store", "sheets"),
        *("problem", "config", "access", "passwords", "tokens", "sealing", "pictures", "colours"),
    },
    "reports": {"standards", "charts", "summaries", "words", "problem", "colours"},
    "editions": {"standards", "store", "summaries", "actions", "reports", "words", "problem"},
    "jobs": {
        *("standards", "store", "summaries", "actions", "reports", "editions"),
        *("words", "problem", "config", "access", "links"),
    },
    "demo": {"standards", "store", "actions", "editions", "problem", "passwords"},
    "web": {
        *("standards", "store", "sheets", "summaries", "actions", "reports", "editions", "jobs", "charts"),
        *SMALL,
    },
    "commands": {
        *("standards", "store", "sheets", "summaries", "actions", "reports"),
        *("editions", "jobs", "demo", "web"),
        *SMALL,
    },
    "cli": {"standards", "problem", "config", "commands"},
    "__init__": {"config", "cli", "web"},
    "__main__": {"cli"},
}

VALUES = {"checker.summaries.values", "checker.summaries.table"}
"""What a report takes: frozen values, never the functions that read them from the store."""

LIBRARIES: dict[str, set[str]] = {
    # Which rooms may use a library of others; a test names what is imported nowhere else.
    "flask": {"web", "commands", "__init__"},
    "flask_babel": {"web"},
    "flask_limiter": {"web"},
    "flask_wtf": {"web"},
    "wtforms": {"web"},
    "werkzeug": {"web"},
    "pysqlite3": {"store"},
    "sqlite_utils": {"store", "reports"},  # reports/sqlite.py writes a file of its own, for others to read
    "reportlab": {"charts", "reports"},
    "openpyxl": {"sheets"},
    "xlsxwriter": {"reports"},
    "gunicorn": {"commands"},
    "huey": {"jobs"},
    "argon2": {"passwords"},
    "cattrs": {"editions"},
    "cryptography": {"sealing"},
    "PIL": {"pictures"},
    "click": {"commands", "cli"},
}

BLUEPRINTS = ("account", "shopper", "tablet", "manager", "leadership", "planning", "review", "admin", "api")

HANDED_OVER = {
    # /visits/<id> is one address for everybody: its shopper sees the form, everybody else the sheet, and
    # those who decide about visits the sheet with their decision. Each hands the page over to the next.
    ("checker.web.shopper.visit", "checker.web.manager.views.visit_sheet_page"),
    ("checker.web.manager.views", "checker.web.review.views.decision_page"),
}

SQL = re.compile(
    r"\bSELECT\s[\s\S]+?\sFROM\s|\bINSERT\s+INTO\s|\bUPDATE\s+\w+\s+SET\s|\bDELETE\s+FROM\s"
    r"|\b(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|VIEW|TRIGGER)\s|\bBEGIN\s+IMMEDIATE\b|^PRAGMA\b"
)

NOT_OURS = {
    "checker.reports.sqlite",  # writes an export as a database of its own; ours is never touched there
    "checker.web.health",  # asks whether the database answers, and nothing of what is in it
}

PURE = ("standards", "charts")
"""Rooms in which the same values always give the same answer."""

WORLD = {"now", "today", "utcnow", "monotonic", "perf_counter", "urandom", "token_hex", "uuid4", "Random"}
DISK = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}

ON_DISK = {"checker.charts.letters": {"read_text"}}
"""The widths of our own letters are part of the code, though they lie in a file."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(HOME).with_suffix("").parts
        found[".".join(parts)] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def room_of(name: str) -> str:
    """The room a dotted name stands in: checker.store.visits -> store, checker.words -> words."""
    return name.split(".")[1]


def imports(tree: ast.Module) -> Iterator[str]:
    """Everything imported, also inside functions, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(tree: ast.Module) -> Iterator[str]:
    """What is imported of this package; `from checker import web` is checker.web."""
    yield from (name for name in imports(tree) if name.startswith("checker."))


def strings(tree: ast.Module) -> Iterator[str]:
    """Every string, docstrings aside, those with gaps (f"…") joined over them."""
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.value


def test_every_room_has_its_arrows() -> None:
    assert {room_of(name) for name in modules()} == set(ARROWS)


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    wrong = [
        (name, wanted)
        for name, tree in modules().items()
        if room_of(name) == room
        for wanted in ours(tree)
        if room_of(wanted) not in ARROWS[room] | {room, "create_app"}
    ]
    assert wrong == []


def test_no_arrow_leads_back() -> None:
    """The arrows have an order: whoever imports stands above what it imports."""
    placed: set[str] = {"__init__", "__main__", "cli"}  # the doors, which nobody but each other goes through
    rest = dict(ARROWS)
    for door in placed:
        rest.pop(door)
    done: set[str] = set()
    while rest:
        ready = {room for room, wanted in rest.items() if wanted <= done}
        assert ready, f"these rooms need each other: {sorted(rest)}"
        done |= ready
        for room in ready:
            rest.pop(room)


def test_only_commands_and_the_doors_make_the_application() -> None:
    makers = {name for name, tree in modules().items() if "checker.create_app" in imports(tree)}
    assert {room_of(name) for name in makers} <= {"commands"}


def test_reports_take_values_and_never_read_them() -> None:
    taken = {
        (name, wanted.rpartition(".")[0])
        for name, tree in modules().items()
        if room_of(name) == "reports"
        for wanted in ours(tree)
        if room_of(wanted) == "summaries"
    }
    assert {module for _, module in taken} <= VALUES


def test_blueprints_know_nothing_of_each_other() -> None:
    crossing = {
        (name, wanted)
        for name, tree in modules().items()
        for wanted in ours(tree)
        if (own := blueprint_of(name)) and (other := blueprint_of(wanted)) and own != other
    }
    assert crossing == HANDED_OVER


def blueprint_of(name: str) -> str | None:
    """The blueprint a dotted name belongs to; None for the rest of web and for other rooms."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["checker", "web"] and len(parts) > 2 and parts[2] in BLUEPRINTS else None


def test_web_shares_nothing_that_rests_on_a_blueprint() -> None:
    """What blueprints share stands below all of them; only `web/__init__`, which joins them, knows each."""
    resting = [
        (name, wanted)
        for name, tree in modules().items()
        if room_of(name) == "web" and blueprint_of(name) is None and name != "checker.web.__init__"
        for wanted in ours(tree)
        if blueprint_of(wanted)
    ]
    assert resting == []


def test_sql_stands_in_the_store_alone() -> None:
    outside = {
        name: text
        for name, tree in modules().items()
        if room_of(name) != "store" and name not in NOT_OURS
        for text in strings(tree)
        if SQL.search(text)
    }
    assert outside == {}


def test_the_search_for_sql_finds_it() -> None:
    planted = ast.parse('"""SELECT a FROM b"""\nx = f"SELECT {y} FROM visit"\nz = "DELETE FROM visit"')
    assert [bool(SQL.search(text)) for text in strings(planted)].count(True) == 2
    assert not SQL.search("Select what you want from the list, then insert into the form")


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_a_library_stays_in_its_rooms(library: str) -> None:
    users = {
        room_of(name)
        for name, tree in modules().items()
        for wanted in imports(tree)
        if wanted.split(".")[0] == library
    }
    assert users == LIBRARIES[library]


def test_standards_need_the_standard_library_alone() -> None:
    """Save one that does a whole standard's work, in one module: YAML 1.2 is read."""
    needed = {
        (name, top)
        for name, tree in modules().items()
        if room_of(name) == "standards"
        for wanted in imports(tree)
        if (top := wanted.split(".")[0]) not in sys.stdlib_module_names | {"checker"}
    }
    assert needed == {("checker.standards.yaml_lines", "ruamel")}


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_ask_no_clock_and_no_disk(room: str) -> None:
    asked = [
        (name, called)
        for name, tree in modules().items()
        if room_of(name) == room
        for called in calls(tree)
        if called in WORLD or (called in DISK and called not in ON_DISK.get(name, set()))
    ]
    assert asked == []


def calls(tree: ast.Module) -> Iterator[str]:
    """The last name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def test_every_module_says_its_theme() -> None:
    silent = [name for name, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []

"""Texts a person sees go through gettext, and the template for translators has every one of them."""

from __future__ import annotations

import ast
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parent.parent
TEMPLATE = HOME / "checker" / "translations" / "messages.pot"
SOURCES = sorted((HOME / "checker").rglob("*.py"))

WORDS_AT = {"Problem": 2, "Fault": 2}
"""Where a refusal takes its words, among its arguments."""


@pytest.fixture(scope="module")
def extracting() -> ModuleType:
    """scripts/extract-texts as a module."""
    loader = SourceFileLoader("extract_texts", str(HOME / "scripts" / "extract-texts"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_template_holds_every_text(extracting: ModuleType) -> None:
    with TEMPLATE.open("rb") as file:
        held = extracting.texts(extracting.read_po(file))
    fresh = extracting.texts(extracting.extracted())
    assert held == fresh, "scripts/extract-texts brings the template up to date"


def test_texts_of_every_kind_are_found(extracting: ModuleType) -> None:
    texts = extracting.texts(extracting.extracted())
    for text in (
        "Read it once more and send",  # a template
        "The programme is saved.",  # a view
        "Name of the organisation",  # a form's label, said later
        "This visit does not wait for you any more.",  # a refusal
        "Mystery shopping",  # a name marked where it stands and said elsewhere
        ("%(num)s branch", "%(num)s branches"),  # a plural
    ):
        assert text in texts


def test_refusals_are_marked_where_they_stand() -> None:
    bare = [
        f"{path.relative_to(HOME)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and len(node.args) > (place := WORDS_AT.get(node.func.id, 99))
        and isinstance(node.args[place], ast.Constant | ast.JoinedStr)
    ]
    assert bare == []


def test_words_with_gaps_are_not_put_together_before_they_are_translated() -> None:
    """`_(f"…")` would look for a text that no translator ever saw."""
    marks = {"_", "_l", "N_", "gettext", "ngettext", "lazy_gettext"}
    wrong = [
        f"{path.relative_to(HOME)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in marks
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:2])
    ]
    assert wrong == []

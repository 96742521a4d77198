"""What tests of administrators' pages need: the words of a page, the values its fields hold."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from werkzeug.test import TestResponse

from checker.store.connection import Row, Store
from tests.browsing import Browser


def values(page: str) -> dict[str, str]:
    """What the one-line fields, the text areas and the selects of a page hold, by name."""
    held: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") not in ("checkbox", "radio", "hidden") and "name" in attributes:
            held[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        held[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option(?=[^>]*\bselected\b)[^>]*value="([^"]*)"', options) or re.search(
            r'<option[^>]*value="([^"]*)"', options
        )
        held[name] = html.unescape(chosen[1]) if chosen else ""
    return held


def ticked(page: str, name: str) -> set[str]:
    """The values of the ticked boxes of that name."""
    boxes = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag and "checked" in tag]
    return {html.unescape(re.search(r'value="([^"]*)"', box)[1]) for box in boxes}  # type: ignore[index]


def faults(page: str) -> list[str]:
    """The words of the faults on a page."""
    lists = re.findall(r'<ul class="faults"[^>]*>(.*?)</ul>', page, re.S)
    found = [
        re.sub(r"<[^>]+>", "", item) for one in lists for item in re.findall(r"<li>(.*?)</li>", one, re.S)
    ]
    return [html.unescape(" ".join(words.split())) for words in found]


def refused(answer: TestResponse, *, typed: dict[str, str], saying: str) -> None:
    """A form was refused with these words among its faults, and every field still holds what was typed."""
    assert answer.status_code in (409, 422), answer.text
    assert any(saying in words for words in faults(answer.text)), faults(answer.text)
    held = values(answer.text)
    assert {name: held.get(name) for name in typed} == typed


def row(store: Store, table: str, **columns: Any) -> Row:
    """The row of a table with these values."""
    where = " AND ".join(f"{name} = :{name}" for name in columns) or "true"
    found = store.row(f"SELECT * FROM {table} WHERE {where}", columns)
    assert found is not None, (table, columns)
    return found


def count(store: Store, table: str) -> int:
    """How many rows a table has."""
    return int(store.value(f"SELECT count(*) FROM {table}"))


def hand_in(browser: Browser, path: str, source: str | bytes, name: str, /, **fields: Any) -> TestResponse:
    """Upload a file, as the field `sheet` unless `file` says another, with further fields."""
    held = source.encode() if isinstance(source, str) else source
    data = {fields.pop("file", "sheet"): (io.BytesIO(held), name), **fields}
    return browser.post(path, data=data, content_type="multipart/form-data")


def pending(page: str) -> str:
    """The key under which a dry run keeps its file."""
    found = re.search(r"/admin/imports/pending/([0-9a-f]{32})", page)
    assert found is not None, page
    return found[1]


def figures(page: str) -> dict[str, int]:
    """new, changed, unchanged and refused, as the page of an import says them."""
    found = re.findall(
        r'<span class="label">(\w+)</span><span class="figure">(\d+)</span><span class="n">row', page
    )
    return {label: int(n) for label, n in found}

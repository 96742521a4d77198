"""Lists that are searched and turned page by page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from checker.store.connection import Row

PAGE = 100
"""Rows on one page."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its rows, how many were found, and how to get to the other pages."""

    rows: Sequence[Row]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.found // PAGE))

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * PAGE + 1

    def address(self, page: int) -> str:
        """The address of another page of the same search."""
        said = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
        return f"{request.path}?{urlencode([*said, ('page', str(page))])}"


def page_number() -> int:
    """The page the address asks for."""
    written = request.args.get("page", "")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 7 else 1


def searched(rows: Sequence[Row], *columns: str) -> Listing:
    """The rows in which each word of the search `q` occurs in some column, whatever its capitals and accents.

    Done here and not in SQL, whose notion of a letter ends with Z.
    """
    wanted = folded(request.args.get("q", "")).split()
    if wanted:
        rows = [row for row in rows if _holds(row, columns, wanted)]
    page = min(page_number(), max(1, -(-len(rows) // PAGE)))
    return Listing(rows[(page - 1) * PAGE : page * PAGE], len(rows), page)


def _holds(row: Row, columns: Sequence[str], wanted: Sequence[str]) -> bool:
    text = folded(" ".join(str(row[column] or "") for column in columns))
    return all(word in text for word in wanted)


def folded(text: str) -> str:
    """A text in small letters without accents: "Köln" and "koln" are the same to somebody who searches."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))

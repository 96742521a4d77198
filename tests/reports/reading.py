"""Reading a report as a person does: its words, how large they are, and whether they stand on the page."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def pages(content: bytes) -> list[str]:
    """Give the words of each page in one line, blanks of any kind as one."""
    return [" ".join(page.extract_text().split()) for page in read(content).pages]


def text(content: bytes) -> str:
    return " ".join(pages(content))


def body(content: bytes) -> str:
    """Give the words between the strip above the pages and the method under them."""
    return re.sub(r"n = visits behind a figure.*?\(UTC\)\. \d+ of \d+", "", text(content))


def titles(reader: PdfReader) -> list[str]:
    """Give the outline's entries, those below each other too."""

    def flat(entries: list) -> list[str]:
        return [
            title
            for entry in entries
            for title in (flat(entry) if isinstance(entry, list) else [str(entry.title)])
        ]

    return flat(reader.outline)


def sizes(content: bytes) -> set[float]:
    """Give every size of type that words are set in."""
    found: set[float] = set()

    def note(said: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        if said.strip():
            found.add(round(size, 2))

    for page in read(content).pages:
        page.extract_text(visitor_text=note)
    return found


def places(content: bytes, only: int | None = None) -> list[tuple[float, float]]:
    """Give where words begin, in points from the lower left corner, on all pages or only one, from 0."""
    found: list[tuple[float, float]] = []

    def note(said: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
        if said.strip():
            found.append((tm[4], tm[5]))

    for number, page in enumerate(read(content).pages):
        if only is not None and number != only:
            continue
        page.extract_text(visitor_text=note)
    return found

"""The letters a chart or a page can draw: how text is cleaned, how wide it is, and what stands in for a gap.

Widths come from `reports/fonts/widths.json`, made together with the faces, so that an SVG chart is laid out
without loading the PDF library, and both back ends break and place text alike.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

Weight = Literal[400, 600, 760]

FONTS = Path(__file__).parent.parent / "reports" / "fonts"
FACES: dict[Weight, str] = {400: "Inter-Regular", 600: "Inter-SemiBold", 760: "Inter-Headline"}
SUBSTITUTE = "□"

# Tab and line ends part words; every other control or format sign (bidi overrides among them) could only
# hide or reorder what a person typed.
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
# A line may also end after a hyphen or slash inside a word.
_BREAKABLE = re.compile(r"(?<=[^\W\d][-/–])(?=\w)")
_DROPPED = ("Cc", "Cf", "Cs")
_KNOWN = 4096  # texts: labels and figures come again and again, within a report and from one to the next


class _Widths(dict[str, int]):
    """Each character's advance in thousandths of the type size; one without a glyph is as wide as the box."""

    def __missing__(self, sign: str) -> int:
        return self[SUBSTITUTE]


@cache
def _widths(weight: Weight) -> _Widths:
    tables = json.loads((FONTS / "widths.json").read_text(encoding="utf-8"))
    return _Widths(tables[str(weight)])


def clean(text: str) -> str:
    """Give text in NFC without control, bidi and other invisible format signs; line ends become spaces."""
    plain = text.replace("\xa0", " ").replace("\u202f", " ")
    if plain.isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    spaced = _BREAKS.sub(" ", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in spaced if not _hidden(sign)))


@lru_cache(_KNOWN)
def drawable(text: str) -> str:
    """Give `clean` text in which every sign has a glyph: its compatibility form, or else a visible box."""
    text = clean(text)
    known = _widths(400)
    if known.keys() >= set(text):
        return text
    return "".join(sign if sign in known else _stand_in(sign) for sign in text)


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Give the characters of the cleaned text that no face can draw, sorted, each once."""
    known = _widths(400)
    return tuple(sorted({sign for sign in clean(text) if sign not in known}))


def text_width(text: str, size: float, weight: Weight = 400) -> float:
    """Give the width in points of text set at `size` points; a sign without a glyph counts as the box."""
    return _advance(text, weight) * size / 1000


@lru_cache(_KNOWN)
def _advance(text: str, weight: Weight) -> int:
    """Give the width of text in thousandths of its size."""
    return sum(map(_widths(weight).__getitem__, text))


def _hidden(sign: str) -> bool:
    code = ord(sign)
    no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return no_character or unicodedata.category(sign) in _DROPPED


def _stand_in(sign: str) -> str:
    if sign.isspace():
        return " "
    if unicodedata.category(sign) in ("Mn", "Me"):
        return ""  # an accent or variation mark; the letter before it says enough
    plain = unicodedata.normalize("NFKC", sign)
    known = _widths(400)
    return plain if all(part in known for part in plain) else SUBSTITUTE


def wrap(text: str, size: float, width: float, weight: Weight = 400, max_lines: int = 0) -> list[str]:
    """Break text into lines of at most `width` points; the last one ends in an ellipsis where text was cut.

    Breaks stand at spaces and after hyphens and slashes; a word wider than a line is split. `max_lines` 0
    means as many as it takes. Empty text gives no line.
    """
    return list(_wrapped(text, size, width, weight, max_lines))


@lru_cache(_KNOWN)
def _wrapped(text: str, size: float, width: float, weight: Weight, max_lines: int) -> tuple[str, ...]:
    text = " ".join(filter(None, drawable(text).split(" ")))
    if text_width(text, size, weight) <= width:
        return (text,) if text else ()
    lines: list[str] = []
    line, long = "", 0
    pieces = _pieces(text, size, width, weight)
    for index, (piece, advance) in enumerate(pieces):
        if not line or (long + advance) * size / 1000 <= width:
            line, long = line + piece, long + advance
        elif max_lines and len(lines) + 1 == max_lines:
            rest = "".join(piece for piece, _ in pieces[index:])
            return (*lines, fit(line + rest, size, width, weight))
        else:
            lines.append(line)
            line = piece.removeprefix(" ")
            long = _advance(line, weight)
    return (*lines, line)


def fit(text: str, size: float, width: float, weight: Weight = 400) -> str:
    """Give text cut to `width` points, an ellipsis marking the cut."""
    if text_width(text, size, weight) <= width:
        return text
    return _head(text, size, width - text_width("…", size, weight), weight).rstrip() + "…"


def _head(text: str, size: float, width: float, weight: Weight) -> str:
    """Give as much of the beginning as the width holds."""
    table = _widths(weight)
    room = width * 1000 / size
    for index, sign in enumerate(text):
        room -= table[sign]
        if room < 0:
            return text[:index]
    return text


def _pieces(text: str, size: float, width: float, weight: Weight) -> list[tuple[str, int]]:
    """Cut text into the parts a line may end after, each with the space before it and with its width."""
    pieces: list[str] = []
    for number, word in enumerate(text.split(" ")):
        glue = " " if number else ""
        for part in _BREAKABLE.split(word):
            while part:
                head = part
                if text_width(part, size, weight) > width:
                    head = _head(part, size, width, weight) or part[0]
                pieces.append(glue + head)
                part, glue = part[len(head) :], ""
            glue = ""
    return [(piece, _advance(piece, weight)) for piece in pieces]

"""The faces as fonts of a PDF: their common letters are cut, compressed and described once in a process.

Letters selected anew for each file would be a third of what a report costs. So every file holds the same:
what our languages and their typesetters need, each with a code of one byte. A text with any other letter is
set in ReportLab's own font of the face, which takes into the file what that text needs.
"""

import zlib
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, TTFont, makeToUnicodeCMap

from checker.charts.letters import FACES, FONTS, Weight

_PRINTED = range(0x20, 0x7F)
COMMON = "".join(map(chr, _PRINTED)) + (
    "ÄÅÖÜßäåöüŠšŽžĄąĆćĘęŁłŃńÓóŚśŹźŻżĂăÂâÎîȘșȚțŞşŢţÉé"  # of Finnish, German, Polish and Romanian
    "–—‘’‚“”„«»…·×−±≤≥€§°□"
)
"""What has a code of its own: the first 95 as in ASCII, the others from 128 on, in this order."""

_FIRST, _FIRST_OTHER = 32, 128
_CODES = [0] * _FIRST + [*_PRINTED] + [0] * (_FIRST_OTHER - 0x7F) + [ord(sign) for sign in COMMON[95:]]
_SAID = {code: f"\\{place:03o}" for place, code in enumerate(_CODES) if place >= _FIRST_OTHER}
_SAID |= {ord(sign): f"\\{sign}" for sign in "()\\"} | {0xA0: " "}


def common(weight: Weight) -> str:
    """Give the name of a face's font of common letters, known to ReportLab and within a page alike."""
    return f"{FACES[weight]}-Common"


@cache
def register_fonts() -> None:
    """Register the faces and their common letters; a second call does nothing.

    Streams are written as bytes, not as ASCII text, which would make every file a fifth larger.
    """
    rl_config.useA85 = 0
    for weight, name in FACES.items():
        whole = TTFont(name, str(FONTS / f"{name}.ttf"), asciiReadable=False)
        pdfmetrics.registerFont(whole)
        pdfmetrics.registerFont(_Common(common(weight), whole))


@lru_cache(4096)
def said(text: str) -> str | None:
    """Give drawable text as a string of a page's operators, or None where a letter of it is not common."""
    codes = text.translate(_SAID)
    return f"({codes})" if codes.isascii() else None


class _Common:
    """What ReportLab asks of a font with fixed codes: its name, and its objects in a file that uses it."""

    _multiByte = _dynamicFont = 0

    def __init__(self, name: str, whole: TTFont) -> None:
        self.fontName = name
        self.face = face = whole.face
        called = f"/COMMON+{whole.fontName}"
        flags = face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC
        widths = map(face.getCharWidth, _CODES[_FIRST:])
        self._letters = _stream(face.makeSubset(_CODES))
        self._descriptor = (
            f"/Type /FontDescriptor /FontName {called} /Flags {flags} /FontBBox [{_figures(face.bbox)}] "
            f"/ItalicAngle {face.italicAngle:g} /Ascent {face.ascent:g} /Descent {face.descent:g} "
            f"/CapHeight {face.capHeight:g} /StemV {face.stemV:g}"
        ).encode()
        self._font = (
            f"/Type /Font /Subtype /TrueType /BaseFont {called} /FirstChar {_FIRST} "
            f"/LastChar {len(_CODES) - 1} /Widths [{_figures(widths)}]"
        ).encode()

    def addObjects(self, document: Any) -> None:  # noqa: N802 - ReportLab's name
        """Put the font into a file."""
        letters = _put(document, self._letters)
        descriptor = _put(document, b"<< %b /FontFile2 %b >>" % (self._descriptor, letters))
        meanings = _put(document, _meanings(), "CommonLetters")
        font = _Written(b"<< %b /FontDescriptor %b /ToUnicode %b >>" % (self._font, descriptor, meanings))
        document.idToObject["BasicFonts"][self.fontName] = document.Reference(font)
        document.fontMapping[self.fontName] = f"/{self.fontName}"


class _Written(pdfdoc.PDFObject):
    """An object of a file, written out already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, document: Any) -> bytes:  # noqa: ARG002 - ReportLab hands it in
        """Give it to the file."""
        return self._content


def _put(document: Any, content: bytes, name: str | None = None) -> bytes:
    """Put an object into a file, a named one once, and give the reference to it."""
    reference = (
        pdfdoc.PDFObjectReference(name)
        if name in document.idToObject
        else document.Reference(_Written(content), name)
    )
    return bytes(reference.format(document))


@cache
def _meanings() -> bytes:
    """Give what each code says, for whoever reads the text out or copies it."""
    return _stream(makeToUnicodeCMap("CommonLetters", _CODES).encode())


def _stream(content: bytes) -> bytes:
    small = zlib.compress(content, 9)
    entries = b"/Filter /FlateDecode /Length %d /Length1 %d" % (len(small), len(content))
    return b"<< %b >>\nstream\n%b\nendstream" % (entries, small)


def _figures(figures: Iterable[float]) -> str:
    return " ".join(f"{figure:g}" for figure in figures)

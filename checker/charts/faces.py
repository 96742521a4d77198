"""The faces as fonts of a PDF: their common letters are cut, compressed and described once in a process.

Letters selected anew for each file would be a third of what a report costs. So every file holds the same:
what our languages and their typesetters need, each with a code of one byte. A text with any other letter is
set in ReportLab's own font of the face, which takes into the file what that text needs.
"""

import zlib
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

_MEANINGS = "CommonLetters"
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
        self.face = whole.face
        self._called = f"/COMMON+{whole.fontName}"
        letters = self.face.makeSubset(_CODES)
        self._length = len(letters)
        self._letters = zlib.compress(letters, 9)
        widths = (f"{self.face.getCharWidth(code):g}" for code in _CODES[_FIRST:])
        self._widths = f"[{' '.join(widths)}]"

    def addObjects(self, document: Any) -> None:  # noqa: N802 - ReportLab's name
        """Put the font into a file."""
        if _MEANINGS not in document.idToObject:
            document.Reference(_compressed(_meanings()), _MEANINGS)
        font = pdfdoc.PDFDictionary()
        font["Type"] = "/Font"
        font["Subtype"] = "/TrueType"
        font["BaseFont"] = self._called
        font["FirstChar"] = _FIRST
        font["LastChar"] = len(_CODES) - 1
        font["Widths"] = self._widths
        font["FontDescriptor"] = document.Reference(self._descriptor(document))
        font["ToUnicode"] = pdfdoc.PDFObjectReference(_MEANINGS)
        document.idToObject["BasicFonts"][self.fontName] = document.Reference(font)
        document.fontMapping[self.fontName] = f"/{self.fontName}"

    def _descriptor(self, document: Any) -> pdfdoc.PDFDictionary:
        face = self.face
        descriptor = pdfdoc.PDFDictionary()
        descriptor["Type"] = "/FontDescriptor"
        descriptor["FontName"] = self._called
        descriptor["Flags"] = face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC
        descriptor["FontBBox"] = pdfdoc.PDFArray(face.bbox)
        descriptor["ItalicAngle"] = face.italicAngle
        descriptor["Ascent"] = face.ascent
        descriptor["Descent"] = face.descent
        descriptor["CapHeight"] = face.capHeight
        descriptor["StemV"] = face.stemV
        descriptor["FontFile2"] = document.Reference(_compressed(self._letters, Length1=self._length))
        return descriptor


@cache
def _meanings() -> bytes:
    """Give what each code says, for whoever reads the text out or copies it."""
    return zlib.compress(makeToUnicodeCMap(_MEANINGS, _CODES).encode(), 9)


def _compressed(content: bytes, **entries: object) -> pdfdoc.PDFStream:
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary({"Filter": "/FlateDecode", **entries}), content)

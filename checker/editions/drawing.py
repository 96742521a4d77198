"""The files of an edition, drawn from its snapshot: the same program gives the same bytes. And its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from checker.editions.names import with_names
from checker.editions.snapshot import Audience, Snapshot, Summary
from checker.reports.branch import branch_reading, branch_report
from checker.reports.network import network_reading, network_report
from checker.reports.reading import Reading
from checker.store.connection import Store
from checker.summaries.values import BranchMonth, EditionText, Look, Redrawn
from checker.words import Words, words_for

_ROOMS = ("charts", "editions", "reports", "standards", "summaries", "translations")
_PARTS = {".py", ".mo", ".ttf", ".json"}
_LIBRARIES = ("babel", "cattrs", "reportlab")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was drawn, a hash of the names in it, and whether one was erased."""

    content: bytes
    names: bytes
    erased: bool

    @property
    def hash(self) -> str:
        """Its SHA-256 in hexadecimal."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Again:
    """A file drawn again: byte for byte what was sent where `reason` is empty, else why it is not."""

    content: bytes
    names: bytes
    reason: str


def draw(store: Store, snapshot: Snapshot, *, language: str, audience: Audience) -> Sheet:
    """Draw one of an edition's files, with the names that people have today."""
    words = words_for(language)
    named = with_names(store, snapshot.copies[audience], words.gettext("(name erased)"))
    content = _draw(named.summary, words, snapshot.text, snapshot.look, audience)
    return Sheet(content, named.hash, named.erased)


def _draw(summary: Summary, words: Words, text: EditionText, look: Look, audience: Audience) -> bytes:
    if isinstance(summary, BranchMonth):
        return branch_report(summary, words, audience=audience, look=look, edition=text)
    return network_report(summary, words, look=look, edition=text)


def reading(store: Store, snapshot: Snapshot, *, language: str, audience: Audience) -> Reading:
    """Compose one of an edition's files for a screen, with the names that people have today."""
    words = words_for(language)
    summary = with_names(store, snapshot.copies[audience], words.gettext("(name erased)")).summary
    text, look = snapshot.text, snapshot.look
    if isinstance(summary, BranchMonth):
        return branch_reading(summary, words, audience=audience, look=look, edition=text)
    return network_reading(summary, words, look=look, edition=text)


def draw_again(
    store: Store,
    snapshot: Snapshot,
    *,
    language: str,
    audience: Audience,
    sent_hash: str,
    names: bytes,
    on: date,
) -> Again:
    """Draw a file that was sent; when the bytes are others, the file itself says why and on which day it was
    drawn. `names` is the hash of those in the file that is kept.
    """
    sheet = draw(store, snapshot, language=language, audience=audience)
    said = drawn_again(snapshot, sheet, sent_hash=sent_hash, names=names, on=on)
    if said.text.redrawn is None:
        return Again(sheet.content, sheet.names, "")
    content = draw(store, said, language=language, audience=audience).content
    return Again(content, sheet.names, said.text.redrawn.reason)


def drawn_again(snapshot: Snapshot, sheet: Sheet, *, sent_hash: str, names: bytes, on: date) -> Snapshot:
    """Give the snapshot with why its sheet is another than what was sent, unless it is the same."""
    if sheet.hash == sent_hash:
        return snapshot
    reason = "erased" if sheet.erased else "names" if sheet.names != names else "version"
    return replace(snapshot, text=replace(snapshot.text, redrawn=Redrawn(reason, on)))


@cache
def program() -> str:
    """The version of all that a file's bytes depend on: 16 hexadecimal digits over our code, texts and faces,
    and the libraries that draw.
    """
    home = Path(__file__).parent.parent
    inside = (path for room in _ROOMS for path in (home / room).rglob("*") if path.suffix in _PARTS)
    whole = sha256()
    for path in sorted([*inside, home / "words.py"]):
        whole.update(f"{path.relative_to(home)}\n".encode())
        whole.update(path.read_bytes())
    for library in _LIBRARIES:
        whole.update(f"{library} {version(library)}\n".encode())
    return whole.hexdigest()[:16]

"""Style sheets, scripts, icons: under /s/<hash of all>/, kept for a year, never a mix of two versions."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

FOLDER = Path(__file__).parent / "static"

TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What is sent compressed. Fonts and pictures gain nothing from it."""

REMARK = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*$", re.DOTALL | re.MULTILINE)
"""A comment that has its lines to itself, as all in our own scripts and style sheets have."""

AFTER = re.compile(r'[ \t]+// [^"`\n]*$', re.MULTILINE)
"""A remark after code. One with a quotation mark in it stays: it may be part of a text that ends there."""

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def version_of(folder: Path) -> str:
    """Twelve hex digits that change with any file; one for all, because modules import relatively."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def slim(source: str) -> str:
    """A script or style sheet of ours without comments and indentation; every line keeps its number.

    No text in them may span lines.
    """
    bare = REMARK.sub(lambda found: "\n" * found.group().count("\n"), source)
    return INDENT.sub("", AFTER.sub("", bare))


def texts_of(folder: Path) -> dict[str, bytes]:
    """What is sent of each script, style sheet and drawing, by its name; what others wrote stays as it is."""
    found = {}
    for file in (path for path in folder.rglob("*") if path.suffix in TEXTS):
        name = file.relative_to(folder).as_posix()
        source = file.read_text("utf-8")
        found[name] = (source if name.startswith("vendor/") else slim(source)).encode()
    return found


def init_app(app: Flask) -> None:
    """Add the route, and `static_url` for templates."""
    version = version_of(FOLDER)
    plain = texts_of(FOLDER)
    packed = {name: gzip.compress(data, 9, mtime=0) for name, data in plain.items()}
    app.extensions["checker.assets"] = version

    @app.get("/s/<wanted>/<path:name>")
    def asset(wanted: str, name: str) -> Response:
        if wanted != version:
            abort(404)  # another version's page must not run this version's module
        response = text(name) if name in plain else send_from_directory(FOLDER, name, conditional=True)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    def text(name: str) -> Response:
        small = bool(request.accept_encodings["gzip"])
        response = Response((packed if small else plain)[name], mimetype=TEXTS[Path(name).suffix])
        response.headers["Vary"] = "Accept-Encoding"
        if small:
            response.headers["Content-Encoding"] = "gzip"
        return response

    @app.template_global()
    def static_url(name: str) -> str:
        return f"/s/{version}/{name}"

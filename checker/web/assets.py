"""Style sheets, scripts, icons: under /s/<hash of all>/, kept for a year, never a mix of two versions."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

FOLDER = Path(__file__).parent / "static"

TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What is sent compressed. Fonts and pictures gain nothing from it."""


def version_of(folder: Path) -> str:
    """Twelve hex digits that change with any file; one for all, because modules import relatively."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


@cache
def texts_of(folder: Path, version: str) -> dict[str, bytes]:
    """What is sent of each script, style sheet and drawing, by its name; what others wrote stays as it is.

    Once in a process. The library that makes them small is written in Go, which works in the process that
    has loaded it and hangs in one forked from there: so it is loaded here and nowhere else.
    """
    try:
        import minify
    except ImportError:  # no ready package for this machine; see requirements.in
        minify = None
    found = {}
    for file in (path for path in folder.rglob("*") if path.suffix in TEXTS):
        name = file.relative_to(folder).as_posix()
        source = file.read_text("utf-8")
        own = minify and not name.startswith("vendor/")
        found[name] = (minify.string(TEXTS[file.suffix], source) if own else source).encode()
    return found


def init_app(app: Flask) -> None:
    """Add the route, and `static_url` for templates."""
    version = version_of(FOLDER)
    plain = texts_of(FOLDER, version)
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

"""Style sheets, scripts, icons: under /s/<hash of all>/, kept for a year, never a mix of two versions."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory

FOLDER = Path(__file__).parent / "static"


def version_of(folder: Path) -> str:
    """Twelve hex digits that change with any file; one for all, because modules import relatively."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Add the route, and `static_url` for templates."""
    version = version_of(FOLDER)
    app.extensions["checker.assets"] = version

    @app.get("/s/<wanted>/<path:name>")
    def asset(wanted: str, name: str) -> Response:
        if wanted != version:
            abort(404)  # another version's page must not run this version's module
        response = send_from_directory(FOLDER, name, conditional=True)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    @app.template_global()
    def static_url(name: str) -> str:
        return f"/s/{version}/{name}"

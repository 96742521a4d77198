"""The service worker's script and the app's manifest, both of this very build."""

from __future__ import annotations

import json

from flask import Flask, Response, current_app, request

from checker.config import LANGUAGES
from checker.web.assets import FOLDER, texts_of

NOT_KEPT = ("sw.js", "admin.css", "fonts/", "vendor/README.md")
"""Files of the office's pages, and what is no file for browsers."""

BUILT = ("/s/", "/tablet/")
"""Addresses whose answers fit one build only; a device keeps none without this build's name on it."""

ICONS = [
    {"src": f"{size}{kind}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
    for size in (192, 512)
    for kind, purpose in (("", "any"), ("-maskable", "maskable"))
]


def init_app(app: Flask) -> None:
    """Add both addresses, and the build's name to what a device keeps."""
    app.add_url_rule("/sw.js", view_func=script)
    app.add_url_rule("/manifest.webmanifest", view_func=manifest)
    app.after_request(name_build)
    app.extensions["checker.worker"] = written(app.extensions["checker.assets"])


def written(build: str) -> str:
    """The service worker's script, with what it needs to know of this build."""
    names = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
    assets = [f"/s/{build}/{name}" for name in names if not name.startswith(NOT_KEPT)]
    said = {"BUILD": build, "ASSETS": assets, "LANGUAGES": LANGUAGES}
    return "\n".join(
        (
            f'import {{ act, read }} from "/s/{build}/database.js";',
            f'import {{ flush }} from "/s/{build}/sending.js";',
            f'import {{ lock }} from "/s/{build}/vault.js";',
            *(f"const {name} = {json.dumps(value)};" for name, value in said.items()),
            texts_of(FOLDER, build)["sw.js"].decode(),
        )
    )


def script() -> Response:
    """The service worker; browsers ask for it anew with every visit to the site."""
    return Response(current_app.extensions["checker.worker"], mimetype="text/javascript")


def manifest() -> Response:
    """How the app is installed. Its name says nothing of what it is for: others see it on the screen."""
    build = current_app.extensions["checker.assets"]
    said = {
        "id": "/",
        "name": "Checker",
        "short_name": "Checker",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#005a8c",
        "icons": [{**icon, "src": f"/s/{build}/icons/{icon['src']}"} for icon in ICONS],
    }
    return Response(json.dumps(said), mimetype="application/manifest+json")


def name_build(response: Response) -> Response:
    """Say which build an answer belongs to."""
    if request.path.startswith(BUILT):
        response.headers["Checker-Build"] = current_app.extensions["checker.assets"]
    return response

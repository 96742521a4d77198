"""Other form software with the same 30 questions, from the packages it is published in; Node fetches them."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.submissions import read_checklist
from benchmarks.tablet_site import KB, packed, run

PACKAGES = {
    "survey-core": "2.5.38",
    "survey-js-ui": "2.5.38",  # asks for survey-core of the very same version
    "@formio/js": "5.6.0",
    "lighthouse": "12.8.2",  # the last one for Node 20
}
ENKETO = {"enketo-core": "5.18.1", "esbuild": "0.25.0"}
ENKETO_TAKEN = {"leaflet-draw": "1.0.4"}
"""In place of a repository that Enketo names by its address."""

FILES = {
    "SurveyJS": (
        "survey-core/survey.core.min.js",
        "survey-js-ui/survey-js-ui.min.js",
        "survey-core/survey-core.min.css",
    ),
    "form.io": ("@formio/js/dist/formio.form.min.js", "@formio/js/dist/formio.form.min.css"),
}
CHOICES = (("yes", "Yes"), ("no", "No"), ("na", "Not applicable"))
BEGINS = {
    "SurveyJS": """
      new Survey.Model({ elements: items.map(({ id, text, choices }) => (
        { type: "radiogroup", name: id, title: text,
          choices: choices.map(([value, word]) => ({ value, text: word })) }
      )) }).render(place);
    """,
    "form.io": """
      Formio.createForm(place, { display: "form", components: items.map(({ id, text, choices }) => (
        { type: "radio", key: id, label: text, inline: true,
          values: choices.map(([value, label]) => ({ value, label })) }
      )) });
    """,
}
LIVES = "() => document.querySelectorAll('input[type=radio]').length >= 90"
"""All 30 questions with their three answers are there."""


def packages(folder: Path, wanted: dict[str, str], instead: dict[str, str] | None = None) -> Path:
    """The folder that npm has put these packages into; it stays, for the next time."""
    if shutil.which("npm") is None:
        raise RuntimeError("npm is missing: it comes with Node 20 or later")
    folder.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"private": True, "dependencies": wanted, "overrides": instead or {}})
    held = folder / "package.json"
    if not (held.exists() and held.read_text() == said and (folder / "done").exists()):
        held.write_text(said)
        run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
        (folder / "done").touch()
    return folder / "node_modules"


def sizes(modules: Path) -> dict[str, float]:
    """KB of scripts and styles of each, compressed."""
    return {name: packed(*(modules / file for file in files)) for name, files in FILES.items()}


def enketo(folder: Path) -> float:
    """KB of Enketo's engine as one script; a lower bound, as its dialogs, translations and drawing on maps
    are left out.
    """
    modules = packages(folder, ENKETO, ENKETO_TAKEN)
    stub = folder / "stub.js"
    stub.write_text("export default {}; export const t = (text) => text;")
    begin = folder / "begin.js"
    begin.write_text('import { Form } from "enketo-core"; globalThis.Form = Form;')
    core = modules / "enketo-core"
    aliases = {
        "enketo/config": core / "config.js",
        "enketo/widgets": core / "src/js/widgets.js",
        "enketo/file-manager": core / "src/js/file-manager.js",
        "enketo/xpath-evaluator-binding": core / "src/js/xpath-evaluator-binding.js",
        "enketo/translator": stub,
        "enketo/dialog": stub,
        "leaflet-draw": stub,
    }
    run(
        modules / ".bin" / "esbuild",
        begin,
        "--bundle",
        "--minify",
        "--format=iife",
        "--outfile=bundle.js",
        "--log-level=error",
        *(f"--alias:{name}={file}" for name, file in aliases.items()),
        folder=folder,
    )
    return packed(folder / "bundle.js")


@contextmanager
def served(modules: Path) -> Iterator[tuple[dict[str, str], dict[str, float]]]:
    """Addresses of a page of each, and the KB each loads, as our own server would send them: compressed,
    kept alive.
    """
    items = [{"id": item.id, "text": item.text["en"], "choices": CHOICES} for item in read_checklist().items]
    assert len(items) == 30
    answers: dict[str, tuple[str, bytes]] = {}
    for name, files in FILES.items():
        head = "".join(
            f'<link rel="stylesheet" href="/{file}">'
            if file.endswith(".css")
            else f'<script defer src="/{file}"></script>'
            for file in files
        )
        page = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head><body>'
            f'<div id="place"></div><script type="module">const place = document.getElementById("place");'
            f"const items = {json.dumps(items)};{BEGINS[name]}</script></body></html>"
        )
        answers[f"/{name}"] = ("text/html", gzip.compress(page.encode(), 9))
        for file in files:
            kind = "text/css" if file.endswith(".css") else "text/javascript"
            answers[f"/{file}"] = (kind, gzip.compress((modules / file).read_bytes(), 9))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, data = answers.get(self.path, ("text/plain", b""))
            self.send_response(200 if data else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if data:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{running.server_port}"
        loaded = {
            name: sum(len(answers[f"/{file}"][1]) for file in (name, *files)) / KB
            for name, files in FILES.items()
        }
        yield {name: f"{url}/{name}" for name in FILES}, loaded
    finally:
        running.shutdown()
        running.server_close()

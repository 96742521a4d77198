"""Whether this server can answer: for whoever watches it."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from checker.problem import Problem
from checker.web.store import current_store


def init_app(app: Flask) -> None:
    """Add /healthz: 200 when the database answers, else 503; nothing more is told to strangers."""

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        try:
            current_store().value("SELECT 1 FROM change_count")
        except (Problem, OSError):
            return jsonify(status="unavailable"), 503
        return jsonify(status="ok"), 200

"""Leadership's blueprint."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("leadership", __name__)

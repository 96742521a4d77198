"""The tablet's blueprint: what a shopper's tablet asks the server for, beside the pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("tablet", __name__, url_prefix="/tablet")

"""What stands in gaps of addresses beyond what Flask knows."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class Sha256Converter(BaseConverter):
    """A SHA-256 as 64 hexadecimal digits in small letters: `<sha256:sent_hash>`."""

    regex = "[0-9a-f]{64}"


def init_app(app: Flask) -> None:
    """Let routes name the gap."""
    app.url_map.converters["sha256"] = Sha256Converter

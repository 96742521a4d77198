"""Checker as `serve` runs it, but without a pace for keys: what is measured is the server, not its
patience.
"""

from __future__ import annotations

from checker import create_app

app = create_app(API_PACE="1000000 per minute")

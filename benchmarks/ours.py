"""Checker as `serve` runs it, but without a pace for keys: what is measured is the server, not its
patience.
"""

from __future__ import annotations

from checker import create_app

app = create_app(requests_per_key="1000000 per minute")

"""What time it is for this application; tests set the clock with CLOCK."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, current_app


def init_app(app: Flask) -> None:
    """Take the real clock unless another is configured."""
    app.config.setdefault("CLOCK", lambda: datetime.now(UTC))


def now() -> datetime:
    """This moment, aware, in UTC."""
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def timestamp() -> int:
    """This moment in whole seconds since 1970."""
    return int(now().timestamp())


def in_ms(moment: datetime) -> str:
    """A moment in UTC to the millisecond: "2026-10-15T09:30:00.123Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

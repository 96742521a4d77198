"""What a device calls itself, in words its owner knows it by."""

from __future__ import annotations

from flask_babel import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
)
SYSTEMS = ("iPad", "iPhone", "Android", "Windows", "CrOS", "Macintosh", "Linux")


def device(agent: str) -> str:
    """A browser's User-Agent in short: "Chrome, Android". Others begin like it, so the order above counts."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "Safari" if "Safari/" in agent else "")
    system = next((name for name in SYSTEMS if name in agent), "")
    words = ", ".join(word for word in (browser, system) if word)
    return words or agent or str(_("A device that did not say what it is"))

"""How the organisation's reports look: its name, logo, accent colour and paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checker.charts.model import TONES, Role
from checker.colours import WHITE, mixed
from checker.summaries.values import Look, Paper

__all__ = ["Look", "Paper", "tones"]

_RANGE, _BAND = 0.4, 0.14
"""How much accent is in what lies behind a line or a dot: an interval, and a band of them."""


@cache
def tones(accent: str) -> Mapping[Role, str]:
    """What each role looks like on paper; the accent and what is mixed from it follow the organisation.

    What is below a target keeps its orange, which those who see colours otherwise tell from any blue or
    green, and its own shape and words for everybody else.
    """
    if accent == TONES["accent"]:
        return TONES
    own: dict[Role, str] = {
        "accent": accent,
        "range": mixed(accent, WHITE, _RANGE),
        "band": mixed(accent, WHITE, _BAND),
    }
    return {**TONES, **own}

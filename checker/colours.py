"""Colours as people give them: read, compared for how well they can be told apart, and mixed."""

from __future__ import annotations

import re

WHITE, BLACK = "#FFFFFF", "#000000"

_HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")


def read_colour(typed: str) -> str | None:
    """A colour as #RRGGBB from "#005a8c", "005A8C" or "#05c"; None where it is none."""
    found = _HEX.fullmatch(typed.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return f"#{digits.upper()}"


def parts(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of #RRGGBB, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, 1 to 21, as WCAG 2.2 counts it; text needs 4.5."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the first colour in the second."""
    pairs = zip(parts(colour), parts(other), strict=True)
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02X}" for one, two in pairs)


def readable_on(colour: str, ground: str, towards: str, least: float = 4.5) -> str:
    """The colour, mixed with as little of `towards` as makes text of it readable on the ground."""
    tries = (mixed(colour, towards, 1 - step / 20) for step in range(21))
    return next((one for one in tries if contrast(one, ground) >= least), towards)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

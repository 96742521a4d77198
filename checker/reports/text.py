"""Words on paper: what a person typed is cleaned, broken into lines and drawn, never read as markup."""

from checker.charts.letters import Weight, clean, drawable, fit, missing_glyphs, text_width, wrap
from checker.charts.model import Anchor, Drawing, Role, Text

__all__ = ["clean", "drawable", "fit", "missing_glyphs", "paragraph", "text_width", "wrap"]

# Where the baseline stands in its line: Inter's capitals and descenders leave equal space above and below.
_BASELINE = 0.86


def paragraph(
    text: str,
    width: float,
    size: float = 8.5,
    leading: float = 12.0,
    weight: Weight = 400,
    role: Role = "ink",
    max_lines: int = 0,
    anchor: Anchor = "start",
) -> Drawing:
    """Give text broken into lines of `width` points, `leading` points apart; empty text is 0 points high."""
    lines = wrap(text, size, width, weight, max_lines)
    return set_lines(lines, width, size, leading, weight, role, anchor)


def set_lines(
    lines: list[str],
    width: float,
    size: float,
    leading: float,
    weight: Weight = 400,
    role: Role = "ink",
    anchor: Anchor = "start",
) -> Drawing:
    """Give lines already broken, one under another."""
    x = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    first = (leading - size) / 2 + size * _BASELINE
    marks = tuple(
        Text(x, first + index * leading, line, size, anchor, weight, role) for index, line in enumerate(lines)
    )
    return Drawing(width, leading * len(lines), marks)

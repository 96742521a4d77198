"""Pictures for tests, drawn here."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(
    width: int = 60,
    height: int = 40,
    *,
    kind: str = "JPEG",
    mode: str = "RGB",
    colour: tuple[int, int, int] = (90, 140, 70),
    noise: bool = False,
    **more: Any,
) -> bytes:
    """A picture of one colour, or of noise, as a file; `more` goes into the file."""
    image = Image.effect_noise((width, height), 80) if noise else Image.new("RGB", (width, height), colour)
    if mode == "I;16":
        image = Image.new(mode, (width, height), 40_000)
    elif image.mode != mode:
        image = image.convert(mode)
    written = BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()

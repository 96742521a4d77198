"""Pictures from outside, made into our own: small, upright, and nothing in them but what is seen.

What arrives may be anything that somebody named a photo. It is never stored or given out as it came: it is
decoded, and written anew as a plain JPEG, so that neither a place in its EXIF nor a script behind its last
byte gets further than this module.
"""

from __future__ import annotations

import threading
from io import BytesIO

from PIL import Image, ImageOps

from checker.problem import Problem
from checker.standards.faults import N_

KINDS = ("JPEG", "PNG", "WEBP")
"""What is decoded; formats with scripts, pages or other files in them are not among them."""

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PIXELS_WHOLE = 13_000_000
"""What a picture may have: a JPEG, which is decoded small at once; the others, which stand whole in memory,
a WebP three times.
"""

LONGEST = 1600
"""Pixels of the longer side of what is stored; a tablet sends its photos like this (issue 3)."""

LONGEST_THUMB = 320
LARGEST_LOGO = (480, 240)
"""Pixels a logo may be wide and high: 300 for each inch of the place it has on paper, and more."""

LOGO_COLOURS = 128
QUALITY = 82
QUALITY_THUMB = 70

_one_at_a_time = threading.Lock()
"""The memory a picture takes is bounded, so is how many there are in it at once: one for each process."""


def cleaned(given: bytes) -> bytes:
    """The picture as a JPEG of at most 1600 × 1600, upright, without metadata; the same bytes for the same.

    Raises Problem "photo.not_image" and "photo.too_large" (both 422).
    """
    if len(given) > MOST_BYTES:
        raise too_large()
    with _one_at_a_time:
        return _redrawn(given, LONGEST, QUALITY)


def thumb(stored: bytes) -> bytes:
    """A picture of ours, small, for lists."""
    return _redrawn(stored, LONGEST_THUMB, QUALITY_THUMB)


def logo_of(given: bytes) -> bytes:
    """A logo as a small PNG of few colours on white, upright, without metadata; the same bytes for the same.

    It stands in every report, so it is made for that once. Raises as `cleaned` does.
    """
    if len(given) > MOST_BYTES:
        raise too_large()
    with _one_at_a_time:
        small = _small(given, LARGEST_LOGO)
    few = small.quantize(LOGO_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    written = BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def too_large() -> Problem:
    """The refusal of a picture that is more than we decode."""
    text = N_(
        "This picture is too large: at most %(mib)s MiB and %(jpeg)s million pixels, "
        "%(others)s million where it is no JPEG."
    )
    details = {
        "mib": MOST_BYTES // 1024 // 1024,
        "jpeg": MOST_PIXELS // 1_000_000,
        "others": MOST_PIXELS_WHOLE // 1_000_000,
    }
    return Problem("photo.too_large", 422, text, details)


def _redrawn(given: bytes, longest: int, quality: int) -> bytes:
    written = BytesIO()
    _small(given, (longest, longest)).save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def _small(given: bytes, most_pixels: tuple[int, int]) -> Image.Image:
    """Decoded within the limits, on white; whatever else was in the file stays behind."""
    try:
        with Image.open(BytesIO(given), formats=KINDS) as image:  # reads the header alone
            most = MOST_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS_WHOLE
            if image.width * image.height > most:
                raise too_large()
            return _on_white(_upright(_shrunk(image, most_pixels)))
    except (Problem, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large() from error
    except Exception as error:  # whatever a decoder says of bytes that somebody made up
        text = N_("This is no picture that can be read whole. Send a JPEG, a PNG or a WebP.")
        raise Problem("photo.not_image", 422, text) from error


def _shrunk(image: Image.Image, most_pixels: tuple[int, int]) -> Image.Image:
    image.draft("RGB", most_pixels)  # a JPEG: as much smaller as it can be decoded
    if image.mode in ("1", "P"):  # a palette cannot be averaged
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(most_pixels, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; where that cannot be read, as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # the picture was read; only what is written about it is broken
        return image


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture with the same colours; whatever else the old one carries stays behind."""
    fresh = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        shown = image.convert("RGBA")
        fresh.paste(shown, mask=shown)
    else:
        fresh.paste(image.convert("RGB"))
    return fresh

"""Whatever is handed in as a photo: decoded small, written anew, or refused with words."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from checker import pictures
from checker.problem import Problem
from tests.picturing import picture

ROOT = Path(__file__).parents[1]
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refused(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        pictures.cleaned(data)
    assert caught.value.status == 422
    assert str(caught.value)
    return caught.value.code


def near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


# --- what becomes of a picture ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_of_at_most_1600(kind: str):
    image = opened(pictures.cleaned(picture(2400, 1200, kind=kind)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1600, 800))


def test_a_small_picture_keeps_its_size_and_its_colours():
    image = opened(pictures.cleaned(picture(40, 30, colour=(200, 30, 60))))
    assert image.size == (40, 30)
    assert near(image.getpixel((20, 15)), (200, 30, 60))


def test_the_same_picture_gives_the_same_bytes():
    given = picture(800, 600)
    assert pictures.cleaned(given) == pictures.cleaned(given)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_is_taken(mode: str):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = opened(pictures.cleaned(picture(60, 40, kind=kind, mode=mode)))
    assert (image.mode, image.size) == ("RGB", (60, 40))


def test_what_is_transparent_is_white_and_not_what_was_under_it():
    image = Image.new("RGBA", (30, 30), (255, 0, 0, 0))
    written = BytesIO()
    image.save(written, "PNG")
    assert near(opened(pictures.cleaned(written.getvalue())).getpixel((15, 15)), (255, 255, 255))


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_stands_upright(turn: int):
    """Blue is up when it was taken, however the camera was held."""
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste((0, 0, 255), (0, 0, 60, 20))
    upright.paste((255, 0, 0), (0, 0, 20, 20))
    flip = Image.Transpose
    held = {
        2: flip.FLIP_LEFT_RIGHT,
        3: flip.ROTATE_180,
        4: flip.FLIP_TOP_BOTTOM,
        5: flip.TRANSPOSE,
        6: flip.ROTATE_90,
        7: flip.TRANSVERSE,
        8: flip.ROTATE_270,
    }
    stored = upright.transpose(held[turn]) if turn in held else upright
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    written = BytesIO()
    stored.save(written, "JPEG", exif=exif, quality=95)
    image = opened(pictures.cleaned(written.getvalue()))
    assert image.size == (60, 40)
    assert near(image.getpixel((5, 5)), (255, 0, 0))
    assert near(image.getpixel((50, 5)), (0, 0, 255))
    assert near(image.getpixel((30, 35)), (255, 255, 255))
    assert not image.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_it_was_taken_is_gone(kind: str):
    exif = Image.Exif()
    exif[MAKER] = "Secret Maker"
    exif[GPS] = {1: "N", 2: (IFDRational(60), IFDRational(10), IFDRational(12))}
    more = {"comment": b"Secret Maker"} if kind == "JPEG" else {}
    given = picture(64, 48, kind=kind, exif=exif, xmp=b"<x>Secret Maker</x>", icc_profile=b"Secret", **more)
    assert b"Secret" in given
    found = pictures.cleaned(given)
    image = opened(found)
    assert b"Secret" not in found and b"Exif" not in found
    assert not image.getexif() and not {"comment", "xmp", "icc_profile", "exif"} & set(image.info)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_exif_does_not_lose_the_photo():
    given = picture(40, 30, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")
    assert opened(pictures.cleaned(given)).size == (40, 30)


def test_a_thumb_is_small():
    image = opened(pictures.thumb(pictures.cleaned(picture(2400, 1200))))
    assert image.size == (320, 160)


# --- what is none (E8) ------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", SVG, b"<?xml version='1.0'?>" + SVG, b"%PDF-1.7 ...", b"GIF89a\x01\x00\x01\x00"],
    ids=["nothing", "three bytes", "svg", "xml", "pdf", "gif"],
)
def test_what_is_no_picture_is_refused(data: bytes):
    assert refused(data) == "photo.not_image"


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PPM"])
def test_other_kinds_are_not_decoded(kind: str):
    assert refused(picture(20, 20, kind=kind)) == "photo.not_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused(kind: str):
    whole = picture(300, 200, kind=kind, noise=True)
    for part in (0.1, 0.5, 0.9):
        assert refused(whole[: int(len(whole) * part)]) == "photo.not_image"


@pytest.mark.parametrize("tail", [SVG, b"PK\x05\x06" + bytes(18), b"<?php system($_GET[0]); ?>", b"%PDF-1.7"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_file_that_is_two_things_only_the_picture_stays(kind: str, tail: bytes):
    found = pictures.cleaned(picture(50, 50, kind=kind) + tail)
    assert tail not in found
    assert found.endswith(b"\xff\xd9")


def png_head(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG that claims to be this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(b"\0")) + b""


def jpeg_head(width: int, height: int) -> bytes:
    """A JPEG whose head claims to be this large."""
    whole = picture(16, 16)
    at = whole.index(b"\xff\xc0")
    return whole[: at + 5] + struct.pack(">HH", height, width) + whole[at + 9 :]


@pytest.mark.parametrize(
    "data",
    [png_head(30_000, 30_000), png_head(2**31 - 1, 1), jpeg_head(30_000, 30_000), jpeg_head(8_000, 5_001)],
    ids=["png", "png line", "jpeg", "jpeg just above"],
)
def test_more_pixels_than_we_decode_are_refused_by_the_head(data: bytes):
    assert refused(data) == "photo.too_large"


def test_more_bytes_than_we_take_are_refused():
    assert refused(picture(20, 20) + bytes(pictures.MOST_BYTES)) == "photo.too_large"


def test_words_that_unfold_without_end_are_refused():
    """A text chunk of a PNG may be compressed: a few KiB that become 64 MiB."""
    words = b"Comment\0\0" + zlib.compress(bytes(64 * 1024 * 1024), 9)
    chunk = struct.pack(">I", len(words)) + b"zTXt" + words + struct.pack(">I", zlib.crc32(b"zTXt" + words))
    whole = picture(20, 20, kind="PNG")
    assert refused(whole[:33] + chunk + whole[33:]) == "photo.not_image"


@pytest.mark.filterwarnings("default")
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_any_change_of_bytes_gives_a_picture_or_a_refusal(kind: str, changes: list[tuple[int, int]]):
    data = bytearray(picture(48, 48, kind=kind, noise=True))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = pictures.cleaned(bytes(data))
    except Problem as problem:
        assert problem.code in ("photo.not_image", "photo.too_large")
    else:
        assert opened(found).format == "JPEG"


MEASURE = """
import re, sys
from pathlib import Path
from checker.pictures import cleaned
def kib(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = kib("VmRSS")
cleaned(open(sys.argv[1], "rb").read())
print((kib("VmHWM") - before) // 1024)
"""
"""How much memory a picture takes at most. Not by `getrusage`: a child's begins with what its parent had."""

WHOLE = {"progressive": True, "subsampling": 0}
"""A JPEG that a decoder holds whole, with all its colours, until it has read the last byte."""


@pytest.mark.parametrize(
    ("kind", "size", "more", "most_mib"),
    [
        ("JPEG", (8_000, 5_000), {}, 120),
        ("JPEG", (8_000, 5_000), WHOLE, 285),
        ("PNG", (4_000, 3_250), {}, 220),
    ],
)
def test_the_largest_pictures_stay_within_memory(
    tmp_path: Path, kind: str, size: tuple[int, int], more: dict[str, Any], most_mib: int
):
    """As docs/operations.md tells whoever plans a server."""
    file = tmp_path / "large"
    file.write_bytes(picture(*size, kind=kind, **more))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < most_mib

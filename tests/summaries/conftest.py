"""The small store every test of a summary may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making_store import Shop
from tests.making_store import shop as made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A fresh store with its cast."""
    with made(tmp_path) as it:
        yield it

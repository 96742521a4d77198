"""The month that tests of editions close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editions.making_closing import Closing
from tests.making_store import GOOD, POOR
from tests.making_store import shop as made


@pytest.fixture
def closing(tmp_path: Path) -> Iterator[Closing]:
    """Evelina (E1) and Ed (E2) at Harbour, seven visits well and poor, one by a badge; four elsewhere."""
    with made(tmp_path) as shop:
        it = Closing(shop)
        with shop.store.write():
            shop.store.change("employee", shop.employees["E1"], {"name": "Evelina Alder"})
        for day in range(2, 9):
            served = {"served_by": {"code": "E1" if day % 2 else "E2"}}
            it.send(day, employees=served, answers=dict(GOOD if day % 3 else POOR))
        it.send(9, employees={"served_by": {"described": "badge: Annunziata"}})
        for day, branch in ((3, "B2"), (4, "B2"), (5, "B3"), (6, "B3")):
            it.send(day, branch)
        yield it

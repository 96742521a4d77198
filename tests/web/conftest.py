"""What tests of pages and of the API may ask for besides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from checker.store.connection import Store
from tests import network as network_
from tests.making_store import publish
from tests.web.asking import Program, program


@pytest.fixture
def as_program(app: Flask, store: Store) -> Callable[..., Program]:
    """Makes programs: `as_program("sam")` has a key of Sam's with every scope. `shop` is published."""
    network_.build(store)
    publish(store)
    return lambda name, *scopes, **rest: program(app, store, name, *([scopes] if scopes else []), **rest)

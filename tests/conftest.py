"""What every test may ask for: a database, the application over it, the cast signed in, a still clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from checker import create_app
from checker.sealing import FILE as SEAL_KEY
from checker.sealing import fresh_pem
from checker.store.connection import Store, open_store
from checker.store.upgrade import create_or_migrate
from tests import network as network_
from tests import people
from tests.browsing import Browser, Clock, signed_in_as


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: tests that have a short and a full form run in full."""
    parser.addoption("--long", action="store_true", help="full form: 200 visits, a cut at each KB")


class Compiled(BytecodeCache):
    """Templates as the first application of this process has compiled them: each test has one of its own."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is held; what was made of another source is not taken."""
        if bucket.key in self.held:
            bucket.bytecode_from_string(self.held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Hold it for the next one."""
        self.held[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers first: their files take a minute or two each, and one that began last would end alone."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)
"""A Thursday; 12:30 in Helsinki and in Bucharest."""


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The application's clock; `clock.pass_by(hours=2)` moves it."""
    return Clock(now)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and no row, made once and copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "checker.sqlite"
    create_or_migrate(path, path.parent)
    return path


@pytest.fixture(scope="session")
def tablet_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key for what tablets seal; a new one takes a third of a second to find."""
    file = tmp_path_factory.mktemp("key") / SEAL_KEY
    file.touch(0o600)
    file.write_bytes(fresh_pem())
    return file


@pytest.fixture
def instance(tmp_path: Path, empty_database: Path, tablet_key: Path) -> Path:
    """An instance folder with an empty database, and the key that would be made at its first use."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(empty_database, folder / "checker.sqlite")
    shutil.copy(tablet_key, folder / SEAL_KEY)
    return folder


@pytest.fixture
def store(instance: Path) -> Iterator[Store]:
    """The instance's database."""
    opened = open_store(instance / "checker.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def network(store: Store) -> Store:
    """The database with regions R1 and R2, branches B001 to B003 and employees E0001 to E0003."""
    network_.build(store)
    return store


@pytest.fixture
def app(instance: Path, store: Store, clock: Clock) -> Iterator[Flask]:
    """The application over the same database as `store`."""
    made = create_app(instance, TESTING=True, CLOCK=clock, **people.CHEAP)
    made.test_client_class = Browser
    yield made
    made.extensions["checker.stores"].close()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app, app.response_class, use_cookies=True)


@pytest.fixture
def as_ada(app: Flask, store: Store) -> Browser:
    """Ada's browser; she administers."""
    return signed_in_as(app, people.ada(store))


@pytest.fixture
def as_sam(app: Flask, store: Store) -> Browser:
    """Sam's browser; he shops."""
    return signed_in_as(app, people.sam(store))


@pytest.fixture
def as_mara(app: Flask, store: Store) -> Browser:
    """Mara's browser; she manages B001 and B002."""
    return signed_in_as(app, people.mara(store))


@pytest.fixture
def as_lee(app: Flask, store: Store) -> Browser:
    """Lee's browser; he leads."""
    return signed_in_as(app, people.lee(store))


@pytest.fixture
def as_rea(app: Flask, store: Store) -> Browser:
    """Rea's browser; she reviews."""
    return signed_in_as(app, people.rea(store))


@pytest.fixture
def as_eve(app: Flask, store: Store) -> Browser:
    """Eve's browser; she is E0001 at B001."""
    return signed_in_as(app, people.eve(store))


@pytest.fixture
def as_bo(app: Flask, store: Store) -> Browser:
    """Bo's browser; he manages B003, elsewhere."""
    return signed_in_as(app, people.bo(store))

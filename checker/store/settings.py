"""What administrators decide on pages, such as the organisation's name: a value of JSON per name."""

from __future__ import annotations

import json
from typing import Any

from checker.store.connection import Store


def get(store: Store, name: str, default: Any = None) -> Any:
    """The value under `name`."""
    found = store.value("SELECT value FROM setting WHERE name = :name", {"name": name})
    return default if found is None else json.loads(found)


def put(store: Store, name: str, value: object) -> None:
    """Keep a value under `name`; inside `write()`."""
    store.db.execute(
        "INSERT INTO setting (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = :value",
        {"name": name, "value": json.dumps(value, ensure_ascii=False)},
    )

"""Orders of many reports at once: how far each has come, and what could not be made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from checker.store.connection import Row, Store

COLUMNS = """
SELECT report_order.*, checklist.code AS checklist, series.method,
    (SELECT count(*) FROM report_failure WHERE order_id = report_order.id) AS failed
FROM report_order
JOIN series ON series.id = report_order.series_id
JOIN checklist ON checklist.id = series.checklist_id
"""

FIND_FOR = f"{COLUMNS} WHERE report_order.uuid = :uuid AND report_order.person_id = :person"


def find_for(store: Store, uuid: UUID, *, person_id: int) -> Row | None:
    """The order, when this person made it; to everybody else it does not exist."""
    return store.row(FIND_FOR, {"uuid": uuid.bytes, "person": person_id})


LIST_FOR = f"{COLUMNS} WHERE report_order.person_id = :person ORDER BY report_order.id DESC LIMIT :limit"


def list_for(store: Store, *, person_id: int, limit: int) -> list[Row]:
    """The person's newest orders."""
    return store.rows(LIST_FOR, {"person": person_id, "limit": limit})


NEXT = f"{COLUMNS} WHERE report_order.state IN ('waiting', 'running') ORDER BY report_order.id LIMIT 1"


def next_open(store: Store) -> Row | None:
    """The oldest order that is not over."""
    return store.row(NEXT)


def count_before(store: Store, order_id: int) -> int:
    """How many orders are worked on before this one."""
    return int(
        store.value(
            "SELECT count(*) FROM report_order WHERE state IN ('waiting', 'running') AND id < :id",
            {"id": order_id},
        )
    )


def count_open(store: Store, *, person_id: int) -> int:
    """How many orders of a person are not over."""
    return int(
        store.value(
            "SELECT count(*) FROM report_order WHERE person_id = :person AND state IN ('waiting', 'running')",
            {"person": person_id},
        )
    )


def stop_asked(store: Store, order_id: int) -> bool:
    """Whether somebody wants the order to stop."""
    return bool(
        store.value("SELECT stop_asked_at IS NOT NULL FROM report_order WHERE id = :id", {"id": order_id})
    )


def is_open(store: Store, order_id: int) -> bool:
    """Whether an order is there and not over."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM report_order WHERE id = :id AND state IN ('waiting', 'running'))",
            {"id": order_id},
        )
    )


def every_uuid(store: Store) -> set[UUID]:
    """The ids of all orders."""
    return {UUID(bytes=row["uuid"]) for row in store.rows("SELECT uuid FROM report_order")}


OVER = "SELECT id FROM report_order WHERE state IN ('done', 'stopped', 'failed') AND ended_at < :before"


def remove_over(store: Store, *, before: int) -> int:
    """Forget the orders that ended before a moment (seconds), and say how many; inside `write()`."""
    given = {"before": before}
    store.db.execute(f"DELETE FROM report_failure WHERE order_id IN ({OVER})", given)  # noqa: S608
    return int(store.db.execute(f"DELETE FROM report_order WHERE id IN ({OVER})", given).rowcount)  # noqa: S608


# --- what could not be made ---------------------------------------------------------------------------------


def failures(store: Store, order_id: int) -> list[Row]:
    """What could not be made, by name: `file`, `text` (a msgid) and `details`."""
    rows = store.rows(
        "SELECT file, text, details FROM report_failure WHERE order_id = :id ORDER BY file", {"id": order_id}
    )
    return [{**row, "details": json.loads(row["details"])} for row in rows]


def add_failure(store: Store, order_id: int, file: str, text: str, details: Mapping[str, object]) -> None:
    """Note why a file could not be made; inside `write()`."""
    said = json.dumps(dict(details), ensure_ascii=False, default=str)
    store.add("report_failure", {"order_id": order_id, "file": file, "text": text, "details": said})


def forget_failures(store: Store, order_id: int) -> None:
    """Begin anew; inside `write()`."""
    store.db.execute("DELETE FROM report_failure WHERE order_id = :id", {"id": order_id})

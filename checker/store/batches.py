"""Batches: what came with one import, and what of it nothing else rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pysqlite3 import dbapi2 as sqlite3

from checker.store import tallies
from checker.store.connection import Row, Store


def add(store: Store, *, kind: str, file_name: str, by: int | None, at: int) -> int:
    """Begin a batch; inside `write()`."""
    return store.add("batch", {"kind": kind, "file_name": file_name, "person_id": by, "at": at})


def finish(store: Store, batch_id: int, *, taken: int, refused: int) -> None:
    """Say how many rows were taken and refused; inside `write()`."""
    store.change("batch", batch_id, {"taken": taken, "refused": refused})


COLUMNS = "SELECT batch.*, person.name AS person FROM batch LEFT JOIN person ON person.id = batch.person_id "


def find(store: Store, batch_id: int) -> Row | None:
    """The batch with this number."""
    return store.row(COLUMNS + "WHERE batch.id = :id", {"id": batch_id})


def list_all(store: Store) -> list[Row]:
    """Every batch, the newest first: id, kind, file_name, taken, refused, person (name), at, undone_at."""
    return store.rows(COLUMNS + "ORDER BY batch.id DESC")


# --- taking a batch back ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing a batch can create: how it is called, what may rest on it, what goes with it."""

    table: str
    label: str
    """SQL: the name by which a person knows it."""
    rests: Mapping[str, str]
    """Word -> SQL that counts what rests on the thing `:id`; while anything does, it stays."""
    belongings: tuple[str, ...] = ()
    """ "table.column" of what is part of the thing and goes with it."""


PARTS: Mapping[str, tuple[Part, ...]] = {
    "branches": (
        Part(
            "branch",
            "code",
            {
                "visits": "SELECT count(*) FROM visit WHERE branch_id = :id",
                "assignments": "SELECT count(*) FROM assignment WHERE branch_id = :id",
                "drafts": "SELECT count(*) FROM draft WHERE branch_id = :id",
                "employments": "SELECT count(*) FROM employment WHERE branch_id = :id",
                "people": "SELECT count(*) FROM person_scope WHERE branch_id = :id",
                "targets": "SELECT count(*) FROM target WHERE branch_id = :id",
                "actions": "SELECT count(*) FROM action WHERE branch_id = :id",
                "editions": "SELECT count(*) FROM edition WHERE branch_id = :id",
            },
        ),
        Part(
            "region",
            "code",
            {
                "branches": "SELECT count(*) FROM branch WHERE region_id = :id",
                "visits": "SELECT count(*) FROM visit WHERE region_id = :id",
                "people": "SELECT count(*) FROM person_scope WHERE region_id = :id",
                "targets": "SELECT count(*) FROM target WHERE region_id = :id",
                "actions": "SELECT count(*) FROM action WHERE region_id = :id",
                "editions": "SELECT count(*) FROM edition WHERE region_id = :id",
            },
        ),
    ),
    "employees": (
        Part(
            "employment",
            "(SELECT employee.code || ' ' || branch.code FROM employee, branch "
            "WHERE employee.id = employment.employee_id AND branch.id = employment.branch_id)",
            {
                "visits": "SELECT count(*) FROM employment JOIN visit_employee "
                "ON visit_employee.employee_id = employment.employee_id "
                "JOIN visit ON visit.id = visit_employee.visit_id AND visit.branch_id = employment.branch_id "
                "WHERE employment.id = :id",
            },
        ),
        Part(
            "employee",
            "code",
            {
                "visits": "SELECT count(*) FROM visit_employee WHERE employee_id = :id",
                "employments": "SELECT count(*) FROM employment WHERE employee_id = :id",
                "people": "SELECT count(*) FROM person WHERE employee_id = :id",
            },
        ),
    ),
    "users": (
        Part(
            "person",
            "email",
            {
                "passwords": "SELECT count(*) FROM person WHERE id = :id AND password_hash IS NOT NULL",
                "assignments": "SELECT count(*) FROM assignment WHERE shopper_id = :id",
            },
            ("invitation.person_id", "person_scope.person_id"),
        ),
    ),
    "assignments": (
        Part(
            "assignment",
            "(SELECT person.email || ' ' || branch.code || ' ' || visit_from FROM person, branch "
            "WHERE person.id = assignment.shopper_id AND branch.id = assignment.branch_id)",
            {
                "answers": "SELECT count(*) FROM assignment WHERE id = :id AND state <> 'planned'",
                "drafts": "SELECT count(*) FROM draft WHERE assignment_id = :id",
                "visits": "SELECT count(*) FROM visit WHERE assignment_id = :id",
            },
        ),
    ),
    "visits": (
        Part(
            "visit",
            "(SELECT branch.code || ' ' || date(visited_at, 'unixepoch') FROM branch "
            "WHERE branch.id = visit.branch_id)",
            {
                "corrections": "SELECT count(*) FROM visit WHERE id = :id AND revision > 1",
                "decisions": "SELECT count(*) FROM visit_event WHERE visit_id = :id",
                "replies": "SELECT count(*) FROM reply WHERE visit_id = :id",
                "photos": "SELECT count(*) FROM photo WHERE visit_id = :id AND received_at IS NOT NULL",
                "quotes": "SELECT count(*) FROM quote WHERE visit_id = :id",
            },
            (
                "answer.visit_id",
                "visit_employee.visit_id",
                "review_note.visit_id",
                "photo.visit_id",
                "visit_conflict.visit_id",
                "visit_revision.visit_id",
            ),
        ),
    ),
}
"""What each kind of batch creates, in the order in which it can be taken back."""


@dataclass(frozen=True, slots=True)
class Created:
    """One thing a batch created and that is still there."""

    part: Part
    id: int
    label: str


def list_created(store: Store, batch: Row) -> list[Created]:
    """What the batch created and is still there, what rests on others first."""
    return [
        Created(part, row["id"], row["label"])
        for part in PARTS[batch["kind"]]
        for row in store.rows(
            f"SELECT id, {part.label} AS label FROM {part.table} WHERE batch_id = :batch ORDER BY id",  # noqa: S608
            {"batch": batch["id"]},
        )
    ]


def count_rests(store: Store, created: Created) -> dict[str, int]:
    """Word -> how many of it rest on the thing; empty when nothing does."""
    counts = {word: int(store.value(sql, {"id": created.id})) for word, sql in created.part.rests.items()}
    return {word: count for word, count in counts.items() if count}


def remove(store: Store, created: Created) -> bool:
    """Take one thing away with what is part of it, and a visit out of its figures; inside `write()`.

    False when something of another kind rests on it after all: the database itself keeps it then.
    """
    try:
        with store.write():
            if created.part.table == "visit":
                tallies.apply(store, created.id, -1)
            for belonging in created.part.belongings:
                table, column = belonging.split(".")
                store.db.execute(f"DELETE FROM {table} WHERE {column} = :id", {"id": created.id})  # noqa: S608
            store.db.execute(f"DELETE FROM {created.part.table} WHERE id = :id", {"id": created.id})  # noqa: S608
    except sqlite3.IntegrityError:
        return False
    return True


def mark_undone(store: Store, batch_id: int, *, at: int) -> None:
    """Remember when the batch was taken back; inside `write()`."""
    store.change("batch", batch_id, {"undone_at": at})


def forget(store: Store, batch_id: int) -> None:
    """Take away a batch with which nothing came; inside `write()`."""
    store.db.execute("DELETE FROM batch WHERE id = :id", {"id": batch_id})


def count_created(store: Store, batch: Row) -> int:
    """How many things of the batch are still there."""
    return sum(
        int(store.value(f"SELECT count(*) FROM {part.table} WHERE batch_id = :batch", {"batch": batch["id"]}))  # noqa: S608
        for part in PARTS[batch["kind"]]
    )

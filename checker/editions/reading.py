"""What an edition rests on, read for the house: today's figures of its month, and its snapshot."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from checker.editions.snapshot import Audience, Snapshot, Summary, read
from checker.problem import Problem
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row, Store
from checker.summaries.branch import branch_month
from checker.summaries.network import network_month


def read_summary(store: Store, edition: Row, *, audience: Audience, now: datetime) -> Summary:
    """Today's figures of an edition's month and place, as they may be shown to its readers."""
    month = Month.from_int(edition["month"])
    if edition["branch"] is None:
        return network_month(
            store,
            series_id=edition["series_id"],
            month=month,
            region_code=edition["region"],
            person_id=None,
            now=now,
        )
    return branch_month(
        store,
        branch_code=edition["branch"],
        month=month,
        series_id=edition["series_id"],
        person_id=None,
        now=now,
        audience=audience,
        revealed=True,
    )


def audiences(edition: Row) -> tuple[Audience, ...]:
    """For whom an edition has a file: a branch's for its manager too, with names."""
    return ("leadership", "manager") if edition["branch"] is not None else ("leadership",)


def read_snapshot(store: Store, edition: Row) -> Snapshot:
    """The snapshot of a released edition.

    Raises Problem "edition.damaged" when it is not what was stored, and those of `snapshot.read`.
    """
    content, held = editions.snapshot(store, edition["id"])
    if sha256(content).digest() != held:
        text = N_("The snapshot of this edition is damaged. Restore it from a backup.")
        raise Problem("edition.damaged", 500, text)
    return read(content, editions.published(store))


def kept_file(store: Store, edition: Row, *, language: str, audience: str) -> bytes | None:
    """The bytes that were kept of a file of an edition, None where there is no such file.

    Raises Problem "edition.damaged" when they are not what was stored.
    """
    file = editions.find_file(store, edition["id"], language=language, audience=audience)
    if file is None:
        return None
    if sha256(file["content"]).hexdigest() != file["hash"]:
        text = N_(
            "The file that was kept of this edition is damaged. Restore it from a backup, or draw it again."
        )
        raise Problem("edition.damaged", 500, text)
    return bytes(file["content"])

"""Every stored figure is held against what the visits say; nothing is changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from checker.actions.judging import is_counted
from checker.actions.rejudging import Rejudged, rejudge
from checker.actions.rescore import batches
from checker.standards.body import Sent
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.standards.score import SCORER
from checker.store import checks, editions, photo_files, photos, programmes, revisions, tallies, visits
from checker.store.connection import Row, Store


def verify(store: Store, *, progress: Callable[[int], None] = lambda done: None) -> list[Fault]:
    """Whatever in the database contradicts something else in it, each with its place; empty when all is well.

    The engine's own check, every reference, every roll-up and tally, every revision, every photo's file and
    everything kept of closed months against its hash, and every visit against its current revision scored
    again. A visit scored by another scorer than today's is checked except for its score; `rescore --dry-run`
    tells what that would be. `progress` is told how many visits are done. Visits are read in batches, the
    figures in one read, because every visit changes them.
    """
    faults = [*_file(store), *_references(store), *_figures(store), *_editions(store)]
    done = 0
    for keys in batches(store):
        with store.reading():
            for key in keys:
                faults += _visit(store, key)
            stored = photos.list_stored(store, keys)
        faults += _pictures(store, stored)
        done += len(keys)
        progress(done)
    return faults


def _file(store: Store) -> Iterator[Fault]:
    text = N_("The file is damaged: %(what)s. Restore a backup.")
    for what in checks.file_faults(store):
        yield Fault("verify.file", "", text, {"what": what})


def _references(store: Store) -> Iterator[Fault]:
    text = N_("It refers to a %(parent)s that is not there. Restore a backup.")
    for row in checks.dangling(store):
        yield Fault("verify.reference", f"{row['table']} {row['rowid']}", text, {"parent": row["parent"]})


def _figures(store: Store) -> Iterator[Fault]:
    """Roll-ups and tallies against a recount."""
    texts = {
        "stored": N_("This is stored, but the visits do not give it: %(values)s. Run `rebuild`."),
        "recounted": N_("The visits give this, but it is not stored: %(values)s. Run `rebuild`."),
    }
    with store.reading():
        rows = tallies.differences(store)
    for row in rows:
        table = row["table"]
        place = " ".join([table, *(f"{key}={row[key]}" for key in tallies.KEYS[table])])
        values = ", ".join(f"{name} {row[name]}" for name in tallies.VALUES[table])
        yield Fault(f"verify.{table}", place, texts[row["side"]], {"values": values})


def _editions(store: Store) -> Iterator[Fault]:
    """What was sent of closed months, and the figures it was drawn from, against their hashes."""
    text = N_("%(what)s of this closed month is not what its hash says. Restore a backup.")
    for edition in editions.list_released(store):
        place = f"edition {UUID(bytes=edition['uuid'])}"
        content, held = editions.snapshot(store, edition["id"])
        if sha256(content).digest() != held:
            yield Fault("verify.edition_changed", place, text, {"what": "The snapshot"})
        for row in editions.files(store, edition["id"]):
            name = {"language": row["language"], "audience": row["audience"]}
            file = editions.find_file(store, edition["id"], **name)
            if file is not None and sha256(file["content"]).hexdigest() != row["hash"]:
                yield Fault("verify.edition_changed", place, text, {"what": " ".join(name.values())})


def _visit(store: Store, key: int) -> Iterator[Fault]:
    """One visit: its revisions against their hashes, its columns and answers against the current one."""
    try:
        visit = visits.get(store, key)
        bodies = revisions.list_bodies(store, key)
    except LookupError:
        text = N_("Its current revision is not there. Restore a backup.")
        yield Fault("verify.revision_missing", f"visit {key}", text)
        return
    except zlib.error:
        text = N_("A revision cannot be read any more. Restore a backup.")
        yield Fault("verify.revision_unreadable", f"visit {key}", text)
        return
    place = f"visit {UUID(bytes=visit['uuid'])}"
    wrong = [n for n, hash, body in bodies if sha256(body).hexdigest() != hash]
    for n in wrong:
        text = N_("Revision %(n)s is not what its hash says. Restore a backup.")
        yield Fault("verify.revision_changed", place, text, {"n": n})
    if wrong:
        return
    body = next(json.loads(body) for n, _, body in bodies if n == visit["revision"])
    try:
        judged = rejudge(store, visit, body)
    except Refused as refused:
        text = N_("Its current revision cannot be read: %(faults)s")
        yield Fault("verify.revision_refused", place, text, {"faults": str(refused)})
        return
    yield from _contradictions(place, judged, programme=programmes.find(store, visit["programme"]))


def _contradictions(place: str, judged: Rejudged, *, programme: Row | None) -> Iterator[Fault]:
    visit, sent = judged.visit, judged.sent
    stored, given = dict(_said(visit)), dict(_sent(sent))
    if programme is not None:
        stored["counted"] = bool(visit["counted"])
        given["counted"] = is_counted(visit, programme, visit["zone"])
    stored["employees"] = _served(judged.stored_employees)
    given["employees"] = _sent_employees(sent)
    if not _month_fits(visit, sent):
        stored["month"], given["month"] = visit["month"], sent.visited_at.isoformat()
    if visit["scorer"] == SCORER:
        decided = ("compliance", "experience", "flagged")
        stored |= {name: visit[name] for name in decided}
        given |= {name: judged.figures[name] for name in decided}
        stored["answers"], given["answers"] = judged.stored_answers, judged.answers
        stored["employees' scores"], given["employees' scores"] = (
            [(row["role"], row["compliance"], row["experience"]) for row in sorted(rows, key=_role)]
            for rows in (judged.stored_employees, judged.employees)
        )
    text = N_("%(what)s is stored as %(stored)s, but the current revision gives %(given)s.")
    for name, value in stored.items():
        if value != given[name]:
            details = {"what": name, "stored": value, "given": given[name]}
            yield Fault("verify.visit", place, text, details)


def _said(visit: Row) -> Iterator[tuple[str, Any]]:
    """What of a stored visit the revision says in the same word."""
    for name in ("branch", "checklist", "version", "programme", "method", "channel", "subject", "purpose"):
        yield name, visit[name]
    yield "practice", bool(visit["practice"])
    yield "outcome", visit["outcome"]
    yield "service_level", visit["service_level"]
    yield "visited_at", visit["visited_at"]


def _sent(sent: Sent) -> Iterator[tuple[str, Any]]:
    """The same from the revision."""
    for name in ("branch", "checklist", "version", "programme", "method", "channel", "subject", "purpose"):
        yield name, getattr(sent, name)
    yield "practice", sent.practice
    yield "outcome", sent.outcome
    yield "service_level", sent.service_level
    yield "visited_at", int(sent.visited_at.timestamp())


def _pictures(store: Store, stored: Iterable[Row]) -> Iterator[Fault]:
    """The files of photos that are here, against their hashes."""
    for row in stored:
        place = f"visit {UUID(bytes=row['uuid'])} photo {row['stored_hash']}"
        found = photo_files.digest(store, row["stored_hash"])
        if found is None:
            text = N_("The file of this photo is not there. Restore it from a backup.")
            yield Fault("verify.photo_missing", place, text)
        elif found != row["stored_hash"]:
            text = N_("The file of this photo is not what its hash says. Restore it from a backup.")
            yield Fault("verify.photo_changed", place, text)


def _served(rows: list[Row]) -> Mapping[str, str]:
    return {row["role"]: row["code"] or row["described"] for row in rows}


def _sent_employees(sent: Sent) -> Mapping[str, str]:
    return {role: who.code or who.described for role, who in sent.employees.items() if who is not None}


def _role(row: Row) -> str:
    return str(row["role"])


def _month_fits(visit: Row, sent: Sent) -> bool:
    """Whether the stored month is one the visit had somewhere on earth: the branch's zone may have been set
    right since, and an old month stays.
    """
    earliest, latest = sent.visited_at - timedelta(hours=12), sent.visited_at + timedelta(hours=14)
    month = Month.from_int(visit["month"])
    offset = sent.visited_at.utcoffset() or timedelta()
    return Month.of((earliest - offset).date()) <= month <= Month.of((latest - offset).date())

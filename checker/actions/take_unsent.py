"""A file with what is unsent, exported from a tablet that gets no network, is taken entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from checker.actions.begin_visit import begin_visit, read_plan
from checker.actions.keep_photo import keep_sealed_photo
from checker.actions.recover_vault import from_base64
from checker.actions.save_draft import is_typed, save_draft
from checker.actions.take_sealed import prove, read_content, read_json, take_sealed_visit
from checker.problem import Problem
from checker.sealing import SealKey, open_sealed
from checker.standards.answers import read_hash
from checker.standards.faults import N_, Fault, Refused
from checker.store import drafts, trail
from checker.store.connection import Store

FORMAT = "checker-unsent/1"
SECTIONS = ("visits", "photos", "drafts")
MOST = 20_000
"""Entries of one file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry, at its place in the file ("visits.0").

    `problem` says why it was refused; None: it is here now. `fresh`: it was not before.
    """

    place: str
    kind: str
    id: str
    fresh: bool = False
    problem: Problem | Refused | None = None


def take_unsent(
    store: Store, keys: SealKey, file: bytes, *, secret: str, by: int, now: datetime
) -> list[Outcome]:
    """Take every visit, photo and draft of the file, each from its own shopper; the same file again changes
    nothing.

    A visit is stored as if its tablet had sent it. A draft becomes its shopper's, or a copy beside theirs.
    Raises Refused for what is no such file; what is wrong with one entry holds up no other.
    """
    entries = _read(file)
    take = {"visits": _take_visit, "photos": _take_photo, "drafts": _take_draft}
    found = [
        _outcome(place, kind, entry, partial(take[kind], store, keys, entry, secret, now))
        for place, kind, entry in entries
    ]
    refused = sum(one.problem is not None for one in found)
    with store.write():
        details = {"taken": len(found) - refused, "refused": refused}
        trail.add(store, person_id=by, act="data.unsent", at=int(now.timestamp()), details=details)
    return found


def _read(file: bytes) -> list[tuple[str, str, Any]]:
    """Place, kind and content of each entry, in the order in which they can be taken."""
    try:
        content = read_json(file)
    except Problem as problem:
        raise _no_file() from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _no_file()
    found = []
    for section in SECTIONS:
        entries = content.get(section, [])
        if not isinstance(entries, list):
            raise _no_file()
        found += [(f"{section}.{n}", section, entry) for n, entry in enumerate(entries)]
    if len(found) > MOST:
        raise _no_file()
    return found


def _outcome(place: str, kind: str, entry: Any, take: Callable[[], bool]) -> Outcome:
    said = entry if isinstance(entry, dict) else {}
    name = str(said.get("id") or said.get("visit") or "")[:64]
    try:
        return Outcome(place, kind, name, fresh=take())
    except (Problem, Refused) as problem:
        if isinstance(problem, Problem) and problem.status >= 500:
            raise  # the disk is full, or the database busy: nothing is wrong with the file
        return Outcome(place, kind, name, problem=problem)


def _take_visit(store: Store, keys: SealKey, entry: Any, secret: str, now: datetime) -> bool:
    sealed = _sealed(entry)
    return take_sealed_visit(store, keys, _uuid(entry, "id"), sealed, secret=secret, now=now).fresh


def _take_photo(store: Store, keys: SealKey, entry: Any, secret: str, now: datetime) -> bool:
    sealed, sha256 = _sealed(entry), read_hash(entry.get("sha256"))
    if sha256 is None:
        raise _broken()
    return keep_sealed_photo(store, keys, _uuid(entry, "visit"), sha256, sealed, now=now).fresh


def _take_draft(store: Store, keys: SealKey, entry: Any, secret: str, now: datetime) -> bool:
    sealed, uuid = _sealed(entry), _uuid(entry, "id")
    content = read_content(open_sealed(keys, sealed, f"draft {uuid}"))
    uploader = prove(store, content, uuid, secret=secret)
    draft = content.get("draft")
    if not isinstance(draft, dict) or not is_typed(typed := draft.get("typed")):
        raise _broken()
    shopper = int(uploader.person["id"])
    held = drafts.find_for(store, uuid, shopper_id=shopper)
    if held is None:
        begin_visit(store, read_plan(draft.get("begin"), id=uuid, shopper_id=shopper), now=now)
    elif any(typed == said for said in _versions(store, held)):
        return False
    device, base = f"file {int(now.timestamp())}", 0 if held is None else -1
    save_draft(store, uuid, shopper_id=shopper, typed=typed, device=device, base=base, now=now)
    return True


def _versions(store: Store, held: Mapping[str, Any]) -> Iterator[object]:
    """What the draft says, and each copy of it."""
    yield held["body"].get("typed", {})
    for copy in drafts.list_copies(store, held["id"]):
        yield copy["body"].get("typed", {})


def _sealed(entry: Any) -> bytes:
    if not isinstance(entry, dict):
        raise _broken()
    return from_base64(entry.get("sealed"))


def _uuid(entry: Any, name: str) -> UUID:
    try:
        return UUID(entry[name])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken() from error


def _no_file() -> Refused:
    text = N_("This is no file that a tablet has exported, or it was cut. Export it again on the tablet.")
    return Refused([Fault("unsent.no_file", "file", text)])


def _broken() -> Problem:
    return Problem("unsent.broken", 422, N_("This entry is broken. Export the file again on the tablet."))

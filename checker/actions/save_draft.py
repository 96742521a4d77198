"""What a shopper has typed is kept; where two devices meet, both versions are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import TypeGuard
from uuid import UUID

from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import drafts
from checker.store.connection import Row, Store

PAGES_KNOWN = 8

LARGEST = 300_000
"""Characters of one draft; the longest checklist with every note full stays below."""


@dataclass(frozen=True, slots=True)
class Saved:
    """How a draft stands after saving.

    `conflict`: another device had saved since; both are kept, this one as a copy. `turn` is the last that
    counted of the page that saves: one higher than it sent means that this save came too late.
    """

    sequence: int
    saved_at: datetime
    conflict: bool = False
    turn: int = 0


def save_draft(
    store: Store,
    uuid: UUID,
    *,
    shopper_id: int,
    typed: Mapping[str, Sequence[str]],
    device: str,
    base: int,
    turn: int | None = None,
    instead: bool = False,
    now: datetime,
) -> Saved:
    """Keep what is typed: input name -> values.

    `device` names the page that types, `base` the sequence it began from. A page that repeats itself, because
    it never got the reply, is no second device; `turn` counts its saves, so that an older one that comes late
    is dropped. With `instead` the shopper has seen the other version and goes on with this one: the other
    becomes the copy. Raises Problem "not_found", "draft.sent" (409), "draft.too_large" (413).
    """
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LARGEST:
        raise Problem("draft.too_large", 413, N_("This is too much text for one visit; shorten the notes."))
    at = int(now.timestamp())
    with store.write():
        held = drafts.find_for(store, uuid, shopper_id=shopper_id)
        if held is None:
            raise not_found(N_("There is no such visit, or it is not yours."))
        if held["sent_at"] is not None:
            raise Problem(
                "draft.sent", 409, N_("This visit was sent already, so it cannot change here any more.")
            )
        kept = {name: list(values) for name, values in typed.items()}
        turns: dict[str, int] = held["body"].get("turns", {})
        last = turns.get(device, 0)
        if kept == held["body"].get("typed") or (turn is not None and turn < last):
            return Saved(held["sequence"], now, turn=last)
        body = {**held["body"], "typed": kept, "turns": _newest(turns, device, turn)}
        if instead:
            _keep_other(store, held, at)
        elif held["sequence"] != base and held["device"] != device:
            _keep_apart(store, held["id"], body, device=device, base=base, turn=turn, at=at)
            return Saved(held["sequence"], now, conflict=True)
        sequence = held["sequence"] + 1
        drafts.save(store, held["id"], body=body, device=device, sequence=sequence, at=at)
    return Saved(sequence, now, turn=turn or 0)


def is_typed(typed: object) -> TypeGuard[dict[str, list[str]]]:
    """Whether this is what inputs hold: name -> values."""
    return isinstance(typed, dict) and all(
        isinstance(values, list) and all(isinstance(value, str) for value in values)
        for values in typed.values()
    )


def _newest(turns: Mapping[str, int], device: str, turn: int | None) -> dict[str, int]:
    """The last turn of each page that saved lately: the next page learns from it what the server has."""
    known = {**turns, device: turn} if turn is not None else dict(turns)
    return dict(sorted(known.items(), key=itemgetter(1))[-PAGES_KNOWN:])


def _keep_apart(
    store: Store, draft_id: int, body: Row, *, device: str, base: int, turn: int | None, at: int
) -> None:
    """Keep a copy beside the draft; one that its page goes on with, until its shopper has chosen."""
    for copy in drafts.list_copies(store, draft_id) if turn is not None else ():
        if (copy["device"], copy["base_sequence"]) == (device, base):
            if turn > copy["body"].get("turns", {}).get(device, 0):
                drafts.change_copy(store, copy["id"], body=body, at=at)
            return
    drafts.keep_copy(store, draft_id, body=body, device=device, base_sequence=base, at=at)


def _keep_other(store: Store, held: Row, at: int) -> None:
    drafts.keep_copy(
        store, held["id"], body=held["body"], device=held["device"], base_sequence=held["sequence"] - 1, at=at
    )

"""A programme's name and settings are changed; what they decide about counting is decided anew for every
visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checker.actions.branch_entry import name_faults, read_day, tidy
from checker.actions.judging import is_counted
from checker.problem import not_found
from checker.standards.faults import N_, Fault, Refused
from checker.store import counting, programmes, trail
from checker.store.connection import Row, Store

REVEALS = ("next_morning", "on_approval", "at_once")
ATTRIBUTIONS = ("named", "code", "none")


def change_programme(
    store: Store,
    *,
    code: str,
    name: str,
    notice_given_on: str | None,
    reveal: str,
    attribution: str,
    review: bool,
    by: int | None,
    now: datetime,
) -> bool:
    """Put these settings in place of the stored ones; False when they are the same.

    `notice_given_on` (ISO text, None: not set) and `review` decide which visits count, so every figure
    follows in the same transaction; `reveal` holds for visits that arrive from now on. Raises Refused with
    every fault, the place being the field's name.
    """
    with store.write():
        held = programmes.find(store, code)
        if held is None:
            raise not_found(N_("There is no such programme."))
        day, faults = read_day(notice_given_on, "notice_given_on")
        faults += name_faults(name, "name")
        faults += _word_faults(reveal, REVEALS, "reveal")
        faults += _word_faults(attribution, ATTRIBUTIONS, "attribution")
        if faults:
            raise Refused(faults)
        row = {
            "name": tidy(name),
            "notice_given_on": day.isoformat() if day else None,
            "reveal": reveal,
            "attribution": attribution,
            "review": int(review),
        }
        changed = sorted(column for column, value in row.items() if held[column] != value)
        if not changed:
            return False
        store.change("programme", held["id"], row)
        moved = 0
        if {"notice_given_on", "review"} & set(changed):
            moved = _count_anew(store, {**held, **row})
        details = {"changed": changed, "visits": moved}
        at = int(now.timestamp())
        trail.add(store, person_id=by, act="programme.change", thing=code, at=at, details=details)
    return True


def _word_faults(word: str, words: tuple[str, ...], place: str) -> list[Fault]:
    if word in words:
        return []
    text = N_("“%(word)s” is not possible. Choose one of: %(words)s.")
    return [Fault(f"programme.{place}", place, text, {"word": word, "words": ", ".join(words)})]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many visits would enter the figures, and how many would leave them."""

    entering: int
    leaving: int


def would_move(store: Store, *, code: str, notice_given_on: str | None, review: bool) -> Moved:
    """What changing these two settings would do to figures; writes nothing.

    An unreadable day moves nothing here: `change_programme` refuses it. Raises Problem "not_found".
    """
    held = programmes.find(store, code)
    if held is None:
        raise not_found(N_("There is no such programme."))
    day, faults = read_day(notice_given_on, "notice_given_on")
    if faults:
        return Moved(0, 0)
    wanted = {"notice_given_on": day.isoformat() if day else None, "review": int(review)}
    if all(held[column] == value for column, value in wanted.items()):
        return Moved(0, 0)
    changes = _changes(store, {**held, **wanted})
    entering = sum(counts for _, counts in changes)
    return Moved(entering, len(changes) - entering)


def _count_anew(store: Store, programme: Row) -> int:
    """Decide for every visit of the programme whether it counts; how many changed."""
    changes = _changes(store, programme)
    counting.set_counted(store, changes)
    return len(changes)


def _changes(store: Store, programme: Row) -> list[tuple[int, bool]]:
    """The visits whose counting changes with these settings: (key, whether it counts then)."""
    changes: list[tuple[int, bool]] = []
    after = 0
    while rows := counting.list_depending(store, programme["id"], after=after):
        changes += [
            (row["id"], counts) for row in rows if (counts := _counts(row, programme)) != row["counted"]
        ]
        after = rows[-1]["id"]
    return changes


def _counts(visit: Mapping[str, Any], programme: Row) -> bool:
    return is_counted(visit, programme, visit["zone"])

"""The draft of an edition is changed: its foreword and what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from checker.actions.edition_entry import (
    Entered,
    find_draft,
    read_decisions,
    read_foreword,
    release_faults,
    require,
    today,
)
from checker.store import trail
from checker.store.connection import Store


def change_edition(
    store: Store,
    uuid: UUID,
    *,
    changes: int,
    foreword: str,
    decisions: Sequence[Entered],
    by: int | None,
    now: datetime,
    whole: bool = False,
) -> int:
    """Save what was typed into the draft that was changed `changes` times before; returns the new count.

    `whole`: it is to be released as it is, so each decision needs its owner and day.
    Raises Refused with every fault (places "foreword", "what_1", "owner_1", "due_on_1" …), Problem like
    `find_draft`.
    """
    said, faults = read_foreword(foreword)
    held, wrong = read_decisions(decisions)
    if whole and not wrong:
        wrong = release_faults(held, today(now))
    with store.write():
        draft = find_draft(store, uuid, changes=changes)
        require([*faults, *wrong])
        if (draft["foreword"], draft["decisions"]) == (said, held):
            return changes
        store.change("edition", draft["id"], {"foreword": said, "decisions": held, "changes": changes + 1})
        trail.add(store, person_id=by, act="edition.change", thing=str(uuid), at=int(now.timestamp()))
    return changes + 1

"""A checklist file is kept until it is published: somebody looks at it first."""

from __future__ import annotations

from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.model import Checklist
from checker.standards.parse import read_yaml
from checker.store import checklist_drafts, trail
from checker.store.connection import Store

LONGEST_FILE_NAME = 120


def save_checklist_draft(
    store: Store, *, source: str | bytes, name: str, draft_id: int | None = None, by: int, now: datetime
) -> int:
    """Keep a file that has no faults, in place of the draft that is named, if any; returns its key.

    Raises Refused with every fault and its line ("shop.yaml:12"), and Problem "not_found".
    """
    checklist = read_yaml(source, name)
    source = source if isinstance(source, str) else source.decode("utf-8-sig")
    at = int(now.timestamp())
    name = name[-LONGEST_FILE_NAME:]
    with store.write():
        if draft_id is None:
            draft_id = checklist_drafts.add(store, name=name, source=source, by=by, at=at)
        elif not checklist_drafts.change(store, draft_id, name=name, source=source, by=by, at=at):
            raise not_found(N_("There is no such draft; it was published or thrown away meanwhile."))
        trail.add(store, person_id=by, act="checklist.draft", thing=_thing(checklist), at=at)
    return draft_id


def discard_checklist_draft(store: Store, draft_id: int, *, by: int, now: datetime) -> None:
    """Throw a draft away. Raises Problem "not_found"."""
    with store.write():
        if not checklist_drafts.remove(store, draft_id):
            raise not_found(N_("There is no such draft; it was published or thrown away meanwhile."))
        thing = f"draft {draft_id}"
        trail.add(store, person_id=by, act="checklist.discard", thing=thing, at=int(now.timestamp()))


def _thing(checklist: Checklist) -> str:
    return f"{checklist.id} {checklist.version}"

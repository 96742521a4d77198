"""A visit that was sent back lies open again before its shopper, filled with what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from checker.problem import Problem
from checker.standards.faults import N_
from checker.standards.life import Review
from checker.store import drafts, programmes, trail, visits
from checker.store.connection import Row, Store


def reopen_visit(
    store: Store, visit: Row, *, shopper_id: int, typed: Mapping[str, Sequence[str]], now: datetime
) -> None:
    """Open the draft of a returned visit again, `typed` into it; one that is open already stays as it is.

    Raises Problem "visit.not_returned" (409): only a reviewer's query opens a sent visit.
    """
    at = int(now.timestamp())
    with store.write():
        if visits.get(store, visit["id"])["state"] != Review.RETURNED:
            raise Problem("visit.not_returned", 409, N_("This visit does not wait for you any more."))
        uuid = UUID(bytes=visit["uuid"])
        held = drafts.find(store, uuid)
        body = {
            "practice": bool(visit["practice"]),
            "typed": {name: list(values) for name, values in typed.items()},
        }
        row = {"body": json.dumps(body), "sent_at": None, "discarded_at": None, "saved_at": at}
        if held is None:
            programme = cast(Row, programmes.find(store, visit["programme"]))
            drafts.add(
                store,
                {
                    **row,
                    "uuid": visit["uuid"],
                    "shopper_id": shopper_id,
                    "assignment_id": visit["assignment_id"],
                    "version_id": visit["version_id"],
                    "branch_id": visit["branch_id"],
                    "programme_id": programme["id"],
                    "created_at": at,
                },
            )
        elif held["sent_at"] is not None or held["discarded_at"] is not None:
            store.change("draft", held["id"], {**row, "sequence": held["sequence"] + 1, "device": ""})
        else:
            return
        trail.add(store, person_id=shopper_id, act="visit.reopen", thing=str(uuid), at=at)

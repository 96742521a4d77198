"""Actions: what branches, regions and the network set out to improve."""

from __future__ import annotations

from uuid import UUID

from checker.standards.month import Month
from checker.summaries.action_page import action_page
from checker.web.api import wire
from checker.web.api.door import caller
from checker.web.api.operations import Answer, operation
from checker.web.api.parameters import AFTER_ACTION, BRANCH, DUE_IN, IN_REGION, LIMIT, STATE, State
from checker.web.clock import now
from checker.web.store import current_store


@operation(
    "GET",
    "/actions",
    scope="actions:read",
    query=(DUE_IN, BRANCH, IN_REGION, STATE, AFTER_ACTION, LIMIT),
    answers={200: "ActionPage"},
)
def list_actions(
    month: Month | None,
    branch: str | None,
    region: str | None,
    state: State | None,
    after: UUID | None,
    limit: int,
) -> Answer:
    """List actions in the order in which they were planned, page by page."""
    shown = action_page(
        current_store(),
        person_id=caller().person.id,
        now=now(),
        limit=limit,
        after=after,
        branch=branch,
        region=region,
        state=state,
        due=month,
    )
    return wire.actions(shown), 200

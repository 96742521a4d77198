"""A page of actions, for a program that reads all: those whose whole place its person may look into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import plans
from checker.store.connection import Store
from checker.summaries.axes import last_day
from checker.summaries.plan import plan_lines
from checker.summaries.values import PlanLine


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with what a list over many places has to say of it; who planned it is not told."""

    line: PlanLine
    programme: str
    branch: str | None
    """Its branch, by code; None where it is of a region or of the network."""
    region: str | None
    """Its region, or the one in which its branch lies today; None for the network."""


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Actions in the order in which they were planned; `next` is the last of them when more follow."""

    lines: tuple[ActionLine, ...]
    next: UUID | None


def action_page(
    store: Store,
    *,
    person_id: int,
    now: datetime,
    limit: int,
    after: UUID | None = None,
    branch: str | None = None,
    region: str | None = None,
    state: str | None = None,
    due: Month | None = None,
) -> ActionPage:
    """The next `limit` actions that this person may look at, after the action `after`.

    `branch`, `region` (with its branches), `state` and the month they are due in narrow it; a code that names
    nothing in sight leaves an empty page. Raises Refused when `after` is no action in sight.
    """
    with store.reading():
        held = None
        if after is not None:
            held = plans.find_for(store, after, person_id=person_id)
            if held is None:
                text = N_("There is no such action to go on after; begin with the first page again.")
                raise Refused([Fault("page.after", "after", text)])
        rows = plans.list_for(
            store,
            person_id=person_id,
            limit=limit + 1,
            branch=branch,
            region=region,
            state=state,
            due=None if due is None else (due.first.isoformat(), last_day(due).isoformat()),
            after=held["id"] if held else None,
        )
        shown = rows[:limit]
        lines = tuple(
            ActionLine(line, row["programme"], row["branch"], row["region"] or row["branch_region"])
            for row, line in zip(shown, plan_lines(store, shown, now=now), strict=True)
        )
        return ActionPage(lines, lines[-1].line.uuid if len(rows) > limit else None)

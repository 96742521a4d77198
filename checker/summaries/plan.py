"""The actions of a place around a month: what came of the last ones, and what is being done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from checker.standards.model import Checklist, Text
from checker.standards.month import Month, day_of
from checker.store import checklists, plans
from checker.store.connection import Row, Store
from checker.summaries.axes import last_day
from checker.summaries.values import Place, Plan, PlanLine, SeriesOf


def branch_plan(store: Store, branch: Row, month: Month, *, series: SeriesOf, now: datetime) -> Plan:
    """What a branch does about a month."""
    before = month.previous()
    rows = plans.list_around(
        store,
        programme=series.programme,
        branch_id=branch["id"],
        made_before=_made_before(month),
        first=before.first.isoformat(),
        last=last_day(before).isoformat(),
    )
    return _plan(plan_lines(store, rows, checklist=series.checklist, now=now), month)


def network_plan(
    store: Store, region_id: int | None, month: Month, *, series: SeriesOf, now: datetime
) -> Plan:
    """What the network and its regions do about a month, or what one region does; of branches how many."""
    before = month.previous()
    rows = plans.list_around(
        store,
        programme=series.programme,
        region_id=region_id,
        made_before=_made_before(month),
        first=before.first.isoformat(),
        last=last_day(before).isoformat(),
    )
    at_branches = plans.count_at_branches(
        store,
        programme=series.programme,
        region_id=region_id,
        made_before=_made_before(month),
        first=before.first.isoformat(),
        until=_until(month).isoformat(),
    )
    return _plan(plan_lines(store, rows, checklist=series.checklist, now=now), month, at_branches)


def plan_lines(
    store: Store, rows: list[Row], *, checklist: Checklist | None = None, now: datetime
) -> tuple[PlanLine, ...]:
    """Actions as lines, in their order; a standard in the words of the checklist, where it asks it."""
    about: dict[str, Text] = {}
    if any(row["standard"] for row in rows):
        about = {name: item.text for name, (item, _) in checklists.standards_in_use(store).items()}
        for item in reversed(checklist.items if checklist else ()):
            if item.scored:
                about[item.standard or item.id] = item.text
    return tuple(_line(row, about, now) for row in rows)


def _line(row: Row, about: dict[str, Text], now: datetime) -> PlanLine:
    due = date.fromisoformat(row["due_on"])
    today = day_of(now, row["zone"]) if row["zone"] else now.astimezone(UTC).date()
    return PlanLine(
        uuid=UUID(bytes=row["uuid"]),
        what=row["what"],
        owner=row["owner"],
        due_on=due,
        measured_by=row["measured_by"],
        state=row["state"],
        outcome=row["outcome"],
        closed_on=date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        standard=row["standard"],
        place=_place(row),
        about=about.get(row["standard"]),
        overdue=row["state"] == "open" and due < today,
    )


def _place(row: Row) -> Place | None:
    if row["branch"]:
        return Place(row["branch"], row["branch_name"], row["zone"])
    return Place(row["region"], row["region_name"]) if row["region"] else None


# A month is discussed in the one after: what is planned then is about it, and what is closed then is known.


def _until(month: Month) -> date:
    return last_day(month.next())


def _made_before(month: Month) -> int:
    return int(datetime.combine(month.next().next().first, time(), UTC).timestamp())


def _plan(lines: tuple[PlanLine, ...], month: Month, at_branches: tuple[int, int] = (0, 0)) -> Plan:
    before, until = month.previous(), _until(month)

    def closed_lately(line: PlanLine) -> bool:
        return line.closed_on is not None and before.first <= line.closed_on <= until

    return Plan(
        settled=tuple(line for line in lines if closed_lately(line) or Month.of(line.due_on) == before),
        current=tuple(line for line in lines if line.closed_on is None or line.closed_on > until),
        open_at_branches=at_branches[0],
        closed_at_branches=at_branches[1],
    )

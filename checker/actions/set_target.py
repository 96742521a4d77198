"""A target is set from a month on: what a score or a standard should reach, and for whom; old months keep
theirs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from checker.problem import not_found
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import WHOLE
from checker.standards.month import Month
from checker.store import branches, checklists, programmes, regions, targets, trail
from checker.store.connection import Store


def set_target(
    store: Store,
    *,
    measure: str,
    percent: Decimal,
    valid_from: Month,
    checklist: str | None = None,
    region: str | None = None,
    branch: str | None = None,
    programme: str = "main",
    by: int | None,
    now: datetime,
) -> None:
    """Set the target of `measure` (compliance, experience, or a standard's id), in percent, from a month on.

    For one checklist, region or branch (by code), else for all; the same measure, scope and month again
    replaces it. Raises Refused with every fault, the place being the field's name.
    """
    faults: list[Fault] = []
    plan = programmes.find(store, programme)
    if plan is None:
        raise not_found(N_("There is no such programme."))
    share = percent * WHOLE / 100
    if not 0 <= share <= WHOLE or share != int(share):
        text = N_("Give a percentage from 0 to 100, with at most 4 decimal places.")
        faults.append(Fault("target.percent", "percent", text))
    if region and branch:
        faults.append(Fault("target.scope", "branch", N_("Choose a region or a branch, not both.")))
    version = checklists.current(store, checklist) if checklist else None
    area = regions.find(store, region) if region else None
    place = branches.find(store, branch) if branch else None
    for field, given, found in (
        ("checklist", checklist, version),
        ("region", region, area),
        ("branch", branch, place),
    ):
        if given and found is None:
            text = N_("“%(code)s” does not exist. Choose one of the list.")
            faults.append(Fault(f"target.{field}", field, text, {"code": given}))
    if not _is_measure(store, measure):
        text = N_("“%(measure)s” is no standard of a published checklist, nor compliance or experience.")
        faults.append(Fault("target.measure", "measure", text, {"measure": measure}))
    if faults:
        raise Refused(faults)
    with store.write():
        targets.put(
            store,
            programme_id=plan["id"],
            measure=measure,
            share=int(share),
            valid_from=valid_from,
            checklist_id=version.checklist_id if version else None,
            region_id=area["id"] if area else None,
            branch_id=place["id"] if place else None,
        )
        trail.add(
            store,
            person_id=by,
            act="target.set",
            thing=measure,
            at=int(now.timestamp()),
            details={
                "percent": str(percent),
                "valid_from": str(valid_from),
                "scope": branch or region or "network",
            },
        )


def _is_measure(store: Store, measure: str) -> bool:
    return measure in (targets.COMPLIANCE, targets.EXPERIENCE) or measure in checklists.standards_in_use(
        store
    )

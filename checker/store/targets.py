"""Targets: what a score or a standard should reach, from which month on, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from checker.standards.model import WHOLE
from checker.standards.month import Month
from checker.store.connection import Row, Store

COMPLIANCE = "compliance"
EXPERIENCE = "experience"
"""The measures of the two axes; any other measure is a standard."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Every target that may hold for one branch, region or programme on one checklist."""

    rows: tuple[Row, ...]

    def share(self, measure: str, month: Month) -> float | None:
        """The target of a measure in a month (1.0 is 100 %), or None.

        The narrowest scope wins (branch, region, programme), then one for this checklist over one for all,
        then the newest; an old month keeps what held in it.
        """
        for row in self.rows:
            if row["measure"] == measure and row["valid_from"][:7] <= str(month):
                return float(row["share"] / WHOLE)
        return None


FOR = """
SELECT measure, share, valid_from FROM target
WHERE programme_id = :programme AND (checklist_id IS NULL OR checklist_id = :checklist)
AND (branch_id IS NULL OR branch_id = :branch) AND (region_id IS NULL OR region_id = :region)
ORDER BY branch_id IS NOT NULL DESC, region_id IS NOT NULL DESC, checklist_id IS NOT NULL DESC,
    valid_from DESC
"""


def find_for(
    store: Store,
    *,
    programme_id: int,
    checklist_id: int,
    region_id: int | None = None,
    branch_id: int | None = None,
) -> Targets:
    """The targets of a branch (with its region), of a region, or of the whole programme."""
    parameters = {
        "programme": programme_id,
        "checklist": checklist_id,
        "region": region_id,
        "branch": branch_id,
    }
    return Targets(tuple(store.rows(FOR, parameters)))


LIST = """
SELECT target.id, target.measure, target.share, target.valid_from, checklist.code AS checklist,
    region.code AS region, branch.code AS branch
FROM target
JOIN programme ON programme.id = target.programme_id
LEFT JOIN checklist ON checklist.id = target.checklist_id
LEFT JOIN region ON region.id = target.region_id
LEFT JOIN branch ON branch.id = target.branch_id
WHERE programme.code = :programme
ORDER BY target.measure, checklist.code, region.code, branch.code, target.valid_from
"""


def list_for(store: Store, programme: str) -> list[Row]:
    """Every target of a programme: measure, share (millionths), valid_from ("2026-10"), whom it is for."""
    return store.rows(LIST, {"programme": programme})


SET = """
INSERT INTO target (programme_id, checklist_id, measure, region_id, branch_id, share, valid_from)
VALUES (:programme, :checklist, :measure, :region, :branch, :share, :valid_from)
ON CONFLICT
    (programme_id, ifnull(checklist_id, 0), measure, ifnull(region_id, 0), ifnull(branch_id, 0), valid_from)
DO UPDATE SET share = excluded.share
"""


def put(
    store: Store,
    *,
    programme_id: int,
    measure: str,
    share: int,
    valid_from: Month,
    checklist_id: int | None = None,
    region_id: int | None = None,
    branch_id: int | None = None,
) -> None:
    """Set a target (millionths) from a month on, in place of one for the same measure, scope and month;
    inside `write()`. Targets of earlier months stay.
    """
    store.db.execute(
        SET,
        {
            "programme": programme_id,
            "checklist": checklist_id,
            "measure": measure,
            "region": region_id,
            "branch": branch_id,
            "share": share,
            "valid_from": str(valid_from),
        },
    )


def remove(store: Store, target_id: int) -> None:
    """Take one target away, as if it had never been set; inside `write()`."""
    store.db.execute("DELETE FROM target WHERE id = :id", {"id": target_id})

"""Which visits enter figures, decided anew when a programme's settings change."""

from __future__ import annotations

from collections.abc import Sequence

from checker.store import tallies, visits
from checker.store.connection import Row, Store

FEW = 2_000
"""Up to so many changed visits are taken out of and put into the figures one by one; beyond that all
figures are counted again, which costs the same however many changed."""

# Only settings change here: a visit not completed, void, excluded, practice or a competitor's stays out.
DEPENDING = """
SELECT visit.id, visit.outcome, visit.state, visit.excluded, visit.practice, visit.subject, visit.visited_at,
    visit.counted, branch.zone
FROM visit
JOIN branch ON branch.id = visit.branch_id
JOIN series ON series.id = visit.series_id
WHERE series.programme_id = :programme AND visit.id > :after AND visit.outcome = 'completed'
    AND visit.state <> 'void' AND visit.excluded = 0 AND visit.practice = 0 AND visit.subject = 'own'
ORDER BY visit.id LIMIT 10000
"""


def list_depending(store: Store, programme_id: int, *, after: int) -> list[Row]:
    """The next 10,000 visits of the programme, by key, whose counting depends on its settings."""
    return store.rows(DEPENDING, {"programme": programme_id, "after": after})


def set_counted(store: Store, changes: Sequence[tuple[int, bool]]) -> None:
    """Let these visits, by key, count or not count any more, with every figure they are part of; in
    `write()`."""
    if len(changes) <= FEW:
        for visit_id, counted in changes:
            visits.change(store, visit_id, {"counted": int(counted)})
        return
    store.db.conn.executemany(
        "UPDATE visit SET counted = ? WHERE id = ?",
        [(int(counted), visit_id) for visit_id, counted in changes],
    )
    tallies.rebuild(store)

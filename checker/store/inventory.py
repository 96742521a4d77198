"""How much there is of everything, for the administrators' first page."""

from __future__ import annotations

from checker.store.connection import Row, Store

COUNTS = """
SELECT
    (SELECT count(*) FROM region WHERE retired_at IS NULL) AS regions,
    (SELECT count(*) FROM branch WHERE closed_on IS NULL OR closed_on >= :day) AS branches,
    (SELECT count(*) FROM employee WHERE retired_at IS NULL) AS employees,
    (SELECT count(*) FROM person WHERE disabled_at IS NULL) AS people,
    (SELECT count(*) FROM person WHERE disabled_at IS NULL AND role = 'shopper') AS shoppers,
    (SELECT count(*) FROM person WHERE disabled_at IS NULL AND role = 'manager') AS managers,
    (SELECT count(*) FROM person WHERE disabled_at IS NULL AND password_hash IS NULL) AS without_password,
    (SELECT count(*) FROM checklist WHERE retired_at IS NULL) AS checklists,
    (SELECT count(*) FROM checklist_draft) AS drafts,
    (SELECT count(*) FROM assignment WHERE state IN ('planned', 'accepted')) AS assignments,
    (SELECT count(*) FROM assignment WHERE state = 'planned') AS unanswered,
    (SELECT count(*) FROM assignment WHERE state IN ('planned', 'accepted') AND report_by < :day) AS overdue,
    (SELECT count(*) FROM assignment) AS ever_assigned,
    (SELECT count(*) FROM target) AS targets,
    (SELECT ifnull(sum(visits), 0) FROM rollup WHERE scope = 0 AND month = :month) AS visits,
    (SELECT count(*) FROM api_token WHERE revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > :now)) AS tokens
"""


def count_all(store: Store, *, day: str, month: int, now: int) -> Row:
    """How many of each; `visits` are those that count in the month (202610)."""
    found = store.row(COUNTS, {"day": day, "month": month, "now": now})
    return found or {}

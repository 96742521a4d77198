"""What a stored visit ought to hold: its current revision, read and scored again by today's scorer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.actions.judging import employee_rows, figures
from checker.standards.answers import read_answers
from checker.standards.body import Outcome, Sent, read_envelope
from checker.standards.score import score
from checker.store import checklists, visits
from checker.store.answers import Coded, coded_answers
from checker.store.connection import Row, Store

BATCH = 200
"""Visits looked at in one go: short reads keep the write-ahead log small, short writes let visits come in."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored visit beside what its current revision says."""

    visit: Row
    sent: Sent
    figures: dict[str, object]
    """scorer, compliance, experience, flagged."""
    answers: dict[int, Coded]
    employees: list[Row]
    """role, employee_id, described, compliance, experience: who is stored, scored again."""
    stored_answers: dict[int, Coded]
    stored_employees: list[Row]

    @property
    def same(self) -> bool:
        """Whether everything a scorer decides is stored as today's scorer has it; its number aside."""
        decided = ("compliance", "experience", "flagged")
        return (
            all(self.visit[name] == self.figures[name] for name in decided)
            and self.answers == self.stored_answers
            and _by_role(self.employees) == _by_role(self.stored_employees)
        )


def rejudge(store: Store, visit: Row, body: dict[str, Any]) -> Rejudged:
    """Score a stored visit (as `visits.get` gives it) again from the body of its current revision. Reads
    only.

    Raises Refused when that body cannot be read any more.
    """
    version = checklists.get(store, visit["version_id"])
    sent = read_envelope(body)
    answers, _ = read_answers(version.checklist, sent.answers)
    scored = score(version.checklist, answers, sent.context) if sent.outcome is Outcome.COMPLETED else None
    served = visits.list_employees(store, visit["id"])
    coded = coded_answers(scored) if scored else {}
    return Rejudged(
        visit=visit,
        sent=sent,
        figures=figures(scored),
        answers={version.item_ids[item]: pair for item, pair in coded.items()},
        employees=employee_rows(
            [{name: row[name] for name in ("role", "employee_id", "described")} for row in served], scored
        ),
        stored_answers=visits.list_answers(store, visit["id"]),
        stored_employees=served,
    )


def _by_role(rows: list[Row]) -> dict[str, tuple[object, object]]:
    return {row["role"]: (row["compliance"], row["experience"]) for row in rows}

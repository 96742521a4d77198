"""What else came under a visit's id: set beside what counts, for a reviewer to see which is right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template

from checker.problem import not_found
from checker.standards.answers import read_answers
from checker.standards.faults import N_
from checker.store import visits
from checker.store.connection import Row
from checker.web.form_for import VisitForm
from checker.web.questions import SaidField
from checker.web.review.correction import body_of, form_class_of, version_of
from checker.web.review.room import bp, find_visit
from checker.web.session import signed_in
from checker.web.store import current_store


@dataclass(frozen=True, slots=True)
class Other:
    """Another body: when it came (seconds since 1970), what it was filled on, and where it differs.

    `differing` is None where the two cannot be set side by side: it is on another checklist or version, or
    its answers do not fit. Then `answers` has them as they came, as JSON.
    """

    received_at: int
    body: Mapping[str, Any]
    form: VisitForm | None
    differing: Sequence[SaidField] | None
    answers: Mapping[str, str]


@bp.get("/visits/<uuid:uuid>/others")
@signed_in("visit.review")
def others(uuid: UUID) -> str:
    """All that came under the visit's id beside what counts."""
    row = find_visit(uuid)
    kept = visits.list_conflicts(current_store(), row["id"])
    if not kept:
        raise not_found(N_("Nothing else came under the id of this visit."))
    counts = body_of(row)
    mine = form_class_of(row)(None, zone=row["zone"], body=counts)
    found = [_other(row, mine, one) for one in kept]
    return render_template("review/others.html", visit=row, uuid=uuid, counts=counts, mine=mine, others=found)


def _other(row: Row, mine: VisitForm, kept: Row) -> Other:
    body = kept["body"]
    checklist = version_of(row).checklist
    same = (body["checklist"], body["version"]) == (checklist.id, checklist.version)
    if not same or read_answers(checklist, body["answers"])[1]:
        answers = {item: json.dumps(said, ensure_ascii=False) for item, said in body["answers"].items()}
        return Other(kept["received_at"], body, None, None, answers)
    form = form_class_of(row)(None, zone=row["zone"], body=body)
    return Other(kept["received_at"], body, form, mine.differing(form), {})

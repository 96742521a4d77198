"""The reviewers' blueprint, and how a visit to be decided about is found."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import visits
from checker.store.connection import Row
from checker.web.clock import timestamp
from checker.web.session import me
from checker.web.store import current_store

bp = Blueprint("review", __name__)


def find_visit(uuid: UUID) -> Row:
    """The visit, when this person may see it. Raises Problem "not_found"."""
    row = visits.find_for(current_store(), uuid, person_id=me().id, now=timestamp())
    if row is None:
        raise not_found(N_("There is no such visit among those you may see."))
    return row

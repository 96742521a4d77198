"""One's own order of reports, as the actions on it find it."""

from __future__ import annotations

from uuid import UUID

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import orders
from checker.store.connection import Row, Store


def find_order(store: Store, uuid: UUID, *, by: int) -> Row:
    """The order of this person. Raises Problem "not_found", also for somebody else's."""
    order = orders.find_for(store, uuid, person_id=by)
    if order is None:
        raise not_found(N_("There is no such order of yours; results are kept for a week."))
    return order

"""The administrators' first page: what is still to be set up, what waits, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from checker.actions.change_organisation import ORGANISATION
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.month import Month
from checker.store import batches, inventory, photo_files, programmes
from checker.store import settings as kept
from checker.store.connection import Row
from checker.web.admin.room import Answer, bp, today
from checker.web.clock import timestamp
from checker.web.session import signed_in
from checker.web.store import current_store

LAST_IMPORTS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done before the first visit: whether it is, and where."""

    done: bool
    words: str
    path: str


@bp.get("/")
@signed_in("person.change")
def overview() -> Answer:
    """What waits, what is set up, what there is."""
    store = current_store()
    counts = inventory.count_all(
        store, day=today().isoformat(), month=int(Month.of(today())), now=timestamp()
    )
    programme = programmes.find(store, DEFAULT_PROGRAMME) or {}
    return render_template(
        "admin/overview.html",
        counts=counts,
        room_is_short=photo_files.room_is_short(store),
        steps=steps(counts, programme, named=bool(kept.get(store, ORGANISATION, ""))),
        month=Month.of(today()).first,
        imports=batches.list_all(store)[:LAST_IMPORTS],
    )


def steps(counts: Row, programme: Row, *, named: bool) -> list[Step]:
    """What a new organisation does first, in this order."""
    return [
        Step(named, _("Name the organisation"), "/admin/programme"),
        Step(
            bool(counts["branches"]), _("Add regions and branches, or import them"), "/admin/imports/branches"
        ),
        Step(bool(counts["employees"]), _("Add employees, or import them"), "/admin/imports/employees"),
        Step(bool(counts["managers"]), _("Add the branches’ managers"), "/admin/new-user?role=manager"),
        Step(bool(counts["shoppers"]), _("Add shoppers"), "/admin/new-user?role=shopper"),
        Step(bool(counts["checklists"]), _("Choose or write the checklists"), "/admin/checklists"),
        Step(bool(counts["targets"]), _("Set targets"), "/admin/targets"),
        Step(
            bool(programme.get("notice_given_on")),
            _("Tell the staff that there will be visits, and enter the day"),
            "/admin/programme",
        ),
        Step(bool(counts["ever_assigned"]), _("Plan the first assignments"), "/admin/new-assignment"),
    ]

"""What visits are about: branches, employees and checklists, by their codes."""

from __future__ import annotations

from collections.abc import Iterator

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.month import day_of
from checker.store import branches, checklists, employees, programmes
from checker.store.connection import Row
from checker.web.api import wire
from checker.web.api.door import caller
from checker.web.api.operations import Answer, operation
from checker.web.api.parameters import BRANCH, PROGRAMME, REGION
from checker.web.clock import now
from checker.web.store import current_store


@operation("GET", "/branches", scope="branches:read", query=(REGION,), answers={200: "Branches"})
def list_branches(region: str | None) -> Answer:
    """List the branches that the key may look into."""
    return {"branches": [wire.branch(row) for row in _branches(None, region)]}, 200


def _branches(branch: str | None, region: str | None) -> Iterator[Row]:
    for row in branches.list_for(current_store(), person_id=caller().person.id):
        if branch in (None, row["code"]) and region in (None, row["region"]):
            yield row


@operation(
    "GET",
    "/employees",
    scope="employees:read",
    query=(BRANCH, REGION, PROGRAMME),
    answers={200: "Employees"},
)
def list_employees(branch: str | None, region: str | None, programme: str) -> Answer:
    """List who is employed today at these branches, by code.

    Nobody is told where the programme records no employees.
    """
    setting = programmes.find(current_store(), programme)
    if setting is None or setting["attribution"] == "none":
        return {"employees": []}, 200
    store, found = current_store(), []
    for place in _branches(branch, region):
        today = day_of(now(), place["zone"]).isoformat()
        rows = employees.list_at_branch(store, branch_id=place["id"], day=today)
        found += [{"code": row["code"], "branch": place["code"]} for row in rows]
    return {"employees": found}, 200


@operation("GET", "/checklists", scope="checklists:read", answers={200: "Checklists"})
def list_checklists() -> Answer:
    """List the checklists in use with their published versions."""
    store = current_store()
    every = [checklists.list_of(store, version.checklist_id) for version in checklists.list_current(store)]
    return {"checklists": [wire.checklist(versions) for versions in every]}, 200


@operation(
    "GET",
    "/checklists/<checklist>/<int(max=100000):version>",
    scope="checklists:read",
    answers={200: "Definition"},
    refuses=(404,),
)
def show_checklist(checklist: str, version: int) -> Answer:
    """Show one published version of a checklist; retired ones are found too."""
    found = checklists.find(current_store(), checklist, version)
    if found is None:
        raise not_found(N_("This version of a checklist was never published."))
    return wire.definition(found), 200

"""Scores of one checklist, method and month: by branch, employee, standard or month."""

from __future__ import annotations

from typing import Any

from checker.access import may
from checker.problem import not_found
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import series
from checker.summaries.branch import branch_month
from checker.summaries.branch_scores import branch_scores
from checker.summaries.network import network_month
from checker.summaries.values import BranchMonth, NetworkMonth
from checker.web.api import wire
from checker.web.api.door import caller
from checker.web.api.operations import Answer, operation
from checker.web.api.parameters import (
    BRANCH,
    BY,
    METHOD,
    PROGRAMME,
    REGION,
    THIS_CHECKLIST,
    THIS_MONTH,
    By,
)
from checker.web.clock import now
from checker.web.store import current_store


@operation(
    "GET",
    "/scores",
    scope="scores:read",
    query=(BY, THIS_MONTH, THIS_CHECKLIST, BRANCH, REGION, METHOD, PROGRAMME),
    answers={200: "Scores"},
    refuses=(404,),
)
def show_scores(
    by: By,
    month: Month,
    checklist: str,
    branch: str | None,
    region: str | None,
    method: str,
    programme: str,
) -> Answer:
    """Tell the scores of a branch, a region or the network by branch, employee, standard or month."""
    if branch is not None and region is not None:
        raise Refused([Fault("query.both", "region", N_("Name a branch or a region, not both."))])
    if by is By.EMPLOYEE and branch is None:
        raise Refused([Fault("query.missing", "branch", N_("Name the branch whose employees you mean."))])
    about: dict[str, Any] = {
        "series_id": _series(programme, checklist, method),
        "month": month,
        "person_id": caller().person.id,
        "now": now(),
    }
    # The same acts as the pages: a network's and a region's figures are not for everybody who reads branches.
    if not may(caller().person, "branch.read" if branch is not None or by is By.BRANCH else "network.read"):
        raise not_found(N_("There are no such scores among those you may see."))
    if by is By.BRANCH:
        shown = branch_scores(current_store(), branch_code=branch, region_code=region, **about)
        return wire.scores_by_branch(shown), 200
    month_shown = _month(branch, region, about)
    if by is By.STANDARD:
        return wire.scores_by_standard(month_shown), 200
    if by is By.MONTH:
        return wire.scores_by_month(month_shown), 200
    assert isinstance(month_shown, BranchMonth)  # noqa: S101 - by employee there is a branch
    return wire.scores_by_employee(month_shown), 200


def _series(programme: str, checklist: str, method: str) -> int:
    for row in series.list_for(current_store(), programme):
        if (row["checklist"], row["method"]) == (checklist, method):
            return int(row["id"])
    raise not_found(N_("There are no visits of this kind."))


def _month(branch: str | None, region: str | None, about: dict[str, Any]) -> BranchMonth | NetworkMonth:
    if branch is None:
        return network_month(current_store(), region_code=region, **about)
    # What a program takes away has left the branch, whoever's key it shows (§5).
    return branch_month(current_store(), branch_code=branch, audience="leadership", **about)

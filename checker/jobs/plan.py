"""Which reports an order asks for: one job each, with the name its file always has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from checker.problem import Problem
from checker.reports.branch import Audience
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import branches, figures, series
from checker.store.connection import Row, Store
from checker.summaries.axes import last_day

USUAL = "mystery_shopping"
"""The method whose visits are reported on unless another is named."""

LONGEST_NAME = 200
"""Letters of a file's name. Disks take 255 with all that is put before and behind it while it is written."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is reported on; several may be asked for at once."""

    network: bool = False
    regions: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    every_branch: bool = False
    """All that were open in the month."""
    every_branch_of: str | None = None
    """The same, of the region with this code."""


@dataclass(frozen=True, slots=True)
class Order:
    """What all reports of one call have in common; `person_id` None is the command line, or somebody whom we
    do not know.
    """

    month: Month
    language: str
    audience: Audience
    now: datetime
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: the file it goes to, and whose month it tells; no code at all is the network's."""

    file: str
    series_id: int
    branch: str | None = None
    region: str | None = None


def plan(
    store: Store, order: Order, scope: Scope, *, checklist: str | None = None, series_id: int | None = None
) -> list[Job]:
    """List the reports asked for: of one series, of a checklist, or of each with visits in the month.

    Raises Problem for a branch, region or checklist that is not there, and where no branch was open.
    """
    month = order.month
    codes = list(dict.fromkeys(_branches(store, order, scope)))
    for code in scope.regions:
        _region(store, order, code)
    jobs = []
    for one in _series(store, month, checklist, series_id):
        name, key = _name(one), one["id"]
        if scope.network:
            jobs.append(Job(file_name("network", "", month, name), key))
        jobs += [Job(file_name("region", code, month, name), key, region=code) for code in scope.regions]
        copy = "" if order.audience == "leadership" else order.audience
        jobs += [Job(file_name("branch", code, month, name, copy), key, branch=code) for code in codes]
    if not jobs:
        text = N_("No branch was open in %(month)s. Choose another month.")
        raise Problem("report.nothing", 404, text, {"month": str(month)})
    return jobs


def file_name(kind: str, code: str, month: Month, checklist: str, copy: str = "") -> str:
    """Give the name that this report always has; a code's signs that files may not have are escaped, and what
    is too long for a disk is cut and told from its like by a hash.
    """
    parts = (kind, quote(code, safe=""), str(month), quote(checklist, safe=""), copy)
    name = "-".join(part for part in parts if part)
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 17]}-{sha256(name.encode()).hexdigest()[:16]}"
    return f"{name}.pdf"


def _branches(store: Store, order: Order, scope: Scope) -> Iterator[str]:
    """Give the codes of the branches asked for, each once and known to be there."""
    if scope.every_branch or scope.every_branch_of is not None:
        yield from _open_branches(store, order, scope.every_branch_of)
    for code in scope.branches:
        found = (
            branches.find(store, code)
            if order.person_id is None
            else branches.find_for(store, code, person_id=order.person_id)
        )
        if found is None:
            raise Problem("report.no_branch", 404, N_("There is no branch %(code)s."), {"code": code})
        yield code


def _open_branches(store: Store, order: Order, region: str | None) -> Iterator[str]:
    """Give the branches that were open in the month, of a region or of all; a person's own alone."""
    region_id = None if region is None else _region(store, order, region)["id"]
    own = None
    if order.person_id is not None:
        own = {row["code"] for row in branches.list_for(store, person_id=order.person_id)}
    first, last = order.month.first.isoformat(), last_day(order.month).isoformat()
    for row in branches.list_between(store, region_id=region_id, first=first, last=last):
        if row["open"] and (own is None or row["code"] in own):
            yield row["code"]


def _region(store: Store, order: Order, code: str) -> Row:
    found = (
        branches.find_region(store, code)
        if order.person_id is None
        else branches.find_region_for(store, code, person_id=order.person_id)
    )
    if found is None:
        raise Problem("report.no_region", 404, N_("There is no region %(code)s."), {"code": code})
    return found


def _name(one: Row) -> str:
    """Name a series in a file's name: by its checklist, and by its method unless that is the usual one."""
    return str(one["checklist"]) if one["method"] == USUAL else f"{one['checklist']}-{one['method']}"


def _series(store: Store, month: Month, checklist: str | None, series_id: int | None) -> Sequence[Row]:
    """Give the one series, or mystery visits': of the checklist, or each with visits in the month."""
    every = series.list_for(store, DEFAULT_PROGRAMME)
    if series_id is not None:
        return [one for one in every if one["id"] == series_id]
    held = [one for one in every if one["method"] == USUAL]
    if checklist is not None:
        held = [one for one in held if one["checklist"] == checklist]
        if not held:
            text = N_("No visit was ever made with a checklist %(checklist)s.")
            raise Problem("report.no_checklist", 404, text, {"checklist": checklist})
        return held
    visited = [one for one in held if _has_visits(store, one["id"], month)]
    if not visited:
        text = N_("No visit counts in %(month)s. Name a checklist to make reports that say so.")
        raise Problem("report.no_visits", 404, text, {"month": str(month)})
    return visited


def _has_visits(store: Store, series_id: int, month: Month) -> bool:
    """Say whether a series has counted visits in a month."""
    return bool(
        figures.rollups(store, series_id=series_id, region_id=None, first=int(month), last=int(month))
    )

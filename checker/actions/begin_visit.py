"""A shopper begins a visit: its id is made, and a draft that keeps what they type until it is sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.actions.judging import no_branch, no_version
from checker.problem import Problem, not_found
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Assignment, AssignmentStep, next_state
from checker.store import assignments, branches, checklists, drafts, programmes, trail, visits
from checker.store.checklists import Version
from checker.store.connection import Row, Store

LARGEST_VERSION = 100_000
DAY_MS = 24 * 60 * 60 * 1000
OPEN = (Assignment.PLANNED, Assignment.ACCEPTED)


def fresh_id(now: datetime) -> UUID:
    """An id for a visit that begins: a UUID of version 7 whose time is the beginning of the day, in UTC.

    The branch reads the id in the visit's address, and a usual one would tell it the hour (design §1).
    """
    moment = int(now.timestamp() * 1000)
    version, variant = 0b0111 << 76, 0b10 << 62
    return UUID(
        int=(moment - moment % DAY_MS) << 80
        | version
        | secrets.randbits(12) << 64
        | variant
        | secrets.randbits(62)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a shopper sets out to do: an assignment of theirs, or a branch and a checklist they choose.

    `id` is the visit's (UUIDv7), made before, so that pressing the button twice begins one visit. `practice`
    visits never count and belong to no assignment. `version` is the checklist's on which a tablet without
    network has begun the visit already: any that was ever published, at any branch that there is.
    """

    id: UUID
    shopper_id: int
    assignment: UUID | None = None
    branch: str = ""
    checklist: str = ""
    practice: bool = False
    version: int | None = None


def read_plan(begin: object, *, id: UUID, shopper_id: int) -> Plan:
    """What a tablet says it has begun: `{assignment, branch, checklist, version, practice}`.

    Raises Problem "draft.begin" (422).
    """
    said = begin if isinstance(begin, dict) else {}
    branch, checklist, version = said.get("branch"), said.get("checklist"), said.get("version")
    assignment, practice = said.get("assignment"), said.get("practice", False)
    try:
        if (
            isinstance(branch, str)
            and branch.isprintable()
            and isinstance(checklist, str)
            and checklist.isprintable()
            and type(version) is int
            and 0 < version <= LARGEST_VERSION
            and isinstance(practice, bool)
        ):
            return Plan(
                id=id,
                shopper_id=shopper_id,
                assignment=None if assignment is None else UUID(str(assignment)),
                branch=branch,
                checklist=checklist,
                practice=practice,
                version=version,
            )
    except ValueError:
        pass
    text = N_("Say of the visit that is begun its branch, checklist and version, and perhaps its assignment.")
    raise Problem("draft.begin", 422, text)


def begin_visit(store: Store, plan: Plan, *, now: datetime) -> UUID:
    """Make the draft and return its id; beginning an assignment again leads to the draft that is there.

    Beginning an assignment accepts it. A visit that a tablet has begun stays one of its own beside a draft
    of the same assignment, and loses an assignment that is not the shopper's. Raises Refused (branch or
    checklist), Problem "not_found", "visit.id_taken" (409), "assignment.over" (409).
    """
    begun = _begun(store, plan)
    if begun is not None:
        return begun
    if plan.version is None and plan.assignment is None:
        branch, version = _chosen(store, plan, now)
        programme = _programme(store, {})  # all looked up before others have to wait for it
        with store.write():
            return _begin(store, plan, branch, version, programme, {}, now)
    with store.write():
        if plan.version is not None:
            return _begin_as_said(store, plan, plan.version, now)
        return _begin_assigned(store, plan, cast(UUID, plan.assignment), now)


def _begun(store: Store, plan: Plan) -> UUID | None:
    """The visit, if this shopper has begun it. Raises Problem "visit.id_taken"."""
    held = drafts.find(store, plan.id)
    if held and held["shopper_id"] == plan.shopper_id and held["discarded_at"] is None:
        return plan.id
    if held or visits.find_received(store, plan.id):
        raise Problem("visit.id_taken", 409, N_("This visit was begun already. Go back to the first page."))
    return None


def _begin_assigned(store: Store, plan: Plan, uuid: UUID, now: datetime) -> UUID:
    assignment = assignments.find_for(store, uuid, shopper_id=plan.shopper_id)
    if assignment is None:
        raise not_found(N_("There is no such assignment."))
    held = drafts.find_open_for_assignment(store, assignment["id"])
    if held is not None:
        return UUID(bytes=held["uuid"])
    if assignment["state"] not in OPEN:
        text = N_("This assignment is over. If you made the visit, begin another one for the same branch.")
        raise Problem("assignment.over", 409, text)
    _accept(store, assignment, now)
    branch = cast(Row, branches.find(store, assignment["branch"]))
    version = cast(Version, checklists.current(store, assignment["checklist"]))
    return _begin(store, plan, branch, version, _programme(store, assignment), assignment, now)


def _begin_as_said(store: Store, plan: Plan, number: int, now: datetime) -> UUID:
    """Begin what a tablet has begun; it could not know what changed meanwhile."""
    branch, version = branches.find(store, plan.branch), checklists.find(store, plan.checklist, number)
    if branch is None or version is None:
        raise Refused(
            [
                *([] if branch else [no_branch(plan.branch)]),
                *([] if version else [no_version(plan.checklist, number)]),
            ]
        )
    assignment = None
    if plan.assignment is not None:
        assignment = assignments.find_for(store, plan.assignment, shopper_id=plan.shopper_id)
    if assignment is not None:
        _accept(store, assignment, now)
    held = assignment or {}
    return _begin(store, plan, branch, version, _programme(store, held), held, now)


def _accept(store: Store, assignment: Row, now: datetime) -> None:
    if assignment["state"] == Assignment.PLANNED:
        state = next_state(Assignment.PLANNED, AssignmentStep.ACCEPT)
        assignments.set_state(store, assignment["id"], state=state, reason="", at=int(now.timestamp()))


def _chosen(store: Store, plan: Plan, now: datetime) -> tuple[Row, Version]:
    """The branch and the checklist a shopper chose, both in use."""
    faults = []
    branch = branches.find(store, plan.branch)
    if branch is None or not _open(branch, now):
        text = N_("There is no open branch “%(code)s”. Choose one from the list.")
        faults.append(Fault("branch.unknown", "branch", text, {"code": plan.branch}))
    version = next(
        (held for held in checklists.list_current(store) if held.checklist.id == plan.checklist), None
    )
    if version is None:
        text = N_("There is no checklist “%(code)s” in use. Choose one from the list.")
        faults.append(Fault("checklist.unknown", "checklist", text, {"code": plan.checklist}))
    if branch is None or version is None or faults:
        raise Refused(faults)
    return branch, version


def _open(branch: Row, now: datetime) -> bool:
    day = now.astimezone(ZoneInfo(branch["zone"])).date().isoformat()
    return (branch["opened_on"] or day) <= day <= (branch["closed_on"] or day)


def _programme(store: Store, assignment: Mapping[str, object]) -> Row:
    return cast(Row, programmes.find(store, str(assignment.get("programme", DEFAULT_PROGRAMME))))


def _begin(
    store: Store,
    plan: Plan,
    branch: Row,
    version: Version,
    programme: Row,
    assignment: Mapping[str, object],
    now: datetime,
) -> UUID:
    at = int(now.timestamp())
    scenario = assignment.get("scenario")
    body = {"practice": plan.practice, "typed": {"context.scenario": [scenario]} if scenario else {}}
    draft_id = drafts.add(
        store,
        {
            "uuid": plan.id.bytes,
            "shopper_id": plan.shopper_id,
            "assignment_id": assignment.get("id"),
            "version_id": version.id,
            "branch_id": branch["id"],
            "programme_id": programme["id"],
            "body": json.dumps(body),
            "created_at": at,
            "saved_at": at,
        },
    )
    if draft_id is None:  # the button was pressed twice
        return cast(UUID, _begun(store, plan))
    trail.add(store, person_id=plan.shopper_id, act="visit.begin", thing=str(plan.id), at=at)
    return plan.id

"""What every way of sending or correcting a visit shares: the body read, looked up, checked and scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.standards.answers import missing, read_answers
from checker.standards.body import Outcome, Sent, Subject, misfits, read_envelope
from checker.standards.canonical import canonical
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Assignment, Review, counted
from checker.standards.model import Answer, Axis, Score
from checker.standards.month import Month, day_of
from checker.standards.score import SCORER, score, share_of
from checker.store import (
    assignments,
    branches,
    checklists,
    employees,
    photos,
    programmes,
    revisions,
    series,
    visits,
)
from checker.store.answers import Coded, coded_answers
from checker.store.checklists import Version
from checker.store.connection import Row, Store

FUTURE = timedelta(minutes=10)
"""How far ahead of our clock a visit may lie before the API refuses it (design §10)."""

CLOCK_OFF = timedelta(minutes=2)
"""How far a device's clock may be off before a reviewer is told."""

MORNING = 6
"""The hour, branch time, at which yesterday's visits appear to the branch."""


Note = tuple[str, dict[str, object]]
"""Something for a reviewer to look at: its code and details."""


NOT_THEIRS: Note = ("assignment.not_theirs", {})
"""A visit named an assignment that nobody gave this shopper; it is kept without."""


class Way(StrEnum):
    """How a visit came to us; a tablet's clock may be wrong, so it is noted and not refused."""

    FORM = "form"
    TABLET = "tablet"
    API = "api"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read: what it says, its canonical bytes, and their hash."""

    sent: Sent
    canonical: bytes
    manifest_hash: str


def read(body: Mapping[str, Any]) -> Body:
    """Read a body by itself, without looking anything up. Raises Refused with every fault found."""
    sent = read_envelope(body)
    written = canonical(body)
    return Body(sent, written, sha256(written).hexdigest())


@dataclass(frozen=True, slots=True)
class Judged:
    """A body that is right, with everything found for it. `score` is None unless the visit was completed
    (SC-06).
    """

    sent: Sent
    canonical: bytes
    manifest_hash: str
    version: Version
    branch: Row
    day: date
    """The visit's, on the branch's calendar."""
    programme: Row
    assignment: Row | None
    served: tuple[Row, ...]
    score: Score | None
    notes: tuple[Note, ...]


def judge(store: Store, body: Mapping[str, Any], *, way: Way, now: datetime) -> Judged:
    """Read a body, find what it names, check every answer, score it. Reads only.

    Raises Refused with every fault found, each at its place.
    """
    return judge_read(store, read(body), way=way, now=now)


def judge_read(store: Store, body: Body, *, way: Way, now: datetime) -> Judged:
    """The same with a body that was read already."""
    found = _examine(store, body.sent, way, now)
    completed = body.sent.outcome is Outcome.COMPLETED
    return Judged(
        sent=body.sent,
        canonical=body.canonical,
        manifest_hash=body.manifest_hash,
        version=found.version,
        branch=found.branch,
        day=found.day,
        programme=found.programme,
        assignment=found.assignment,
        served=found.served,
        score=score(found.version.checklist, found.answers, body.sent.context) if completed else None,
        notes=found.notes,
    )


def require_right(store: Store, body: Mapping[str, Any], *, way: Way, now: datetime) -> None:
    """Refuse what `judge` refuses, without the score and the hash that nobody asked for."""
    _examine(store, read_envelope(body), way, now)


@dataclass(frozen=True, slots=True)
class _Examined:
    """What was found for a body that is right."""

    version: Version
    branch: Row
    day: date
    programme: Row
    assignment: Row | None
    served: tuple[Row, ...]
    answers: Mapping[str, Answer]
    notes: tuple[Note, ...]


def _examine(store: Store, sent: Sent, way: Way, now: datetime) -> _Examined:
    version = checklists.find(store, sent.checklist, sent.version)
    branch = branches.find(store, sent.branch)
    programme = programmes.find(store, sent.programme)
    faults = [*_unknown(sent, version, branch, programme), *_future(sent, way, now)]
    completed = sent.outcome is Outcome.COMPLETED
    answers: dict[str, Answer] = {}
    notes: list[Note] = []
    if version is not None:
        faults += misfits(sent, version.checklist)
        answers, answer_faults = read_answers(version.checklist, sent.answers)
        faults += answer_faults
        if completed and not answer_faults:
            empty, notes = _empty(sent, version, answers, way)
            faults += empty
    served: list[Row] = []
    day = date.min
    if branch is not None and programme is not None:
        day = day_of(sent.visited_at, branch["zone"])
        served, employee_notes, employee_faults = _served(store, sent, branch, day, programme)
        notes += employee_notes
        faults += employee_faults
    assignment = assignments.find(store, UUID(sent.assignment)) if sent.assignment else None
    if way is Way.TABLET:
        assignment, assignment_notes = _lenient_assignment(sent, assignment)
        notes += assignment_notes
    else:
        faults += _assignment_faults(sent, assignment)
    if faults or version is None or branch is None or programme is None:
        raise Refused(faults)
    if sent.visited_at > now + FUTURE:
        notes.append(("visit.clock_ahead", {"seconds": int((sent.visited_at - now).total_seconds())}))
    notes += _clock_notes(sent)
    return _Examined(version, branch, day, programme, assignment, tuple(served), answers, tuple(notes))


def score_again(store: Store, sent: Sent) -> Score | None:
    """The score of a body that was judged before: its version never changes, so neither does this."""
    version = checklists.find(store, sent.checklist, sent.version)
    if version is None or sent.outcome is not Outcome.COMPLETED:
        return None
    answers, _ = read_answers(version.checklist, sent.answers)
    return score(version.checklist, answers, sent.context)


def _unknown(sent: Sent, version: object, branch: object, programme: object) -> Iterable[Fault]:
    if programme is None:
        yield Fault(
            "programme.unknown",
            "programme",
            N_("There is no programme “%(code)s”."),
            {"code": sent.programme},
        )
    if version is None:
        yield no_version(sent.checklist, sent.version)
    if branch is None:
        yield no_branch(sent.branch)


def no_version(code: str, version: int) -> Fault:
    """A checklist that was never published so."""
    text = N_("Version %(version)s of the checklist “%(code)s” was never published.")
    return Fault("checklist.unknown", "checklist", text, {"code": code, "version": version})


def no_branch(code: str) -> Fault:
    """A branch that is not there."""
    return Fault("branch.unknown", "branch", N_("There is no branch “%(code)s”."), {"code": code})


def _future(sent: Sent, way: Way, now: datetime) -> Iterable[Fault]:
    if way is not Way.TABLET and sent.visited_at > now + FUTURE:
        yield Fault(
            "visit.in_future",
            "visited_at",
            N_("The visit lies in the future (%(visited_at)s). Check the date, the time and the clock."),
            {"visited_at": sent.visited_at.isoformat()},
        )


def _empty(
    sent: Sent, version: Version, answers: Mapping[str, Answer], way: Way
) -> tuple[list[Fault], list[Note]]:
    """The required items that are empty (SC-11), and notes on photos that are to follow.

    A listed photo answers its item before it has arrived (design §10). The form takes no photos, so it is not
    held up by one; a reviewer is told.
    """
    listed = {photo.item for photo in sent.photos}
    faults: list[Fault] = []
    notes: list[Note] = []
    for fault in missing(version.checklist, answers, sent.context):
        if version.checklist.item[fault.place].type != "photo":
            faults.append(fault)
        elif fault.place not in listed:
            if way is Way.FORM:
                notes.append(("photo.missing", {"item": fault.place}))
            else:
                faults.append(fault)
    return faults, notes


def _served(
    store: Store, sent: Sent, branch: Row, day: date, programme: Row
) -> tuple[list[Row], list[Note], list[Fault]]:
    """The employees by role with their keys, notes for the reviewer, and faults."""
    rows: list[Row] = []
    notes: list[Note] = []
    faults: list[Fault] = []
    on = day.isoformat()
    for role, served in sent.employees.items():
        place = f"employees.{role}"
        if served is None:
            continue
        if programme["attribution"] == "none":
            text = N_("This programme does not record who served; leave the employees out.")
            faults.append(Fault("employee.not_recorded", place, text))
        elif served.described:
            rows.append({"role": role, "employee_id": None, "described": served.described})
        elif (employee := employees.find(store, served.code)) is None:
            text = N_("There is no employee “%(code)s”. Choose one from the list, or describe the person.")
            faults.append(Fault("employee.unknown", place, text, {"code": served.code}))
        else:
            rows.append({"role": role, "employee_id": employee["id"], "described": None})
            if not employees.employed_at(store, employee_id=employee["id"], branch_id=branch["id"], day=on):
                notes.append(("employee.not_employed", {"role": role, "code": served.code}))
    return rows, notes, faults


def _assignment_faults(sent: Sent, assignment: Row | None) -> Iterable[Fault]:
    if sent.assignment is None:
        return
    if assignment is None:
        yield Fault(
            "assignment.unknown", "assignment", N_("There is no such assignment; send the visit without it.")
        )
    elif (assignment["branch"], assignment["checklist"]) != (sent.branch, sent.checklist):
        yield Fault(
            "assignment.other",
            "assignment",
            N_("The assignment is for the branch %(branch)s and the checklist %(checklist)s."),
            {"branch": assignment["branch"], "checklist": assignment["checklist"]},
        )


def _lenient_assignment(sent: Sent, assignment: Row | None) -> tuple[Row | None, list[Note]]:
    """The assignment a tablet's visit was made for, and notes: it could not know what changed meanwhile."""
    if sent.assignment is None:
        return None, []
    if assignment is None:
        return None, [NOT_THEIRS]
    if (assignment["branch"], assignment["checklist"]) != (sent.branch, sent.checklist):
        details = {"branch": assignment["branch"], "checklist": assignment["checklist"]}
        return None, [("assignment.other", details)]
    over = assignment["state"] not in (Assignment.PLANNED, Assignment.ACCEPTED)
    return assignment, [("assignment.over", {})] if over else []


def _clock_notes(sent: Sent) -> Iterable[Note]:
    """Times on a device whose clock was off are off as well; nothing is corrected, a reviewer is told."""
    ahead_ms = sent.clock.ahead_ms if sent.clock else None
    if ahead_ms is not None and abs(timedelta(milliseconds=ahead_ms)) > CLOCK_OFF:
        code = "device.clock_ahead" if ahead_ms > 0 else "device.clock_behind"
        yield code, {"seconds": abs(ahead_ms) // 1000}


# --- what is stored of it -----------------------------------------------------------------------------------


def figures(scored: Score | None) -> dict[str, object]:
    """The columns of `visit` that a score decides."""
    return {
        "scorer": SCORER,
        "compliance": scored.axes[Axis.STANDARD].share if scored else None,
        "experience": scored.axes[Axis.EXPERIENCE].share if scored else None,
        "flagged": int(scored.flagged) if scored else 0,
    }


def series_of(store: Store, judged: Judged) -> int:
    """The key of the series it belongs to; inside `write()`: it may be made."""
    return series.key_for(
        store,
        programme_id=judged.programme["id"],
        checklist_id=judged.version.checklist_id,
        method=judged.sent.method.value,
    )


def place_and_time(
    judged: Judged, *, state: Review = Review.SENT, excluded: bool = False
) -> dict[str, object]:
    """The columns of `visit` that, with its series, say which figures it belongs to."""
    sent = judged.sent
    row: dict[str, object] = {
        "version_id": judged.version.id,
        "branch_id": judged.branch["id"],
        "region_id": judged.branch["region_id"],
        "month": int(Month.of(judged.day)),
        "visited_at": int(sent.visited_at.timestamp()),
        "channel": sent.channel.value,
        "subject": sent.subject.value,
        "purpose": sent.purpose.value,
        "practice": int(sent.practice),
        "outcome": sent.outcome.value,
        "service_level": sent.service_level.value if sent.service_level else None,
        "state": state.value,
        "excluded": int(excluded),
    }
    return {**row, "counted": int(_is_counted(row, judged.programme, judged.day))}


def is_counted(visit: Mapping[str, Any], programme: Row, zone: str) -> bool:
    """Whether a visit enters figures (design §2).

    `visit` has outcome, state, excluded, practice, subject and visited_at (seconds); `programme` has
    notice_given_on
    and review.
    """
    return _is_counted(visit, programme, day_of(datetime.fromtimestamp(visit["visited_at"], UTC), zone))


def _is_counted(visit: Mapping[str, Any], programme: Row, day: date) -> bool:
    notice = programme["notice_given_on"]
    return counted(
        outcome=Outcome(visit["outcome"]),
        void=visit["state"] == Review.VOID,
        excluded=bool(visit["excluded"]),
        practice=bool(visit["practice"]),
        subject=Subject(visit["subject"]),
        approved=visit["state"] == Review.APPROVED,
        review_required=bool(programme["review"]),
        visited_on=day,
        notice_given_on=date.fromisoformat(notice) if notice else None,
    )


def employee_rows(served: Sequence[Row], scored: Score | None) -> list[Row]:
    """Who served, each with the score of the roles they held; an employee of two roles has one score (SC-08).

    `served` has role, employee_id and described. The one score stands beside the role that comes first by
    name.
    """
    seen: set[int] = set()
    rows = []
    for row in sorted(served, key=itemgetter("role")):
        employee = row["employee_id"]
        held = [r["role"] for r in served if r["employee_id"] == employee] if employee else [row["role"]]
        first = employee is None or employee not in seen
        if employee is not None:
            seen.add(employee)
        shares = {
            name: _employee_share(scored, held, axis) if first else None
            for name, axis in (("compliance", Axis.STANDARD), ("experience", Axis.EXPERIENCE))
        }
        rows.append({**row, **shares})
    return rows


def _employee_share(scored: Score | None, roles: list[str], axis: Axis) -> int | None:
    if scored is None:
        return None
    parts = [part for role in roles if (part := scored.employees.get((role, axis))) is not None]
    if len(parts) == 1:
        return parts[0].share
    return share_of(sum(part.earned for part in parts), sum(part.possible for part in parts))


@dataclass(frozen=True, slots=True)
class Parts:
    """What is stored beside a visit's own row, made before its transaction begins: writers wait for that."""

    answers: Sequence[tuple[int, Coded]]
    employees: Sequence[Row]
    photos: Sequence[tuple[int, str]]
    body: bytes
    """The canonical bytes, packed."""


def parts_of(judged: Judged) -> Parts:
    """What is stored beside the visit's row."""
    keys = judged.version.item_ids
    coded = coded_answers(judged.score) if judged.score else {}
    return Parts(
        answers=[(keys[item], pair) for item, pair in coded.items()],
        employees=employee_rows(judged.served, judged.score),
        photos=[(keys[photo.item], photo.sha256) for photo in judged.sent.photos],
        body=revisions.pack(judged.canonical, judged.version.dictionary),
    )


def store_parts(store: Store, visit_id: int, judged: Judged, parts: Parts, *, at: int) -> None:
    """Store answers, employees, photos and notes of a visit that has none of them."""
    visits.add_answers(store, visit_id, parts.answers)
    visits.add_employees(store, visit_id, parts.employees)
    photos.add(store, visit_id, parts.photos)
    for code, details in judged.notes:
        visits.add_review_note(store, visit_id, code, details, at)


def revealed_at(judged: Judged, received_at: datetime) -> int | None:
    """When the branch may see the visit: at once, at the next 06:00 there, or None until it is approved."""
    match judged.programme["reveal"]:
        case "at_once":
            return int(received_at.timestamp())
        case "on_approval":
            return None
    local = received_at.astimezone(ZoneInfo(judged.branch["zone"]))
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    return int(morning.timestamp())

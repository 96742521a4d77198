"""What is exported: a table of visits, of their answers, or of their scores, one row after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.standards.answers import plain, read_answers
from checker.standards.body import Outcome, Sent, read_envelope
from checker.standards.model import (
    POINT,
    Answer,
    Axis,
    Checklist,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Line,
    Number,
    Part,
    Scale,
    Score,
    State,
)
from checker.standards.month import Month
from checker.standards.score import percent, score
from checker.store import checklists, exports
from checker.store.connection import Row, Store
from checker.store.exports import Wanted
from checker.summaries.lines import day
from checker.summaries.table import Column, Kind, Table, Value
from checker.summaries.viewer import Viewer

PLACES = 4
"""Decimal places of a percentage: all that is stored."""

PLACE = (
    Column("visit"),
    Column("month"),
    Column("branch"),
    Column("region"),
    Column("checklist"),
    Column("version", Kind.WHOLE),
    Column("counted", Kind.FLAG),
)
"""What answers and scores begin with."""

VISITS = (
    Column("visit"),
    Column("programme"),
    Column("month"),
    Column("visited_at", Kind.MOMENT),
    Column("received_at", Kind.MOMENT),
    Column("branch"),
    Column("branch_name"),
    Column("region"),
    Column("checklist"),
    Column("version", Kind.WHOLE),
    Column("method"),
    Column("channel"),
    Column("subject"),
    Column("purpose"),
    Column("practice", Kind.FLAG),
    Column("outcome"),
    Column("reason"),
    Column("state"),
    Column("excluded", Kind.FLAG),
    Column("counted", Kind.FLAG),
    Column("revision", Kind.WHOLE),
    Column("compliance_percent", Kind.NUMBER),
    Column("experience_percent", Kind.NUMBER),
    Column("flagged", Kind.FLAG),
    Column("service_level"),
    Column("employees"),
)
NAMES = (Column("employee_names"), Column("shopper"))
"""What only `names` adds: who people are."""

ANSWERS = (
    *PLACE,
    Column("section"),
    Column("item"),
    Column("standard"),
    Column("axis"),
    Column("level"),
    Column("type"),
    Column("answer"),
    Column("number", Kind.NUMBER),
    Column("met", Kind.FLAG),
    Column("points_earned", Kind.NUMBER),
    Column("points_possible", Kind.NUMBER),
    Column("estimated", Kind.FLAG),
    Column("note"),
)

SCORES = (
    *PLACE,
    Column("axis"),
    Column("section"),
    Column("points_earned", Kind.NUMBER),
    Column("points_possible", Kind.NUMBER),
    Column("percent", Kind.NUMBER),
)

WHO_SERVED = Column("served_by")
SEEN_VISITS = (
    Column("visit"),
    Column("day", Kind.DAY),
    Column("branch"),
    Column("branch_name"),
    Column("region"),
    Column("checklist"),
    Column("version", Kind.WHOLE),
    Column("method"),
    Column("channel"),
    Column("subject"),
    Column("purpose"),
    Column("practice", Kind.FLAG),
    Column("outcome"),
    Column("state"),
    Column("excluded", Kind.FLAG),
    Column("counted", Kind.FLAG),
    Column("compliance_percent", Kind.NUMBER),
    Column("experience_percent", Kind.NUMBER),
    Column("flagged", Kind.FLAG),
    Column("service_level"),
)
"""A visit without its hour and its shopper."""

_SAID = [column.name for column in ANSWERS].index("answer")
_DAY = len("2026-10-12")

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class _Read:
    """A visit read again from what was sent; `score` is None unless it was completed (SC-06)."""

    row: Row
    checklist: Checklist
    answers: Mapping[str, Answer]
    score: Score | None


def visits_table(
    store: Store, wanted: Wanted, *, names: bool = False, progress: Progress = lambda visits: None
) -> Table:
    """One row per visit. Employees as codes; `names` adds their names, descriptions, and the shopper."""

    def rows() -> Iterator[tuple[Value, ...]]:
        for page in exports.pages(store, wanted):
            for row in page:
                yield _visit(row) + (_named(row) if names else ())
            progress(len(page))

    return Table("visits", VISITS + NAMES if names else VISITS, rows(), ("visit",))


def seen_visits(
    store: Store, wanted: Wanted, viewer: Viewer, *, progress: Progress = lambda visits: None
) -> Table:
    """One row per visit with its day, for those who may know neither hour nor shopper.

    Who served stands in what stays in the branch alone: outside, it would be a figure with n = 1 (§5).
    """
    served = viewer.audience == "manager"

    def rows() -> Iterator[tuple[Value, ...]]:
        for page in exports.pages(store, wanted):
            for row in page:
                yield _seen_visit(row) + ((_served_by(row, viewer),) if served else ())
            progress(len(page))

    return Table("visits", (*SEEN_VISITS, WHO_SERVED) if served else SEEN_VISITS, rows(), ("visit",))


def seen_answers(
    store: Store, wanted: Wanted, viewer: Viewer, *, progress: Progress = lambda visits: None
) -> Table:
    """One row per answer, as `answers_table`; a moment that was asked for is told by its day.

    What shoppers wrote may name somebody, so it stays in the branch.
    """
    leaves = viewer.audience == "leadership"
    columns = ANSWERS[:-1] if leaves else ANSWERS

    def rows() -> Iterator[tuple[Value, ...]]:
        for visit in _read(store, wanted, progress):
            place = _place(visit.row)
            lines = visit.score.lines if visit.score else _unscored(visit)
            for line in lines:
                if line.hidden or line.answer is None or (leaves and isinstance(line.item.rule, FreeText)):
                    continue
                row = place + _answer(line, line.answer, scored=visit.score is not None)
                if isinstance(line.item.rule, DateTime):
                    row = (*row[:_SAID], str(row[_SAID])[:_DAY], *row[_SAID + 1 :])
                yield row[: len(columns)]

    return Table("answers", columns, rows(), ("visit", "item"), {"visit": "visits"})


def answers_table(store: Store, wanted: Wanted, *, progress: Progress = lambda visits: None) -> Table:
    """One row per answer of the visits' current revisions; what was not asked or not answered has none.

    `answer` in words, `number` where it is one: seconds, count, scale, points, or the number itself.
    """

    def rows() -> Iterator[tuple[Value, ...]]:
        for visit in _read(store, wanted, progress):
            place = _place(visit.row)
            lines = visit.score.lines if visit.score else _unscored(visit)
            for line in lines:
                if not line.hidden and line.answer is not None:
                    yield place + _answer(line, line.answer, scored=visit.score is not None)

    return Table("answers", ANSWERS, rows(), ("visit", "item"))


def scores_table(store: Store, wanted: Wanted, *, progress: Progress = lambda visits: None) -> Table:
    """One row per visit and axis (section empty), and one per section and axis; completed visits only.

    An axis' percentage is after weights, bonus and caps, so it need not be its points' quotient.
    """

    def rows() -> Iterator[tuple[Value, ...]]:
        for visit in _read(store, wanted, progress):
            if visit.score is None:
                continue
            place = _place(visit.row)
            for axis in Axis:
                yield place + _part(axis, "", visit.score.axes[axis])
            for (section, axis), part in visit.score.sections.items():
                yield place + _part(axis, section, part)

    return Table("scores", SCORES, rows(), ("visit", "axis", "section"))


# --- rows ---------------------------------------------------------------------------------------------------


def _visit(row: Row) -> tuple[Value, ...]:
    zone = ZoneInfo(row["zone"])
    return (
        str(UUID(bytes=row["uuid"])),
        row["programme"],
        str(Month.from_int(row["month"])),
        datetime.fromtimestamp(row["visited_at"], UTC).astimezone(zone),
        datetime.fromtimestamp(row["received_at"], UTC).astimezone(zone),
        row["branch"],
        row["branch_name"],
        row["region"],
        row["checklist"],
        row["version"],
        row["method"],
        row["channel"],
        row["subject"],
        row["purpose"],
        bool(row["practice"]),
        row["outcome"],
        str(row["body"].get("reason") or "") if row["outcome"] != Outcome.COMPLETED else "",
        row["state"],
        bool(row["excluded"]),
        bool(row["counted"]),
        row["revision"],
        percent(row["compliance"], PLACES),
        percent(row["experience"], PLACES),
        bool(row["flagged"]),
        row["service_level"],
        _by_role({served["role"]: served["code"] for served in _attributed(row)}),
    )


def _seen_visit(row: Row) -> tuple[Value, ...]:
    return (
        str(UUID(bytes=row["uuid"])),
        day(row),
        row["branch"],
        row["branch_name"],
        row["region"],
        row["checklist"],
        row["version"],
        row["method"],
        row["channel"],
        row["subject"],
        row["purpose"],
        bool(row["practice"]),
        row["outcome"],
        row["state"],
        bool(row["excluded"]),
        bool(row["counted"]),
        percent(row["compliance"], PLACES),
        percent(row["experience"], PLACES),
        bool(row["flagged"]),
        row["service_level"],
    )


def _served_by(row: Row, viewer: Viewer) -> str | None:
    """Who served as this person may see them: by name, or by code."""
    names = viewer.sees_names(row["attribution"])
    shown = {
        served["role"]: (served["name"] or served["described"]) if names else served["code"]
        for served in _attributed(row)
    }
    return _by_role(shown)


def _named(row: Row) -> tuple[Value, ...]:
    names = {served["role"]: served["name"] or served["described"] for served in _attributed(row)}
    return _by_role(names), row["shopper"]


def _attributed(row: Row) -> list[Row]:
    """Who served; nobody where the programme does not say so."""
    served: list[Row] = row["served"]
    return [] if row["attribution"] == "none" else served


def _by_role(who: Mapping[str, str | None]) -> str | None:
    """One person alone, or "role: person" for each of several roles."""
    known = {role: person for role, person in who.items() if person}
    if len(who) == 1:
        return next(iter(known.values()), None)
    return "; ".join(f"{role}: {person}" for role, person in known.items()) or None


def _place(row: Row) -> tuple[Value, ...]:
    return (
        str(UUID(bytes=row["uuid"])),
        str(Month.from_int(row["month"])),
        row["branch"],
        row["region"],
        row["checklist"],
        row["version"],
        bool(row["counted"]),
    )


def _answer(line: Line, answer: Answer, *, scored: bool) -> tuple[Value, ...]:
    item = line.item
    points = (_points(line.earned), _points(line.possible)) if scored and line.possible else (None, None)
    return (
        line.section,
        item.id,
        item.standard or item.id,
        item.axis.value if item.scored else None,
        item.level.value if item.scored else None,
        item.type,
        _words(item, answer),
        _number(item, answer),
        line.met,
        *points,
        answer.estimated or None,
        answer.note or None,
    )


def _words(item: Item, answer: Answer) -> str:
    """The answer as it is sent, in one cell."""
    if answer.state is not State.VALUE:
        return answer.state.value
    said = plain(Answer(item.id, answer.value), item)
    return "; ".join(str(part) for part in said) if isinstance(said, list) else str(said)


def _number(item: Item, answer: Answer) -> Value:
    if answer.state is not State.VALUE or not isinstance(answer.value, int | Decimal):
        return None
    match item.rule:
        case Duration():
            return Decimal(answer.value) / 1000
        case Graded():
            return _points(int(answer.value))
        case Count() | Scale() | Number():
            return answer.value
    return None


def _part(axis: Axis, section: str, part: Part) -> tuple[Value, ...]:
    return (
        axis.value,
        section,
        _points(part.earned),
        _points(part.possible),
        percent(part.share, PLACES),
    )


def _points(units: int) -> Decimal:
    return Decimal(units) / POINT


# --- reading ------------------------------------------------------------------------------------------------


def _read(store: Store, wanted: Wanted, progress: Progress) -> Iterator[_Read]:
    for page in exports.pages(store, wanted):
        for row in page:
            checklist = checklists.get(store, row["version_id"]).checklist
            sent: Sent = read_envelope(row["body"])
            answers, _ = read_answers(checklist, sent.answers)
            completed = sent.outcome is Outcome.COMPLETED
            yield _Read(
                row, checklist, answers, score(checklist, answers, sent.context) if completed else None
            )
        progress(len(page))


def _unscored(visit: _Read) -> Iterator[Line]:
    """The answers of a visit that was not completed: kept, and worth nothing."""
    for section in visit.checklist.sections:
        for item in section.items:
            if item.id in visit.answers:
                yield Line(item, section.id, visit.answers[item.id], 0, 0, None)

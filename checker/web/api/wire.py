"""The JSON shapes that leave the API: shares are numbers where 1 is 100 %, points and seconds as they are.

People are codes here and never names. Who served in a visit is not told, because one visit's score would be
an employee's figure with n = 1 (design §5); who shopped is told to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from checker.actions.keep_photo import PhotoReceipt
from checker.actions.submit_visit import Receipt
from checker.standards.answers import plain
from checker.standards.body import to_body
from checker.standards.model import POINT, WHOLE, Answer, Axis, DateTime, Item, Score
from checker.standards.month import Month
from checker.standards.score import Explanation
from checker.standards.statistics import Interval
from checker.store.checklists import Version
from checker.store.connection import Row
from checker.summaries.action_page import ActionLine, ActionPage
from checker.summaries.branch_scores import BranchScores
from checker.summaries.values import (
    BranchMonth,
    EmployeeLine,
    NetworkMonth,
    SeriesOf,
    StandardFigure,
    Timing,
    TrendPoint,
    VisitSheet,
)
from checker.summaries.visit_page import PageLine, VisitPage

Json = dict[str, Any]

AXES = {Axis.STANDARD: "compliance", Axis.EXPERIENCE: "experience"}
"""The words for the two axes (SC-07)."""


def moment(value: datetime) -> str:
    """A moment in UTC, to the second: "2026-10-15T09:30:00Z"."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def share(value: int | float | None) -> float | None:
    """A share as a number where 1 is 100 %; whole numbers are stored millionths."""
    if value is None:
        return None
    return value / WHOLE if isinstance(value, int) else round(float(value), 6)


def points(units: int) -> int | float:
    """Points, such as 2.5, from units of 1/10,000 point."""
    return units // POINT if units % POINT == 0 else units / POINT


# --- visits -------------------------------------------------------------------------------------------------


def photo_receipt(got: PhotoReceipt) -> Json:
    """What the sender of a photo keeps."""
    return {
        "item": got.item,
        "sha256": got.sha256,
        "stored_sha256": got.stored_sha256,
        "received_at": moment(got.received_at),
    }


def receipt(got: Receipt, *, scores: bool) -> Json:
    """What the sender keeps; the scores only for those who may see scores."""
    said: Json = {
        "id": str(got.id),
        "manifest_hash": got.manifest_hash,
        "received_at": moment(got.received_at),
    }
    if scores:
        said["scores"] = None if got.score is None else _scores_of(got.score)
    return said


def _scores_of(score: Score) -> Json:
    shares = {word: share(score.axes[axis].share) for axis, word in AXES.items()}
    return {**shares, "flagged": score.flagged}


def page(shown: VisitPage, *, scores: bool) -> Json:
    """A page of visits, and where the next begins."""
    return {
        "visits": [visit_line(line, scores=scores) for line in shown.lines],
        "next": None if shown.next is None else str(shown.next),
    }


def visit_line(shown: PageLine, *, scores: bool) -> Json:
    """A visit in a list: the day and no clock time."""
    line = shown.line
    said: Json = {
        "id": str(line.uuid),
        "programme": shown.programme,
        "checklist": line.checklist,
        "version": line.version,
        "branch": shown.branch.code,
        "region": shown.branch.region,
        "month": str(shown.month),
        "visited_on": line.day.isoformat(),
        "method": line.method,
        "channel": line.channel,
        "subject": shown.subject,
        "purpose": shown.purpose,
        "practice": line.practice,
        "outcome": line.outcome,
        "service_level": line.service_level,
        "state": line.state,
        "excluded": line.excluded,
        "counted": line.counted,
        "revision": shown.revision,
    }
    if scores:
        said["scores"] = None
        if line.outcome == "completed":
            said["scores"] = {
                "compliance": share(line.compliance),
                "experience": share(line.experience),
                "flagged": line.flagged,
            }
    return said


def visit(shown: PageLine, sheet: VisitSheet, *, scores: bool) -> Json:
    """One visit whole; the clock time and the hash that a correction names, for those who know the hour.

    Events and what photos keep tell the hour too; they are for the office alone. An answer that is a moment
    is its day alone for those who may not know the hour, as on the visit's page.
    """
    said = visit_line(shown, scores=scores)
    if sheet.visited_at is not None:
        said["visited_at"] = moment(sheet.visited_at)
        said["manifest_hash"] = sheet.hash
    if sheet.sent is not None:
        told = to_body(sheet.sent)
        said |= {"photos": told["photos"], "taps": told.get("events", []), "clock": told.get("clock")}
    said["reason"] = sheet.reason
    said["context"] = dict(sheet.context)
    knows_hour = sheet.visited_at is not None
    item = sheet.checklist.item
    said["answers"] = {
        code: plain(answer if knows_hour else _without_hour(answer, item[code]), item[code])
        for code, answer in sheet.answers.items()
    }
    said["revisions"] = [
        {"n": one.n, "on": one.day.isoformat(), "reason": one.reason} for one in sheet.revisions
    ]
    said["events"] = [
        {"kind": one.kind, "on": one.day.isoformat(), "reason": one.reason} for one in sheet.events
    ]
    if scores:
        said["items"] = {} if sheet.score is None else _items(sheet.score)
        said["explanation"] = [_explanation(line) for line in sheet.explanation]
    return said


def _without_hour(answer: Answer, item: Item) -> Answer:
    """An answer that is a moment, as the day that it names; others as they are (design §1)."""
    if not isinstance(item.rule, DateTime) or answer.value is None:
        return answer
    return answer._replace(value=datetime.fromisoformat(str(answer.value)).date().isoformat())


def _items(score: Score) -> Json:
    """Item -> what it was worth; unscored items are left out."""
    return {
        line.item.id: {"met": line.met, "earned": points(line.earned), "possible": points(line.possible)}
        for line in score.lines
        if line.item.scored and not line.hidden
    }


def _explanation(line: Explanation) -> Json:
    return {
        "axis": AXES[line.axis],
        "kind": line.kind,
        "item": line.item,
        "share": share(float(line.share)),
    }


# --- scores -------------------------------------------------------------------------------------------------


def scores_by_branch(shown: BranchScores) -> Json:
    """A row per branch."""
    return {
        **_head("branch", shown.month, shown.series, shown.data_until),
        "rows": [{"branch": branch.code, **_axes(figures)} for branch, figures in shown.branches],
    }


def scores_by_employee(shown: BranchMonth) -> Json:
    """A row per employee of one branch; what is withheld is told as n alone (§5)."""
    return {
        **_head("employee", shown.month, shown.series, shown.data_until),
        "branch": shown.branch.code,
        "rows": [_employee(line) for line in shown.employees],
    }


def _employee(line: EmployeeLine) -> Json:
    return {
        "employee": line.code,
        "n": line.n,
        "compliance": share(line.mean),
        **_ends(line.interval),
        "experience": share(line.experience),
        "since": str(line.since),
        "through": str(line.through),
        "first": _day(line.span and line.span[0]),
        "last": _day(line.span and line.span[1]),
        "withheld": line.withheld,
    }


def scores_by_standard(shown: BranchMonth | NetworkMonth) -> Json:
    """A row per standard, in the order in which they are asked."""
    return {
        **_head("standard", shown.month, shown.series, shown.data_until),
        **_scope(shown),
        "versions": list(shown.versions),
        "rows": [_standard(figure) for figure in shown.standards],
    }


def _standard(figure: StandardFigure) -> Json:
    return {
        "standard": figure.standard,
        "axis": AXES[figure.item.axis],
        "type": figure.item.type,
        "trial": figure.item.trial,
        "asked": figure.asked,
        "met": figure.met,
        "not_applicable": figure.na,
        "share": share(figure.share),
        **_ends(figure.interval),
        "target": share(figure.target),
        "verdict": figure.verdict.name.lower(),
        "change": figure.change.name.lower(),
        "timing": None if figure.timing is None else _timing(figure.timing),
        "counts": {str(value): n for value, n in figure.counts.items()},
    }


def _timing(timing: Timing) -> Json:
    median = timing.median
    return {
        "target_s": timing.target_s,
        "limit_s": timing.limit_s,
        "timed": timing.timed,
        "never": timing.never,
        "median_s": None if median is None else median.value,
        "median_at_least": False if median is None else median.at_least,
        "within_target": timing.within_target,
        "within_limit": timing.within_limit,
        "seconds": {str(second): n for second, n in timing.seconds.items()},
    }


def scores_by_month(shown: BranchMonth | NetworkMonth) -> Json:
    """A row per month, thirteen of them, the oldest first."""
    columns = [shown.trends[axis] for axis in AXES]
    return {
        **_head("month", shown.month, shown.series, shown.data_until),
        **_scope(shown),
        "rows": [
            {"month": str(row[0].month), **_axes(dict(zip(AXES, row, strict=True)))}
            for row in zip(*columns, strict=True)
        ],
    }


def _head(by: str, month: Month, series: SeriesOf, data_until: datetime) -> Json:
    return {
        "by": by,
        "month": str(month),
        "programme": series.programme,
        "checklist": series.checklist.id,
        "method": series.method,
        "data_until": moment(data_until),
    }


def _scope(shown: BranchMonth | NetworkMonth) -> Json:
    if isinstance(shown, BranchMonth):
        return {"branch": shown.branch.code}
    return {} if shown.scope is None else {"region": shown.scope.code}


def _axes(figures: Mapping[Axis, TrendPoint]) -> Json:
    return {word: _figure(figures[axis]) for axis, word in AXES.items()}


def _figure(point: TrendPoint) -> Json:
    return {
        "n": point.n,
        "mean": share(point.mean),
        **_ends(point.interval),
        "target": share(point.target),
    }


def _ends(interval: Interval | None) -> Json:
    """The 95 % interval, cut where the scale ends."""
    if interval is None:
        return {"low": None, "high": None}
    shown = interval.clipped()
    return {"low": share(shown.low), "high": share(shown.high)}


# --- actions ------------------------------------------------------------------------------------------------


def actions(shown: ActionPage) -> Json:
    """A page of actions, and where the next begins."""
    return {
        "actions": [_action(line) for line in shown.lines],
        "next": None if shown.next is None else str(shown.next),
    }


def _action(shown: ActionLine) -> Json:
    """An action as it was typed; who planned it is not told."""
    line = shown.line
    return {
        "id": str(line.uuid),
        "programme": shown.programme,
        "branch": shown.branch,
        "region": shown.region,
        "standard": line.standard,
        "what": line.what,
        "owner": line.owner,
        "due_on": line.due_on.isoformat(),
        "measured_by": line.measured_by,
        "state": line.state,
        "overdue": line.overdue,
        "outcome": line.outcome,
        "closed_on": _day(line.closed_on),
    }


# --- places, people, checklists -----------------------------------------------------------------------------


def branch(row: Row) -> Json:
    """A branch with its region."""
    return {
        "code": row["code"],
        "name": row["name"],
        "region": row["region"],
        "region_name": row["region_name"],
        "zone": row["zone"],
        "format": row["format"],
        "group": row["branch_group"],
        "opened_on": row["opened_on"],
        "closed_on": row["closed_on"],
    }


def checklist(versions: list[Version]) -> Json:
    """A checklist with its published versions, oldest first; titles are the newest one's."""
    newest = versions[-1].checklist
    return {
        "id": newest.id,
        "title": dict(newest.title),
        "languages": list(newest.languages),
        "channel": newest.channel,
        "current": newest.version,
        "versions": [{"version": one.checklist.version, "hash": one.hash.hex()} for one in versions],
    }


def definition(version: Version) -> Json:
    """One version: the frozen definition and its hash."""
    return {
        "id": version.checklist.id,
        "version": version.checklist.version,
        "hash": version.hash.hex(),
        "definition": dict(version.checklist.definition),
    }


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()

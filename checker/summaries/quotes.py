"""What shoppers wrote, as reports may quote it: of a branch all, of the network three chosen by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from checker.problem import not_found
from checker.standards.answers import read_answers
from checker.standards.body import read_envelope
from checker.standards.faults import N_
from checker.standards.model import Level
from checker.standards.month import Month
from checker.standards.quoting import cleared, may_leave, quotable, typical
from checker.standards.statistics import MIN_VISITS
from checker.store import checklists, quotes, revisions, visits
from checker.store.connection import Row, Store
from checker.summaries.axes import last_day
from checker.summaries.lines import day, moment, place
from checker.summaries.questions import Questions, read_series
from checker.summaries.values import NetworkMonth, NoteLine, QuoteLine, StandardFigure
from checker.summaries.viewer import Viewer, find_viewer

WANTED: tuple[tuple[Literal["gap", "loss", "best"], bool], ...] = (
    ("gap", False),
    ("loss", False),
    ("best", True),
)
"""The three of a network: what each is chosen for, and whether its question was met in that visit."""


# --- in reports --------------------------------------------------------------------------------------------


def branch_quotes(
    store: Store,
    branch: Row,
    month: Month,
    series_id: int,
    *,
    questions: Questions,
    standards: Iterable[StandardFigure],
    viewer: Viewer,
) -> tuple[QuoteLine, ...]:
    """What is released of a branch's month, by the order of the questions, then the day.

    What leaves the branch tells no day, and of what employees do only what points to none of them (QU-3).
    """
    rows = quotes.list_of_month(
        store, series_id=series_id, month=int(month), branch_id=branch["id"], until=viewer.until
    )
    asked = {one.standard: one.asked for one in standards}
    lines = [_line(row, questions) for row in rows]
    if viewer.audience == "leadership":
        people = _employed(store, month, branch_id=branch["id"]) if rows else 0
        lines = [replace(line, day=None) for line in _leaving(lines, asked, people)]
    order = {standard: at for at, standard in enumerate(asked)}
    return tuple(sorted(lines, key=lambda line: order.get(line.standard, len(order))))


def network_quotes(
    store: Store, region_id: int | None, summary: NetworkMonth, *, now: datetime
) -> tuple[QuoteLine, ...]:
    """QU-6: three of what is released of a network's or a region's month, one each on the standard that is
    furthest below its target, the one that has fallen most, and the one met most often; for the first two
    from a visit in which it was not met, for the last from one in which it was.

    A standard of which nothing is released gives way to the next of its kind, and none has two. Of several
    quotes the typical one is taken (QU-4). Nothing from a visit that its branch does not know of yet.
    """
    rows = quotes.list_of_month(
        store,
        series_id=summary.series.id,
        month=int(summary.month),
        region_id=region_id,
        until=int(now.timestamp()),
    )
    if not rows:
        return ()
    _, _, questions = read_series(store, summary.series.id)
    asked = {one.standard: one.asked for one in summary.standards}
    people = max(summary.branches, _employed(store, summary.month, region_id=region_id))
    lines = [
        replace(line, day=None, branch=None if line.item.level is Level.EMPLOYEE else line.branch)
        for line in _leaving([_line(row, questions) for row in rows], asked, people)
    ]
    return tuple(_chosen(lines, _candidates(summary)))


def _candidates(summary: NetworkMonth) -> Mapping[str, Sequence[str]]:
    """The standards that speak for each of the three, the first choice first."""
    best = [
        (-one.interval.low, one.standard)
        for one in summary.standards
        if one.interval is not None and one.asked >= MIN_VISITS and not one.item.trial
    ]
    kinds = {"gap": "standard_below", "loss": "standard_fell"}
    found = {
        why: [one.standard for one in summary.findings if one.kind == kind and one.standard is not None]
        for why, kind in kinds.items()
    }
    return {**found, "best": [standard for _, standard in sorted(best)]}


def _chosen(lines: Sequence[QuoteLine], candidates: Mapping[str, Sequence[str]]) -> Iterable[QuoteLine]:
    taken: set[str] = set()
    for why, met in WANTED:
        for standard in candidates[why]:
            fitting = [line for line in lines if line.standard == standard and line.met is met]
            if fitting and standard not in taken:
                taken.add(standard)
                yield replace(fitting[typical([line.text for line in fitting])], chosen_for=why)
                break


def _leaving(lines: Iterable[QuoteLine], asked: Mapping[str, int], people: int) -> list[QuoteLine]:
    return [
        line
        for line in lines
        if may_leave(line.item.level, visits=asked.get(line.standard, 0), people=people)
    ]


def _employed(
    store: Store, month: Month, *, branch_id: int | None = None, region_id: int | None = None
) -> int:
    return quotes.count_employed(
        store,
        branch_id=branch_id,
        region_id=region_id,
        first=month.first.isoformat(),
        last=last_day(month).isoformat(),
    )


def _line(row: Row, questions: Questions) -> QuoteLine:
    question = questions.by_key[row["item_id"]]
    return QuoteLine(
        text=row["text"],
        item=question.item,
        standard=question.standard,
        channel=row["channel"],
        met=bool(row["met"]),
        day=day(row),
        branch=place(row),
    )


# --- for whoever releases them -----------------------------------------------------------------------------


def visit_notes(store: Store, uuid: UUID, *, person_id: int, now: datetime) -> tuple[NoteLine, ...]:
    """What the shopper noted on the questions of a visit that counts, as it could be and is released.

    Raises Problem "not_found" where the person may not see the visit, or is not of the office.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now)
        row = visits.find_for(store, uuid, person_id=person_id, now=int(now.timestamp()))
        if row is None or not viewer.office:
            raise not_found(N_("There is no such visit among those you may see."))
        if not row["counted"]:
            return ()
        return _notes(store, row)


def _notes(store: Store, row: Row) -> tuple[NoteLine, ...]:
    version = checklists.get(store, row["version_id"])
    sent = read_envelope(revisions.get(store, row["id"], row["revision"]))
    answers, _ = read_answers(version.checklist, sent.answers)
    stored = visits.list_answers(store, row["id"])
    released = quotes.list_of_visit(store, row["id"])
    names = quotes.names_around(store, visit_id=row["id"], branch_id=row["branch_id"])
    found = []
    for item in version.checklist.items:
        _, met = stored.get(version.item_ids[item.id], (None, None))
        answer = answers.get(item.id)
        if answer is None or met is None or not quotable(answer, bool(met)):
            continue
        fit, held = cleared(answer.note, names), released.get(item.id)
        found.append(
            NoteLine(
                item=item,
                note=answer.note,
                met=bool(met),
                cleared=fit.text,
                blanked=fit.blanked,
                released=held["text"] if held else None,
                by=held["person"] if held else None,
                at=moment(held["released_at"]) if held else None,
            )
        )
    return tuple(found)

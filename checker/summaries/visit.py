"""One visit with its explanation, as the person who looks may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from checker.problem import not_found
from checker.standards.answers import read_answers
from checker.standards.body import read_envelope
from checker.standards.faults import N_
from checker.standards.model import Answer, Axis, FreeText, Item, Score
from checker.standards.month import day_of
from checker.standards.quoting import cleared
from checker.standards.score import explain, score
from checker.store import checklists, people, quotes, revisions, visits
from checker.store.connection import Row, Store
from checker.summaries.lines import moment, place, visit_line, who
from checker.summaries.photo import late_notes, photo_lines
from checker.summaries.values import EventLine, ReviewNote, RevisionLine, VisitSheet
from checker.summaries.viewer import Audience, Viewer, find_viewer


def visit_sheet(
    store: Store,
    uuid: UUID,
    *,
    person_id: int | None,
    now: datetime,
    audience: Audience | None = None,
) -> VisitSheet:
    """The visit `uuid`: answers, score and explanation of its current revision, and what became of it.

    The shopper, the clock time, the hashes and the reviewers' notes are for the office (and the shopper's own
    visit for the shopper): who knows the rest of a visit finds its hour by trying which gives the hash.
    For those who see codes alone, people's names are blanked in what was written (QU-1). `person_id` None is
    the command line. Raises Problem "not_found" where the person may not see it (yet).
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, audience=audience)
        row = (
            visits.find(store, uuid)
            if person_id is None
            else visits.find_for(store, uuid, person_id=person_id, now=int(now.timestamp()))
        )
        if row is None:
            raise not_found(N_("There is no such visit among those you may see."))
        checklist = checklists.get(store, row["version_id"]).checklist
        sent = read_envelope(revisions.get(store, row["id"], row["revision"]))
        told = _told(store, row, viewer)
        read, _ = read_answers(checklist, sent.answers)
        answers = {item: _written(answer, checklist.item[item], told) for item, answer in read.items()}
        scored = score(checklist, answers, sent.context) if row["outcome"] == "completed" else None
        return VisitSheet(
            line=visit_line(row, who(visits.list_employees(store, row["id"]), viewer, row["attribution"])),
            branch=place(row),
            checklist=checklist,
            answers=answers,
            score=scored,
            explanation=explain(scored) if scored else (),
            reason="" if sent.revises and scored else told(sent.reason),
            context={
                key: told(said) if isinstance(said, str) else said for key, said in sent.context.items()
            },
            revision=row["revision"],
            revisions=_revisions(store, row, viewer, told),
            events=_events(store, row, viewer, told),
            review_notes=_review_notes(store, row, viewer, now),
            shopper=_shopper(store, row) if viewer.office else None,
            visited_at=moment(row["visited_at"]) if _knows_the_hour(row, viewer) else None,
            hash=row["hash"] if _knows_the_hour(row, viewer) else None,
            sent=sent if viewer.office else None,
            photos=photo_lines(store, row["id"], {(one.item, one.sha256) for one in sent.photos}),
            scored_as_now=_scored_as_now(row, scored),
        )


def _knows_the_hour(row: Row, viewer: Viewer) -> bool:
    return viewer.office or (viewer.role == "shopper" and row["shopper_id"] == viewer.person_id)


def _told(store: Store, row: Row, viewer: Viewer) -> Callable[[str], str]:
    """What somebody wrote, as the viewer may read it: outside the branch with no name but one's own."""
    if viewer.audience != "leadership" or _knows_the_hour(row, viewer):
        return lambda text: text
    own = [
        one
        for one in visits.list_employees(store, row["id"])
        if one["employee_id"] is not None and one["employee_id"] == viewer.employee_id
    ]
    known = {word for one in own for word in (one["name"], one["code"])}
    names = [
        name
        for name in quotes.names_around(store, visit_id=row["id"], branch_id=row["branch_id"])
        if name not in known
    ]

    def told(text: str) -> str:
        fit = cleared(text, names)
        return fit.text if fit.blanked else text

    return told


def _written(answer: Answer, item: Item, told: Callable[[str], str]) -> Answer:
    """The answer with its words as they may be read."""
    if isinstance(item.rule, FreeText) and isinstance(answer.value, str):
        answer = answer._replace(value=told(answer.value))
    return answer._replace(note=told(answer.note)) if answer.note else answer


def _revisions(
    store: Store, row: Row, viewer: Viewer, told: Callable[[str], str]
) -> tuple[RevisionLine, ...]:
    return tuple(
        RevisionLine(
            n=one["n"],
            hash=one["hash"] if _knows_the_hour(row, viewer) else None,
            reason=told(one["reason"] or ""),
            day=day_of(moment(one["at"]), row["zone"]),
            at=moment(one["at"]) if _knows_the_hour(row, viewer) else None,
            author=one["author"] if viewer.office else None,
        )
        for one in revisions.list_for_visit(store, row["id"])
    )


def _events(store: Store, row: Row, viewer: Viewer, told: Callable[[str], str]) -> tuple[EventLine, ...]:
    return tuple(
        EventLine(
            kind=one["kind"],
            reason=told(one["reason"] or ""),
            day=day_of(moment(one["at"]), row["zone"]),
            at=moment(one["at"]) if _knows_the_hour(row, viewer) else None,
            person=one["person"] if viewer.office else None,
        )
        for one in visits.list_events(store, row["id"])
    )


def _review_notes(store: Store, row: Row, viewer: Viewer, now: datetime) -> tuple[ReviewNote, ...]:
    if not viewer.office:
        return ()
    notes = visits.list_review_notes(store, row["id"])
    kept = tuple(ReviewNote(one["code"], one["details"], moment(one["at"])) for one in notes)
    return (*kept, *late_notes(store, [row["id"]], now=now).values())


def _shopper(store: Store, row: Row) -> str | None:
    person = people.find(store, row["shopper_id"]) if row["shopper_id"] is not None else None
    return person["name"] if person else None


def _scored_as_now(row: Row, scored: Score | None) -> bool:
    if scored is None:
        return row["compliance"] is None and row["experience"] is None
    return (row["compliance"], row["experience"], bool(row["flagged"])) == (
        scored.axes[Axis.STANDARD].share,
        scored.axes[Axis.EXPERIENCE].share,
        scored.flagged,
    )

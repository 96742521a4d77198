"""What was sent, and what a reviewer decides about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.review_visit import DECISIONS, review_visit
from checker.problem import Problem, not_found
from checker.reports.naming import EVENTS
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Refused
from checker.standards.life import Review, ReviewStep, next_review
from checker.store.reviewing import next_sent
from checker.summaries.quotes import visit_notes
from checker.summaries.reviewing import review_list
from checker.summaries.values import VisitLine
from checker.summaries.visit import visit_sheet
from checker.web.clock import now
from checker.web.problems import faults_by_place, words_of
from checker.web.review.room import bp, find_visit
from checker.web.session import me, signed_in
from checker.web.sheet import sheet_page
from checker.web.store import current_store

Answer = str | AnyResponse | tuple[str, int]

LISTS = {
    "sent": N_("Sent"),
    "noted": N_("With a note"),
    "photos": N_("Photos missing"),
    "returned": N_("Sent back"),
    "approved": N_("Approved"),
    "excluded": N_("Left out of figures"),
    "void": N_("Void"),
}

MOST_PAGES = 200
"""So far a list can be turned over; the database is never asked to count further."""

BUTTONS = {
    "approve": N_("Approve"),
    "return": N_("Send back to the shopper"),
    "restore": N_("Bring back"),
    "include": N_("Take into figures again"),
    "exclude": N_("Leave out of figures"),
    "void": N_("Declare void"),
}
"""What can be decided, the usual first; the words stand on the buttons."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """Words for reports that were refused: on which item, as typed, and why."""

    item: str
    text: str
    wrong: Sequence[str]


@bp.get("/review")
@signed_in("visit.review")
def review() -> Answer:
    """The sent visits, the newest first."""
    page = _page(request.args.get("page") or "1")
    show = request.args.get("show") or "sent"
    found = review_list(current_store(), show=show, page=page, person_id=me().id, now=now())
    return render_template("review/list.html", found=found, show=show, lists=LISTS)


def _page(words: str) -> int:
    if words.isdecimal() and len(words) < 5 and 1 <= int(words) <= MOST_PAGES:
        return int(words)
    raise not_found(N_("There is no such page of this list."))


@bp.post("/visits/<uuid:uuid>/decision")
@signed_in("visit.review")
def decide(uuid: UUID) -> Answer:
    """Carry out a decision about a visit; the form says what the visit was like when it was looked at."""
    row = find_visit(uuid)
    decision, reason = request.form.get("decision", ""), clean_text(request.form.get("reason", ""))
    if decision not in DECISIONS:
        raise Problem("visit.no_decision", 400, N_("Choose what to do with the visit."))
    looked_at = {
        **row,
        "state": request.form.get("state", row["state"]),
        "excluded": int(request.form.get("excluded", str(row["excluded"])) == "1"),
        "revision": request.form.get("revision", row["revision"], int),
    }
    try:
        review_visit(current_store(), looked_at, decision=decision, reason=reason, by=me().id, now=now())
    except Refused as refused:
        wrong = [words for said in faults_by_place(refused.faults).values() for words in said]
        return decision_page(uuid, wrong=wrong, reason=reason), 422
    except Problem as problem:
        if problem.status != 409:
            raise
        wrong = [words_of(problem.text, problem.details)]
        return decision_page(uuid, wrong=wrong, reason=reason), 409
    flash(_("Done: %(decision)s", decision=_(EVENTS[decision])), "good")
    return redirect(f"/visits/{uuid}", 303)


def decision_page(
    uuid: UUID, *, wrong: Sequence[str] = (), reason: str = "", quoting: Quoting | None = None
) -> str:
    """The visit's page with the decisions; `wrong` and `reason`, or `quoting`, repeat what was refused."""
    sheet = visit_sheet(current_store(), uuid, person_id=me().id, now=now())
    return render_template(
        "review/visit.html",
        **sheet_page(sheet),
        **decisions(uuid, sheet.line),
        noted=visit_notes(current_store(), uuid, person_id=me().id, now=now()),
        wrong=wrong,
        reason=reason,
        quoting=quoting,
    )


def decisions(uuid: UUID, line: VisitLine) -> Mapping[str, Any]:
    """What can be decided about a visit as it stands, and which waits next."""
    return {
        "buttons": {name: _(words) for name, words in BUTTONS.items() if _possible(line, name)},
        "next_visit": next_sent(current_store(), find_visit(uuid)["id"]),
    }


def _possible(line: VisitLine, decision: str) -> bool:
    if decision in ("exclude", "include"):
        return line.excluded is (decision == "include")
    try:
        next_review(Review(line.state), ReviewStep(decision))
    except Refused:
        return False
    return True

"""A reviewer releases what a shopper wrote on a question, so that reports may quote it, or takes it back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.release_quote import release_quote
from checker.actions.withdraw_quote import withdraw_quote
from checker.problem import Problem
from checker.standards.faults import N_, Refused
from checker.web.clock import now
from checker.web.problems import faults_by_place, words_of
from checker.web.review.room import bp, find_visit
from checker.web.review.views import Quoting, decision_page
from checker.web.session import me, signed_in
from checker.web.store import current_store

Answer = str | AnyResponse | tuple[str, int]


@bp.post("/visits/<uuid:uuid>/quote")
@signed_in("quote.release")
def quote(uuid: UUID) -> Answer:
    """Release or withdraw the words on one question; what is refused stays typed."""
    row = find_visit(uuid)
    item, text, do = (request.form.get(name, "") for name in ("item", "text", "do"))
    try:
        if do == "withdraw":
            withdraw_quote(current_store(), row, item=item, by=me().id, now=now())
            flash(_("Withdrawn: reports made from now on do not quote it."), "good")
        elif do == "release":
            seen = request.form.get("revision", "")
            said = release_quote(current_store(), row, item=item, text=text, hash=seen, by=me().id, now=now())
            flash(_released(len(said.blanked)), "good")
        else:
            raise Problem("quote.no_choice", 400, N_("Choose whether to release or to withdraw it."))
    except Refused as refused:
        wrong = [words for said in faults_by_place(refused.faults).values() for words in said]
        return decision_page(uuid, quoting=Quoting(item, text, wrong)), 422
    except Problem as problem:
        if problem.status != 409:
            raise
        wrong = [words_of(problem.text, problem.details)]
        return decision_page(uuid, quoting=Quoting(item, text, wrong)), 409
    return redirect(f"/visits/{uuid}#q-{item}", 303)


def _released(blanked: int) -> str:
    if not blanked:
        return str(_("Released: reports of its month may quote it."))
    return str(
        ngettext(
            "Released: reports of its month may quote it. %(num)s place was blanked.",
            "Released: reports of its month may quote it. %(num)s places were blanked.",
            blanked,
        )
    )

"""What a tablet could not send comes as a file: taken entry by entry, each refusal with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from checker.actions.take_unsent import Outcome, take_unsent
from checker.sealing import seal_key
from checker.standards.faults import N_, Fault, Refused
from checker.web.admin.room import Answer, bp, refused, settings
from checker.web.clock import now
from checker.web.problems import fault_words, words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store

MIB = 1024 * 1024

KINDS = {"visits": _l("Visit"), "photos": _l("Photo"), "drafts": _l("Draft")}


class UnsentForm(FlaskForm):
    """A file that a tablet has exported."""

    file = FileField(_l("File"), render_kw={"accept": ".json,application/json"})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the file as the page lists it; `words` say why it was refused."""

    place: str
    kind: str
    id: str
    fresh: bool
    words: list[str]


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Photos make such a file large; this is asked before the form's token is looked for in it."""
    if endpoint == "admin.post_unsent":
        request.max_content_length = settings().unsent_mb * MIB


@bp.get("/unsent")
@signed_in("device.change")
def new_unsent() -> Answer:
    """The form to hand a file in."""
    return unsent_page(UnsentForm(formdata=None))


@bp.post("/unsent")
@signed_in("device.change")
def post_unsent() -> Answer:
    """Take what the file holds, and say what became of each entry."""
    form = UnsentForm()
    taken: list[list[Outcome]] = []
    status = refused(form, lambda: taken.append(_take(form)))
    if status:
        return unsent_page(form), status
    lines = [_line(outcome) for outcome in taken[0]]
    return render_template("admin/unsent_outcome.html", lines=lines, kinds=KINDS)


def unsent_page(form: UnsentForm) -> str:
    """The page with the form as it is."""
    return render_template("admin/unsent.html", form=form, most=settings().unsent_mb)


def _take(form: UnsentForm) -> list[Outcome]:
    if not form.file.data:
        raise Refused([Fault("import.no_file", "file", N_("Choose a file."))])
    return take_unsent(
        current_store(),
        seal_key(settings().instance),
        form.file.data.read(),
        secret=cast(str, current_app.secret_key),
        by=me().id,
        now=now(),
    )


def _line(outcome: Outcome) -> Line:
    problem = outcome.problem
    words: list[str] = []
    if isinstance(problem, Refused):
        words = [f"{fault.place}: {fault_words(fault)}" for fault in problem.faults]
    elif problem is not None:
        words = [words_of(problem.text, problem.details)]
    return Line(outcome.place, outcome.kind, outcome.id, outcome.fresh, words)

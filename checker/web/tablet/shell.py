"""The shell: one page per language that a device keeps, empty of persons; and the checklists' empty forms."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from flask import Response, abort, current_app, make_response, render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.sign_out import end_session
from checker.config import LANGUAGES
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import checklists
from checker.web import session
from checker.web.clock import now
from checker.web.form_for import form_for
from checker.web.language import NAMES
from checker.web.session import signed_in
from checker.web.shopper.forms import UnfinishedForm
from checker.web.store import current_store
from checker.web.tablet.room import bp

SAMPLES = range(0, 201)
"""Whole numbers among which every plural form of our languages occurs."""


@bp.get("/shell/<lang>")
def shell(lang: str) -> Response:
    """The page that a device shows for every address of a shopper, also without network."""
    _require_language(lang)
    with force_locale(lang):
        page = render_template(
            "tablet/shell.html",
            language=lang,
            names={code: NAMES[code] for code in LANGUAGES},
            build=current_app.extensions["checker.assets"],
            unfinished=UnfinishedForm(zone="UTC"),
        )
    return make_response(page)


@bp.get("/forms/<lang>/<checklist>/<int:version>/<any(named, none):served>")
@signed_in("visit.send")
def form(lang: str, checklist: str, version: int, served: str) -> Response:
    """A checklist's form with nothing in it; `served` is "none" where nobody who served is recorded."""
    _require_language(lang)
    held = checklists.find(current_store(), checklist, version)
    if held is None:
        raise not_found(N_("There is no such checklist."))
    with force_locale(lang):
        page = render_template(
            "shopper/_form.html",
            language=lang,
            tablet=True,
            visit=None,
            form=form_for(held, attributed=served == "named")({}, zone="UTC"),
            checklist=held.checklist,
            codes=[],
        )
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-cache"  # the worker keeps it; it names nobody
    return response


@bp.post("/leave")
def leave() -> AnyResponse:
    """End the session of this device, if there is one: somebody signed out while there was no network."""
    response = Response(status=204)
    held = session.g.session
    if held is not None:
        end_session(current_store(), held["token_hash"], person_id=session.me().id, now=now())
    session.drop_session(response)
    return response


def _require_language(lang: str) -> None:
    if lang not in LANGUAGES:
        abort(404)


@bp.app_template_global()
def plural_words(one: str, many: str) -> Mapping[str, str]:
    """A counted sentence in every plural form of the language: {"one": "%(n)s visit …", "other": …}."""
    from checker.web.language import language

    rule = Locale.parse(language()).plural_form
    forms: dict[str, str] = {}
    for n in SAMPLES:
        forms.setdefault(rule(n), ngettext(one, many, n).replace(f"{n}", "%(n)s") if False else _form(one, many, n))
    return forms


def _form(one: str, many: str, n: int) -> str:
    return str(ngettext(one, many, n, num="%(n)s"))


@bp.app_template_global()
def tablet_words() -> Mapping[str, object]:
    """What the shell's scripts say, in the language of the page."""
    return {}

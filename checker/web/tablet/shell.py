"""The shell: one page per language that a device keeps, empty of persons; and the checklists' empty forms."""

from __future__ import annotations

from collections.abc import Callable

from babel import Locale
from flask import Response, abort, current_app, g, make_response, render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.sign_out import end_session
from checker.config import LANGUAGES
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import checklists
from checker.store.connection import Row
from checker.web.clock import now
from checker.web.form_for import form_for
from checker.web.language import NAMES, language
from checker.web.security import without_form_token
from checker.web.session import drop_session, me, signed_in
from checker.web.store import current_store
from checker.web.tablet.room import bp
from checker.web.unfinished import REASONS, UnfinishedForm

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
            outcomes={why: outcome.value for why, (outcome, _words) in REASONS.items()},
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
    return make_response(page)


@bp.post("/leave")
@without_form_token  # ending one's own session is all that it does
def leave() -> AnyResponse:
    """End the session of this device, if there is one: somebody signed out while there was no network."""
    response = Response(status=204)
    held: Row | None = g.session
    if held is not None:
        end_session(current_store(), held["token_hash"], person_id=me().id, now=now())
    drop_session(response)
    return response


def _require_language(lang: str) -> None:
    if lang not in LANGUAGES:
        abort(404)


# --- what the scripts say -----------------------------------------------------------------------------------


def _counted(words: Callable[[int], str]) -> dict[str, str]:
    """A counted sentence in each plural form of the language (CLDR's names): {"one": "%(n)s visit …", …}."""
    rule = Locale.parse(language()).plural_form
    return {rule(n): words(n) for n in reversed(SAMPLES)}


@bp.app_template_global()
def tablet_words() -> dict[str, object]:
    """What the shell's scripts say, in the language of the page; `%(n)s` and others stay for the script."""
    gap = "%(n)s"
    return {
        "unsent": _counted(lambda n: ngettext("%(n)s visit unsent", "%(n)s visits unsent", n, n=gap)),
        "photos_left": _counted(
            lambda n: ngettext(
                "%(n)s photo is still on its way.", "%(n)s photos are still on their way.", n, n=gap
            )
        ),
        "faults": _counted(
            lambda n: ngettext(
                "%(n)s thing is missing or not right", "%(n)s things are missing or not right", n, n=gap
            )
        ),
        "lost": _counted(
            lambda n: ngettext(
                "%(n)s visit that waited here was lost when the browser cleared this device’s store. "
                "Tell the office if it was yours.",
                "%(n)s visits that waited here were lost when the browser cleared this device’s store. "
                "Tell the office if they were yours.",
                n,
                n=gap,
            )
        ),
        "understood": _("I have read this"),
        "locked": _("What is kept on this device opens with your password, or with the PIN you set for it."),
        "open_wrong": _("That is not right. Try again."),
        "open_unknown": _(
            "Nobody with this address has signed in on this device. That needs a connection once."
        ),
        "open_no_pin": _("The PIN was wrong too often and does not count any more. Use your password."),
        "password_for_pin": _("Your password, to set the PIN:"),
        "pin_set": _("The PIN is set. It opens what is kept on this device."),
        "storage": _("%(used)s MB of %(of)s MB used."),
        "persisted": _("The browser keeps it until you remove it."),
        "not_persisted": _("The browser may clear it when room is short: send soon."),
        "attention": _("something needs attention"),
        "trouble_storage": _("This device does not store properly. What you type is kept in a spare copy."),
        "trouble_full": _(
            "This device is full. Answers are still kept; take no more photos before some are sent."
        ),
        "trouble_unsafe": _("This cannot be stored on this device. Keep this page open, or write it down."),
        "trouble_newer": _("A newer version runs in another tab. Close this one and go on there."),
        "trouble_blocked": _("Close other tabs of this page, so that the new version can start."),
        "broken": _("This page could not be shown. Reload it. What you typed is kept."),
        "signed_out": _("You are signed out at the server. Everything is kept here; sent visits still go."),
        "sign_in": _("Sign in"),
        "getting_ready": _("Getting this device ready for a time without network…"),
        "ready": _("This device is ready to work without network."),
        "not_ready": _("Not every checklist is on this device yet. Open this page once with a connection."),
        "no_form": _("This checklist is not on this device yet. Open Today once with a connection."),
        "nothing_to_do": _("No assignment waits for you."),
        "nothing_yet": _("Nothing yet."),
        "practice": _("practice"),
        "go_on": _("Go on"),
        "see": _("How it stands"),
        "receipt": _("Receipt"),
        "late": _("The report is late"),
        "begun": _("Begun"),
        "accepted": _("Accepted"),
        "fresh": _("New"),
        "choose": _("Choose…"),
        "choose_both": _("Choose a branch and a checklist."),
        "needs_network": _("This needs a connection. Beginning the visit accepts it too, and works without."),
        "refused_before": _("The server did not take this visit. Open it and look at it once more."),
        "other_key": _(
            "This was closed for a key that the server does not have any more, and no other copy is left on "
            "this device. Save what is unsent as a file and give it to an administrator: only a backup of "
            "the old key opens it."
        ),
        "photo_refused": _("The server cannot read a photo of this visit. The visit itself has arrived."),
        "gone_sent": _("was sent from another device"),
        "gone_discarded": _("was thrown away on another device"),
        "came_back": _(
            "%(branch)s: another device has saved this visit since you threw it away here, so it is kept."
        ),
        "briefing": _("Briefing: visit %(first)s to %(last)s"),
        "saving": _("Saving…"),
        "kept": _("On this device %(time)s"),
        "not_kept": _("Could not be stored on this device. Keep this page open."),
        "refused": _("The server could not save this draft: %(why)s It is kept here."),
        "conflict": _("Another device has saved this visit since. Both versions are kept."),
        "keep_mine": _("Go on with what is on this page"),
        "take_other": _("Go on with the other version"),
        "copies": _("Another version of this visit is kept."),
        "compare": _("Compare"),
        "elsewhere": _("This visit is open in another tab now."),
        "go_on_here": _("Go on here"),
        "not_answered": _("not answered"),
        "not_known": _("not known"),
        "note": _("Note"),
        "seconds": _("%(n)s s"),
        "seconds_estimated": _("%(n)s s, estimated"),
        "photos": _("photos: %(n)s"),
        "say_why": _("Say why the visit is corrected."),
        "not_queued": _("This could not be made ready to send. It is still a draft; try again."),
        "choose_why": _("Choose what happened."),
        "say_what": _("Say in a few words what happened."),
        "give_when": _("Give the date and the time."),
        "heading_waiting": _("Done. It goes by itself."),
        "heading_sending": _("Being sent"),
        "heading_received": _("Received. Thank you."),
        "heading_attention": _("Needs attention"),
        "heading_draft": _("Not sent yet"),
        "heading_unknown": _("Not on this device"),
        "state_waiting": _("It waits for a connection. You can close this page."),
        "state_sending": _("On its way."),
        "state_received": _("It has arrived."),
        "state_attention": _("The server did not take it. It is kept here."),
        "state_draft": _("It is still a draft."),
        "state_unknown": _("This visit is not kept on this device."),
    }

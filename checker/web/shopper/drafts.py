"""Drafts: saved while typing, kept twice when two devices meet, thrown away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.begin_visit import begin_visit, read_plan
from checker.actions.discard_draft import discard_draft
from checker.actions.save_draft import is_typed, save_draft
from checker.problem import Problem, not_found
from checker.standards.faults import N_, Refused
from checker.store import drafts
from checker.store.connection import Row
from checker.web.clock import now
from checker.web.form_for import Typed, unknown_inputs
from checker.web.session import lead_to_sign_in, me, signed_in, wants_json
from checker.web.shopper.room import Opened, bp, opened
from checker.web.store import current_store

Answer = str | AnyResponse | tuple[str, int]

LONGEST_DEVICE = 64


@bp.put("/visits/<uuid:uuid>/draft")
@signed_in("visit.send")
def save(uuid: UUID) -> AnyResponse:
    """Keep what a script sends: `{device, base, turn, instead, typed: {input: [values]}}`.

    A tablet says whose it is (`person`): who has signed in on it since is somebody else, and gets 401.

    With `begin` (`{assignment, branch, checklist, version, practice}`) a visit that a tablet has begun by
    itself is begun here first, unless it was already. → `{sequence, turn, saved_at}`; 409 "draft.conflict"
    when another device saved since, and both are kept.
    """
    data = request.get_json()
    if isinstance(data, dict) and str(data.get("person", me().id)) != str(me().id):
        return lead_to_sign_in()
    if isinstance(data, dict) and data.get("begin") is not None:
        begin_visit(current_store(), read_plan(data["begin"], id=uuid, shopper_id=me().id), now=now())
    visit = opened(uuid)
    sent = _read(data)
    _refuse_unknown(visit, sent["typed"])
    saved = save_draft(current_store(), uuid, shopper_id=me().id, now=now(), **sent)
    if saved.conflict:
        text = N_("Another device has saved this visit since. Both versions are kept.")
        raise Problem("draft.conflict", 409, text, {"sequence": saved.sequence})
    return jsonify(
        sequence=saved.sequence, turn=saved.turn, saved_at=saved.saved_at.isoformat(timespec="seconds")
    )


def _read(sent: object) -> Row:
    """The arguments of `save_draft` in a script's JSON. Raises Problem "draft.shape" (422)."""
    if isinstance(sent, dict):
        typed, device, base = sent.get("typed"), sent.get("device"), sent.get("base")
        turn, instead = sent.get("turn"), sent.get("instead", False)
        if (
            is_typed(typed)
            and isinstance(device, str)
            and 0 < len(device) <= LONGEST_DEVICE
            and device.isprintable()
            and type(base) is int
            and (turn is None or type(turn) is int)
            and isinstance(instead, bool)
        ):
            return {"typed": typed, "device": device, "base": base, "turn": turn, "instead": instead}
    text = N_("Send device, base (the sequence it began from) and typed: for each input a list of texts.")
    raise Problem("draft.shape", 422, text)


def _refuse_unknown(visit: Opened, typed: Typed) -> None:
    faults = unknown_inputs(visit.form_class, typed)
    if faults:
        raise Refused(faults)


@bp.post("/visits/<uuid:uuid>/discard")
@signed_in("visit.send")
def discard(uuid: UUID) -> Answer:
    """Throw a draft away; a tablet says `{device, base}` as when it saves, and gets {} or the problem."""
    if wants_json():
        discard_draft(current_store(), uuid, shopper_id=me().id, now=now(), **_read_discard())
        return jsonify({})
    discard_draft(current_store(), uuid, shopper_id=me().id, now=now())
    flash(_("The draft is gone from your list."), "info")
    return redirect("/", 303)


def _read_discard() -> Row:
    """The arguments of `discard_draft` in a script's JSON. Raises Problem "draft.shape" (422)."""
    sent = request.get_json()
    if isinstance(sent, dict) and isinstance(sent.get("device"), str) and type(sent.get("base")) is int:
        return {"device": sent["device"], "base": sent["base"]}
    raise Problem("draft.shape", 422, N_("Send device and base, the sequence that it knew."))


@bp.get("/visits/<uuid:uuid>/copies")
@signed_in("visit.send")
def newest_copy(uuid: UUID) -> Answer:
    """The newest of what other devices had typed: a tablet knows that there is one, not its number."""
    held = drafts.list_copies(current_store(), opened(uuid).draft["id"])
    if not held:
        raise not_found(N_("There is no such copy."))
    return redirect(f"/visits/{uuid}/copies/{held[-1]['id']}", 303)


@bp.get("/visits/<uuid:uuid>/copies/<int:key>")
@signed_in("visit.send")
def copy(uuid: UUID, key: int) -> Answer:
    """What another device had typed, beside what stands in the draft."""
    visit = opened(uuid)
    held = _copy(visit, key)
    other = visit.form(held["body"].get("typed", {}))
    return render_template("shopper/copy.html", visit=visit, copy=held, mine=visit.form(), other=other)


@bp.post("/visits/<uuid:uuid>/copies/<int:key>")
@signed_in("visit.send")
def take_copy(uuid: UUID, key: int) -> Answer:
    """Go on with the copy; what stands in the draft becomes a copy in its place."""
    visit = opened(uuid)
    save_draft(
        current_store(),
        uuid,
        shopper_id=me().id,
        typed=_copy(visit, key)["body"].get("typed", {}),
        device=f"copy {key}",
        base=-1,
        instead=True,
        now=now(),
    )
    flash(_("You go on with that version. The one you had is kept as a copy."), "good")
    return redirect(visit.path, 303)


def _copy(visit: Opened, key: int) -> Row:
    for held in drafts.list_copies(current_store(), visit.draft["id"]):
        if held["id"] == key:
            return held
    raise not_found(N_("There is no such copy."))

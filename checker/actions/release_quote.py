"""A person releases what a shopper wrote on a question, so that reports may quote it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from checker.problem import Problem, not_found
from checker.standards.answers import clean_text, read_answers
from checker.standards.body import read_envelope
from checker.standards.faults import N_, Fault, Refused
from checker.standards.quoting import BLANK, LONGEST, Cleared, cleared, only_cut, quotable
from checker.store import checklists, quotes, revisions, trail, visits
from checker.store.connection import Row, Store


def release_quote(
    store: Store, visit: Row, *, item: str, text: str, hash: str, by: int, now: datetime
) -> Cleared:
    """Release words on one question of a visit the person may see; what was released of it before goes.

    `text` is the shopper's note, shortened or not (QU-2); what would reach or name somebody is blanked once
    more (QU-1), and what is kept is returned. `hash` is that of the revision the person looked at. The note
    itself stays in the revision as it was sent. Raises Refused when there is no such note, the words are not
    the shopper's, nothing is left of them or they are too long; Problem "visit.changed" (409) when the visit
    was corrected meanwhile or does not count.
    """
    at = int(now.timestamp())
    with store.write():
        current = visits.get(store, visit["id"])
        if current["hash"] != hash:
            raise Problem("visit.changed", 409, N_("This visit was corrected meanwhile. Look at it again."))
        if not current["counted"]:
            raise Problem("visit.changed", 409, N_("This visit is in no figure, so nothing quotes it."))
        item_id, note = _note(store, current, item)
        said = _fit(store, current, item, note, text)
        quotes.withdraw(store, current["id"], item_id, by=by, at=at)
        store.add(
            "quote",
            {
                "visit_id": current["id"],
                "item_id": item_id,
                "revision": current["revision"],
                "series_id": current["series_id"],
                "month": current["month"],
                "text": said.text,
                "released_at": at,
                "released_by": by,
            },
        )
        thing = str(UUID(bytes=current["uuid"]))
        trail.add(store, person_id=by, act="quote.release", thing=thing, at=at, details={"item": item})
    return said


def _note(store: Store, visit: Row, item: str) -> tuple[int, str]:
    """The key of the item and what the shopper noted on it."""
    version = checklists.get(store, visit["version_id"])
    if item in version.item_ids:
        sent = read_envelope(revisions.get(store, visit["id"], visit["revision"]))
        answers, _ = read_answers(version.checklist, sent.answers)
        _, met = visits.list_answers(store, visit["id"]).get(version.item_ids[item], (None, None))
        answer = answers.get(item)
        if answer is not None and quotable(answer, None if met is None else bool(met)):
            return version.item_ids[item], answer.note
    raise not_found(N_("The shopper wrote nothing on this question that a report could quote."))


def _fit(store: Store, visit: Row, item: str, note: str, text: str) -> Cleared:
    names = quotes.names_around(store, visit_id=visit["id"], branch_id=visit["branch_id"])
    said = cleared(clean_text(text), names)
    faults = []
    if not only_cut(note, said.text):
        words = N_("These are not the shopper's words. Leave words out or blank them; change none.")
        faults.append(Fault("quote.changed", item, words))
    if not said.text.replace(BLANK, "").strip(" .,;:!?–-…"):
        faults.append(Fault("quote.empty", item, N_("Nothing is left that could be quoted.")))
    if len(said.text) > LONGEST:
        words = N_("This text has %(length)s characters; shorten it to %(longest)s.")
        details = {"length": len(said.text), "longest": LONGEST}
        faults.append(Fault("quote.too_long", item, words, details))
    if faults:
        raise Refused(faults)
    return said

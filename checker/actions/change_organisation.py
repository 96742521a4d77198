"""The organisation gets another name or look: both stand on reports and forms."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from checker.actions.branch_entry import LONGEST_NAME, tidy
from checker.colours import WHITE, contrast, read_colour
from checker.pictures import logo_of
from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.store import settings, trail
from checker.store.connection import Store

ORGANISATION = "organisation"
"""The setting with the name."""

LOOK = "look"
"""The setting with `accent` (#RRGGBB), `paper` and `logo` (a PNG in base64); what is not set is missing."""

PAPERS = ("A4", "Letter")

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""


def change_organisation(
    store: Store,
    *,
    name: str | None = None,
    accent: str | None = None,
    paper: str | None = None,
    logo: bytes | None = None,
    by: int | None,
    now: datetime,
) -> bool:
    """Put what is given in place; None leaves a thing as it is, "" and b"" take it away.

    The logo is drawn anew and made small. False when nothing is another. Raises Refused with all faults.
    """
    faults: list[Fault] = []
    changes: dict[str, str] = {}
    if name is not None:
        name = tidy(name)
        faults += _faults_of_name(name)
    if accent is not None:
        changes["accent"] = _colour(accent, faults)
    if paper is not None:
        changes["paper"] = paper
        if paper and paper not in PAPERS:
            faults.append(Fault("look.paper", "paper", N_("Choose one of those offered.")))
    if logo is not None:
        changes["logo"] = _picture(logo, faults)
    if faults:
        raise Refused(faults)
    with store.write():
        old_name, old = settings.get(store, ORGANISATION, ""), settings.get(store, LOOK, {})
        look = {thing: value for thing, value in {**old, **changes}.items() if value}
        if name in (None, old_name) and look == old:
            return False
        if name is not None:
            settings.put(store, ORGANISATION, name)
        settings.put(store, LOOK, look)
        trail.add(store, person_id=by, act="organisation.change", at=int(now.timestamp()))
    return True


def _faults_of_name(name: str) -> list[Fault]:
    if len(name) <= LONGEST_NAME:
        return []
    text = N_("Give a name of at most %(most)s characters.")
    return [Fault("name.length", "organisation", text, {"most": LONGEST_NAME})]


def _colour(typed: str, faults: list[Fault]) -> str:
    """The colour as it is kept, "" for ours; text in it has to be readable on paper."""
    if not typed.strip():
        return ""
    colour = read_colour(typed)
    if colour is None:
        text = N_("Give a colour as six digits from 0 to 9 and A to F, such as #005A8C.")
        faults.append(Fault("look.colour", "accent", text))
        return ""
    reached = contrast(colour, WHITE)
    if reached < READABLE:
        text = N_(
            "Text in %(colour)s is too pale to read on white: the contrast is %(reached)s to 1, and at least "
            "%(least)s is needed. Take a darker shade of it."
        )
        # Cut, not rounded: 4.49 is not 4.5.
        details = {"colour": colour, "reached": f"{int(reached * 10) / 10:.1f}", "least": f"{READABLE}"}
        faults.append(Fault("look.contrast", "accent", text, details))
    return colour


def _picture(given: bytes, faults: list[Fault]) -> str:
    if not given:
        return ""
    try:
        return b64encode(logo_of(given)).decode("ascii")
    except Problem as refused:
        faults.append(Fault(refused.code, "logo", refused.text, refused.details))
        return ""

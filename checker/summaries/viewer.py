"""Who looks at a summary, and what of visits and employees that shows them (design §1, §2, §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import branches, people
from checker.store.connection import Row, Store

Audience = Literal["manager", "leadership"]
"""For whom a branch's summary is made: "manager" stays in the branch, "leadership" leaves it."""

OFFICE = {"reviewer", "admin"}
"""Roles that see every visit at once, its shopper and its clock time."""


NAMED = {"manager", "house", *OFFICE}
"""Those to whom employees may be shown by name; everybody else sees codes."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, or the house: the command line, which has no person and sees every branch and every visit."""

    person_id: int | None
    role: str
    employee_id: int | None
    audience: Audience
    now: datetime
    revealed: bool = False
    """Whether the house and the office keep to what is revealed, as all others do: in what is handed on."""

    @property
    def office(self) -> bool:
        """Whether shopper, clock time and reviewers' notes are shown."""
        return self.role in OFFICE

    @property
    def until(self) -> int | None:
        """Visits revealed by then (seconds) exist for the viewer; None: every visit."""
        if not self.revealed and (self.office or self.person_id is None):
            return None
        return int(self.now.timestamp())

    def sees_names(self, attribution: str) -> bool:
        """Whether employees are shown by name."""
        return attribution == "named" and self.audience == "manager" and self.role in NAMED


def find_viewer(
    store: Store,
    *,
    person_id: int | None,
    now: datetime,
    audience: Audience | None = None,
    revealed: bool = False,
) -> Viewer:
    """The person as a viewer, or the house for None.

    Without an audience the house makes what may leave the branch, and a person sees what the role allows.
    Leadership and employees are never shown more than the audience "leadership". Raises Problem "not_found"
    for somebody who may not sign in (any more).
    """
    if person_id is None:
        return Viewer(None, "house", None, audience or "leadership", now, revealed)
    person = people.find(store, person_id)
    if person is None or person["disabled_at"] is not None:
        raise not_found(N_("There is nothing here for you to see."))
    if person["role"] in ("leadership", "employee"):
        audience = "leadership"
    return Viewer(person_id, person["role"], person["employee_id"], audience or "manager", now, revealed)


def find_region(store: Store, code: str, viewer: Viewer) -> Row:
    """The region with this code. Raises Problem "not_found" where the viewer does not see all of it."""
    if viewer.person_id is None:
        region = branches.find_region(store, code)
    else:
        region = branches.find_region_for(store, code, person_id=viewer.person_id)
    if region is None:
        raise not_found(N_("There is no such region among those you look after."))
    return region

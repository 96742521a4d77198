"""What adding and changing employments have in common: does this person work there on these days."""

from __future__ import annotations

from dataclasses import dataclass

from checker.actions.branch_entry import read_day
from checker.standards.faults import N_, Fault, Refused
from checker.store import branches, employments
from checker.store.connection import Store


@dataclass(frozen=True, slots=True)
class Period:
    """An employment as somebody entered it, found sound; `to_on` is the last day, None while it lasts."""

    branch_id: int
    from_on: str
    to_on: str | None

    def row(self) -> dict[str, object]:
        """The columns of `employment` that are entered."""
        return {"branch_id": self.branch_id, "from_on": self.from_on, "to_on": self.to_on}


def read_period(
    store: Store, *, employee_id: int, branch: str, from_on: str | None, to_on: str | None, besides: int = 0
) -> Period:
    """Read what was entered; `branch` is a code, days are ISO text, `besides` the employment that is changed.

    Raises Refused with every fault; the places are "branch", "from" and "to".
    """
    first, faults = read_day(from_on, "from")
    last, last_faults = read_day(to_on, "to")
    faults += last_faults
    if not from_on:
        faults.append(
            Fault("employment.from_missing", "from", N_("Say from which day on, as in 2026-10-01."))
        )
    if first and last and last < first:
        text = N_("The last day (%(last)s) lies before the first (%(first)s). Correct one of the two.")
        details = {"last": last.isoformat(), "first": first.isoformat()}
        faults.append(Fault("employment.backwards", "to", text, details))
    found = branches.find(store, branch)
    if found is None:
        text = N_("There is no branch “%(code)s”.") if branch else N_("Say at which branch.")
        faults.append(Fault("employment.branch", "branch", text, {"code": branch}))
    if faults or found is None or first is None:
        raise Refused(faults)
    period = Period(found["id"], first.isoformat(), last.isoformat() if last else None)
    other = employments.find_overlapping(
        store,
        employee_id=employee_id,
        branch_id=period.branch_id,
        from_on=period.from_on,
        to_on=period.to_on,
        besides=besides,
    )
    if other is not None:
        text = N_(
            "This person is employed there already from %(from_on)s to %(to_on)s. Let the two not overlap."
        )
        details = {"from_on": other["from_on"], "to_on": other["to_on"] or "…"}
        raise Refused([Fault("employment.overlap", "from", text, details)])
    return period

"""What adding and changing regions and branches have in common: is what was entered sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.standards.fields import code as read_code
from checker.store import regions
from checker.store.connection import Store

LONGEST_NAME = 200
LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A branch as somebody entered it, found sound; days are ISO text, "" in `format` and `group` is none."""

    name: str
    region_id: int
    zone: str
    format: str
    group: str
    opened_on: str | None
    closed_on: str | None

    def row(self) -> dict[str, object]:
        """The columns of `branch` that are entered."""
        return {
            "name": self.name,
            "region_id": self.region_id,
            "zone": self.zone,
            "format": self.format,
            "branch_group": self.group,
            "opened_on": self.opened_on,
            "closed_on": self.closed_on,
        }


def read_entry(
    store: Store,
    *,
    name: str,
    region: str,
    zone: str,
    format: str,
    group: str,
    opened_on: str | None,
    closed_on: str | None,
) -> Entry:
    """Read what was entered about a branch; `region` is its code.

    Raises Refused with every fault, the place being the field's name.
    """
    opened, faults = read_day(opened_on, "opened_on")
    closed, closed_faults = read_day(closed_on, "closed_on")
    faults += closed_faults
    faults += name_faults(name, "name")
    if opened and closed and closed < opened:
        text = N_("The branch closes on %(closed)s, before it opens on %(opened)s. Correct one of the two.")
        details = {"closed": closed.isoformat(), "opened": opened.isoformat()}
        faults.append(Fault("branch.closed_first", "closed_on", text, details))
    faults += zone_faults(zone)
    for field, word in (("format", format), ("group", group)):
        if len(clean_text(word)) > LONGEST_WORD:
            text = N_("Use at most %(most)s characters.")
            faults.append(Fault("branch.word_long", field, text, {"most": LONGEST_WORD}))
    region_row = regions.find(store, region.strip())
    if region_row is None:
        text = (
            N_("There is no region “%(code)s”.") if region.strip() else N_("Say which region it belongs to.")
        )
        faults.append(Fault("branch.region", "region", text, {"code": region}))
    if faults or region_row is None:
        raise Refused(faults)
    return Entry(
        name=tidy(name),
        region_id=region_row["id"],
        zone=zone.strip(),
        format=clean_text(format),
        group=clean_text(group),
        opened_on=opened.isoformat() if opened else None,
        closed_on=closed.isoformat() if closed else None,
    )


def code_faults(given: str) -> list[Fault]:
    """What speaks against a new code; the place is "code"."""
    try:
        read_code(given, "code")
    except Refused as refused:
        return list(refused.faults)
    return []


def name_faults(name: str, place: str) -> Iterator[Fault]:
    """What speaks against a name."""
    if not 0 < len(tidy(name)) <= LONGEST_NAME:
        text = N_("Give a name of at most %(most)s characters.")
        yield Fault("name.length", place, text, {"most": LONGEST_NAME})


def tidy(name: str) -> str:
    """A name in one line, single blanks between its words."""
    return " ".join(clean_text(name).split())


def read_day(given: str | None, place: str) -> tuple[date | None, list[Fault]]:
    """A day from ISO text; None when nothing was given or it is refused."""
    if not given:
        return None, []
    try:
        return date.fromisoformat(given), []
    except ValueError:
        text = N_("“%(found)s” is no date. Write it as 2026-10-01.")
        return None, [Fault("day.shape", place, text, {"found": given[:40]})]


def zone_faults(zone: str) -> Iterator[Fault]:
    """Whether there is such a time zone, and which one may be meant."""
    if zone.strip() in zones():
        return
    if near := get_close_matches(zone.strip(), zones(), n=1, cutoff=0.7):
        text = N_("There is no time zone “%(zone)s”. Did you mean %(near)s?")
        yield Fault("branch.zone", "zone", text, {"zone": zone, "near": near[0]})
    else:
        text = N_("There is no time zone “%(zone)s”; name one such as Europe/Helsinki.")
        yield Fault("branch.zone", "zone", text, {"zone": zone})


@cache
def zones() -> frozenset[str]:
    """The names of every time zone; read once, from many files."""
    return frozenset(available_timezones())

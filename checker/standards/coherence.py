"""What the parts of a definition must agree on: ids, points, limits, roles, weights, totals, conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import cast

from checker.standards.body import MOST_ANSWERS
from checker.standards.conditions import refuse_impossible
from checker.standards.faults import N_
from checker.standards.keys import POINT_PLACES, UNSCORED
from checker.standards.model import DEFAULT_ROLE, WHOLE, Level
from checker.standards.shapes import Reading, Values, refuse_missing, written
from checker.standards.yaml_lines import Path

Placed = tuple[Path, Values]
"""A part and where it stands."""


def refuse_contradictions(checklist: Values, reading: Reading) -> None:
    """Note every rule that the parts of `checklist`, each well-formed by itself, break together."""
    sections = list(_parts(checklist, (), "sections"))
    items = [item for path, section in sections for item in _parts(section, path, "items")]
    roles = list(_parts(checklist, (), "roles"))
    _refuse_double_ids(
        sections, N_("The section id “%(id)s” is used twice, first at %(first)s; rename one."), reading
    )
    _refuse_double_ids(
        items, N_("The item id “%(id)s” is used twice, first at %(first)s; rename one."), reading
    )
    _refuse_double_ids(
        roles, N_("The role “%(id)s” is named twice, first at %(first)s; delete one."), reading
    )
    events = list(_parts(checklist, (), "events"))
    _refuse_double_ids(
        events, N_("The event “%(id)s” is named twice, first at %(first)s; delete one."), reading
    )
    _refuse_uneven_weights(sections, reading)
    for path, item in items:
        _refuse_item(item, path, reading)
    _refuse_roles(items, roles, checklist, reading)
    _refuse_conditions(items, reading)
    _refuse_ends(items, events, checklist, reading)
    if len(items) > MOST_ANSWERS:
        text = N_("The checklist has %(found)s items; at most %(most)s can be answered in one visit.")
        reading.refuse(("sections",), "definition.too_many", text, found=len(items), most=MOST_ANSWERS)
    _refuse_total(checklist, items, reading)


def scored(item: Values) -> bool:
    """Whether an item's answer can be met: all types but the unscored, `number` only with bands."""
    kind = item.get("type")
    return kind not in UNSCORED and (kind != "number" or "bands" in item)


def item_points(item: Values) -> int | None:
    """What a full answer earns, in units: as given, or what the options say. None when that is faulty."""
    if not scored(item):
        return 0
    if "points" in item:
        return cast(int | None, item["points"])
    worth = [option.get("points", 0) for _, option in _parts(item, (), "options")]
    if not worth or None in worth:
        return None
    return int(max(worth) if item["type"] == "choice" else sum(worth))


def _parts(whole: Values, path: Path, key: str) -> Iterator[Placed]:
    """The sound parts of a list, each with its place."""
    for index, part in enumerate(whole.get(key) or ()):
        if part is not None:
            yield (*path, key, index), part


# --- ids, weights, total ------------------------------------------------------------------------------------


def _refuse_double_ids(parts: Iterable[Placed], text: str, reading: Reading) -> None:
    first: dict[str, Path] = {}
    for path, part in parts:
        name = part.get("id")
        if name is None:
            continue
        place = (*path, "id")
        if name in first:
            reading.refuse(place, "definition.twice", text, id=name, first=first[name])
        else:
            first[name] = place


def _refuse_uneven_weights(sections: list[Placed], reading: Reading) -> None:
    """SC-09: a weighted mean needs a weight for each section, and one that is not 0."""
    weighted = [section for _, section in sections if "weight" in section]
    if not weighted:
        return
    for path, section in sections:
        if "weight" not in section:
            text = N_("This section has no weight, but others have; give every section one, or none.")
            reading.refuse(path, "definition.weights", text)
    if len(weighted) == len(sections) and all(section["weight"] == 0 for section in weighted):
        text = N_("Every section has the weight 0, so nothing could be scored; give one at least a weight.")
        reading.refuse((*sections[0][0], "weight"), "definition.weights", text)


def _refuse_total(checklist: Values, items: list[Placed], reading: Reading) -> None:
    """SC-01: a declared total must equal the sum of what counts; bonus and trial items stand outside it."""
    declared = checklist.get("total")
    points = [item_points(item) for _, item in items if not item.get("bonus") and not item.get("trial")]
    worth = [units for units in points if units is not None]
    if declared is None or len(worth) < len(points) or sum(worth) == declared:
        return
    text = N_(
        "total says %(declared)s, but the points of the items add up to %(sum)s (bonus and trial items not "
        "counted). Correct the total or the points."
    )
    details = {"declared": _points(declared), "sum": _points(sum(worth))}
    reading.refuse(("total",), "definition.total", text, **details)


def _points(units: int) -> int | str:
    return written(Decimal(units).scaleb(-POINT_PLACES))


# --- one item -----------------------------------------------------------------------------------------------


def _refuse_item(item: Values, path: Path, reading: Reading) -> None:
    _refuse_flags(item, path, reading)
    match item.get("type"):
        case "duration":
            _refuse_order(item, path, "target_s", "limit_s", reading)
        case "count":
            _refuse_order(item, path, "met_at", "max", reading)
        case "number":
            _refuse_order(item, path, "min", "max", reading)
            _refuse_number(item, path, reading)
        case "choice" | "multi":
            _refuse_options(item, path, reading)
    if item.get("type") in ("multi", "graded", "number") and scored(item) and item_points(item) == 0:
        text = N_("Met is a part of the points here, so they must be more than 0; give it points.")
        reading.refuse((*path, "points"), "definition.points", text)


def _refuse_flags(item: Values, path: Path, reading: Reading) -> None:
    """SC-10, SC-13: what critical, bonus and trial cannot stand beside."""
    critical, bonus, trial = (item.get(flag) for flag in ("critical", "bonus", "trial"))
    if critical and item.get("type") == "scale":
        text = N_(
            "A scale cannot be critical: it says how something felt, not whether a standard was kept. "
            "Ask a yes_no_na question beside it."
        )
        reading.refuse((*path, "critical"), "definition.critical", text)
    if critical and not scored(item):
        text = N_("Only what is scored can be critical; delete critical.")
        reading.refuse((*path, "critical"), "definition.critical", text)
    if critical and (bonus or trial):
        other = "bonus" if bonus else "trial"
        text = N_("An item cannot be critical and %(other)s at once: %(other)s never counts against a visit.")
        reading.refuse((*path, "critical"), "definition.critical", text, other=other)
    if bonus and trial:
        text = N_(
            "An item cannot be bonus and trial at once: a trial item earns nothing. Delete one of them."
        )
        reading.refuse((*path, "bonus"), "definition.bonus", text)
    if bonus and item_points(item) == 0:
        text = N_("A bonus item must be worth points; give it some.")
        reading.refuse((*path, "bonus"), "definition.bonus", text)
    if not scored(item):
        for flag in ("bonus", "trial", "na_allowed"):
            if item.get(flag):
                text = N_("“%(key)s” is for items that are scored; delete it, or give the number bands.")
                reading.refuse((*path, flag), "definition.unscored", text, key=flag)


def _refuse_order(item: Values, path: Path, low: str, high: str, reading: Reading) -> None:
    least, most = item.get(low), item.get(high)
    if least is not None and most is not None and least > most:
        text = N_("%(low)s is %(least)s and %(high)s %(most)s; %(low)s cannot be the larger one.")
        details = {"low": low, "high": high, "least": least, "most": most}
        reading.refuse((*path, low), "definition.order", text, **details)


def _refuse_number(item: Values, path: Path, reading: Reading) -> None:
    if "bands" not in item:
        for key in ("points", "met_at"):
            if item.get(key):
                text = N_("A number earns points only with bands; add bands, or delete “%(key)s”.")
                reading.refuse((*path, key), "definition.unscored", text, key=key)
        return
    for key in ("points", "axis", "level"):
        if key not in item:
            refuse_missing(key, path, reading)
    bands = list(_parts(item, path, "bands"))
    for (_, band), (place, following) in pairwise(bands):
        _refuse_band_order(band, following, place, reading)
    shares = [band.get("share") for _, band in bands]
    if shares and None not in shares and WHOLE not in shares:
        text = N_("No band earns all points; one must have the share 1.")
        reading.refuse((*path, "bands"), "definition.bands", text)


def _refuse_band_order(band: Values, following: Values, place: Path, reading: Reading) -> None:
    if "up_to" not in band:
        text = N_("The band before this one has no up_to and so takes every number; give it an up_to.")
        reading.refuse(place, "definition.bands", text)
        return
    before, found = band["up_to"], following.get("up_to")
    if before is not None and found is not None and found <= before:
        text = N_("up_to must rise from band to band; %(found)s follows %(before)s.")
        details = {"found": written(found), "before": written(before)}
        reading.refuse((*place, "up_to"), "definition.bands", text, **details)


def _refuse_options(item: Values, path: Path, reading: Reading) -> None:
    options = list(_parts(item, path, "options"))
    _refuse_double_ids(
        options, N_("The option “%(id)s” is named twice, first at %(first)s; rename one."), reading
    )
    names = [option["id"] for _, option in options if option.get("id")]
    for place, option in options:
        if option.get("id") in ("na", "never"):
            text = N_(
                "An option cannot be called “%(id)s”: that word means “not applicable” or “never”. Rename it."
            )
            reading.refuse((*place, "id"), "definition.option", text, id=option["id"])
    for index, name in enumerate(item.get("met") or ()):
        if name is not None and name not in names:
            near = get_close_matches(name, names, n=1)
            text = N_("met names “%(found)s”, which is no option. There is: %(options)s.")
            details = {"found": name, "options": ", ".join(near or names)}
            reading.refuse((*path, "met", index), "definition.met", text, **details)
    _refuse_option_points(item, path, options, reading)


def _refuse_option_points(item: Values, path: Path, options: list[Placed], reading: Reading) -> None:
    """Full marks must be possible: a choice is worth its best option, a multi at most all together."""
    worth = [option.get("points", 0) for _, option in options]
    if not worth or None in worth or len(worth) < len(item.get("options") or ()):
        return
    points = item.get("points")
    if item["type"] == "choice":
        if points is not None and points != max(worth):
            text = N_("points is %(points)s, but the best option earns %(best)s; make them equal.")
            details = {"points": _points(points), "best": _points(max(worth))}
            reading.refuse((*path, "points"), "definition.points", text, **details)
        elif max(worth) == 0 and "met" not in item:
            text = N_(
                "No option earns points, so nothing says which answer is right; name it: met: [option]."
            )
            reading.refuse(path, "definition.met", text)
    elif points is not None and points > sum(worth):
        text = N_("points is %(points)s, but all options together earn %(sum)s; nobody could reach it.")
        details = {"points": _points(points), "sum": _points(sum(worth))}
        reading.refuse((*path, "points"), "definition.points", text, **details)


# --- roles and conditions -----------------------------------------------------------------------------------


def _refuse_roles(items: list[Placed], roles: list[Placed], checklist: Values, reading: Reading) -> None:
    """SC-08: a role belongs to an employee, so an item of the branch has none."""
    if "roles" in checklist and not roles:
        return
    known = [role.get("id") for _, role in roles] or [DEFAULT_ROLE]
    for path, item in items:
        role = item.get("role")
        if role is None:
            continue
        place = (*path, "role")
        if item.get("level", Level.BRANCH) == Level.BRANCH:
            text = N_("An item of the branch has no role; delete role, or write level: employee.")
            reading.refuse(place, "definition.role", text)
        elif role not in known:
            text = N_("“%(role)s” is no role of this checklist. There is: %(roles)s.")
            roles_known = ", ".join(name for name in known if name)
            reading.refuse(place, "definition.role", text, role=role, roles=roles_known)


def _refuse_ends(items: list[Placed], events: list[Placed], checklist: Values, reading: Reading) -> None:
    """A time between two taps needs both, different ones, and each an event of the checklist."""
    known = [event["id"] for _, event in events if event.get("id")]
    sound = len(known) == len(checklist.get("events") or ())  # a refused event may be the one that is meant
    for path, item in items:
        named = [end for end in ("from", "until") if end in item]
        if len(named) == 1:
            other = "until" if named == ["from"] else "from"
            text = N_("“%(key)s” needs “%(other)s” beside it: a time has a beginning and an end.")
            reading.refuse((*path, *named), "definition.ends", text, key=named[0], other=other)
        elif named and item["from"] is not None and item["from"] == item["until"]:
            text = N_("from and until are the same event; nothing lies between.")
            reading.refuse((*path, "until"), "definition.ends", text)
        for end in named:
            if sound and item[end] is not None and item[end] not in known:
                _refuse_end(item[end], known, (*path, end), reading)


def _refuse_end(found: str, known: list[str], place: Path, reading: Reading) -> None:
    if not known:
        text = N_("The checklist has no events; list them at the top: events: [{id: %(found)s, text: …}].")
        reading.refuse(place, "definition.event", text, found=found)
        return
    text = N_("“%(found)s” is no event of this checklist. There is: %(known)s.")
    near = get_close_matches(found, known, n=1)
    reading.refuse(place, "definition.event", text, found=found, known=", ".join(near or known))


def _refuse_conditions(items: list[Placed], reading: Reading) -> None:
    ids = frozenset(item["id"] for _, item in items if item.get("id"))
    earlier: dict[str, Values] = {}
    for path, item in items:
        refuse_impossible(item, path, earlier, ids, reading)
        if item.get("id"):
            earlier.setdefault(item["id"], item)

"""The keys of a checklist file: where each may stand, its shape, and what it means.

What is left out has its default, and published versions leave defaults out: **a default never changes**, and
a new key must mean nothing when it is absent. Otherwise a frozen version would change its meaning or digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checker.standards.answers import LONGEST_DURATION_S, MOST_PHOTOS
from checker.standards.body import MOST_ANSWERS, MOST_ROLES, Channel
from checker.standards.conditions import When
from checker.standards.faults import N_
from checker.standards.model import Axis, Level
from checker.standards.scale_words import Labels
from checker.standards.shapes import (
    Figure,
    Fixed,
    Flag,
    Key,
    Language,
    ListOf,
    Name,
    OneOf,
    Reading,
    Record,
    Schema,
    Texts,
    Values,
    Whole,
    described,
    read_keys,
    refuse_no_record,
    refuse_unknown,
    shown,
)
from checker.standards.yaml_lines import Path

POINT_PLACES = 4
SHARE_PLACES = 6
PERCENT_PLACES = 4
"""A percentage with 4 decimal places is a share in millionths."""

MOST_EVENT_KINDS = 20
"""Events of one checklist; nobody finds the right one of more buttons while it happens."""

PILLARS = ("communication", "loyalty", "assortment", "offers", "cost", "experience", "feedback")

KEPT = ("time", "place")
"""What may be kept of a photo beside its picture."""

UNSCORED = frozenset({"text", "photo", "datetime"})
"""Types that never earn points; `number` does when it has bands."""

POINTS = Fixed(POINT_PLACES, 0, 1_000_000)
SHARE = Fixed(SHARE_PLACES, 0, 1)
TEXTS = Texts()
ID = Name()
FLAG = Flag()

TOLERANCE = Record(
    (
        Key("tapped", Whole(0, 60), "Seconds for a time that was tapped. Default 1."),
        Key("estimated", Whole(0, 60), "Seconds for a time that was typed from memory. Default 3."),
    )
)

OPTION = Record(
    (
        Key("id", ID, "The word that stands for this answer in data; never shown.", required=True),
        Key("text", TEXTS, "The answer as the shopper reads it.", required=True),
        Key("points", POINTS, "What this answer earns. Default 0."),
    )
)

EVENT = Record(
    (
        Key("id", ID, "The event's id, used by from and until and by visits.", required=True),
        Key("text", TEXTS, "What stands on its button; one or two words.", required=True),
    )
)

BAND = Record(
    (
        Key(
            "up_to", Figure(), "The largest number of this band; leave it out in the last: everything above."
        ),
        Key("share", SHARE, "The part of the points that this band earns, 0 to 1.", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: an id alone, or an id with its title."""

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if isinstance(value, str):
            name = ID.read(value, path, reading)
            return None if name is None else {"id": name}
        return _ROLE.read(value, path, reading)

    def schema(self) -> Schema:
        return {"anyOf": [ID.schema(), _ROLE.schema()]}


_ROLE = Record(
    (
        Key("id", ID, "The role's id, used by items and by visits.", required=True),
        Key("title", TEXTS, "The role as the shopper reads it."),
    )
)


@dataclass(frozen=True, slots=True)
class BonusCap:
    """100 or none; read as whether bonus stops at 100 %."""

    def read(self, value: object, path: Path, reading: Reading) -> bool | None:
        if value in (100, "none") and not isinstance(value, bool):
            return value == 100
        text = N_("“bonus_cap” is 100 or none, not “%(found)s”.")
        reading.refuse(path, "definition.bonus_cap", text, found=shown(value))
        return None

    def schema(self) -> Schema:
        return {"enum": [100, "none"]}


_OPTIONS = Key("options", ListOf(OPTION, 100), "The answers to choose from.", required=True)
_MET_SHARE = Key("met_at", SHARE, "The part of the points from which the standard is met. Default 1.")

TYPES: Mapping[str, tuple[Key, ...]] = {
    "yes_no_na": (),
    "duration": (
        Key("target_s", Whole(0, LONGEST_DURATION_S), "Seconds that earn all points.", required=True),
        Key("limit_s", Whole(1, LONGEST_DURATION_S), "Seconds after which nothing is earned.", required=True),
        Key("at_limit", SHARE, "The part of the points earned exactly at the limit. Default 0.5."),
        Key("tolerance_s", TOLERANCE, "Seconds beyond the limit that still count as at the limit."),
        Key("from", ID, "The event whose tap begins it; with until, the time between is the answer."),
        Key("until", ID, "The event whose tap ends it."),
    ),
    "count": (
        Key("max", Whole(1, 1_000), "The highest count; it earns all points.", required=True),
        Key("met_at", Whole(1, 1_000), "The count from which the standard is met. Default: max."),
    ),
    "scale": (
        Key("met_at", Whole(2, 5), "The value from which the standard is met. Default 4."),
        Key("scale_labels", Labels(), "The words for 1 and 5: quality, degree, or your own as low and high."),
    ),
    "choice": (
        _OPTIONS,
        Key(
            "met", ListOf(ID, 100, unique=True), "The options that meet the standard. Default: the best one."
        ),
    ),
    "multi": (_OPTIONS, _MET_SHARE),
    "graded": (_MET_SHARE,),
    "number": (
        Key("min", Figure(), "The smallest number that may be answered."),
        Key("max", Figure(), "The largest number that may be answered."),
        Key("bands", ListOf(BAND, 100), "What numbers earn, from the smallest band up."),
        _MET_SHARE,
    ),
    "text": (),
    "photo": (
        Key(
            "gallery",
            FLAG,
            "Whether a picture taken before may be chosen, not the camera alone. Default true.",
        ),
        Key("most", Whole(1, MOST_PHOTOS), "How many photos it takes at most. Default 5."),
        Key(
            "keep",
            ListOf(OneOf(KEPT), len(KEPT), unique=True),
            "Keep when or where each photo was taken. Default: neither.",
        ),
    ),
    "datetime": (),
}
"""The keys that belong to one type of item."""

COMMON = (
    Key("id", ID, "The item's id; it never changes, whatever the words become.", required=True),
    Key("type", OneOf(tuple(TYPES)), "How the item is answered and earns its points.", required=True),
    Key("text", TEXTS, "The question or statement as the shopper reads it.", required=True),
    Key("help", TEXTS, "How to judge it, shown below the question."),
    Key("why", TEXTS, "Why it matters to the customer."),
    Key("required", FLAG, "Whether it must be answered before sending. Default: true when it is scored."),
    Key("axis", OneOf(tuple(Axis)), "standard counts for Compliance, experience for Experience."),
    Key(
        "level",
        OneOf(tuple(Level)),
        "employee: counts for the person and the branch. branch: for the branch.",
    ),
    Key("role", ID, "Which role's employee it is about. Default: the first role."),
    Key("standard", ID, "The standard it measures, shared between checklists. Default: the item's id."),
    Key("pillar", OneOf(PILLARS), "The side of service it belongs to."),
    Key("when", When(), "Asked only if all of this holds."),
)
"""The keys that every type of item has."""

SCORED = (
    Key("points", POINTS, "What a full answer earns; at most 4 decimal places."),
    Key("critical", FLAG, "Whether a visit that does not meet it is flagged. Default false."),
    Key("bonus", FLAG, "Whether its points come on top of the others. Default false."),
    Key("trial", FLAG, "Whether it is asked without counting yet. Default false."),
    Key("na_allowed", FLAG, "Whether “not applicable” is an answer. Default: true for yes_no_na alone."),
)
"""The further keys of every type that can be scored."""

_NEEDED: Mapping[str, frozenset[str]] = {
    "choice": frozenset({"axis", "level"}),  # the best option says the points
    "multi": frozenset({"axis", "level"}),
    "number": frozenset(),  # scored only with bands
}


def _item_keys(kind: str) -> tuple[Key, ...]:
    if kind in UNSCORED:
        return (*COMMON, *TYPES[kind])
    needed = _NEEDED.get(kind, frozenset({"points", "axis", "level"}))
    keys = (*COMMON, *SCORED, *TYPES[kind])
    return tuple(replace(key, required=True) if key.name in needed else key for key in keys)


ITEM: Mapping[str, tuple[Key, ...]] = {kind: _item_keys(kind) for kind in TYPES}
"""Type -> every key an item of it may have, and which of them it must have."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item: which keys it has depends on its type."""

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if not isinstance(value, Mapping):
            refuse_no_record(value, path, reading)
            return None
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in ITEM:
            return read_keys(COMMON, value, path, reading)
        known = {key.name for key in ITEM[kind]}
        elsewhere = {key.name for keys in ITEM.values() for key in keys} - known
        refuse_unknown((key for key in value if key not in elsewhere), known, path, reading)
        for key in elsewhere.intersection(value):
            types = ", ".join(other for other, keys in ITEM.items() if key in {one.name for one in keys})
            text = N_("“%(key)s” does not belong to the type %(type)s but to: %(types)s.")
            reading.refuse((*path, key), "definition.foreign_key", text, key=key, type=kind, types=types)
        return read_keys(ITEM[kind], value, path, reading)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key.name: described(key) for key in COMMON},
            "required": [key.name for key in COMMON if key.required],
            "allOf": [self._schema_of(kind) for kind in ITEM],
        }

    def _schema_of(self, kind: str) -> Schema:
        """What a type adds; `propertyNames`, not `unevaluatedProperties`, which many editors do not know."""
        own = [key for key in ITEM[kind] if key not in COMMON]
        then: Schema = {"propertyNames": {"enum": [key.name for key in ITEM[kind]]}}
        if own:
            then["properties"] = {key.name: described(key) for key in own}
        if required := [key.name for key in own if key.required]:
            then["required"] = required
        if kind == "number":
            then["dependentRequired"] = {"bands": ["points", "axis", "level"]}
        return {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": then}


SECTION = Record(
    (
        Key("id", ID, "The section's id.", required=True),
        Key("title", TEXTS, "Its heading.", required=True),
        Key(
            "weight", Fixed(POINT_PLACES, 0, 1_000_000), "Its part in the axis; for all sections or for none."
        ),
        Key(
            "items",
            ListOf(Item(), MOST_ANSWERS),
            "Its questions, in the order they are asked.",
            required=True,
        ),
    )
)

CHECKLIST = Record(
    (
        Key("id", ID, "The checklist's id, the same in all its versions.", required=True),
        Key("version", Whole(1, 100_000), "Raise it by 1 whenever anything changes.", required=True),
        Key("title", TEXTS, "What the checklist is called.", required=True),
        Key("languages", ListOf(Language(), 50, unique=True), "The languages of every text.", required=True),
        Key("sector", ID, "The trade it is for, such as retail."),
        Key("channel", OneOf(tuple(Channel)), "Where the contact takes place. Default store."),
        Key("roles", ListOf(Role(), MOST_ROLES), "The parts employees play. Default: one role, served_by."),
        Key("events", ListOf(EVENT, MOST_EVENT_KINDS), "What is tapped the moment it happens, in order."),
        Key("tolerance_s", TOLERANCE, "Seconds beyond a limit that still count as at the limit."),
        Key(
            "critical_cap",
            Fixed(PERCENT_PLACES, 0, 100),
            "Highest % of an axis with a critical item not met.",
        ),
        Key("bonus_cap", BonusCap(), "100: bonus stops at 100 %. none: it may go beyond. Default 100."),
        Key("total", Fixed(POINT_PLACES, 0, 1_000_000_000), "What the points must add up to, for checking."),
        Key("sections", ListOf(SECTION, 100), "The parts of the checklist, in order.", required=True),
    )
)
"""A whole file."""

"""The shapes of the API as JSON Schema, made from the tables and enumerations that read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from enum import StrEnum
from typing import Any, get_args

from checker.standards import body, fields
from checker.standards.answers import LONGEST_TEXT
from checker.standards.life import Review, ReviewStep
from checker.standards.model import Rule
from checker.standards.statistics import Change, Verdict
from checker.web.api.parameters import By, State
from checker.web.api.wire import AXES

Schema = dict[str, Any]

TYPES = [rule.kind for rule in get_args(Rule)]
"""The types of items."""


# --- small words --------------------------------------------------------------------------------------------


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(words: type[StrEnum]) -> Schema:
    """One word of an enumeration."""
    return {"type": "string", "enum": [word.value for word in words]}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    made = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        made["enum"] = [*schema["enum"], None]
    return made


def described(schema: Schema, words: str) -> Schema:
    """The same with a sentence for people."""
    return {**schema, "description": words}


def a_list(of: Schema, **limits: int) -> Schema:
    """A list of one kind."""
    return {"type": "array", "items": of, **limits}


def a_map(of: Schema, **limits: int) -> Schema:
    """An object of any names."""
    return {"type": "object", "additionalProperties": of, **limits}


def an_object(properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    """An object of exactly these names; all are there but the optional ones."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


CODE: Schema = {"type": "string", "minLength": 1, "maxLength": fields.LONGEST_CODE, "pattern": r"^\S(.*\S)?$"}
UUID: Schema = {
    "type": "string",
    "format": "uuid",
    "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}
MOMENT: Schema = {
    "type": "string",
    # Not "date-time": that wants seconds, and a moment may be told to the minute.
    "pattern": r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})$",
}
DAY: Schema = {"type": "string", "format": "date"}
KEPT_DAY = (
    "Always null: the days on which an employee served stay in the branch, whose visits are known by day."
)
MONTH: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
WORDS: Schema = {"type": "string", "maxLength": LONGEST_TEXT}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": fields.LARGEST_COUNT}
ORDINAL: Schema = {**COUNT, "minimum": 1}
TEXT: Schema = {"type": "string"}
N: Schema = {"type": "integer", "minimum": 0}
POINTS: Schema = {"type": "number", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
AXIS: Schema = {"type": "string", "enum": list(AXES.values())}

READERS: Mapping[Callable[..., object], Schema] = {
    fields.words: WORDS,
    fields.flag: FLAG,
    fields.count: COUNT,
}
"""What the readers in `body.CONTEXT` take."""


# --- what is sent -------------------------------------------------------------------------------------------

SERVED_BY: Schema = {
    "description": "An employee by code, a person described in words, or null when nobody knows who it was.",
    "anyOf": [
        an_object({"code": CODE}),
        an_object({"described": {**WORDS, "minLength": 1}}),
        {"type": "null"},
    ],
}

_SAID: Schema = {
    "anyOf": [
        {"type": "string", "maxLength": LONGEST_TEXT},
        {"type": "integer"},
        a_list({"type": "string"}, maxItems=body.MOST_ANSWERS),
    ]
}

ANSWER: Schema = {
    "description": (
        'yes_no_na "yes", "no" or "na"; duration seconds or "never"; count and scale integers; choice the id '
        "of an option, multi a list of them; graded and number an integer or a decimal as text, such as "
        '"25.4"; text; datetime with offset, told as its day alone to keys that may not know the hour; photo '
        "a list of SHA-256. Null is not answered."
    ),
    "anyOf": [
        *_SAID["anyOf"],
        {"type": "null"},
        {
            "type": "object",
            "properties": {
                "value": _SAID,
                "na": {"const": True},
                "never": {"const": True},
                "note": WORDS,
                "estimated": FLAG,
            },
            "oneOf": [{"required": ["value"]}, {"required": ["na"]}, {"required": ["never"]}],
            "additionalProperties": False,
        },
    ],
}

DEGREES: Schema = {"type": "string", "pattern": r"^-?[0-9]{1,3}(\.[0-9]{1,7})?$"}
MILLISECONDS: Schema = {
    "type": "integer",
    "minimum": -fields.LARGEST_INTEGER,
    "maximum": fields.LARGEST_INTEGER,
}

PHOTO = an_object(
    {
        "item": CODE,
        "sha256": SHA256,
        "taken_at": described(nullable(MOMENT), "Only where the item keeps the time of its photos."),
        "place": {
            "description": "Only where the item keeps the place of its photos.",
            "anyOf": [
                an_object({"lat": DEGREES, "lon": DEGREES, "accuracy_m": nullable(COUNT)}, ("accuracy_m",)),
                {"type": "null"},
            ],
        },
    },
    optional=("taken_at", "place"),
)

EVENT = an_object(
    {
        "event": described(
            {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,59}(\.[a-z_]{1,20})?$"},
            "An event of the checklist, the .start or .stop of one of its durations, or call.busy, "
            "call.menu, call.hold, call.no_answer.",
        ),
        "at": MOMENT,
        "estimated": described(nullable(FLAG), "The moment was not tapped but given afterwards."),
    },
    optional=("estimated",),
)

CLOCK = an_object(
    {
        "ahead_ms": described(nullable(MILLISECONDS), "How far the device's clock was ahead of ours."),
        "checked_at": nullable(MOMENT),
    },
    optional=("ahead_ms", "checked_at"),
)

SENT: Mapping[str, Schema] = {
    "id": described(UUID, "Made by the sender; the same id again is the same visit."),
    "checklist": CODE,
    "version": described(ORDINAL, "Any version that was ever published is taken."),
    "branch": CODE,
    "visited_at": described(MOMENT, "The start of the contact, with offset."),
    "programme": CODE,
    "employees": a_map(ref("ServedBy"), maxProperties=body.MOST_ROLES),
    "assignment": UUID,
    "method": one_of(body.Method),
    "channel": one_of(body.Channel),
    "subject": one_of(body.Subject),
    "purpose": one_of(body.Purpose),
    "practice": FLAG,
    "outcome": one_of(body.Outcome),
    "reason": described(WORDS, "Why the visit was not completed, or why it is corrected."),
    "service_level": one_of(body.ServiceLevel),
    "context": {
        "type": "object",
        "properties": {name: nullable(READERS[read]) for name, read in body.CONTEXT.items()},
        "additionalProperties": False,
    },
    "photos": a_list(ref("Photo"), maxItems=body.MOST_PHOTOS),
    "answers": a_map(ref("Answer"), maxProperties=body.MOST_ANSWERS),
    "events": described(
        a_list(ref("Event"), maxItems=body.MOST_EVENTS),
        "What was tapped the moment it happened; it earns nothing.",
    ),
    "clock": ref("Clock"),
    "revises": described(SHA256, "The manifest hash of the revision this replaces."),
}
"""Field of `body.Sent` -> what it takes; what has a default there may be left out or null."""

REQUIRED = [
    name
    for name, field in body.Sent.__dataclass_fields__.items()
    if field.default is MISSING and field.default_factory is MISSING
]
"""What every visit needs."""


def sent(*, correction: bool) -> Schema:
    """A visit as it is sent, or its correction."""
    required = [*REQUIRED, "reason", "revises"] if correction else list(REQUIRED)
    properties = {
        name: schema if name in required else _with_default(name, schema)
        for name, schema in SENT.items()
        if correction or name != "revises"
    }
    if correction:
        properties["reason"] = {**SENT["reason"], "minLength": 1}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _with_default(name: str, schema: Schema) -> Schema:
    default = body.Sent.__dataclass_fields__[name].default
    shown = {"default": default} if isinstance(default, str | bool) and default != "" else {}
    return {**nullable(schema), **shown}


# --- what is answered ---------------------------------------------------------------------------------------

FIGURE = an_object(
    {
        "n": described(N, "Scored visits behind the mean."),
        "mean": nullable(SHARE),
        "low": nullable(SHARE),
        "high": nullable(SHARE),
        "target": nullable(SHARE),
    }
)

EVENTS = [*(step.value for step in ReviewStep), "exclude", "include"]
"""What can happen to a visit that was received."""

LINE: Mapping[str, Schema] = {
    "id": UUID,
    "programme": TEXT,
    "checklist": TEXT,
    "version": ORDINAL,
    "branch": TEXT,
    "region": described(TEXT, "The branch's region at the time of the visit."),
    "month": MONTH,
    "visited_on": described(DAY, "The day, branch time."),
    "method": one_of(body.Method),
    "channel": one_of(body.Channel),
    "subject": one_of(body.Subject),
    "purpose": one_of(body.Purpose),
    "practice": FLAG,
    "outcome": one_of(body.Outcome),
    "service_level": nullable(one_of(body.ServiceLevel)),
    "state": one_of(Review),
    "excluded": FLAG,
    "counted": described(FLAG, "Whether the visit enters figures."),
    "revision": ORDINAL,
    "scores": described(nullable(ref("VisitScores")), "With scores:read; null unless completed."),
}

WHOLE: Mapping[str, Schema] = {
    **LINE,
    "visited_at": described(INSTANT, "For reviewers, administrators, and the shopper who sent it."),
    "manifest_hash": described(SHA256, "The current revision's; for the same people."),
    "reason": TEXT,
    "context": a_map({"type": ["string", "integer", "boolean"]}),
    "answers": a_map(ref("Answer")),
    "revisions": a_list(an_object({"n": ORDINAL, "on": DAY, "reason": TEXT})),
    "photos": described(a_list(ref("Photo")), "For reviewers and administrators."),
    "taps": described(a_list(ref("Event")), "The events as they were sent; for the same people."),
    "clock": described(nullable(ref("Clock")), "The device's clock; for the same people."),
    "events": a_list(an_object({"kind": {"type": "string", "enum": EVENTS}, "on": DAY, "reason": TEXT})),
    "items": described(
        a_map(an_object({"met": nullable(FLAG), "earned": POINTS, "possible": POINTS})),
        "Item -> what it was worth; with scores:read.",
    ),
    "explanation": described(
        a_list(an_object({"axis": AXIS, "kind": TEXT, "item": nullable(TEXT), "share": {"type": "number"}})),
        "Lines whose shares add up to the axis' share; with scores:read.",
    ),
}

TIMING = an_object(
    {
        "target_s": N,
        "limit_s": N,
        "timed": N,
        "never": N,
        "median_s": {"type": ["number", "null"]},
        "median_at_least": described(FLAG, "The median lies in the last of the seconds."),
        "within_target": N,
        "within_limit": N,
        "seconds": described(a_map(N), "Whole second -> visits; the last is all beyond 600 and the limit."),
    }
)

ROWS: Mapping[By, Schema] = {
    By.BRANCH: an_object({"branch": TEXT, "compliance": ref("Figure"), "experience": ref("Figure")}),
    By.EMPLOYEE: an_object(
        {
            "employee": TEXT,
            "n": N,
            "compliance": nullable(SHARE),
            "low": nullable(SHARE),
            "high": nullable(SHARE),
            "experience": nullable(SHARE),
            "since": described(MONTH, "The first month behind the figure."),
            "through": described(
                MONTH, "The last one: since and through are a calendar quarter that is over."
            ),
            "first": described(nullable(DAY), KEPT_DAY),
            "last": described(nullable(DAY), KEPT_DAY),
            "withheld": described(
                FLAG, "Too few visits, or it would tell a figure of too few: only n is told."
            ),
        }
    ),
    By.STANDARD: an_object(
        {
            "standard": TEXT,
            "axis": AXIS,
            "type": {"type": "string", "enum": TYPES},
            "trial": FLAG,
            "asked": N,
            "met": N,
            "not_applicable": N,
            "share": nullable(SHARE),
            "low": nullable(SHARE),
            "high": nullable(SHARE),
            "target": nullable(SHARE),
            "verdict": {"type": "string", "enum": [verdict.name.lower() for verdict in Verdict]},
            "change": {"type": "string", "enum": [change.name.lower() for change in Change]},
            "timing": nullable(ref("Timing")),
            "counts": described(a_map(N), "For counts and scales: value -> visits."),
        }
    ),
    By.MONTH: an_object({"month": MONTH, "compliance": ref("Figure"), "experience": ref("Figure")}),
}

HEAD: Mapping[str, Schema] = {
    "month": MONTH,
    "programme": TEXT,
    "checklist": TEXT,
    "method": one_of(body.Method),
    "data_until": described(INSTANT, "How far the figures reach."),
}

SCOPES: Mapping[By, Mapping[str, Schema]] = {
    By.BRANCH: {},
    By.EMPLOYEE: {"branch": TEXT},
    By.STANDARD: {"branch": TEXT, "region": TEXT, "versions": a_list(ORDINAL)},
    By.MONTH: {"branch": TEXT, "region": TEXT},
}


def scores(by: By) -> Schema:
    """The answer of one way of asking for scores."""
    properties = {"by": {"const": by.value}, **HEAD, **SCOPES[by], "rows": a_list(ROWS[by])}
    optional = () if by is By.EMPLOYEE else ("branch", "region")
    return an_object(properties, optional)


PROBLEM = an_object(
    {
        "type": {"type": "string"},
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": described(TEXT, "Stable; never used for anything else."),
        "detail": described(TEXT, "What is wrong and what to do next, in the language asked for."),
        "faults": a_list(an_object({"item": TEXT, "code": TEXT, "text": TEXT})),
    },
    optional=("faults",),
)

SCHEMAS: Mapping[str, Schema] = {
    "Visit": sent(correction=False),
    "Revision": sent(correction=True),
    "Answer": ANSWER,
    "ServedBy": SERVED_BY,
    "Photo": PHOTO,
    "Event": EVENT,
    "Clock": CLOCK,
    "Receipt": an_object(
        {
            "id": UUID,
            "manifest_hash": described(SHA256, "SHA-256 of the canonical JSON (RFC 8785) of what was sent."),
            "received_at": INSTANT,
            "scores": described(nullable(ref("VisitScores")), "With scores:read; null unless completed."),
        },
        optional=("scores",),
    ),
    "PhotoReceipt": an_object(
        {
            "item": CODE,
            "sha256": described(SHA256, "Of what was sent, as the visit lists it."),
            "stored_sha256": described(
                SHA256, "Of the picture that is kept: upright, small, without metadata."
            ),
            "received_at": INSTANT,
        }
    ),
    "VisitScores": an_object({"compliance": nullable(SHARE), "experience": nullable(SHARE), "flagged": FLAG}),
    "VisitLine": an_object(LINE, optional=("scores",)),
    "VisitPage": an_object({"visits": a_list(ref("VisitLine")), "next": nullable(UUID)}),
    "VisitWhole": an_object(
        WHOLE,
        optional=(
            "scores",
            "visited_at",
            "manifest_hash",
            "photos",
            "taps",
            "clock",
            "items",
            "explanation",
        ),
    ),
    "ActionLine": an_object(
        {
            "id": UUID,
            "programme": TEXT,
            "branch": described(nullable(TEXT), "Null where it is of a region or of the network."),
            "region": described(
                nullable(TEXT), "Its own, or the one in which its branch lies today; null for the network."
            ),
            "standard": described(nullable(TEXT), "The standard it is about, if it is about one."),
            "what": TEXT,
            "owner": described(TEXT, "A function or a team, as typed."),
            "due_on": DAY,
            "measured_by": TEXT,
            "state": one_of(State),
            "overdue": described(FLAG, "Open, and due before today on the calendar of its branch."),
            "outcome": described(TEXT, "What came of it; kept when it is opened again."),
            "closed_on": nullable(DAY),
        }
    ),
    "ActionPage": an_object({"actions": a_list(ref("ActionLine")), "next": nullable(UUID)}),
    "Figure": FIGURE,
    "Timing": TIMING,
    "Scores": {"oneOf": [scores(by) for by in By]},
    "Branches": an_object(
        {
            "branches": a_list(
                an_object(
                    {
                        "code": TEXT,
                        "name": TEXT,
                        "region": TEXT,
                        "region_name": TEXT,
                        "zone": described(TEXT, "IANA time zone."),
                        "format": TEXT,
                        "group": TEXT,
                        "opened_on": nullable(DAY),
                        "closed_on": nullable(DAY),
                    }
                )
            )
        }
    ),
    "Employees": an_object({"employees": a_list(an_object({"code": TEXT, "branch": TEXT}))}),
    "Checklists": an_object(
        {
            "checklists": a_list(
                an_object(
                    {
                        "id": TEXT,
                        "title": described(a_map(TEXT), "Language -> words."),
                        "languages": a_list(TEXT),
                        "channel": TEXT,
                        "current": ORDINAL,
                        "versions": a_list(an_object({"version": ORDINAL, "hash": SHA256})),
                    }
                )
            )
        }
    ),
    "Definition": an_object(
        {
            "id": TEXT,
            "version": ORDINAL,
            "hash": described(SHA256, "SHA-256 of the canonical JSON of the definition."),
            "definition": described({"type": "object"}, "As checklists/README.md tells it."),
        }
    ),
    "Document": described({"type": "object"}, "This document."),
    "Problem": PROBLEM,
}

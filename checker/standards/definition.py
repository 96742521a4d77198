"""A checklist made of what was read, and its plain definition: the thing that is hashed and frozen.

The definition is made of the checklist alone, so two files that say the same have the same one: decimals are
texts, whole numbers integers, and what equals its default is left out (`keys` says why that is safe).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from checker.standards.coherence import item_points, scored
from checker.standards.keys import KEPT, PERCENT_PLACES, POINT_PLACES, SHARE_PLACES
from checker.standards.model import (
    DEFAULT_ROLE,
    WHOLE,
    Axis,
    Band,
    Checklist,
    Choice,
    Condition,
    Count,
    DateTime,
    Duration,
    Event,
    FreeText,
    Graded,
    Item,
    Level,
    Multi,
    Number,
    Option,
    Photo,
    Role,
    Rule,
    Scale,
    Section,
    YesNo,
)
from checker.standards.shapes import Values, written

Plain = dict[str, Any]


# --- from what was read -------------------------------------------------------------------------------------


def build(read: Values) -> Checklist:
    """The checklist that sound values say; every default is filled here."""
    roles = tuple(Role(role["id"], role.get("title", {})) for role in read.get("roles", ()))
    roles = roles or (Role(DEFAULT_ROLE),)
    tolerance = read.get("tolerance_s", {})
    return Checklist(
        id=read["id"],
        version=read["version"],
        title=read["title"],
        languages=tuple(read["languages"]),
        sections=tuple(
            Section(
                id=section["id"],
                title=section["title"],
                items=tuple(_item(item, roles, tolerance) for item in section["items"]),
                weight=section.get("weight"),
            )
            for section in read["sections"]
        ),
        roles=roles,
        sector=read.get("sector", ""),
        channel=read.get("channel", "store"),
        critical_cap=read.get("critical_cap"),
        bonus_cap=read.get("bonus_cap", True),
        events=tuple(Event(event["id"], event["text"]) for event in read.get("events", ())),
    )


def _item(read: Values, roles: tuple[Role, ...], tolerance: Mapping[str, int]) -> Item:
    return Item(
        id=read["id"],
        rule=_rule(read, tolerance),
        text=read["text"],
        help=read.get("help", {}),
        why=read.get("why", {}),
        required=read.get("required", scored(read)),
        points=item_points(read) or 0,
        axis=Axis(read.get("axis", Axis.STANDARD)),
        level=Level(read.get("level", Level.BRANCH)),
        role=read.get("role", roles[0].id),
        standard=read.get("standard") or read["id"],
        critical=read.get("critical", False),
        bonus=read.get("bonus", False),
        trial=read.get("trial", False),
        na_allowed=read.get("na_allowed", read["type"] == "yes_no_na"),
        pillar=read.get("pillar", ""),
        when=read.get("when", ()),
    )


def _rule(read: Values, tolerance: Mapping[str, int]) -> Rule:
    match read["type"]:
        case "yes_no_na":
            return YesNo()
        case "duration":
            tolerance = {"tapped": 1, "estimated": 3, **tolerance, **read.get("tolerance_s", {})}
            at_limit = read.get("at_limit", WHOLE // 2)
            return Duration(
                read["target_s"],
                read["limit_s"],
                at_limit,
                tolerance["tapped"],
                tolerance["estimated"],
                read.get("from", ""),
                read.get("until", ""),
            )
        case "count":
            return Count(read["max"], read.get("met_at") or read["max"])
        case "scale":
            labels = read.get("scale_labels", {})
            return Scale(read.get("met_at", 4), labels.get("low", {}), labels.get("high", {}))
        case "choice":
            options = _options(read)
            return Choice(options, frozenset(read.get("met", _best(options))))
        case "multi":
            return Multi(_options(read), read.get("met_at", WHOLE))
        case "graded":
            return Graded(read.get("met_at", WHOLE))
        case "number":
            bands = tuple(Band(band.get("up_to"), band["share"]) for band in read.get("bands", ()))
            return Number(read.get("min"), read.get("max"), bands, read.get("met_at", WHOLE))
        case "text":
            return FreeText()
        case "photo":
            keep = tuple(word for word in KEPT if word in read.get("keep", ()))
            return Photo(read.get("gallery", True), read.get("most", 5), keep)
    return DateTime()


def _options(read: Values) -> tuple[Option, ...]:
    return tuple(Option(option["id"], option["text"], option.get("points", 0)) for option in read["options"])


def _best(options: Iterable[Option]) -> list[str]:
    """The options that earn most: a choice is met by them unless `met` says otherwise."""
    options = list(options)
    most = max(option.points for option in options)
    return [option.id for option in options if option.points == most]


# --- to the plain definition --------------------------------------------------------------------------------


def plain(checklist: Checklist) -> Plain:
    """The definition of `checklist` as plain JSON values, the same for every way of writing it."""
    default_roles = checklist.roles == (Role(DEFAULT_ROLE),)
    cap = checklist.critical_cap
    return {
        "id": checklist.id,
        "version": checklist.version,
        "title": dict(checklist.title),
        "languages": list(checklist.languages),
        **_kept("sector", checklist.sector, ""),
        **_kept("channel", checklist.channel, "store"),
        **_kept("roles", [] if default_roles else [_plain_role(role) for role in checklist.roles], []),
        **_kept("critical_cap", None if cap is None else _number(cap, PERCENT_PLACES), None),
        **_kept("bonus_cap", 100 if checklist.bonus_cap else "none", 100),
        **_kept("events", [{"id": event.id, "text": dict(event.text)} for event in checklist.events], []),
        "sections": [_plain_section(section, checklist.roles[0]) for section in checklist.sections],
    }


def _kept(key: str, value: object, default: object) -> Plain:
    """A key that is written only when it says something."""
    return {} if value == default else {key: value}


def _plain_role(role: Role) -> Plain:
    return {"id": role.id, **_kept("title", dict(role.title), {})}


def _plain_section(section: Section, first_role: Role) -> Plain:
    weight = section.weight
    return {
        "id": section.id,
        "title": dict(section.title),
        **_kept("weight", None if weight is None else _number(weight, POINT_PLACES), None),
        "items": [_plain_item(item, first_role) for item in section.items],
    }


def _plain_item(item: Item, first_role: Role) -> Plain:
    axis, level = item.axis.value, item.level.value
    if item.scored:
        worth = {"points": _number(item.points, POINT_PLACES), "axis": axis, "level": level}
    else:
        worth = _kept("axis", axis, "standard") | _kept("level", level, "branch")
    return {
        "id": item.id,
        "type": item.type,
        **worth,
        **_plain_rule(item.rule),
        **_kept("role", item.role, first_role.id),
        **_kept("standard", item.standard, item.id),
        **_kept("required", item.required, item.scored),
        **_kept("critical", item.critical, False),
        **_kept("bonus", item.bonus, False),
        **_kept("trial", item.trial, False),
        **_kept("na_allowed", item.na_allowed, isinstance(item.rule, YesNo)),
        **_kept("pillar", item.pillar, ""),
        "text": dict(item.text),
        **_kept("help", dict(item.help), {}),
        **_kept("why", dict(item.why), {}),
        **_kept("when", dict(map(_plain_condition, item.when)), {}),
    }


def _plain_rule(rule: Rule) -> Plain:
    match rule:
        case Duration():
            tolerance = _kept("tapped", rule.tapped_tolerance_s, 1)
            tolerance |= _kept("estimated", rule.estimated_tolerance_s, 3)
            return {
                "target_s": rule.target_s,
                "limit_s": rule.limit_s,
                **_kept("at_limit", _number(rule.at_limit, SHARE_PLACES), "0.5"),
                **_kept("tolerance_s", tolerance, {}),
                **_kept("from", rule.start, ""),
                **_kept("until", rule.stop, ""),
            }
        case Count():
            return {"max": rule.maximum, **_kept("met_at", rule.met_at, rule.maximum)}
        case Scale():
            labels = {"low": dict(rule.low_label), "high": dict(rule.high_label)}
            return _kept("met_at", rule.met_at, 4) | _kept("scale_labels", labels, {"low": {}, "high": {}})
        case Choice():
            met = [option.id for option in rule.options if option.id in rule.met]
            return {**_plain_options(rule.options), **_kept("met", met, _best(rule.options))}
        case Multi():
            return {**_plain_options(rule.options), **_met_share(rule.met_at)}
        case Graded():
            return _met_share(rule.met_at)
        case Number():
            return {
                **_kept("min", _decimal(rule.minimum), None),
                **_kept("max", _decimal(rule.maximum), None),
                **_kept("bands", [_plain_band(band) for band in rule.bands], []),
                **_met_share(rule.met_at),
            }
        case Photo():
            return {
                **_kept("gallery", rule.gallery, True),
                **_kept("most", rule.most, 5),
                **_kept("keep", list(rule.keep), []),
            }
    return {}


def _met_share(met_at: int) -> Plain:
    return _kept("met_at", _number(met_at, SHARE_PLACES), 1)


def _plain_options(options: Iterable[Option]) -> Plain:
    return {
        "options": [
            {
                "id": option.id,
                "text": dict(option.text),
                **_kept("points", _number(option.points, POINT_PLACES), 0),
            }
            for option in options
        ]
    }


def _plain_band(band: Band) -> Plain:
    return {**_kept("up_to", _decimal(band.up_to), None), "share": _number(band.share, SHARE_PLACES)}


def _plain_condition(condition: Condition) -> tuple[str, object]:
    if condition.values:
        return condition.subject, list(condition.values)
    low, high = _decimal(condition.minimum), _decimal(condition.maximum)
    return condition.subject, _kept("min", low, None) | _kept("max", high, None)


def _number(units: int, places: int) -> int | str:
    return written(Decimal(units).scaleb(-places))


def _decimal(number: Decimal | None) -> int | str | None:
    return None if number is None else written(number)

"""A visit laid out for reading: its sections with what each answer is worth, and how the scores add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from checker.standards.model import Axis, Checklist, FreeText, Item, Line, Section
from checker.standards.month import Month
from checker.standards.score import Explanation
from checker.summaries.values import VisitSheet
from checker.web.findings import asks_for_experience
from checker.web.said_answers import answer_in_words, units
from checker.web.texts import said, said_plainly


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo at its question. `kept` is when and where it was taken, for the office, where the item asks."""

    sha256: str
    arrived: bool
    words: str
    kept: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer. `adds` is its part of the axis' score, None where it has none."""

    item: Item
    words: Markup
    note: str
    met: bool | None
    scored: bool
    earned: str
    possible: str
    adds: float | None
    loses: float | None
    """What the points that were not earned would have added."""
    within_tolerance: bool
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section with the questions that were asked."""

    section: Section
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What moves an axis after its items: "weights", "bonus_cap" or "critical_cap"."""

    kind: str
    adds: float


@dataclass(frozen=True, slots=True)
class AxisSum:
    """How an axis' score comes about: items, then adjustments; they add up to the score (SC-14)."""

    axis: Axis
    share: int
    items: float
    earned: str
    possible: str
    bonus: float
    adjustments: tuple[Adjusted, ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """Something that was tapped the moment it happened, or, `estimated`, afterwards."""

    words: Markup
    time: str
    estimated: bool


ATTEMPTS = {
    "call.busy": _l("The line was busy"),
    "call.menu": _l("A menu answered"),
    "call.hold": _l("Put on hold"),
    "call.no_answer": _l("Nobody answered"),
}
"""What became of a call, in words."""


def sheet_page(sheet: VisitSheet) -> dict[str, object]:
    """What the page of a visit shows, whoever reads it."""
    held = parts(sheet)
    entries = [entry for part in held for entry in part.entries]
    return {
        "sheet": sheet,
        "line": sheet.line,
        "checklist": sheet.checklist,
        "experience": asks_for_experience(sheet.checklist),
        "parts": held,
        "missed": [entry for entry in entries if entry.met is False and not entry.item.trial],
        "written": [entry for entry in entries if isinstance(entry.item.rule, FreeText) and entry.words],
        "hidden": hidden(sheet),
        "sums": sums(sheet),
        "month": Month.of(sheet.line.day),
        "taps": taps(sheet),
    }


def taps(sheet: VisitSheet) -> list[Tap]:
    """What was tapped, in the order in which it happened; for the office alone, because it tells the hour."""
    if sheet.sent is None:
        return []
    zone = ZoneInfo(sheet.branch.zone)
    return [
        Tap(_tapped(event.event, sheet.checklist), f"{event.at.astimezone(zone):%H:%M:%S}", event.estimated)
        for event in sorted(sheet.sent.events, key=lambda event: event.at)
    ]


def _tapped(event: str, checklist: Checklist) -> Markup:
    if event in ATTEMPTS:
        return escape(ATTEMPTS[event])
    name, _dot, end = event.partition(".")
    if end:
        words = said(checklist.item[name].text, checklist.languages)
        return Markup("{} ({})").format(words, _("start") if end == "start" else _("stop"))
    return said(next(one.text for one in checklist.events if one.id == name), checklist.languages)


def parts(sheet: VisitSheet) -> list[Part]:
    """The sections with what was asked in them; empty ones are left out."""
    entries = {line.item.id: _entry(sheet, line, _worth(sheet)) for line in _lines(sheet) if not line.hidden}
    found = [
        Part(section, tuple(entries[item.id] for item in section.items if item.id in entries))
        for section in sheet.checklist.sections
    ]
    return [part for part in found if part.entries]


def hidden(sheet: VisitSheet) -> list[Entry]:
    """What was answered although the question was not asked in the end; it is never scored (SC-11)."""
    return [
        _entry(sheet, line, {})
        for line in _lines(sheet)
        if line.hidden and (line.answer is not None or line.item.id in sheet.photos)
    ]


def sums(sheet: VisitSheet) -> list[AxisSum]:
    """How each axis that has a score adds up."""
    if sheet.score is None:
        return []
    return [
        _sum(axis, part.share, part.earned, part.possible, sheet.explanation)
        for axis, part in sheet.score.axes.items()
        if part.share is not None
    ]


def _sum(axis: Axis, share: int, earned: int, possible: int, explanation: Iterable[Explanation]) -> AxisSum:
    lines = [line for line in explanation if line.axis is axis]

    def total(*kinds: str) -> float:
        return float(sum((line.share for line in lines if line.kind in kinds), Fraction(0)))

    return AxisSum(
        axis,
        share,
        total("item"),
        units(earned),
        units(possible),
        total("bonus"),
        tuple(Adjusted(line.kind, float(line.share)) for line in lines if line.kind not in ("item", "bonus")),
    )


def _lines(sheet: VisitSheet) -> tuple[Line, ...]:
    """The score's lines; for a visit without score, what was answered before it ended."""
    if sheet.score is not None:
        return sheet.score.lines
    return tuple(
        Line(item, section.id, sheet.answers.get(item.id), 0, 0, None)
        for section in sheet.checklist.sections
        for item in section.items
        if item.id in sheet.answers or item.id in sheet.photos
    )


def _worth(sheet: VisitSheet) -> Mapping[str, Explanation]:
    return {line.item: line for line in sheet.explanation if line.item is not None}


def _entry(sheet: VisitSheet, line: Line, worth: Mapping[str, Explanation]) -> Entry:
    explained = worth.get(line.item.id)
    lost = None
    if explained is not None and explained.earned:
        lost = explained.share * (explained.possible - explained.earned) / explained.earned
    elif explained is not None and sheet.score is not None:
        lost = Fraction(explained.possible, sheet.score.axes[line.item.axis].possible)
    # The day alone for those who may not know the hour (design §1).
    zone = sheet.branch.zone if sheet.visited_at is not None else None
    return Entry(
        item=line.item,
        words=answer_in_words(line.answer, line.item, sheet.checklist.languages, zone),
        note=line.answer.note if line.answer else "",
        met=line.met,
        scored=bool(line.possible),
        earned=units(line.earned),
        possible=units(line.possible),
        adds=None if explained is None else float(explained.share),
        loses=None if not lost else float(lost),
        within_tolerance=line.within_tolerance,
        pictures=_pictures(sheet, line.item),
    )


def _pictures(sheet: VisitSheet, item: Item) -> tuple[Picture, ...]:
    lines = sheet.photos.get(item.id, ())
    text = said_plainly(item.text, sheet.checklist.languages)
    return tuple(
        Picture(
            line.sha256,
            line.arrived,
            _("Photo %(n)s of %(most)s: %(item)s", n=n, most=len(lines), item=text),
            _kept(sheet, item.id, line.sha256),
        )
        for n, line in enumerate(lines, 1)
    )


def _kept(sheet: VisitSheet, item: str, sha256: str) -> str:
    photos = sheet.sent.photos if sheet.sent is not None else ()
    said = next((one for one in photos if (one.item, one.sha256) == (item, sha256)), None)
    if said is None:
        return ""
    taken = []
    if said.taken_at is not None:
        taken.append(f"{said.taken_at.astimezone(ZoneInfo(sheet.branch.zone)):%H:%M:%S}")
    if said.place is not None:
        within = "" if said.place.accuracy_m is None else f" (± {said.place.accuracy_m} m)"
        taken.append(f"{said.place.lat}, {said.place.lon}{within}")
    return " · ".join(taken)

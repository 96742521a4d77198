"""MAP.yaml: which column of somebody else's sheet is which item of a checklist, and what their words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from checker.sheets.reading import Sheet, letter
from checker.standards import yaml_lines
from checker.standards.answers import read_answer
from checker.standards.body import Channel, Method, Outcome, ServiceLevel
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import Axis, Checklist, Duration, Item, Photo, YesNo
from checker.standards.shapes import (
    Figure,
    Key,
    ListOf,
    OneOf,
    Reading,
    Record,
    Schema,
    Values,
    refuse_no_record,
    shown,
)
from checker.standards.yaml_lines import Path

LEAVE, NA = "leave", "na"
"""What an empty cell means: no answer at all, or "not applicable"."""

Words = Mapping[str, str | int | None]
"""Their word (in small letters) -> ours; None leaves the item unanswered."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is found: a column, what its words mean, and how its text is read."""

    column: str
    values: Words
    format: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the visit was: a column with a format, or a word for each date; perhaps the time in another
    column."""

    column: str
    format: str
    dates: Mapping[str, datetime]
    time: Source | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a visit ended: words that mean another outcome than completed, and where the reason stands."""

    column: str
    outcomes: Mapping[str, str]
    reason: str
    reason_column: str


@dataclass(frozen=True, slots=True)
class Served:
    """Who played a role: a column with codes, or with words that describe a person."""

    source: Source
    described: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A figure the sheet gives: of an axis (`section` None) or of a section on an axis."""

    measure: str
    column: str
    axis: Axis
    section: str | None


@dataclass(frozen=True, slots=True)
class SheetMap:
    """A map, found sound. `places`: column -> "map.yaml:7", where the map names it."""

    name: str
    external_id: str
    branch: Source
    moment: Moment
    ending: Ending | None
    served: Mapping[str, Served]
    service_level: Source | None
    items: Mapping[str, Source]
    notes: Mapping[str, str]
    published: tuple[Published, ...]
    tolerance: Decimal
    decimal_comma: bool
    method: str
    channel: str
    words: Words
    ignored: frozenset[str]
    places: Mapping[str, str]


def read_map(source: bytes | str, name: str, checklist: Checklist) -> SheetMap:
    """Read a map for `checklist`. Raises `Refused` with every fault, each at its line ("map.yaml:12")."""
    document = yaml_lines.read(source, name)
    reading = Reading()
    values = MAP.read(document.value, (), reading)
    made = None if values is None else _build(values, name, checklist, document, reading)
    faults = [*document.faults]
    faults += [
        replace(fault, place=document.place(path))
        for path, fault in reading.faults
        if path not in document.spoiled
    ]
    if faults or made is None:
        raise Refused(sorted(faults, key=lambda fault: int(fault.place.rpartition(":")[2])))
    return made


def heading_faults(sheet: Sheet, sheet_map: SheetMap) -> Iterator[Fault]:
    """What the map names and the sheet has not, and what the sheet has and the map does not name."""
    known = {*sheet_map.places, *sheet_map.ignored}
    for column, place in sheet_map.places.items():
        if column in sheet.headings:
            continue
        details = {"column": column, "sheet": sheet.name}
        text = N_("The sheet %(sheet)s has no column “%(column)s”. Correct the map, or add the column.")
        if near := get_close_matches(column, [one for one in sheet.headings if one not in known], n=1):
            text = N_("The sheet %(sheet)s has no column “%(column)s”. Did you mean “%(near)s”?")
            details["near"] = near[0]
        yield Fault("map.no_column", place, text, details)
    for index, heading in enumerate(sheet.headings):
        if heading not in known:
            text = N_(
                "The map does not say what “%(heading)s” is. Give it an item, or list it under `ignore`."
            )
            place = f"{sheet.name}, column {letter(index)}"
            yield Fault("map.unlisted_column", place, text, {"heading": heading})


# --- the shapes of what may stand in it ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column, as it stands in the sheet."""

    def read(self, value: object, path: Path, reading: Reading) -> str | None:
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).split())
        text = N_("Write the heading of a column here, not “%(found)s”.")
        reading.refuse(path, "map.heading", text, found=shown(value))
        return None

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}


@dataclass(frozen=True, slots=True)
class Text:
    """A few words."""

    def read(self, value: object, path: Path, reading: Reading) -> str | None:
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        text = N_("Write a text here, not “%(found)s”; put it in quotes.")
        reading.refuse(path, "map.text", text, found=shown(value))
        return None

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}


@dataclass(frozen=True, slots=True)
class Meanings:
    """Their word -> ours. Capitals in theirs do not matter."""

    def read(self, value: object, path: Path, reading: Reading) -> dict[str, str | int | None] | None:
        if not isinstance(value, Mapping):
            refuse_no_record(value, path, reading)
            return None
        meanings: dict[str, str | int | None] = {}
        for word, ours in value.items():
            key = " ".join(str(word).casefold().split())
            if isinstance(ours, bool) or not isinstance(ours, str | int | None):
                text = N_("Write our word for “%(word)s” here: yes, no, na, never, an option, a number.")
                reading.refuse((*path, word), "map.word", text, word=shown(word))
            elif meanings.setdefault(key, ours) != ours:
                text = N_("“%(word)s” stands here twice with two meanings; keep one of them.")
                reading.refuse((*path, word), "map.word_twice", text, word=shown(word))
        return meanings

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": {"type": ["string", "integer", "null"]}}


@dataclass(frozen=True, slots=True)
class Each:
    """A group of lines with names of the person's own, every value of one shape."""

    part: Any

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if not isinstance(value, Mapping):
            refuse_no_record(value, path, reading)
            return None
        return {name: self.part.read(part, (*path, name), reading) for name, part in value.items()}

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.part.schema()}


@dataclass(frozen=True, slots=True)
class Or:
    """A heading alone, or a record that says more about the column."""

    record: Record

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if isinstance(value, Mapping):
            return self.record.read(value, path, reading)
        column = Heading().read(value, path, reading)
        return None if column is None else {"column": column}

    def schema(self) -> Schema:
        return {"anyOf": [Heading().schema(), self.record.schema()]}


COLUMN = Key("column", Heading(), "The heading of the column.", required=True)
VALUES = Key("values", Meanings(), "What the words in this column mean: their word, then ours.")
_SERVING = Or(
    Record(
        (
            COLUMN,
            VALUES,
            Key("as", OneOf(("code", "described")), "Whether it holds codes (the default) or descriptions."),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Serving:
    """A column for the first role, or a column for each role; read as role -> column, "" for the first."""

    def read(self, value: object, path: Path, reading: Reading) -> Values | None:
        if isinstance(value, Mapping) and "column" not in value:
            return Each(_SERVING).read(value, path, reading)
        return {"": _SERVING.read(value, path, reading)}

    def schema(self) -> Schema:
        return {"anyOf": [_SERVING.schema(), Each(_SERVING).schema()]}


EMPTY = Key("empty", OneOf((LEAVE, NA)), "What an empty cell means: leave (no answer) or na.")

MAP = Record(
    (
        Key(
            "external_id",
            Heading(),
            "The column that names each visit once; the same name again is the same visit.",
            required=True,
        ),
        Key("branch", Or(Record((COLUMN, VALUES))), "The column with the branch's code.", required=True),
        Key(
            "visited_at",
            Or(
                Record(
                    (
                        COLUMN,
                        Key(
                            "format",
                            Text(),
                            "How a date is written there, such as %d.%m.%Y or %d/%m/%Y %H:%M.",
                        ),
                        Key("dates", Each(Text()), "The date each word stands for, as 2026-10-01."),
                        Key(
                            "time",
                            Or(
                                Record((COLUMN, Key("format", Text(), "How a time is written there: %H:%M.")))
                            ),
                            "The column with the time of day.",
                        ),
                    )
                )
            ),
            "When the visit was. Without a time it counts as noon at the branch.",
            required=True,
        ),
        Key(
            "outcome",
            Record(
                (
                    COLUMN,
                    Key(
                        "values", Meanings(), "Words that mean another outcome than completed.", required=True
                    ),
                    Key("reason", Text(), "The reason to note. Default: what stands in the column."),
                    Key("reason_column", Heading(), "The column with the reason."),
                )
            ),
            "How the visit ended; without it every visit was completed.",
        ),
        Key("employee", Serving(), "The column with the employee, or one for each role."),
        Key("service_level", Or(Record((COLUMN, VALUES))), "How the service was felt: low, standard, wow."),
        Key("items", Each(Or(Record((COLUMN, VALUES, EMPTY)))), "Item, then its column.", required=True),
        Key("notes", Each(Heading()), "Item, then the column with the note on it."),
        Key("values", Meanings(), "What their words mean in every column: their word, then ours."),
        Key("empty", OneOf((LEAVE, NA)), "What an empty cell means in every column. Default: leave."),
        Key("ignore", ListOf(Heading(), 600, unique=True), "Columns that are not needed."),
        Key("published", Each(Heading()), "A section or an axis, then the column with its published figure."),
        Key("tolerance", Figure(), "How far a published figure may lie from ours, in points. Default 0.02."),
        Key("decimal", OneOf((".", ",")), "What stands before decimal places. Default: the point."),
        Key("method", OneOf(tuple(Method)), "How the branch was looked at. Default: mystery_shopping."),
        Key("channel", OneOf(tuple(Channel)), "Where the contact was. Default: that of the checklist."),
    )
)


# --- from what is written to what is meant ------------------------------------------------------------------


@dataclass(slots=True)
class _Builder:
    """Puts a map together; a column that is named twice, or an item that cannot be, is refused at its
    line."""

    reading: Reading
    checklist: Checklist
    columns: dict[str, Path]

    def column(self, name: str | None, path: Path) -> str:
        """Note that this column is used; "" when it could not be read."""
        if name is not None:
            self.columns.setdefault(name, path)
        return name or ""

    def source(self, values: Values | None, path: Path) -> Source:
        values = values or {}
        return Source(
            self.column(values.get("column"), path),
            values.get("values") or {},
            values.get("format") or "",
            values.get("empty") or "",
        )

    def refuse(self, path: Path, code: str, text: str, **details: object) -> None:
        self.reading.refuse(path, code, text, **details)

    def item(self, name: str, path: Path) -> Item | None:
        item = self.checklist.item.get(name)
        if item is not None:
            return item
        near = get_close_matches(name, self.checklist.item, n=1)
        text = N_("The checklist has no item “%(item)s”. Look up its id with `checklist show`.")
        if near:
            text = N_("The checklist has no item “%(item)s”. Did you mean “%(near)s”?")
        self.refuse(path, "map.unknown_item", text, item=name, near=near[0] if near else "")
        return None


def _build(
    values: Values, name: str, checklist: Checklist, document: yaml_lines.Document, reading: Reading
) -> SheetMap:
    make = _Builder(reading, checklist, {})
    sheet_map = SheetMap(
        name=name,
        external_id=make.column(values.get("external_id"), ("external_id",)),
        branch=make.source(values.get("branch"), ("branch",)),
        moment=_moment(make, values.get("visited_at") or {}),
        ending=_ending(make, values.get("outcome")),
        served=_served(make, values.get("employee") or {}),
        service_level=_service_level(make, values.get("service_level")),
        items=_items(make, values),
        notes=_notes(make, values.get("notes") or {}),
        published=tuple(_published(make, values.get("published") or {})),
        tolerance=values.get("tolerance") or Decimal("0.02"),
        decimal_comma=values.get("decimal") == ",",
        method=values.get("method") or Method.MYSTERY_SHOPPING.value,
        channel=values.get("channel") or checklist.channel,
        words=values.get("values") or {},
        ignored=frozenset(column for column in values.get("ignore") or () if column is not None),
        places={},
    )
    for column in sorted(sheet_map.ignored & set(make.columns)):
        text = N_("“%(column)s” is used, so it cannot be ignored; take it out of one of the two places.")
        make.refuse(("ignore",), "map.used_and_ignored", text, column=column)
    places = {column: document.place(path) for column, path in make.columns.items() if column}
    return replace(sheet_map, places=places)


def _moment(make: _Builder, values: Values) -> Moment:
    path: Path = ("visited_at",)
    written = values.get("format") or ""
    dates: dict[str, datetime] = {}
    for word, text in (values.get("dates") or {}).items():
        moment = _iso(text)
        if moment is None:
            words = N_("“%(found)s” is no date. Write it as 2026-10-01.")
            make.refuse((*path, "dates", word), "map.date", words, found=shown(text))
        else:
            dates[" ".join(word.casefold().split())] = moment
    if written and dates:
        text = N_("Give either `format` or `dates`, not both.")
        make.refuse(path, "map.two_ways", text)
    if written and not _reads_back(written, "%Y-%m-%d"):
        text = N_(
            "“%(format)s” does not say year, month and day. Write it as %%d.%%m.%%Y or %%Y-%%m-%%d %%H:%%M."
        )
        make.refuse((*path, "format"), "map.format", text, format=shown(written))
    time = None
    if values.get("time"):
        time = make.source(values["time"], (*path, "time"))
        if time.format and not _reads_back(time.format, "%H:%M"):
            text = N_("“%(format)s” does not say hours and minutes. Write it as %%H:%%M.")
            make.refuse((*path, "time"), "map.format", text, format=shown(time.format))
    return Moment(make.column(values.get("column"), path), written, dates, time)


def _iso(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _reads_back(format: str, kept: str) -> bool:
    """Whether a moment written in `format` can be read again without losing what `kept` shows of it."""
    moment = datetime(2026, 11, 23, 17, 45)  # noqa: DTZ001  # any moment with different figures will do
    try:
        again = datetime.strptime(moment.strftime(format), format)  # noqa: DTZ007
    except ValueError:
        return False
    return again.strftime(kept) == moment.strftime(kept)


def _ending(make: _Builder, values: Values | None) -> Ending | None:
    if values is None:
        return None
    path: Path = ("outcome",)
    words = values.get("values") or {}
    for word, outcome in words.items():
        if outcome not in set(Outcome):
            text = N_("“%(found)s” is no outcome. Write one of: %(words)s.")
            make.refuse(
                (*path, "values"), "map.outcome", text, found=shown(outcome), words=", ".join(Outcome)
            )
        elif word == "":
            text = N_("An empty cell cannot mean an outcome; every other cell means completed.")
            make.refuse((*path, "values"), "map.outcome_empty", text)
    reason_column = values.get("reason_column")
    return Ending(
        make.column(values.get("column"), path),
        {word: str(outcome) for word, outcome in words.items()},
        values.get("reason") or "",
        make.column(reason_column, path) if reason_column else "",
    )


def _served(make: _Builder, values: Values) -> dict[str, Served]:
    roles = [role.id for role in make.checklist.roles]
    served: dict[str, Served] = {}
    for name, given in values.items():
        role = name or roles[0]
        path: Path = ("employee", name) if name else ("employee",)
        if role not in roles:
            text = N_("The checklist has no role “%(role)s”. Write one of: %(roles)s.")
            make.refuse(path, "map.unknown_role", text, role=shown(role), roles=", ".join(roles))
        served[role] = Served(make.source(given, path), (given or {}).get("as") == "described")
    return served


def _service_level(make: _Builder, values: Values | None) -> Source | None:
    if values is None:
        return None
    path: Path = ("service_level",)
    source = make.source(values, path)
    for level in source.values.values():
        if level is not None and level not in set(ServiceLevel):
            text = N_("“%(found)s” is no service level. Write one of: %(words)s.")
            words = ", ".join(ServiceLevel)
            make.refuse((*path, "values"), "map.service_level", text, found=shown(level), words=words)
    return source


def _items(make: _Builder, values: Values) -> dict[str, Source]:
    common: Words = values.get("values") or {}
    empty = values.get("empty") or LEAVE
    sources: dict[str, Source] = {}
    for name, given in (values.get("items") or {}).items():
        path: Path = ("items", name)
        source = make.source(given, path)
        item = make.item(name, path)
        if item is None:
            continue
        if isinstance(item.rule, Photo):
            text = N_("A sheet holds no photos; leave “%(item)s” out.")
            make.refuse(path, "map.photo", text, item=name)
        if source.empty == NA and not item.na_allowed:
            text = N_("“%(item)s” cannot be answered “not applicable”, so empty cells cannot mean it.")
            make.refuse(path, "map.na_forbidden", text, item=name)
        _refuse_meanings(make, item, source.values, (*path, "values"))
        meaning = source.empty or (empty if item.na_allowed else LEAVE)
        # Texts are kept as they were written; only words given for this very item may stand for others.
        words = source.values if item.type == "text" else {**common, **source.values}
        sources[name] = replace(source, values=words, empty=meaning)
    for item in make.checklist.items:
        if item.required and not item.when and item.id not in (values.get("items") or {}):
            text = N_("The item “%(item)s” must be answered in every visit; say in which column it stands.")
            make.refuse(("items",), "map.item_missing", text, item=item.id)
    return sources


def _refuse_meanings(make: _Builder, item: Item, values: Words, path: Path) -> None:
    for word, ours in values.items():
        try:
            if item.type != "multi":
                read_answer(item, plain_answer(ours, item))
        except Refused as refused:
            text = N_("“%(ours)s” is no answer to “%(item)s”: %(reason)s")
            reason = str(replace(refused.faults[0], place=""))
            make.refuse((*path, word), "map.no_answer", text, ours=shown(ours), item=item.id, reason=reason)


def plain_answer(ours: str | int | None, item: Item) -> object:
    """Our word as an answer to `item` is sent: na and never stand alone where they are short for
    themselves."""
    if ours in ("na", "never") and not isinstance(item.rule, YesNo | Duration):
        return {ours: True}
    return ours


def _notes(make: _Builder, values: Values) -> dict[str, str]:
    return {
        name: make.column(column, ("notes", name))
        for name, column in values.items()
        if make.item(name, ("notes", name)) is not None
    }


def _published(make: _Builder, values: Values) -> Iterator[Published]:
    sections = {section.id: section for section in make.checklist.sections}
    for measure, column in values.items():
        path: Path = ("published", measure)
        make.column(column, path)
        if measure in set(Axis):
            yield Published(measure, column or "", Axis(measure), None)
            continue
        name, _, axis = measure.partition("/")
        section = sections.get(name)
        if section is None or (axis and axis not in set(Axis)):
            text = N_("“%(measure)s” is no axis (%(axes)s) and no section of the checklist (%(sections)s).")
            details = {"axes": ", ".join(Axis), "sections": ", ".join(sections)}
            make.refuse(path, "map.unknown_measure", text, measure=shown(measure), **details)
            continue
        axes = sorted({item.axis for item in section.items if item.scored})
        if axis or len(axes) == 1:
            yield Published(measure, column or "", Axis(axis) if axis else axes[0], name)
        else:
            text = N_(
                "“%(measure)s” has items on both axes; write %(measure)s/standard or %(measure)s/experience."
            )
            make.refuse(path, "map.which_axis", text, measure=measure)

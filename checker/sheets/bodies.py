"""One row of somebody else's sheet as the body of a visit, ready to be judged like any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from checker.sheets.mapping import NA, SheetMap, Source, Words, plain_answer
from checker.sheets.taking import RowReader, number_of, shortened
from checker.standards.body import ServiceLevel
from checker.standards.faults import N_
from checker.standards.model import (
    Checklist,
    Choice,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Multi,
    Number,
    Photo,
    Scale,
    YesNo,
)

NAMESPACE = UUID("69cb6e96-6b10-42c5-80e7-ab31f90b3127")
"""Of the ids of imported visits; it never changes, or importing again would make every visit anew."""

NOON = time(12, 0)

Zones = Callable[[str], str | None]
"""A branch's code -> its time zone, None when there is no such branch."""


def visit_id(checklist: str, external_id: str) -> UUID:
    """The id of the visit that a sheet calls `external_id`: the same name again is the same visit."""
    return uuid5(NAMESPACE, f"{checklist}/{external_id}")


def body_of(
    row: RowReader, sheet_map: SheetMap, checklist: Checklist, zones: Zones
) -> dict[str, object] | None:
    """The row as the body of a visit; None when it was refused, and then the reader knows why."""
    external_id = row.text(sheet_map.external_id, required=True)
    branch = _branch(row, sheet_map.branch)
    zone = zones(branch) if branch else None
    if branch and zone is None:
        text = N_("There is no branch “%(code)s”. Add it first, or give its code in the map's `values`.")
        row.refuse(sheet_map.branch.column, "branch.unknown", text, code=branch)
    visited_at = _visited_at(row, sheet_map, ZoneInfo(zone or "UTC"))
    outcome, reason = _outcome(row, sheet_map)
    body: dict[str, object] = {
        "id": str(visit_id(checklist.id, external_id)),
        "checklist": checklist.id,
        "version": checklist.version,
        "branch": branch,
        "method": sheet_map.method,
        "channel": sheet_map.channel,
        "outcome": outcome,
        "reason": reason,
        "visited_at": visited_at.isoformat() if visited_at else "",
        "service_level": _service_level(row, sheet_map.service_level),
        "employees": _employees(row, sheet_map),
        "answers": _answers(row, sheet_map, checklist, ZoneInfo(zone or "UTC")),
    }
    if row.refused:
        return None
    return {key: value for key, value in body.items() if value not in (None, "", {})}


def columns_of(sheet_map: SheetMap) -> dict[str, str]:
    """Place of a fault in a body or in its answers -> the column it came from."""
    columns = {
        "id": sheet_map.external_id,
        "branch": sheet_map.branch.column,
        "visited_at": sheet_map.moment.column,
        **{item: source.column for item, source in sheet_map.items.items()},
    }
    if sheet_map.service_level is not None:
        columns["service_level"] = sheet_map.service_level.column
    if sheet_map.ending is not None:
        columns["outcome"] = sheet_map.ending.column
        columns["reason"] = sheet_map.ending.reason_column or sheet_map.ending.column
    for role, served in sheet_map.served.items():
        for place in (f"employees.{role}", f"employees.{role}.code", f"employees.{role}.described"):
            columns[place] = served.source.column
    return columns


def meaning(text: str, words: Words) -> tuple[bool, str | int | None]:
    """Whether the map says what `text` means, and what."""
    key = " ".join(text.casefold().split())
    return key in words, words.get(key)


def _branch(row: RowReader, source: Source) -> str:
    text = row.text(source.column, required=True)
    known, ours = meaning(text, source.values)
    return str(ours or "") if known else text


def _service_level(row: RowReader, source: Source | None) -> str | None:
    if source is None:
        return None
    text = row.text(source.column)
    known, ours = meaning(text, source.values)
    level = str(ours or "") if known else text.casefold()
    if level and level not in set(ServiceLevel):
        _refuse_word(row, source, text, list(ServiceLevel))
    return level or None


def _employees(row: RowReader, sheet_map: SheetMap) -> dict[str, object]:
    """Who served, by role; nothing is said of a role whose cell is empty."""
    employees: dict[str, object] = {}
    for role, served in sheet_map.served.items():
        text = row.text(served.source.column)
        known, ours = meaning(text, served.source.values)
        who = str(ours or "") if known else text
        if who:
            employees[role] = {"described" if served.described else "code": who}
    return employees


def _outcome(row: RowReader, sheet_map: SheetMap) -> tuple[str, str]:
    """The outcome and, for all but completed, a reason."""
    ending = sheet_map.ending
    if ending is None:
        return "completed", ""
    text = row.text(ending.column)
    outcome = ending.outcomes.get(" ".join(text.casefold().split()), "completed")
    if outcome == "completed":
        return outcome, ""
    said = row.text(ending.reason_column) if ending.reason_column else ""
    return outcome, said or ending.reason or f"{ending.column}: {text}"


# --- when ---------------------------------------------------------------------------------------------------


def _visited_at(row: RowReader, sheet_map: SheetMap, zone: ZoneInfo) -> datetime | None:
    """The start of the visit on the branch's clock; noon when no time is known."""
    moment = sheet_map.moment
    found = _moment(row, sheet_map)
    at = None if moment.time is None else _time(row, moment.time)
    if found is None:
        return None
    if at is not None:
        found = (
            datetime.combine(found.date(), at) if isinstance(found, datetime) else datetime.combine(found, at)
        )
    elif not isinstance(found, datetime):
        found = datetime.combine(found, NOON)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _moment(row: RowReader, sheet_map: SheetMap) -> date | datetime | None:
    moment = sheet_map.moment
    cell = row.cell(moment.column)
    if isinstance(cell, datetime) and not moment.dates:
        return cell if cell.time() != time(0) else cell.date()
    if isinstance(cell, date) and not moment.dates:
        return cell
    text = row.text(moment.column, required=True)
    if not text:
        return None
    if moment.dates:
        stands_for = moment.dates.get(" ".join(text.casefold().split()))
        if stands_for is None:
            words = N_("The map gives no date for “%(found)s”. Add it to `dates`.")
            row.refuse(moment.column, "map.no_date", words, found=shortened(text))
            return None
        return stands_for if stands_for.time() != time(0) else stands_for.date()
    try:
        if not moment.format:
            read = datetime.fromisoformat(text)
            return read if len(text) > len("2026-10-01") else read.date()
        read = datetime.strptime(text, moment.format)  # noqa: DTZ007  # the branch's zone is added later
        return read if re.search("%[HIcXT]", moment.format) else read.date()
    except ValueError:
        words = N_("“%(found)s” is no date written as %(format)s.")
        as_said = moment.format or "2026-10-01"
        row.refuse(moment.column, "map.no_date", words, found=shortened(text), format=as_said)
        return None


def _time(row: RowReader, source: Source) -> time | None:
    cell = row.cell(source.column)
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    text = row.text(source.column)
    if not text:
        return None
    try:
        return datetime.strptime(text, source.format or "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        words = N_("“%(found)s” is no time written as %(format)s.")
        as_said = source.format or "17:45"
        row.refuse(source.column, "map.no_time", words, found=shortened(text), format=as_said)
        return None


# --- answers ------------------------------------------------------------------------------------------------


def _answers(row: RowReader, sheet_map: SheetMap, checklist: Checklist, zone: ZoneInfo) -> dict[str, object]:
    """Item -> its answer; items whose cell is empty are left out, or "not applicable" where the map says
    so."""
    answers: dict[str, object] = {}
    for name, source in sheet_map.items.items():
        item = checklist.item[name]
        answer = _answer(row, item, source, sheet_map, zone)
        note = row.text(sheet_map.notes[name]) if name in sheet_map.notes else ""
        if answer is not None:
            answers[name] = _with_note(answer, note)
    return answers


def _with_note(answer: object, note: str) -> object:
    if not note:
        return answer
    return {**answer, "note": note} if isinstance(answer, Mapping) else {"value": answer, "note": note}


def _answer(row: RowReader, item: Item, source: Source, sheet_map: SheetMap, zone: ZoneInfo) -> object:
    cell = row.cell(source.column)
    text = row.text(source.column) if cell is not None else ""
    known, ours = meaning(text, source.values)
    if known:
        return plain_answer(ours, item) if ours != "" else None
    if not text:
        return plain_answer(NA, item) if source.empty == NA else None
    match item.rule:
        case YesNo():
            return _own_word(row, item, source, text, ("yes", "no", "na"))
        case Choice(options=options):
            return _own_word(row, item, source, text, [option.id for option in options])
        case Multi():
            return [
                str(ours) if known else part
                for part in (part.strip() for part in re.split(r"[;|,\n]", text))
                if part
                for known, ours in (meaning(part, source.values),)
            ]
        case FreeText():
            return text
        case DateTime():
            return _moment_answer(row, source, text, zone)
        case Duration():
            seconds = _seconds(cell, text, sheet_map)
            return _number(row, item, source, text, seconds)
        case Count() | Scale() | Graded() | Number():
            return _number(row, item, source, text, _decimal(text, sheet_map))
        case Photo():
            return None  # a map with a photo is refused


def _own_word(row: RowReader, item: Item, source: Source, text: str, words: Sequence[str]) -> object:
    """Our own words need no map; any other must be in it."""
    if text.casefold() in ("na", "never"):
        return plain_answer(text.casefold(), item)
    found = next((word for word in words if word.casefold() == text.casefold()), None)
    if found is None:
        _refuse_word(row, source, text, words)
    return found


def _refuse_word(row: RowReader, source: Source, text: str, words: Sequence[str]) -> None:
    message = N_("“%(found)s” is none of: %(words)s. Say in the map's `values` what it means.")
    row.refuse(source.column, "map.unknown_word", message, found=shortened(text), words=", ".join(words))


def _number(row: RowReader, item: Item, source: Source, text: str, number: Decimal | None) -> object:
    if text.casefold() in ("na", "never"):
        return plain_answer(text.casefold(), item)
    if number is None:
        message = N_("“%(found)s” is no number. Correct it, or say in the map's `values` what it means.")
        row.refuse(source.column, "map.no_number", message, found=shortened(text))
        return None
    return int(number) if number == int(number) else format(number.normalize(), "f")


def _decimal(text: str, sheet_map: SheetMap) -> Decimal | None:
    """A number as the sheet writes it; a percentage may have its sign."""
    plain = text.removesuffix("%").strip()
    return number_of(plain.replace(",", ".") if sheet_map.decimal_comma else plain)


def published_figure(row: RowReader, column: str, sheet_map: SheetMap) -> tuple[str, Decimal | None]:
    """A published figure as it stands there, "" when there is none, and as a number of percent."""
    text = row.text(column)
    known, ours = meaning(text, sheet_map.words)
    if known and ours in (NA, "", None):
        return "", None
    return text, _decimal(text, sheet_map)


def _seconds(cell: object, text: str, sheet_map: SheetMap) -> Decimal | None:
    """A duration: seconds, 1:25 or 0:01:25, or a time cell."""
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, timedelta):
        return Decimal(int(cell.total_seconds()))
    clock = re.fullmatch(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])", text)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return Decimal(hours * 3600 + minutes * 60 + seconds)
    return _decimal(text, sheet_map)


def _moment_answer(row: RowReader, source: Source, text: str, zone: ZoneInfo) -> object:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = N_("“%(found)s” is no date and time. Write it as 2026-10-01 17:45.")
        row.refuse(source.column, "map.no_moment", message, found=shortened(text))
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()

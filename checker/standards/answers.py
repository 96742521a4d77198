"""Answers as they are sent (JSON values) read into checked values, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import (
    POINT,
    Answer,
    Answers,
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
    State,
    Value,
    YesNo,
)
from checker.standards.when import asked

LONGEST_TEXT = 4_000
"""Characters of one text or note."""

LONGEST_DURATION_S = 24 * 60 * 60
"""Seconds; nobody waits longer than a day in one visit."""

MOST_PHOTOS = 20
"""Photos of one item."""

_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_LARGEST = 10**12
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_MOMENT = re.compile(
    r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
# Control characters but tab and line feed, halves of surrogate pairs, and the two code points no XML may
# hold.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_SAID = frozenset(("value", "na", "never"))
_KEYS = _SAID | {"note", "estimated"}


def read_answers(checklist: Checklist, raw: object) -> tuple[dict[str, Answer], list[Fault]]:
    """Read what was sent under `answers`: item id -> answer, and every fault, each with its item as its
    place.

    One answer is a bare value, or `{"value": …, "note": …, "estimated": true}`, `{"na": true}`, `{"never":
    true}` (a note may stand beside each). Bare "na" and "never" are short for yes_no_na and duration only.
    null and blank text mean "not answered". What is faulty is left out of the answers; what is missing is for
    `missing` to say.
    """
    if not isinstance(raw, Mapping):
        return {}, [
            Fault("answers.shape", "", N_("Send the answers as an object: item id, then its answer."))
        ]
    answers: dict[str, Answer] = {}
    faults: list[Fault] = []
    for key, given in raw.items():
        item = checklist.item.get(key) if isinstance(key, str) else None
        if item is None:
            text = N_("This checklist has no such item; leave it out, or check the checklist's version.")
            faults.append(Fault("answer.unknown_item", str(key), text))
            continue
        try:
            answer = read_answer(item, given)
        except Refused as refused:
            faults.extend(refused.faults)
        else:
            if answer is not None:
                answers[item.id] = answer
    return answers, faults


def read_answer(item: Item, given: object) -> Answer | None:
    """Read one answer to `item`; None when nothing was answered. Raises `Refused` with every fault of it."""
    if isinstance(given, str | int) or not isinstance(given, Mapping):
        if _blank(given):
            return None
        state, value = _said(item, given)
        return Answer(item.id, value, state)
    faults = [] if given.keys() <= _KEYS else _unknown_keys(item, given)
    state, value, note, estimated = State.VALUE, cast(Value, None), "", False
    try:
        state, value = _said_with_key(item, given)
    except Refused as refused:
        faults.extend(refused.faults)
    try:
        note = _text(item, given["note"]) if "note" in given else ""
    except Refused as refused:
        faults.extend(refused.faults)
    try:
        estimated = _estimated(item, given) if "estimated" in given else False
    except Refused as refused:
        faults.extend(refused.faults)
    if faults:
        raise Refused(faults)
    return Answer(item.id, value, state, note, estimated)


def missing(checklist: Checklist, answers: Answers, context: Mapping[str, object]) -> list[Fault]:
    """The required items that are asked and not answered: they keep a completed visit from being sent
    (SC-11).
    """
    shown = asked(checklist, answers, context)
    return [
        _fault(item, "answer.missing", N_("This item must be answered before the visit can be sent."))
        for item in checklist.items
        if item.required and item.id in shown and item.id not in answers
    ]


def plain(answer: Answer, item: Item) -> object:
    """`answer` as it is sent, bare when nothing else is said; reading it again gives the same answer."""
    if answer.state is State.VALUE:
        key, value = "value", _plain_value(answer.value, item)
    else:
        key, value = answer.state.value, True
    if not answer.note and not answer.estimated:
        if key == "value":
            return value
        if isinstance(item.rule, YesNo | Duration):
            return key
    sent: dict[str, object] = {key: value}
    if answer.note:
        sent["note"] = answer.note
    if answer.estimated:
        sent["estimated"] = True
    return sent


def clean_text(text: str) -> str:
    """`text` as it is kept: line ends as one line feed, outer blanks gone, and what nobody can see or type
    taken out.

    Unseen control characters are cleaned, not refused: they come in by pasting, and a shopper could not find
    them.
    """
    if text.isprintable():  # most are: nothing to look for
        return text.strip()
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_moment(text: object) -> datetime | None:
    """An ISO-8601 date and time **with offset** ("2026-10-01T14:05:00+03:00" or …"Z"); None when it is not
    one.
    """
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_hash(given: object) -> str | None:
    """A SHA-256 as 64 hexadecimal digits, in small letters; None when it is not one."""
    return given.lower() if isinstance(given, str) and _HASH.fullmatch(given) else None


# --- how an answer was given --------------------------------------------------------------------------------


def _blank(given: object) -> bool:
    return given is None or (isinstance(given, str) and not clean_text(given))


def _unknown_keys(item: Item, given: Mapping[str, object]) -> list[Fault]:
    text = N_("“%(key)s” is not part of an answer; leave it out.")
    return [_fault(item, "answer.unknown_key", text, key=str(key)) for key in given if key not in _KEYS]


def _said_with_key(item: Item, given: Mapping[str, object]) -> tuple[State, Value]:
    said = given.keys() & _SAID
    key = said.pop() if len(said) == 1 else ""
    if not key or _blank(given[key]):
        text = N_("Give exactly one of value, na and never; to answer nothing, leave the item out.")
        raise Refused([_fault(item, "answer.shape", text)])
    if key == "value":
        return _said(item, given["value"])
    if given[key] is not True:
        text = N_("“%(key)s” can only be true; leave it out otherwise.")
        raise Refused([_fault(item, "answer.shape", text, key=key)])
    return _without_value(item, State(key)), None


def _said(item: Item, given: object) -> tuple[State, Value]:
    if given == "na" and isinstance(item.rule, YesNo | Duration):
        return _without_value(item, State.NA), None
    if given == "never" and isinstance(item.rule, Duration):
        return _without_value(item, State.NEVER), None
    return State.VALUE, _value(item, given)


def _without_value(item: Item, state: State) -> State:
    if state is State.NA and not item.na_allowed:
        text = N_("“Not applicable” is not possible here; answer the item.")
        raise Refused([_fault(item, "answer.na_forbidden", text)])
    if state is State.NEVER and not isinstance(item.rule, Duration):
        text = N_("“It did not happen” is an answer to a measured time only.")
        raise Refused([_fault(item, "answer.never_forbidden", text)])
    return state


def _estimated(item: Item, given: Mapping[str, object]) -> bool:
    estimated = given["estimated"]
    if not isinstance(estimated, bool):
        raise Refused([_fault(item, "answer.shape", N_("“estimated” is true or false."))])
    if estimated and (not isinstance(item.rule, Duration) or "value" not in given):
        text = N_("“estimated” marks a time given from memory; leave it out here.")
        raise Refused([_fault(item, "answer.estimated_forbidden", text)])
    return estimated


# --- the value by type --------------------------------------------------------------------------------------


def _value(item: Item, given: object) -> Value:
    match item.rule:
        case YesNo():
            if not isinstance(given, str) or given not in ("yes", "no"):
                raise Refused([_fault(item, "answer.yes_no", N_("Answer “yes”, “no” or “na”."))])
            return given == "yes"
        case Duration():
            return int(_decimal(item, given, 0, LONGEST_DURATION_S, places=3) * 1000)
        case Count(maximum=maximum):
            return _whole(item, given, 0, maximum)
        case Scale():
            return _whole(item, given, 1, 5)
        case Choice(options=options):
            return _option(item, given, [option.id for option in options])
        case Multi(options=options):
            return _ticked(item, given, [option.id for option in options])
        case Graded():
            points = Decimal(item.points) / POINT
            return int(_decimal(item, given, 0, points, places=4) * POINT)
        case Number(minimum=minimum, maximum=maximum):
            return _decimal(item, given, minimum, maximum, places=6)
        case FreeText():
            return _text(item, given)
        case Photo():
            return _photos(item, given)
        case DateTime():
            moment = read_moment(given)
            if moment is None:
                text = N_("Give date and time with offset, such as 2026-10-01T14:05:00+03:00.")
                raise Refused([_fault(item, "answer.datetime", text)])
            return moment.isoformat()


def _whole(item: Item, given: object, low: int, high: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        text = N_("Answer a whole number from %(low)s to %(high)s.")
        raise Refused([_fault(item, "answer.out_of_range", text, low=low, high=high)])
    return given


def _decimal(
    item: Item, given: object, low: Decimal | int | None, high: Decimal | int | None, *, places: int
) -> Decimal:
    if isinstance(given, float):
        text = N_('Send a decimal number as text, such as "25.4", so that it stays exact.')
        raise Refused([_fault(item, "answer.float", text)])
    number = _number(given)
    if number is None or number != round(number, places):
        text = N_(
            'Answer a number: an integer, or text such as "25.4" with at most %(places)s decimal places.'
        )
        raise Refused([_fault(item, "answer.number", text, places=places)])
    if (low is not None and number < low) or (high is not None and number > high):
        raise Refused([_out_of_range(item, low, high)])
    return _shortest(number)


def _number(given: object) -> Decimal | None:
    whole = isinstance(given, int) and not isinstance(given, bool) and abs(given) < _LARGEST
    if whole or (isinstance(given, str) and _DECIMAL.fullmatch(given)):
        return Decimal(cast(int | str, given))
    return None


def _out_of_range(item: Item, least: Decimal | int | None, most: Decimal | int | None) -> Fault:
    low, high = (None if end is None else _plain_number(Decimal(end)) for end in (least, most))
    if high is None:
        return _fault(item, "answer.out_of_range", N_("Answer a number of at least %(low)s."), low=low)
    if low is None:
        return _fault(item, "answer.out_of_range", N_("Answer a number of at most %(high)s."), high=high)
    text = N_("Answer a number from %(low)s to %(high)s.")
    return _fault(item, "answer.out_of_range", text, low=low, high=high)


def _option(item: Item, given: object, options: list[str]) -> str:
    if not isinstance(given, str) or given not in options:
        text = N_("Choose one of: %(options)s.")
        raise Refused([_fault(item, "answer.option", text, options=", ".join(options))])
    return given


def _ticked(item: Item, given: object, options: list[str]) -> tuple[str, ...]:
    """In the order of the options, so that the order of ticking says nothing. An empty list is "none of
    them".
    """
    if not isinstance(given, list):
        text = N_("Send a list of what was ticked; an empty list when nothing was.")
        raise Refused([_fault(item, "answer.shape", text)])
    ticked = {_option(item, option, options) for option in given}
    if len(ticked) != len(given):
        raise Refused([_fault(item, "answer.twice", N_("Name each of them once."))])
    return tuple(option for option in options if option in ticked)


def _text(item: Item, given: object) -> str:
    if not isinstance(given, str):
        raise Refused([_fault(item, "answer.text", N_("Send words as text."))])
    text = clean_text(given)
    if len(text) > LONGEST_TEXT:
        words = N_("This text has %(length)s characters; shorten it to %(longest)s.")
        raise Refused([_fault(item, "answer.too_long", words, length=len(text), longest=LONGEST_TEXT)])
    return text


def _photos(item: Item, given: object) -> tuple[str, ...]:
    hashes = [read_hash(entry) for entry in given] if isinstance(given, list) else []
    if not hashes or None in hashes:
        text = N_("Send a list with the SHA-256 of each photo, 64 hexadecimal digits each.")
        raise Refused([_fault(item, "answer.photos", text)])
    if len(hashes) > MOST_PHOTOS:
        text = N_("Send at most %(most)s photos for one item.")
        raise Refused([_fault(item, "answer.too_many", text, most=MOST_PHOTOS)])
    if len(set(hashes)) != len(hashes):
        raise Refused([_fault(item, "answer.twice", N_("Name each of them once."))])
    return tuple(cast(list[str], hashes))


def _plain_value(value: Value, item: Item) -> object:
    match item.rule:
        case YesNo():
            return "yes" if value else "no"
        case Duration():
            return _plain_number(Decimal(cast(int, value)) / 1000)
        case Graded():
            return _plain_number(Decimal(cast(int, value)) / POINT)
        case Number():
            return _plain_number(cast(Decimal, value))
        case Multi() | Photo():
            return list(cast(tuple[str, ...], value))
    return value


def _plain_number(number: Decimal) -> int | str:
    """Whole numbers as integers, decimals as text: no float ever travels."""
    return int(number) if number == int(number) else str(_shortest(number))


def _shortest(number: Decimal) -> Decimal:
    """Equal numbers look equal: no zeros at the end, no exponent, no negative zero."""
    return Decimal(int(number)) if number == int(number) else number.normalize()


def _fault(item: Item, code: str, text: str, **details: object) -> Fault:
    return Fault(code, item.id, text, details)

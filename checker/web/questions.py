"""One question is one WTForms field: its inputs on one side, its answer as it is sent on the other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self, cast
from weakref import proxy
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import Field
from wtforms.utils import unset_value

from checker.standards.answers import clean_text, plain, read_answer
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import (
    Answer,
    Choice,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Level,
    Multi,
    Number,
    Option,
    Scale,
    State,
    YesNo,
)

NA = "n/a"
"""What an input for "not applicable" holds; the slash keeps it apart from every option's id."""

NEVER = "never"
NONE = "none/"
"""What the input "none of these" of a multi holds."""

MOST_TAPS = 10
"""Counts up to here are a row of buttons; higher ones are typed."""

_DAY = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])((?:\.[0-9]+)?)")


class SaidField(Field):
    """A field of one or more inputs whose `data` is a part of the visit's body, None when nothing was said.

    `parts` are the suffixes of its inputs' names. `typed` is what they hold (full name -> values), right or
    wrong; nothing typed is ever lost on the way. Given `data` instead of form data, the inputs are filled to
    say just that. `faults` are those that only inputs can have.
    """

    parts: ClassVar[tuple[str, ...]] = ("",)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.inputs = tuple(self.name + part for part in self.parts)

    def bound_to(self, form: Any) -> Self:
        """A copy of the field, as it was made, that belongs to `form`.

        It does not keep the form, which keeps it: so both are gone as soon as nobody needs them.
        """
        copy: Self = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, _form=None if form is None else proxy(form))
        return copy

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.errors: list[str] = []
        self.faults: list[Fault] = []
        self.typed: dict[str, list[str]] = {}
        if formdata is not None:
            for name in self.inputs:
                if name in formdata:
                    self._hold(name, formdata.getlist(name))
        elif data is not unset_value and data is not None:
            for part, values in self.inputs_for(data).items():
                self._hold(self.name + part, list(values))
        self.data = self.said()

    def _hold(self, name: str, values: list[str]) -> None:
        if any(values) or len(values) > 1:
            self.typed[name] = values

    def said(self) -> object:
        """What the inputs say, as it stands in the body; None when nothing."""
        return self.first() or None

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        """Suffix of an input -> what it holds when the field says `data`."""
        return {"": [str(data)]}

    def first(self, part: str = "") -> str:
        """What one input holds, cleaned; "" when nothing."""
        values = self.typed.get(self.name + part)
        return clean_text(values[0]) if values else ""

    def holds(self, value: str, part: str = "") -> bool:
        """Whether the inputs of this name hold `value` among others: a radio or a tick."""
        return value in self.typed.get(self.name + part, ())

    def refuse(self, code: str, text: str, **details: object) -> None:
        """Note a fault that only the inputs can have."""
        self.faults.append(Fault(code, self.place, text, details))

    @property
    def place(self) -> str:
        """Where the body's faults say this field is."""
        return cast(str, self.name)

    def pre_validate(self, form: Any) -> None:
        self.errors += [in_words(fault) for fault in self.faults]


def in_words(fault: Fault) -> str:
    """A fault in the person's language, without its place."""
    return cast(str, gettext(fault.text, **fault.details))


# --- the circumstances of a visit ----------------------------------------------------------------------


class WordsField(SaidField):
    """Free words."""


class FlagField(SaidField):
    """Yes, no, or not said."""

    def said(self) -> object:
        word = self.first()
        return {"yes": True, "no": False, "": None}.get(word, word)

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        return {"": ["yes" if data else "no"]}


class NumberOfField(SaidField):
    """A whole number of things."""

    def said(self) -> object:
        return _whole(self.first())


class NotedField(SaidField):
    """What a script notes in one hidden input, as JSON: times that were tapped, photos that were taken."""

    def said(self) -> object:
        text = self.first()
        if not text:
            return None
        try:
            return json.loads(text, parse_constant=_no_constant) or None
        except (ValueError, RecursionError):
            text = N_("What was noted here cannot be read. Reload the page and note it once more.")
            self.refuse("form.json", text)
            return None

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        return {"": [json.dumps(data, ensure_ascii=False, separators=(",", ":"))]} if data else {}


def _no_constant(name: str) -> object:
    raise ValueError(name)


class ServedByField(SaidField):
    """Who played a role: an employee's code, a person described in words, or unknown."""

    parts = ("", ".described")

    def said(self) -> object:
        code, described = self.first(), self.first(".described")
        if code and described:
            text = N_("Give either the code or the description; take one of them away.")
            self.refuse("form.employee_twice", text)
        if described:
            return {"described": described}
        return {"code": code} if code else None

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        return {"": [data.get("code", "")], ".described": [data.get("described", "")]}


class MomentField(SaidField):
    """A day and a time of day at the branch, whose time zone is `zone` of the form."""

    parts = (".date", ".time")

    def said(self) -> object:
        return self.moment()

    def moment(self) -> str | None:
        """ISO-8601 with the branch's offset; None while it is not whole."""
        day, time = self.first(".date"), self.first(".time")
        if not day and not time:
            return None
        if not day or not time:
            self.refuse("form.half_moment", N_("Give both the date and the time."))
            return None
        try:
            if not (_DAY.fullmatch(day) and _TIME.fullmatch(time)):
                raise ValueError
            local = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=self._form.zone)
            return local.isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            self.refuse("form.moment", N_("Give the date as 2026-10-01 and the time as 14:05."))
            return None

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        local = datetime.fromisoformat(data).astimezone(cast(ZoneInfo, self._form.zone))
        time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
        return {".date": [local.date().isoformat()], ".time": [time]}


# --- the questions -------------------------------------------------------------------------------------


class Question(SaidField):
    """The question of an item.

    `data` is its answer in the shape of design §9; an unreadable one is handed on as typed, so that the
    checklist's own rules refuse it.
    """

    value_parts: ClassVar[tuple[str, ...]] = ("",)

    def __init_subclass__(cls) -> None:
        cls.parts = (*cls.value_parts, ".note")

    def __init__(self, item: Item, **rest: Any) -> None:
        super().__init__(item.id, **rest)
        self.item = item

    @property
    def place(self) -> str:
        return self.item.id

    @property
    def readable(self) -> Answer | None:
        """The answer, when there is one and it can be read."""
        return self._answer

    def said(self) -> object:
        self._answer: Answer | None = None
        given, note = self.given(), self.first(".note")
        if not given:
            if note:
                text = N_("There is a note here but no answer. Answer too, or take the note away.")
                self.refuse("form.note_alone", text)
            return None
        if "na" in given and "value" in given:
            text = N_("Answer, or say that it is not applicable; not both.")
            self.refuse("form.na_and_answer", text)
        if note:
            given["note"] = note
        try:
            self._answer = read_answer(self.item, given)
        except Refused:
            return given
        return None if self._answer is None else plain(self._answer, self.item)

    def given(self) -> dict[str, object]:
        """The answer's keys of design §9 without the note; empty when nothing was answered."""
        word = self.first()
        if word == NA:
            return {"na": True}
        return {"value": self.value(word)} if word else {}

    def value(self, word: str) -> object:
        """The value that the main input's word stands for."""
        return word

    def inputs_for(self, data: Any) -> Mapping[str, Sequence[str]]:
        answer = read_answer(self.item, data)
        return {} if answer is None else {**self.inputs_saying(answer), ".note": [answer.note]}

    def inputs_saying(self, answer: Answer) -> Mapping[str, Sequence[str]]:
        """Suffix of an input -> what it holds when it says `answer`."""
        if answer.state is State.NA:
            return {"": [NA]}
        return {"": [str(_bare(answer, self.item))]}


class YesNoQuestion(Question):
    """Yes, no, perhaps n/a."""


class ChoiceQuestion(Question):
    """One of the options."""


class StepsQuestion(Question):
    """A whole number in a row of buttons: a scale, or a count."""

    def value(self, word: str) -> object:
        return _whole(word)


class DurationQuestion(Question):
    """A time that was measured or typed, or that never began.

    `.tapped` repeats what the stopwatch measured; seconds that differ were typed, so they are an estimate.
    """

    value_parts = ("", ".seconds", ".tapped")

    def given(self) -> dict[str, object]:
        word, seconds = self.first(), self.first(".seconds")
        if word == NEVER:
            return {"never": True}
        if word == NA:
            return {"na": True}
        if word not in ("", "time"):
            return {"value": word}
        if not seconds:
            return {}
        if seconds in (NEVER, "na"):
            return {seconds: True}
        given: dict[str, object] = {"value": _seconds(seconds)}
        if seconds != self.first(".tapped"):
            given["estimated"] = True
        return given

    def inputs_saying(self, answer: Answer) -> Mapping[str, Sequence[str]]:
        if answer.state is not State.VALUE:
            return {"": [NEVER if answer.state is State.NEVER else NA]}
        seconds = str(_bare(answer, self.item))
        return {"": ["time"], ".seconds": [seconds], ".tapped": [] if answer.estimated else [seconds]}


class MultiQuestion(Question):
    """Any of the options, or none of them."""

    value_parts = ("", ".na")

    def given(self) -> dict[str, object]:
        ticked = self.typed.get(self.name, [])
        if self.first(".na") == NA:
            return {"na": True} if not ticked else {"na": True, "value": ticked}
        some = [word for word in ticked if word != NONE]
        if some and NONE in ticked:
            text = N_("Tick either “none of these” or what was there, not both.")
            self.refuse("form.none_and_some", text)
        return {"value": some} if ticked else {}

    def inputs_saying(self, answer: Answer) -> Mapping[str, Sequence[str]]:
        if answer.state is State.NA:
            return {".na": [NA]}
        return {"": list(cast(tuple[str, ...], answer.value)) or [NONE]}


class WrittenQuestion(Question):
    """A number or words, typed."""

    value_parts = ("", ".na")

    def given(self) -> dict[str, object]:
        word, na = self.first(), self.first(".na") == NA
        given: dict[str, object] = {"na": True} if na else {}
        if word:
            given["value"] = self.value(word)
        return given

    def value(self, word: str) -> object:
        return word if isinstance(self.item.rule, FreeText) else _decimal(word)

    def inputs_saying(self, answer: Answer) -> Mapping[str, Sequence[str]]:
        if answer.state is State.NA:
            return {".na": [NA]}
        return {"": [str(_bare(answer, self.item))]}


class CountQuestion(WrittenQuestion):
    """A count too high for a row of buttons."""

    def value(self, word: str) -> object:
        return _whole(word)


class MomentQuestion(Question, MomentField):
    """A day and a time of day at the branch."""

    value_parts = (".date", ".time", ".na")

    def given(self) -> dict[str, object]:
        given: dict[str, object] = {"na": True} if self.first(".na") == NA else {}
        moment = self.moment()
        if moment:
            given["value"] = moment
        return given

    def inputs_saying(self, answer: Answer) -> Mapping[str, Sequence[str]]:
        if answer.state is State.NA:
            return {".na": [NA]}
        return MomentField.inputs_for(self, answer.value)


def question_for(item: Item) -> type[Question] | None:
    """The kind of field that asks `item`; None for photos, which no form can take."""
    match item.rule:
        case YesNo():
            return YesNoQuestion
        case Duration():
            return DurationQuestion
        case Scale():
            return StepsQuestion
        case Count(maximum=maximum):
            return StepsQuestion if maximum <= MOST_TAPS else CountQuestion
        case Choice():
            return ChoiceQuestion
        case Multi():
            return MultiQuestion
        case Graded() | Number() | FreeText():
            return WrittenQuestion
        case DateTime():
            return MomentQuestion
    return None


def when_nobody_served(item: Item) -> object:
    """What "nobody served me" answers to an employee's item: never, n/a where possible, no, 0, none of these.

    n/a comes before no: of somebody who was not there nobody can say whether what they told was true. None
    where only the shopper can answer, and for items of the branch.
    """
    if item.level is not Level.EMPLOYEE:
        return None
    match item.rule:
        case Duration():
            return NEVER
        case FreeText() | DateTime():
            return None
        case _ if item.na_allowed:
            return {"na": True}
        case YesNo():
            return "no"
        case Count() | Graded():
            return 0
        case Multi():
            return []
    return None


def options_of(item: Item) -> tuple[Option, ...]:
    """The options of a choice or multi."""
    return item.rule.options if isinstance(item.rule, Choice | Multi) else ()


def _bare(answer: Answer, item: Item) -> object:
    """The plain value without note and estimate."""
    return plain(Answer(answer.item, answer.value, answer.state), item)


def _whole(word: str) -> object:
    """A whole number; other words as they are, for the rules to refuse; None for nothing."""
    if not word:
        return None
    return int(word) if _WHOLE.fullmatch(word) else word


def _decimal(word: str) -> str:
    """A number as it travels: a decimal comma is a point, blanks between digits are nothing."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", word)
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare


def _seconds(word: str) -> str:
    """Seconds, also from a clock's minutes: "1:05" is 65."""
    bare = _decimal(word)
    clock = _CLOCK.fullmatch(bare)
    return bare if clock is None else f"{int(clock[1]) * 60 + int(clock[2])}{clock[3]}"

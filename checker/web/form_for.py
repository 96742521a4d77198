"""A published checklist as a WTForms form: what is typed on one side, the visit's body on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.meta import DefaultMeta

from checker.standards import fields
from checker.standards.answers import missing, read_answers
from checker.standards.body import CONTEXT, Channel
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import Answer, Checklist, Role
from checker.standards.when import asked
from checker.store.checklists import Version
from checker.web.questions import (
    FlagField,
    MomentField,
    NotedField,
    NumberOfField,
    Question,
    SaidField,
    ServedByField,
    WordsField,
    in_words,
    question_for,
    when_nobody_served,
)

Typed = dict[str, list[str]]
"""What the inputs hold: name -> values. A draft keeps this, right or wrong."""

NOTED = ("events", "clock")
"""Parts of the body that are left out where nothing is said."""

ANSWERS = "answers."
"""What the inputs of questions begin with."""

_FORMS: dict[tuple[bytes, bool], type[VisitForm]] = {}


def form_for(version: Version, *, attributed: bool) -> type[VisitForm]:
    """The form class of a published version; made once, because a version never changes.

    `attributed` is False when the programme records nobody: then the form has no employees (design §2).
    """
    key = (version.hash, attributed)
    if key not in _FORMS:
        _FORMS[key] = _make(version.checklist, version.checklist.roles if attributed else ())
    return _FORMS[key]


def _make(checklist: Checklist, roles: Sequence[Role]) -> type[VisitForm]:
    made: dict[str, object] = {"checklist": checklist, "roles": roles, "__module__": __name__}
    for role in roles:
        made[f"employees.{role.id}"] = ServedByField(name=f"employees.{role.id}")
    for item in checklist.items:
        kind = question_for(item)
        if kind is not None:
            made[ANSWERS + item.id] = kind(item, name=ANSWERS + item.id)
    return type("ChecklistForm", (VisitForm,), made)


class VisitForm(Form):
    """The form of one visit; `form_for` makes the class with the questions of a checklist.

    Field names are the places of the body: "visited_at", "context.busy", "employees.served_by",
    "answers.greeted".
    """

    class Meta(DefaultMeta):
        """Binds fields to forms."""

        def bind_field(self, form: VisitForm, unbound_field: Any, options: Any) -> SaidField:
            """The form's own copy of a field that is made once: only what is typed differs between forms."""
            name = options["name"]
            if name not in form._made:
                made: SaidField = super().bind_field(form, unbound_field, options)
                form._made[name] = made.bound_to(None)  # the first form and what it holds are not kept
            return form._made[name].bound_to(form)

    checklist: ClassVar[Checklist]
    roles: ClassVar[Sequence[Role]] = ()
    _made: ClassVar[dict[str, SaidField]]
    _inputs: ClassVar[frozenset[str]]

    def __init_subclass__(cls) -> None:
        cls._made = {}

    visited_at = MomentField()
    service_level = WordsField()
    events = NotedField()
    clock = NotedField()
    photos = NotedField()

    def __init__(
        self, typed: Mapping[str, Sequence[str]] | None = None, *, zone: str, body: Any = None
    ) -> None:
        """Filled with what was `typed` or, for a sent visit, so that it says what its `body` says."""
        self.zone = ZoneInfo(zone)
        formdata = None if typed is None else MultiDict(typed)
        super().__init__(formdata, data=None if body is None else _flat(body))

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **rest: Any) -> None:
        """Let each field take what is its own; these forms have no filters and no fields within fields."""
        said = data or {}
        for name, field in self._fields.items():
            field.process(formdata, said.get(name))

    # --- what was typed ----------------------------------------------------------------------------

    @property
    def typed(self) -> Typed:
        """What every input holds; empty ones are left out."""
        return {name: values for field in self for name, values in field.typed.items()}

    @classmethod
    def inputs(cls) -> frozenset[str]:
        """The names of all inputs."""
        if "_inputs" not in cls.__dict__:
            cls._inputs = frozenset(name for field in cls({}, zone="UTC") for name in field.inputs)
        return cls._inputs

    # --- what it says ------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Item id -> its field, in the order they are asked; photos are not among them."""
        return {field.item.id: field for field in self if isinstance(field, Question)}

    @cached_property
    def context(self) -> dict[str, object]:
        """What was said of the circumstances, as far as it can be read."""
        said: dict[str, object] = {}
        for key, read in CONTEXT.items():
            data = self[f"context.{key}"].data
            try:
                if data is not None:
                    said[key] = read(data, key)
            except Refused:
                continue
        return said

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """Item id -> the answer, as far as it can be read."""
        return {
            item: answer for item, field in self.questions.items() if (answer := field.readable) is not None
        }

    @cached_property
    def asked(self) -> frozenset[str]:
        """The items that are asked, given what is answered so far (SC-11)."""
        return asked(self.checklist, self.answers, self.context)

    @property
    def asks_for_announced_reply(self) -> bool:
        """Whether a promised time to reply can matter: not in a shop, unless a question depends on it."""
        key = "context.announced_reply_minutes"
        named = any(condition.subject == key for item in self.checklist.items for condition in item.when)
        return named or self.checklist.channel != Channel.STORE

    @property
    def progress(self) -> Progress:
        """How far the questions are answered."""
        return Progress(
            asked=sum(item in self.asked for item in self.questions),
            answered=sum(item in self.asked for item in self.answers),
            left=[
                field
                for item, field in self.questions.items()
                if item in self.asked and item not in self.answers and field.item.required
            ],
        )

    def body(self, frame: Mapping[str, object]) -> dict[str, object]:
        """The whole body: `frame` names what no input asks (id, checklist, branch, …) and may overrule it.

        An answer to a hidden item travels along when it can be read, and never keeps a visit from being sent.
        """
        body: dict[str, object] = {
            "visited_at": self.visited_at.data,
            "service_level": self.service_level.data,
            "context": {key: data for key in CONTEXT if (data := self[f"context.{key}"].data) is not None},
            "employees": {role.id: self[f"employees.{role.id}"].data for role in self.roles},
            "photos": self.photos.data or [],
            "answers": {
                item: field.data
                for item, field in self.questions.items()
                if field.data is not None and (item in self.asked or field.readable is not None)
            },
        }
        body |= {name: self[name].data for name in NOTED if self[name].data is not None}
        body.update(frame)
        return body

    def differing(self, other: VisitForm) -> list[SaidField]:
        """The fields that say something else in another filling of this form; the clock is nobody's word."""
        return [field for field in self if field.name != "clock" and field.typed != other[field.name].typed]

    # --- what is wrong with it ---------------------------------------------------------------------

    def own_faults(self) -> list[Fault]:
        """The faults that only inputs can have: half a date, a code and a description at once."""
        hidden = self.questions.keys() - self.asked
        return [fault for field in self for fault in field.faults if fault.place not in hidden]

    def answer_faults(self) -> list[Fault]:
        """What is wrong or missing among the answers, by the checklist's own rules.

        What cannot be read is not missing, and this form takes no photos.
        """
        wrong = read_answers(self.checklist, self.body({})["answers"])[1]
        known = {fault.place for fault in wrong}
        empty = missing(self.checklist, self.answers, self.context)
        return [
            *wrong,
            *(fault for fault in empty if fault.place in self.questions and fault.place not in known),
        ]

    def place(self, faults: Iterable[Fault]) -> list[Fault]:
        """Put every fault at its field; returns what is shown, in the order of the page, those of none first.

        A field's own faults stand for others of the same place: half a date is missing, too.
        """
        own = self.own_faults()
        said = {fault.place for fault in own}
        found: dict[SaidField | None, list[Fault]] = {}
        for fault in (*own, *(fault for fault in faults if fault.place not in said)):
            found.setdefault(self.field_at(fault.place), []).append(fault)
        for field, placed in found.items():
            if field is not None:
                field.errors = [in_words(fault) for fault in placed]
        self.form_errors = [in_words(fault) for fault in found.get(None, [])]
        return [fault for field in (None, *self) for fault in found.get(field, [])]

    def field_at(self, place: str) -> SaidField | None:
        """The field a fault's place means: an item's id, or a path into the body."""
        if place in self.questions:
            return self.questions[place]
        path = place.split(".")
        for end in range(len(path), 0, -1):
            name = ".".join(path[:end])
            if name in self:
                field: SaidField = self[name]
                return field
        return None

    # --- nobody served me --------------------------------------------------------------------------

    def answers_when_nobody_served(self) -> Typed:
        """What the employee's items that are asked and still open hold when nobody served the customer.

        In the order of the questions, because each answer may hide or show later ones. What was answered
        stays.
        """
        filled = type(self)(self.typed, zone=str(self.zone))
        for item, field in filled.questions.items():
            said = when_nobody_served(field.item)
            if said is not None and item in filled.asked and not field.typed:
                typed = {field.name + part: list(values) for part, values in field.inputs_for(said).items()}
                filled = type(self)({**filled.typed, **typed}, zone=str(self.zone))
        return filled.typed


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit is answered: questions asked, answered, and those that must still be answered."""

    asked: int
    answered: int
    left: Sequence[Question]


def unknown_inputs(form: type[VisitForm], names: Iterable[str]) -> list[Fault]:
    """A fault for each name that is no input of the form: nothing is dropped in silence."""
    text = N_("This form has no such question; reload the page and answer again.")
    return [Fault("form.unknown_input", name, text) for name in names if name not in form.inputs()]


def _flat(body: Mapping[str, Any]) -> dict[str, object]:
    """A body's parts under the names of the fields that say them."""
    flat: dict[str, object] = {
        name: body.get(name) for name in ("visited_at", "service_level", "events", "clock", "photos")
    }
    for part in ("context", "employees", "answers"):
        flat |= {f"{part}.{key}": said for key, said in (body.get(part) or {}).items()}
    return flat


_KINDS: dict[object, type[SaidField]] = {fields.flag: FlagField, fields.count: NumberOfField}

for _key, _read in CONTEXT.items():
    setattr(VisitForm, f"context.{_key}", _KINDS.get(_read, WordsField)(name=f"context.{_key}"))

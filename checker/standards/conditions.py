"""What may stand in `when`: conditions as they are written, and whether they can ever hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from difflib import get_close_matches

from checker.standards import body, fields
from checker.standards.faults import N_
from checker.standards.model import POINT, Condition
from checker.standards.shapes import Figure, Key, Reading, Record, Schema, Values, key_of, shown, written
from checker.standards.when import CONTEXT
from checker.standards.yaml_lines import Path

_RANGE = Record(
    (
        Key("min", Figure(), "The smallest number that matches."),
        Key("max", Figure(), "The largest number that matches."),
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """{item or context.key: value | [values] | {min, max}}; read as conditions, sorted by subject.

    Their order carries no meaning, and canonical JSON does not keep it.
    """

    def read(self, value: object, path: Path, reading: Reading) -> tuple[Condition, ...] | None:
        if not isinstance(value, Mapping) or not value:
            text = N_("“when” must say which answer is needed, such as when: {earlier_item: no}.")
            reading.refuse(path, "definition.when", text)
            return None
        conditions = [_condition(str(subject), said, path, reading) for subject, said in value.items()]
        kept = [condition for condition in conditions if condition is not None]
        return tuple(sorted(kept, key=lambda condition: condition.subject))

    def schema(self) -> Schema:
        word = {"type": ["string", "integer"]}
        return {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "anyOf": [word, {"type": "array", "items": word, "minItems": 1}, _RANGE.schema()]
            },
        }


def _condition(subject: str, said: object, path: Path, reading: Reading) -> Condition | None:
    path = (*path, subject)
    if isinstance(said, Mapping):
        limits = _RANGE.read(said, path, reading) or {}
        low, high = limits.get("min"), limits.get("max")
        if said and (low is not None or high is not None):
            return Condition(subject, minimum=low, maximum=high)
        if not said:
            reading.refuse(path, "definition.when_empty", N_("Give min, max or both."))
        return None
    values = said if isinstance(said, list | tuple) else [said]
    if not values:
        text = N_("“%(key)s” names no answer; list the answers that match.")
        reading.refuse(path, "definition.when_empty", text, key=subject)
    words = [_word(value, path, reading) for value in values]
    if not words or None in words:
        return None
    return Condition(subject, tuple(dict.fromkeys(word for word in words if word is not None)))


def _word(value: object, path: Path, reading: Reading) -> str | None:
    """An answer as `Condition` holds it: a word, or a number as text, equal numbers alike."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        text = N_("“%(found)s” is not an answer to “%(key)s”; write yes, no, a number or an option's id.")
        reading.refuse(path, "definition.when_value", text, key=key_of(path), found=shown(value))
        return None
    number = as_number(str(value))
    return str(value) if number is None else str(written(number))


def as_number(word: str) -> Decimal | None:
    """The number a word stands for; None for words."""
    return Decimal(word) if _NUMBER.fullmatch(word) else None


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


# --- whether a condition can hold ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Possible:
    """The answers a subject can have: words, and numbers from `low` to `high` (None: without end)."""

    words: tuple[str, ...] = ()
    free: bool = False
    """Any words at all."""
    numeric: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    range_only: bool = False
    """Seconds are matched by a range alone: nobody means exactly 20."""

    def __str__(self) -> str:
        numbers = []
        if self.numeric:
            low, high = ("" if end is None else str(written(end)) for end in (self.low, self.high))
            numbers = ["{min: …, max: …}"] if self.range_only else [f"{low} … {high}".strip()]
        return ", ".join([*self.words, *numbers]) or "“…”"

    def holds(self, word: str) -> bool:
        number = as_number(word)
        if self.free or word in self.words:
            return True
        return number is not None and self.numeric and not self.range_only and self.meets(number, number)

    def meets(self, low: Decimal | None, high: Decimal | None) -> bool:
        """Whether any number of the range can be answered."""
        if self.whole:
            low, high = (
                low and low.to_integral_value(ROUND_CEILING),
                high and high.to_integral_value(ROUND_FLOOR),
            )
        if low is not None and high is not None and low > high:
            return False
        below = high is not None and self.low is not None and high < self.low
        above = low is not None and self.high is not None and low > self.high
        return self.numeric and not below and not above


def refuse_impossible(
    item: Values, path: Path, earlier: Mapping[str, Values], ids: Collection[str], reading: Reading
) -> None:
    """Refuse conditions of `item` on what is not asked before it, and on answers that nobody can give.

    `earlier`: the items asked before it, by id; `ids`: the ids of all items.
    """
    for condition in item.get("when") or ():
        subject = condition.subject
        place = (*path, "when", subject)
        if subject.startswith(CONTEXT):
            if subject.removeprefix(CONTEXT) in body.CONTEXT:
                _refuse_unanswerable(condition, _of_context(subject), place, reading)
            else:
                known = [f"{CONTEXT}{key}" for key in body.CONTEXT]
                text = N_("There is no “%(subject)s”. There is: %(known)s.")
                _refuse_subject(text, subject, place, reading, known=", ".join(known))
        elif subject in earlier:
            possible = _of_item(earlier[subject])
            if possible is not None:
                _refuse_unanswerable(condition, possible, place, reading)
        elif subject in ids:
            text = N_("“%(subject)s” is not asked before this item; a condition looks at earlier items only.")
            _refuse_subject(text, subject, place, reading)
        elif near := get_close_matches(subject, [*earlier, *body.CONTEXT], n=1):
            found = near[0] if near[0] in earlier else f"{CONTEXT}{near[0]}"
            text = N_("There is no item “%(subject)s”. Did you mean “%(near)s”?")
            _refuse_subject(text, subject, place, reading, near=found)
        else:
            text = N_("There is no item “%(subject)s” before this one; name an earlier item.")
            _refuse_subject(text, subject, place, reading)


def _refuse_subject(text: str, subject: str, place: Path, reading: Reading, **details: object) -> None:
    reading.refuse(place, "definition.when_subject", text, subject=subject, **details)


def _refuse_unanswerable(condition: Condition, possible: _Possible, place: Path, reading: Reading) -> None:
    if not (possible.words or possible.numeric or possible.free):
        text = N_("No condition can look at “%(subject)s”: its answers are words, photos or a date.")
        reading.refuse(place, "definition.when_type", text, subject=condition.subject)
        return
    details = {"subject": condition.subject, "possible": str(possible)}
    for word in condition.values:
        if not possible.holds(word):
            text = N_("“%(found)s” can never be the answer to “%(subject)s”. Possible: %(possible)s.")
            reading.refuse(place, "definition.when_value", text, found=word, **details)
    if condition.values:
        return
    low, high = condition.minimum, condition.maximum
    if low is not None and high is not None and low > high:
        text = N_("min is %(low)s and max %(high)s; nothing lies between them. Exchange them.")
        reading.refuse(place, "definition.when_range", text, low=written(low), high=written(high))
    elif not possible.meets(low, high):
        text = N_("No answer to “%(subject)s” is a number between these. Possible: %(possible)s.")
        reading.refuse(place, "definition.when_value", text, **details)


def _of_context(subject: str) -> _Possible:
    reader = body.CONTEXT[subject.removeprefix(CONTEXT)]
    if reader is fields.flag:
        return _Possible(("yes", "no"))
    if reader is fields.count:
        return _Possible(numeric=True, whole=True, low=Decimal(0), high=Decimal(fields.LARGEST_COUNT))
    return _Possible(free=True)


def _of_item(item: Values) -> _Possible | None:
    """None when the item's own faults leave it open what can be answered."""
    kind = item.get("type")
    if kind is None or any(item.get(key, ...) is None for key in ("na_allowed", "options", "points")):
        return None
    na = ("na",) if item.get("na_allowed", kind == "yes_no_na") else ()
    match kind:
        case "yes_no_na":
            return _Possible(("yes", "no", *na))
        case "duration":
            return _Possible(("never", *na), numeric=True, low=Decimal(0), range_only=True)
        case "count":
            return _Possible(na, numeric=True, whole=True, low=Decimal(0), high=_bound(item.get("max")))
        case "scale":
            return _Possible(na, numeric=True, whole=True, low=Decimal(1), high=Decimal(5))
        case "graded":
            points = item.get("points")
            high = None if points is None else Decimal(points) / POINT
            return _Possible(na, numeric=True, low=Decimal(0), high=high)
        case "number":
            return _Possible(na, numeric=True, low=item.get("min"), high=item.get("max"))
        case "choice" | "multi":
            options = item.get("options", ())
            return _Possible((*(option["id"] for option in options if option and option.get("id")), *na))
    return _Possible()


def _bound(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)

"""What a sound checklist may still do that nobody intends: shown before it is published, never refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from checker.standards.conditions import as_number
from checker.standards.faults import N_, Fault
from checker.standards.model import DEFAULT_ROLE, Axis, Checklist, Condition, Duration, Item, Multi, Scale

MOST_SCORED = 30
"""Scored items beyond which a visit is judged less carefully."""


def warnings(checklist: Checklist, others: Iterable[Checklist] = ()) -> tuple[Fault, ...]:
    """What to look at before publishing `checklist`; a warning's place is an item's id, or "" for the whole.

    With `others` (say, the latest versions of all other checklists), items that share a standard are compared
    across them too: their figures are put together, so they should measure the same.
    """
    return (
        *_many_items(checklist),
        *_axis_of_bonus_alone(checklist),
        *_standards_that_differ(checklist, others),
        *_never_asked(checklist),
        *_scales_without_words(checklist),
        *_roles_without_words(checklist),
    )


def _many_items(checklist: Checklist) -> Iterator[Fault]:
    scored = sum(item.scored for item in checklist.items)
    if scored > MOST_SCORED:
        text = N_(
            "There are %(scored)s scored items; beyond %(most)s, shoppers judge less carefully. Drop some."
        )
        yield Fault("advice.many_items", "", text, {"scored": scored, "most": MOST_SCORED})
    if not scored:
        yield Fault("advice.nothing_scored", "", N_("No item is scored, so visits will have no score."))


def _axis_of_bonus_alone(checklist: Checklist) -> Iterator[Fault]:
    """Bonus joins a share; where nothing else can be earned there is none (SC-06)."""
    for axis in Axis:
        worth = [item for item in checklist.items if item.axis is axis and item.points and not item.trial]
        if worth and all(item.bonus for item in worth):
            text = N_("The axis %(axis)s has bonus items alone, so it will have no score.")
            yield Fault("advice.bonus_alone", worth[0].id, text, {"axis": axis.value})


# --- items that share a standard ----------------------------------------------------------------------------


def _standards_that_differ(checklist: Checklist, others: Iterable[Checklist]) -> Iterator[Fault]:
    known: dict[str, tuple[Checklist, Item]] = {}
    for other in others:
        for item in other.items:
            known.setdefault(item.standard, (other, item))
    for item in checklist.items:
        if not item.scored:
            continue
        owner, first = known.setdefault(item.standard, (checklist, item))
        measures = _measure(first)
        differ = [name for name, value in _measure(item).items() if measures[name] != value]
        if differ:
            text = N_(
                "“%(item)s” in %(checklist)s measures the standard “%(standard)s” too, but differs in: "
                "%(differ)s. Give this item a standard of its own, or make them alike."
            )
            details = {
                "item": first.id,
                "checklist": owner.id,
                "standard": item.standard,
                "differ": ", ".join(differ),
            }
            yield Fault("advice.standard_differs", item.id, text, details)


def _measure(item: Item) -> Mapping[str, object]:
    """What items that measure the same standard should have in common."""
    limit = item.rule.limit_s if isinstance(item.rule, Duration) else None
    return {"type": item.type, "axis": item.axis.value, "level": item.level.value, "limit_s": limit}


# --- items nobody will see, and what has no words -----------------------------------------------------------


def _never_asked(checklist: Checklist) -> Iterator[Fault]:
    """An item needs its conditions and those of the items it looks at; hidden ones match nothing (SC-11)."""
    needs: dict[str, dict[Condition, None]] = {}
    for item in checklist.items:
        needed = needs[item.id] = dict.fromkeys(item.when)
        for condition in item.when:
            needed |= needs.get(condition.subject, {})
        for subject in dict.fromkeys(condition.subject for condition in needed):
            conditions = [condition for condition in needed if condition.subject == subject]
            if not _can_hold_together(conditions, checklist.item.get(subject)):
                text = N_("Nobody is ever asked this: its conditions on “%(subject)s” contradict each other.")
                yield Fault("advice.never_asked", item.id, text, {"subject": subject})
                break


def _can_hold_together(conditions: list[Condition], subject: Item | None) -> bool:
    """Whether one answer to `subject` (None: a part of the context) can match all `conditions`."""
    if subject is not None and isinstance(subject.rule, Multi):
        return True
    named = [set(condition.values) for condition in conditions if condition.values]
    ranges = [condition for condition in conditions if not condition.values]
    if named:
        return any(_in_all(as_number(word), ranges) for word in set.intersection(*named))
    low = max((limits.minimum for limits in ranges if limits.minimum is not None), default=None)
    high = min((limits.maximum for limits in ranges if limits.maximum is not None), default=None)
    return low is None or high is None or low <= high


def _in_all(number: Decimal | None, ranges: list[Condition]) -> bool:
    """Whether `number` lies in every range; a word (None) lies in none, but in all of no ranges."""
    for limits in ranges:
        if number is None:
            return False
        if limits.minimum is not None and number < limits.minimum:
            return False
        if limits.maximum is not None and number > limits.maximum:
            return False
    return True


def _scales_without_words(checklist: Checklist) -> Iterator[Fault]:
    for item in checklist.items:
        if isinstance(item.rule, Scale) and not item.rule.low_label:
            text = N_("Nothing says what 1 and 5 mean; add scale_labels, such as quality or degree.")
            yield Fault("advice.scale_words", item.id, text)


def _roles_without_words(checklist: Checklist) -> Iterator[Fault]:
    for role in checklist.roles:
        if not role.title and role.id != DEFAULT_ROLE:
            text = N_("The role “%(role)s” has no title; the form will show its id to everybody.")
            yield Fault("advice.role_words", "", text, {"role": role.id})

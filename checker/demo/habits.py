"""How likely each answer is in the demo network, given what is true of a branch, a person and a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from checker.standards.model import (
    Answer,
    Checklist,
    Count,
    Duration,
    Item,
    Level,
    Scale,
    State,
    YesNo,
)

USUAL = 0.8
"""How often an item is met that is not named below."""

MET: Mapping[str, float] = {
    # in a shop
    "entrance_easy": 0.96,
    "premises_tidy": 0.91,
    "greeted": 0.95,
    "smiled": 0.88,
    "introduced": 0.86,
    "wait_comfort": 0.72,
    "listened_without_interrupting": 0.92,
    "plain_language": 0.95,
    "recognised_returning": 0.5,
    "three_yes_count": 0.71,
    "no_flat_refusal": 0.84,
    "choice_offered": 0.8,
    "facts_correct": 0.97,
    "fitting_help": 0.78,
    "handover_smooth": 0.87,
    "promises_kept": 0.95,
    "thanked": 0.89,
    "after_sale_step": 0.66,
    "feedback_invited": 0.56,
    "return_request_handled": 0.88,
    "exceeded_expectations": 0.28,
    # online
    "contact_easy": 0.94,
    "reply_time_announced": 0.78,
    "announced_time_kept": 0.92,
    "human_answer": 0.95,
    "personal_address": 0.74,
    "clarifying_question": 0.72,
}
"""Item -> how often it is met; for a count, each single one. Before a good or bad day shifts it."""

NOT_APPLICABLE: Mapping[str, float] = {
    "entrance_easy": 0.04,
    "plain_language": 0.03,
    "no_flat_refusal": 0.6,
    "choice_offered": 0.08,
    "facts_correct": 0.02,
    "fitting_help": 0.6,
    "handover_smooth": 0.8,
    "promises_kept": 0.5,
    "after_sale_step": 0.2,
    "return_request_handled": 0.85,
    "channel_choice": 0.05,
    "personal_address": 0.05,
    "clarifying_question": 0.4,
}
"""Item -> how often it does not apply."""

RATING: Mapping[str, float] = {
    "need_understood": 4.2,
    "felt_valued": 4.0,
    "politeness": 4.5,
    "comfort_speed": 4.0,
    "return_intent": 4.0,
}
"""Scale -> its usual mark, 1 … 5."""

USUAL_RATING = 4.0


@dataclass(frozen=True, slots=True)
class Wait:
    """How long customers wait: the median in seconds, how far it scatters (of the logarithm), and how often
    nobody comes at all.
    """

    median: float
    scatter: float
    never: float


WAITS: Mapping[str, Wait] = {
    "greeting_time": Wait(18.0, 0.48, 0.024),
    "first_reply_time": Wait(12.5, 0.42, 0.02),
}
USUAL_WAIT = Wait(20.0, 0.5, 0.02)

ESTIMATED = 0.06
"""How often a time is typed from memory, to the next five seconds, instead of tapped."""

NOBODY = 0.15
"""How often, where nobody came, nobody served at all."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is true of one visit before anything is asked.

    `quality` shifts every chance (in logits: +1 turns 80 % into 92 %), `shifts` single items; `haste`
    multiplies waiting times; `waited` and `first_visit` decide what applies.
    """

    quality: float = 0.0
    haste: float = 1.0
    waited: bool = True
    first_visit: bool = False
    shifts: Mapping[str, float] = field(default_factory=dict)


def answers_for(checklist: Checklist, day: Day, chance: Random) -> dict[str, Answer]:
    """An answer to every item that is not words or a picture, in the order they are asked."""
    found: dict[str, Answer] = {}
    quality, nobody = day.quality, False
    for item in checklist.items:
        answer = _when_nobody_served(item) if nobody else None
        answer = answer or _answer(item, day, quality, found, chance)
        if answer is None:
            continue
        found[item.id] = answer
        if answer.state is State.NEVER:
            quality -= 1.0  # who was not met at the door is seldom charmed later
            nobody = chance.random() < NOBODY
    return found


def served_at_all(checklist: Checklist, answers: Mapping[str, Answer]) -> bool:
    """Whether any employee is described by the answers."""
    return any(
        answer.state is State.VALUE and answer.value not in (False, 0)
        for item in checklist.items
        if item.level is Level.EMPLOYEE and (answer := answers.get(item.id)) is not None
    )


def likely(usual: float, shift: float) -> float:
    """A chance shifted by so many logits."""
    return 1 / (1 + (1 - usual) / usual * math.exp(-shift))


def _answer(
    item: Item, day: Day, quality: float, before: Mapping[str, Answer], chance: Random
) -> Answer | None:
    shift = quality + day.shifts.get(item.id, 0.0)
    if item.na_allowed and _does_not_apply(item.id, day, before, chance):
        return Answer(item.id, state=State.NA)
    match item.rule:
        case YesNo():
            return Answer(item.id, chance.random() < likely(MET.get(item.id, USUAL), shift))
        case Count(maximum=maximum):
            each = likely(MET.get(item.id, USUAL), shift)
            return Answer(item.id, sum(chance.random() < each for _ in range(maximum)))
        case Scale():
            mark = chance.gauss(RATING.get(item.id, USUAL_RATING) + 0.55 * shift, 0.75)
            return Answer(item.id, min(5, max(1, round(mark))))
        case Duration():
            return _time(item.id, day.haste * math.exp(-0.3 * shift), shift, chance)
    return None


def _does_not_apply(item: str, day: Day, before: Mapping[str, Answer], chance: Random) -> bool:
    drawn = chance.random()
    match item:
        case "wait_comfort":
            return not day.waited
        case "recognised_returning":
            return day.first_visit
        case "announced_time_kept":
            announced = before.get("reply_time_announced")
            return announced is None or announced.value is not True
    return drawn < NOT_APPLICABLE.get(item, 0.0)


def _time(item: str, factor: float, shift: float, chance: Random) -> Answer:
    wait = WAITS.get(item, USUAL_WAIT)
    if chance.random() < likely(wait.never, -shift):
        return Answer(item, state=State.NEVER)
    seconds = max(1.0, wait.median * factor * math.exp(chance.gauss(0.0, wait.scatter)))
    if chance.random() < ESTIMATED:
        return Answer(item, max(5, 5 * round(seconds / 5)) * 1000, estimated=True)
    return Answer(item, round(seconds * 10) * 100)


def _when_nobody_served(item: Item) -> Answer | None:
    """What can be said of an employee who was not there."""
    if item.level is not Level.EMPLOYEE or not item.scored:
        return None
    if isinstance(item.rule, Duration):
        return Answer(item.id, state=State.NEVER)
    if item.na_allowed:
        return Answer(item.id, state=State.NA)
    return Answer(item.id, 0 if isinstance(item.rule, Count) else False)

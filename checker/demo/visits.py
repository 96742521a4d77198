"""What one visit of the demo network says: who served, how it was, every answer, and words that fit them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from checker.demo.habits import Day, answers_for, served_at_all
from checker.demo.plan import FALLEN, Branch, Employee, Network
from checker.demo.words import Wording
from checker.standards.answers import plain
from checker.standards.body import Method, ServiceLevel
from checker.standards.model import Answer, Checklist, Item, State
from checker.standards.month import Month
from checker.standards.score import score

STORE, ONLINE = "store_visit", "online_contact"

SEASON = {12: -0.12, 1: -0.06, 7: -0.06}
"""Calendar month -> how much harder everything is."""

HASTE = {12: 1.2}
"""Calendar month -> by how much every wait grows."""

USUALLY_BUSY, BUSY = 0.3, {12: 0.55}
"""How often there is a crowd, as a rule and by calendar month."""

FALL = -1.5
"""How far the fallen standard fell, in logits."""

SCATTER = 0.22
"""How far one visit differs from another at the same branch, in logits."""

KINDER = {Method.MYSTERY_SHOPPING: 0.0, Method.OBSERVATION: 0.35, Method.SELF_CHECK: 0.8}
"""Who is seen looking sees more; who looks at themselves sees most."""

LEVELS = ((-0.95, ServiceLevel.LOW), (0.6, ServiceLevel.STANDARD), (math.inf, ServiceLevel.WOW))
"""Up to which quality the service is felt as what."""

PRAISED = 0.08
"""How often what was met has a kind word beside it."""

UNKNOWN, DESCRIBED, ELSEWHERE = 0.03, 0.025, 0.01
"""How often nobody knows who served, the person is described, or belongs to another branch."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An assignment that led to a visit; days are those of the branch."""

    uuid: UUID
    visit_from: date
    visit_to: date
    scenario: str
    planned_purchase: str
    briefing: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit before it is filled in; `visited_at` is on the clock of the branch."""

    branch: Branch
    checklist: Checklist
    method: Method
    visited_at: datetime
    errand: Errand | None

    @property
    def month(self) -> Month:
        """The month it belongs to."""
        return Month.of(self.visited_at.date())


@dataclass(frozen=True, slots=True)
class Shoppers:
    """Those who fill in checklists, all alike; in the `fallen` months they find the fallen standard met less
    often.
    """

    network: Network
    wording: Wording
    fallen: Sequence[Month]

    def fill_in(self, contact: Contact, chance: Random) -> dict[str, Any]:
        """What a completed visit says besides its frame: employees, service level, context, answers."""
        checklist, number = contact.checklist, contact.month.number
        staff = self.network.staff(contact.branch, contact.visited_at.date())
        employee = chance.choice(staff) if staff else None
        busy = chance.random() < BUSY.get(number, USUALLY_BUSY)
        quality = contact.branch.skill + (employee.skill if employee else 0.0) + chance.gauss(0.0, SCATTER)
        quality += SEASON.get(number, 0.0) + KINDER[contact.method] - (0.15 if busy else 0.0)
        day = Day(
            quality=quality,
            haste=HASTE.get(number, 1.0) * (1.15 if busy else 1.0),
            waited=busy and chance.random() < 0.7,
            first_visit=chance.random() < 0.8,
            shifts={FALLEN: FALL} if contact.month in self.fallen else {},
        )
        answers = answers_for(checklist, day, chance)
        felt = quality + chance.gauss(0.0, 0.5) - (0.8 if _never_met(answers) else 0.0)
        level = next(level for most, level in LEVELS if felt <= most)
        context = self._context(contact, answers, busy=busy, first_visit=day.first_visit, chance=chance)
        context["emotion_after"] = chance.choice(self.wording.emotions[level.value])
        served = employee.code if employee and served_at_all(checklist, answers) else None
        return {
            "employees": {role.id: self._served(contact.branch, served, chance) for role in checklist.roles},
            "service_level": level.value,
            "context": context,
            "answers": self._said(checklist, answers, context, chance),
        }

    def _context(
        self,
        contact: Contact,
        answers: Mapping[str, Answer],
        *,
        busy: bool,
        first_visit: bool,
        chance: Random,
    ) -> dict[str, Any]:
        said: dict[str, Any] = {"first_visit": first_visit, "busy": busy}
        if contact.errand:
            said["scenario"] = contact.errand.scenario
            said["planned_purchase"] = contact.errand.planned_purchase
        if chance.random() < 0.6:
            said["expectations_before"] = chance.choice(self.wording.expectations)
        if busy:
            said["customers_waiting"] = chance.randint(1, 7)
        if contact.checklist.id == STORE:
            said["purchase_made"] = chance.random() < 0.45
        elif _said_yes(answers, "reply_time_announced"):
            said["announced_reply_minutes"] = chance.choice((1, 1, 2, 5))
        return said

    def _served(self, branch: Branch, employee: str | None, chance: Random) -> dict[str, str] | None:
        drawn = chance.random()
        if employee is None or drawn < UNKNOWN:
            return None
        if drawn < UNKNOWN + DESCRIBED:
            return {"described": chance.choice(self.wording.described)}
        if drawn < UNKNOWN + DESCRIBED + ELSEWHERE:
            return {"code": chance.choice(self._neighbours(branch)).code}
        return {"code": employee}

    def _neighbours(self, branch: Branch) -> Sequence[Employee]:
        """Those who began at a branch of the same region."""
        near = {one.code for one in self.network.branches if one.region == branch.region}
        return [one for one in self.network.employees if one.stints[0].branch in near]

    def _said(
        self,
        checklist: Checklist,
        answers: Mapping[str, Answer],
        context: Mapping[str, object],
        chance: Random,
    ) -> dict[str, object]:
        """The answers as they are sent, with notes and words that fit what was met and what was not."""
        met = {line.item.id: line.met for line in score(checklist, answers, context).lines}
        said: dict[str, object] = {}
        aside = Random()  # noqa: S311 - a demo
        aside.setstate(chance.getstate())  # praise is drawn apart: no answer depends on it
        for item in checklist.items:
            if item.id in answers:
                note = self._note(item, answers[item.id], met[item.id], chance)
                if met[item.id] and item.id in self.wording.liked and aside.random() < PRAISED:
                    note = self.wording.liked[item.id]
                said[item.id] = plain(_with_note(answers[item.id], note), item)
        if "liked_and_improve" in checklist.item and chance.random() < 0.7:
            words = self._summed_up(met, chance)
            if words:
                said["liked_and_improve"] = words
        if checklist.id == STORE and chance.random() < 0.2:
            said["irritations"] = chance.choice(self.wording.irritations)
        return said

    def _note(self, item: Item, answer: Answer, met: bool | None, chance: Random) -> str:
        notes = self.wording.notes
        if answer.state is State.NEVER:
            return notes["never"] if item.id == "greeting_time" and chance.random() < 0.7 else ""
        return notes.get(item.id, "") if met is False and chance.random() < 0.35 else ""

    def _summed_up(self, met: Mapping[str, bool | None], chance: Random) -> str:
        liked = [text for item, text in self.wording.liked.items() if met.get(item)]
        missed = [text for item, text in self.wording.improve.items() if met.get(item) is False]
        parts = [chance.choice(texts) for texts in (liked, missed) if texts]
        return " ".join(parts)


def _never_met(answers: Mapping[str, Answer]) -> bool:
    return any(answer.state is State.NEVER for answer in answers.values())


def _said_yes(answers: Mapping[str, Answer], item: str) -> bool:
    return item in answers and answers[item].value is True


def _with_note(answer: Answer, note: str) -> Answer:
    return Answer(answer.item, answer.value, answer.state, note, answer.estimated)

"""When which branch of the demo network is visited, and what the office decides about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from checker.demo.plan import Branch, Kind, Network, Someone, draws
from checker.demo.visits import ONLINE, STORE, Contact, Errand, Shoppers
from checker.demo.words import Wording
from checker.standards.body import Channel, Method, Outcome, Purpose
from checker.standards.model import Checklist
from checker.standards.month import Month

OUTCOMES = {Outcome.CLOSED: 0.008, Outcome.REFUSED: 0.003, Outcome.RECOGNISED: 0.006}
"""How often a visit in a shop ends without answers."""

FEW = 0.3
"""Of the usual number of visits, how many a branch gets that is visited too seldom."""

VOID, EXCLUDED = 0.008, 0.003
"""How often the office takes a visit out of the figures."""

SOON = timedelta(minutes=25)
"""From entering the shop until the checklist is filled, at least."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A visit arrives at `at`."""

    at: datetime
    branch: Branch
    body: Mapping[str, Any]
    sender: Someone
    errand: Errand | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The office finds out at `at` who served: `body` as it should read, the reason aside."""

    at: datetime
    body: Mapping[str, Any]
    role: str
    employee: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The office decides at `at`: approve, void or exclude."""

    at: datetime
    visit: UUID
    decision: str


Event = Sent | Corrected | Decided


@dataclass(frozen=True, slots=True)
class Calendar:
    """Everything that is sent and decided until `now`: in `months` up to the one that runs, so many `visits`
    to each branch a month.
    """

    seed: int
    network: Network
    checklists: Mapping[str, Checklist]
    wording: Wording
    months: tuple[Month, ...]
    visits: int
    now: datetime

    def events(self) -> Iterator[Event]:
        """All of them in the order they happen; no more than about a month's is held at once."""
        waiting: list[Event] = list(self._before_notice())
        for month in self.months:
            waiting += self._of(month)
            waiting.sort(key=lambda event: event.at)
            until = datetime.combine(month.next().first, time(), UTC)
            yield from (event for event in waiting if event.at < until and event.at <= self.now)
            waiting = [event for event in waiting if event.at >= until]
        yield from (event for event in waiting if event.at <= self.now)

    # --- how many visits, of which kind --------------------------------------------------------------------

    def _before_notice(self) -> Iterator[Event]:
        """Two visits from before the staff were told: kept, and in no figure."""
        for index, branch in enumerate(self.network.branches[:2]):
            yield from self._visit(branch, self.months[0].previous(), STORE, f"before {index}", days=(24, 28))

    def _of(self, month: Month) -> Iterator[Event]:
        for index, branch in enumerate(self.network.branches):
            for number, days in enumerate(_spread(self._count(branch, month), month)):
                yield from self._visit(branch, month, STORE, number, days=days)
            if index % 2 == 0:
                for number, days in enumerate(_spread(max(1, self.visits // 4), month)):
                    yield from self._visit(branch, month, ONLINE, number, days=days)
            if index % 3 == 0:
                yield from self._visit(branch, month, STORE, 0, method=Method.OBSERVATION)
            manager = next((one for one in self.network.people if branch.code in one.branches), None)
            if manager is not None:
                yield from self._visit(branch, month, STORE, 0, method=Method.SELF_CHECK, sender=manager)
        if month in self.months[:2]:
            for shopper in self._practising(month):
                branch = next(one for one in self.network.branches if one.region == shopper.beat)
                yield from self._visit(
                    branch, month, STORE, shopper.email, practice=True, sender=shopper, days=(1, 7)
                )

    def _count(self, branch: Branch, month: Month) -> int:
        if branch.kind is Kind.SILENT and month == self.months[-1]:
            return 0
        if branch.kind is Kind.FEW:
            return max(1, round(self.visits * FEW))
        return max(1, self.visits + draws(self.seed, "count", branch.code, month).choice((-1, 0, 0, 1)))

    def _practising(self, month: Month) -> list[Someone]:
        """Half of the shoppers learn in the first month, half in the second, where they have a branch."""
        visited = {branch.region for branch in self.network.branches}
        shoppers = [one for one in self.network.people if one.role == "shopper" and one.beat in visited]
        return shoppers[self.months.index(month) :: 2]

    # --- one visit -----------------------------------------------------------------------------------------

    def _visit(
        self,
        branch: Branch,
        month: Month,
        code: str,
        number: object,
        *,
        method: Method = Method.MYSTERY_SHOPPING,
        sender: Someone | None = None,
        practice: bool = False,
        days: tuple[int, int] = (1, 31),
    ) -> Iterator[Event]:
        """The visit and what follows from it; nothing when its time has not come."""
        key = (branch.code, month, code, method.value, number)
        chance = draws(self.seed, *key)
        visited_at = _moment(branch, month, days, chance)
        received = (
            visited_at.astimezone(UTC) + SOON + timedelta(hours=min(40.0, math.exp(chance.gauss(0.9, 0.9))))
        )
        if visited_at + SOON > self.now:
            return
        received = min(received, self.now)
        sender = sender or self._sender(branch, method, chance)
        errand = None
        if method is Method.MYSTERY_SHOPPING and not practice:
            errand = self._errand(key, code, visited_at, chance)
        frame = {
            "id": str(self.uuid("visit", *key)),
            "checklist": code,
            "version": self.checklists[code].version,
            "branch": branch.code,
            "method": method.value,
            "channel": Channel.ONLINE.value if code == ONLINE else Channel.STORE.value,
            "purpose": chance.choices(list(Purpose), (94, 3, 1, 2))[0].value,
            "practice": practice,
            "visited_at": visited_at.isoformat(),
            "assignment": str(errand.uuid) if errand else None,
        }
        outcome = _outcome(code, method, chance)
        if outcome is not Outcome.COMPLETED:
            reason = chance.choice(self.wording.reasons[outcome.value])
            body = {**frame, "outcome": outcome.value, "reason": reason}
        else:
            contact = Contact(branch, self.checklists[code], method, visited_at, errand)
            body = {**frame, **self._shoppers().fill_in(contact, chance)}
        yield Sent(received, branch, body, sender, errand)
        yield from self._afterwards(branch, body, received, chance)

    def _shoppers(self) -> Shoppers:
        return Shoppers(self.network, self.wording, fallen=self.months[-2:])

    def _sender(self, branch: Branch, method: Method, chance: Random) -> Someone:
        if method is Method.OBSERVATION:
            return next(one for one in self.network.people if one.role == "reviewer")
        return chance.choice(self.network.shoppers(branch.region))

    def _errand(self, key: tuple[object, ...], code: str, visited_at: datetime, chance: Random) -> Errand:
        day = visited_at.date()
        first = day - timedelta(days=chance.randint(0, 8))
        return self.errand(
            self.uuid("assignment", *key),
            code,
            chance.randrange(100),
            visit_from=first,
            visit_to=day + timedelta(days=chance.randint(0, 6)),
            planned_at=visited_at - timedelta(days=(day - first).days + chance.randint(4, 12)),
        )

    def errand(
        self,
        uuid: UUID,
        code: str,
        number: int,
        *,
        visit_from: date,
        visit_to: date,
        planned_at: datetime,
    ) -> Errand:
        """An assignment; its number decides what is asked for."""
        wording = self.wording
        scenarios, purchases = wording.scenarios, wording.planned_purchases
        if code == ONLINE:
            scenarios, purchases = wording.online_scenarios, [""] * len(wording.online_scenarios)
        which = number % len(scenarios)
        return Errand(
            uuid=uuid,
            visit_from=visit_from,
            visit_to=visit_to,
            scenario=scenarios[which],
            planned_purchase=purchases[which],
            briefing=wording.briefings[number % len(wording.briefings)],
            planned_at=planned_at,
        )

    def uuid(self, *what: object) -> UUID:
        """The id of a thing of this demo, the same each time."""
        return uuid5(NAMESPACE_URL, "/".join(map(str, ("demo", self.seed, *what))))

    # --- what the office does about it ---------------------------------------------------------------------

    def _afterwards(
        self, branch: Branch, body: Mapping[str, Any], received: datetime, chance: Random
    ) -> Iterator[Event]:
        """Most visits are approved within some days; who is described is looked up; a few are taken out."""
        looked_at = received + timedelta(hours=chance.uniform(14, 110))
        for role, served in body.get("employees", {}).items():
            if served and "described" in served and chance.random() < 0.5:
                staff = self.network.staff(branch, datetime.fromisoformat(body["visited_at"]).date())
                yield Corrected(looked_at - timedelta(hours=2), body, role, chance.choice(staff).code)
        drawn, uuid = chance.random(), UUID(body["id"])
        if VOID <= drawn < VOID + EXCLUDED:
            yield Decided(looked_at - timedelta(minutes=1), uuid, "exclude")
        yield Decided(looked_at, uuid, "void" if drawn < VOID else "approve")


def _last_day(month: Month) -> int:
    return (month.next().first - timedelta(days=1)).day


def _spread(count: int, month: Month) -> Iterator[tuple[int, int]]:
    """Three days for each of so many visits, so that they lie evenly over the month."""
    for number in range(count):
        first = 1 + number * (_last_day(month) - 2) // count
        yield first, first + 2


def _moment(branch: Branch, month: Month, days: tuple[int, int], chance: Random) -> datetime:
    """A time of day at which shops are open, on a day of the month that is no Sunday."""
    open_days = [
        day
        for number in range(days[0], min(days[1], _last_day(month)) + 1)
        if (day := date(month.year, month.number, number)).weekday() < 6
    ]
    clock = time(chance.randint(10, 18), chance.randint(0, 59), chance.randint(0, 59))
    return datetime.combine(chance.choice(open_days), clock, ZoneInfo(branch.zone))


def _outcome(code: str, method: Method, chance: Random) -> Outcome:
    if code == STORE and method is Method.MYSTERY_SHOPPING:
        drawn = chance.random()
        for outcome, share in OUTCOMES.items():
            drawn -= share
            if drawn < 0:
                return outcome
    return Outcome.COMPLETED

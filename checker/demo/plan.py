"""Who is where in the demo network, and what is true of each branch: the patterns a reader should find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from checker.demo.places import COUNTRIES, PLACES, REGIONS
from checker.standards.month import Month

HOME = {"en": "gb", "fi": "fi", "de": "de", "pl": "pl", "ro": "ro"}
"""Where the people in the office come from, by the demo's language."""


class Kind(StrEnum):
    """What is known to be true of a branch."""

    ORDINARY = "ordinary"
    BETTER = "better"
    WORSE = "worse"
    FEW = "few"
    """Visited too seldom to say anything."""
    SILENT = "silent"
    """Not visited in the last month."""


KINDS = {1: Kind.BETTER, 2: Kind.WORSE, 3: Kind.FEW, 4: Kind.SILENT}
"""The branch at this place in the order of opening; every other is ordinary."""

SKILL = {Kind.BETTER: 1.9, Kind.WORSE: -1.05}
"""In logits, see `habits.Day`."""

FALLEN = "introduced"
"""The item that is met less often in the last two months, in every branch."""

SHOPPERS = 3
"""Per region."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch; `country` is a key of `COUNTRIES`."""

    code: str
    name: str
    country: str
    kind: Kind
    skill: float

    @property
    def region(self) -> str:
        """The code of its region."""
        return COUNTRIES[self.country].region

    @property
    def zone(self) -> str:
        """Its IANA time zone."""
        return COUNTRIES[self.country].zone


@dataclass(frozen=True, slots=True)
class Stint:
    """Time at one branch, from a day to a last day, or until further notice."""

    branch: str
    from_on: date
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it was so on that day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who serves customers."""

    code: str
    name: str
    skill: float
    stints: tuple[Stint, ...]


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody who signs in. `beat` is the region a shopper visits; only `login` gets a password."""

    email: str
    name: str
    role: str
    branches: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    employee: str | None = None
    beat: str = ""
    login: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """The whole demo network, before anybody has visited it."""

    branches: tuple[Branch, ...]
    employees: tuple[Employee, ...]
    people: tuple[Someone, ...]
    _at: Mapping[str, tuple[Employee, ...]]

    def staff(self, branch: Branch, day: date) -> list[Employee]:
        """Who works at the branch on that day."""
        return [
            one
            for one in self._at[branch.code]
            if any(stint.branch == branch.code and stint.holds(day) for stint in one.stints)
        ]

    def shoppers(self, region: str) -> list[Someone]:
        """Who visits the branches of a region."""
        return [one for one in self.people if one.role == "shopper" and one.beat == region]


def plan(*, seed: int, branches: int, employees: int, language: str, first: Month, last: Month) -> Network:
    """So many branches, each with so many employees at a time, as they are from `first` to `last`."""
    names = _Names(seed)
    places = tuple(_branch(seed, index) for index in range(branches))
    staff = tuple(_staff(seed, places, employees, names, first=first, last=last))
    at = {
        branch.code: tuple(one for one in staff if any(stint.branch == branch.code for stint in one.stints))
        for branch in places
    }
    return Network(places, staff, tuple(_people(places, staff, names, HOME[language])), at)


def draws(seed: int, *what: object) -> Random:
    """Chance for one thing alone: it stays the same however many other things are made."""
    return Random("/".join(map(str, (seed, *what))))  # noqa: S311  # nothing here is secret


def _branch(seed: int, index: int) -> Branch:
    round_, place = divmod(index, len(PLACES))
    country, name = PLACES[place]
    kind = KINDS.get(index, Kind.ORDINARY)
    skill = SKILL.get(kind, draws(seed, "branch", index).gauss(0.14, 0.1))
    return Branch(f"B{index + 1:03}", name if not round_ else f"{name} {round_ + 1}", country, kind, skill)


class _Names:
    """Names usual in a country: a given name comes again after all others, and with another family name."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._given: dict[str, int] = {}

    def next(self, country: str) -> str:
        number = self._given.get(country, 0)
        self._given[country] = number + 1
        known = COUNTRIES[country]
        chance = draws(self._seed, "names", country)
        given, family = known.given.split(), known.family.split()
        chance.shuffle(given)
        chance.shuffle(family)
        turn, place = divmod(number, len(given))
        return f"{given[place]} {family[(place + turn) % len(family)]}"


# --- employees: some move, some leave -----------------------------------------------------------------------


def _staff(
    seed: int, places: Sequence[Branch], size: int, names: _Names, *, first: Month, last: Month
) -> Iterator[Employee]:
    """Everybody, by branch. In every third branch the last one leaves and another comes; in every third the
    last moves on to the next branch of the same region.
    """
    for number, (branch, stints) in enumerate(_spans(places, size, first=first, last=last), 1):
        code = f"E{number:04}"
        skill = draws(seed, "employee", code).gauss(0.0, 0.2)
        yield Employee(code, names.next(branch.country), skill, stints)


def _spans(
    places: Sequence[Branch], size: int, *, first: Month, last: Month
) -> Iterator[tuple[Branch, tuple[Stint, ...]]]:
    middle = first.first + (last.first - first.first) / 2
    for index, branch in enumerate(places):
        for at in range(size):
            since = first.first - timedelta(days=90 + 410 * at + 37 * (index % 7))
            stays = (Stint(branch.code, since),)
            if at < size - 1 or size == 1 or index % 3 == 0:
                yield branch, stays
            elif index % 3 == 1:
                leaves = middle + timedelta(days=20)
                yield branch, (Stint(branch.code, since, leaves),)
                yield branch, (Stint(branch.code, leaves + timedelta(days=14)),)
            else:
                onward = next((other for other in places[index + 1 :] if other.region == branch.region), None)
                moves = middle - timedelta(days=40)
                then = () if onward is None else (Stint(onward.code, moves + timedelta(days=1)),)
                yield branch, (Stint(branch.code, since, moves if then else None), *then)


# --- people who sign in -------------------------------------------------------------------------------------


def _people(
    places: Sequence[Branch], staff: Sequence[Employee], names: _Names, home: str
) -> Iterator[Someone]:
    """One login per way of looking at Checker, and the other shoppers, who have none."""
    own = places[min(2, len(places) - 1)]
    two = [places[index] for index in (0, 6) if index < len(places)]
    eve = next(one for one in staff if len(one.stints) == 1 and one.stints[0].branch == own.code)
    yield Someone("admin@demo.example", names.next(home), "admin")
    yield Someone("reviewer@demo.example", names.next(home), "reviewer")
    yield Someone("shopper@demo.example", names.next("fi"), "shopper", beat=REGIONS[0])
    yield Someone("manager@demo.example", names.next(own.country), "manager", branches=(own.code,))
    yield Someone(
        "manager2@demo.example",
        names.next(two[0].country),
        "manager",
        branches=tuple(branch.code for branch in two),
    )
    yield Someone("employee@demo.example", eve.name, "employee", employee=eve.code)
    yield Someone("leadership@demo.example", names.next(home), "leadership")
    yield Someone("region@demo.example", names.next("de"), "leadership", regions=(own.region,))
    number = 1
    for region in REGIONS:
        country = next(country for country, _ in PLACES if COUNTRIES[country].region == region)
        for _ in range(SHOPPERS - (region == REGIONS[0])):
            number += 1
            yield Someone(
                f"shopper{number}@demo.example", names.next(country), "shopper", beat=region, login=False
            )

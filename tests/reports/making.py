"""Months of an invented network, made from invented answers by the project's own statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

from checker.standards.costs import Cost, Earned
from checker.standards.costs import costs as costs_of
from checker.standards.model import WHOLE, Axis, Checklist, Count, Duration, Item, Scale
from checker.standards.month import Month
from checker.standards.parse import read_yaml
from checker.standards.statistics import (
    Bands,
    Funnel,
    Sample,
    Spread,
    Verdict,
    against_target,
    bands,
    change,
    mean_interval,
    median_of_bins,
    newcombe,
    outside,
    rank_bands,
    welch,
    wilson,
)
from checker.summaries.claims import findings, proposals, signals
from checker.summaries.values import (
    AxisFigure,
    BandLine,
    BranchMonth,
    EmployeeLine,
    NetworkMonth,
    Place,
    QuoteLine,
    SeriesOf,
    ServiceLevels,
    StandardFigure,
    Timing,
    TrendPoint,
    VisitLine,
)

OCTOBER = Month(2026, 10)
UNTIL = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
POOLED = Spread(0.11, 400)
TARGET = 0.85
Figure = AxisFigure | StandardFigure
LONG = "Hypermarkt am Neuen Kirchplatz, Einkaufszentrum Süd, zweites Untergeschoss links"
CITIES = (
    "Łódź Piotrkowska", "Kraków Rynek", "Oulu Valkea", "Köln Neumarkt", "Münster Süd", "Turku Hansa",
    "Cluj Iulius", "Poznań Stary", "Tampere Koskikeskus", "Iași Palas", "Brașov Centru", "Gdańsk Wrzeszcz",
    "Jyväskylä Forum", "Timișoara Iulius", "Wrocław Rynek", "Düsseldorf Kö", "Espoo Sello", "Constanța Vivo",
    "Białystok Jurowiecka",
)  # fmt: skip
NAMES = (
    "Żaneta Źródłowska",
    "Łukasz Wójcik",
    "Ștefan Țurcanu",
    "Sanna Mäkelä",
    "Jürgen Groß",
    "Ana-Maria Brâncuși",
)
# How likely each standard of the invented network is met: a few stand out in either direction.
LIKELY = {"three_yes_count": 0.66, "introduced": 0.74, "greeted": 0.96, "facts_correct": 0.95, "smiled": 0.86}


@cache
def checklist(name: str = "store_visit") -> Checklist:
    file = Path(__file__).parents[2] / "checklists" / f"{name}.yaml"
    return read_yaml(file.read_bytes(), file.name)


def short_checklist() -> Checklist:
    """Give a checklist of eight items in one section, one of them timed."""
    whole = checklist()
    section = replace(whole.sections[1], items=(*whole.sections[1].items, *whole.sections[2].items[:3]))
    return Checklist("short", 1, {"en": "Short visit"}, ("en",), (section,))


def series(of: Checklist | None = None) -> SeriesOf:
    return SeriesOf(1, "main", of or checklist(), "mystery_shopping")


def scores(random: Random, n: int, mean: float) -> list[int]:
    """Give `n` scores in millionths around a mean."""
    return [round(min(max(random.gauss(mean, 0.11), 0), 1) * WHOLE) for _ in range(n)]


def sample(values: Sequence[int]) -> Sample:
    return Sample(len(values), sum(values), sum(value * value for value in values))


def axis_figure(
    axis: Axis, now: Sequence[int], before: Sequence[int], target: float | None, *, compared: bool = True
) -> AxisFigure:
    this, last = sample(now), sample(before)
    interval = mean_interval(this, POOLED)
    difference = welch(this, last, POOLED) if compared else None
    verdict = Verdict.TOO_FEW if this.n < 5 else Verdict.UNDECIDED
    if target is not None:
        verdict = against_target(interval, target, this.n)
    return AxisFigure(
        axis, this.n, this.mean, interval, target, verdict, last.n, last.mean, difference,
        change(difference, this.n, last.n),
    )  # fmt: skip


def trend(
    random: Random, n: int, ends: float, starts: float, target: float | None, last: Figure | None = None
) -> tuple[TrendPoint, ...]:
    """Give thirteen months; the last one is the month's own figure, when that is given."""
    points = []
    for index in range(12 if last else 13):
        held = sample(scores(random, n, starts + (ends - starts) * index / 12))
        interval = mean_interval(held, POOLED)
        points.append(TrendPoint(OCTOBER.back(12 - index), held.n, held.mean, interval, target))
    if isinstance(last, AxisFigure):
        points.append(TrendPoint(OCTOBER, last.n, last.mean, last.interval, last.target))
    elif last:
        points.append(TrendPoint(OCTOBER, last.asked, last.share, last.interval, last.target))
    return tuple(points)


def timing(random: Random, rule: Duration, n: int, pace: float = 1.0) -> Timing:
    never = sum(random.random() < 0.02 for _ in range(n))
    seconds = Counter(
        min(int(random.lognormvariate(2.85, 0.55) * pace * rule.limit_s / 30) + 1, 601)
        for _ in range(n - never)
    )
    return Timing(
        dict(sorted(seconds.items())),
        never,
        median_of_bins(seconds, 601),
        rule.target_s,
        rule.limit_s,
        sum(count for second, count in seconds.items() if second <= rule.target_s),
        sum(count for second, count in seconds.items() if second <= rule.limit_s),
    )


def standard_figure(random: Random, item: Item, n: int, before: int, target: float | None) -> StandardFigure:
    likely = LIKELY.get(item.id, random.uniform(0.74, 0.95))
    na = sum(random.random() < 0.1 for _ in range(n)) if item.na_allowed else 0
    asked, asked_before = n - na, before
    met = sum(random.random() < likely for _ in range(asked))
    met_before = sum(
        random.random() < likely + (0.12 if item.id == "introduced" else 0) for _ in range(before)
    )
    held: Timing | None = None
    counts: dict[int, int] = {}
    match item.rule:
        case Duration() as rule:
            held = timing(random, rule, asked)
            met = held.within_limit
        case Count(maximum=maximum):
            counts = {maximum: met}
            for _ in range(asked - met):
                value = random.choice(range(maximum))
                counts[value] = counts.get(value, 0) + 1
        case Scale():
            counts = {4: met // 2, 5: met - met // 2, 3: asked - met}
    figure = share_figure(item, (met, asked), (met_before, asked_before), target)
    return replace(figure, na=na, timing=held, counts=counts)


def share_figure(
    item: Item, now: tuple[int, int], before: tuple[int, int], target: float | None
) -> StandardFigure:
    """Give a standard's figure from met of asked, this month and the one before."""
    met, asked = now
    interval, difference = wilson(*now), newcombe(*now, *before)
    verdict = Verdict.TOO_FEW if asked < 5 else Verdict.UNDECIDED
    if target is not None:
        verdict = against_target(interval, target, asked)
    return StandardFigure(
        item.standard or item.id, item, asked, met, 0, met / asked if asked else None, interval, target,
        verdict, before[1], before[0], difference, change(difference, asked, before[1]),
    )  # fmt: skip


def standards(
    random: Random, of: Checklist, n: int, before: int, targets: Mapping[str, float] | float | None = TARGET
) -> tuple[StandardFigure, ...]:
    return tuple(
        standard_figure(
            random, item, n, before, targets.get(item.id) if isinstance(targets, Mapping) else targets
        )
        for item in of.items
        if item.scored
    )


def place(number: int, name: str = "") -> Place:
    town = CITIES[number % len(CITIES)]
    suffix = "" if number < len(CITIES) else f" {number // len(CITIES) + 1}"
    return Place(f"B{number + 1:03}", name or town + suffix, "Europe/Helsinki", "South")


def network(
    branches: int = 42,
    *,
    seed: int = 1,
    mean: float = 0.824,
    before: float = 0.80,
    per_branch: int = 24,
    of: Checklist | None = None,
    target: float | None = TARGET,
    names: Sequence[str] = (),
) -> NetworkMonth:
    """Give a network's month: some branches truly better, some truly worse, some hardly visited."""
    random = Random(seed)
    of = of or checklist()
    entries, all_now, all_before, without = [], [], [], []
    for number in range(branches):
        here = place(number, names[number % len(names)] if names else "")
        shift = {0: 0.09, 1: 0.10, 5: 0.09, 3: -0.09, 7: -0.12}.get(number % 14, 0.0)
        visits = 0 if number % 17 == 9 else random.randint(1, 4) if number % 11 == 6 else per_branch
        held = scores(random, visits, mean + shift)
        all_now += held
        all_before += scores(random, visits, before + shift)
        if held:
            entries.append((here, here.name, sample(held)))
        else:
            without.append(here)
    axes = {
        Axis.STANDARD: axis_figure(Axis.STANDARD, all_now, all_before, target),
        Axis.EXPERIENCE: axis_figure(
            Axis.EXPERIENCE,
            scores(random, len(all_now), 0.74),
            scores(random, len(all_now), 0.745),
            None if target is None else 0.75,
        ),
    }
    held_standards = standards(random, of, len(all_now), len(all_before), target)
    banded = bands(entries, 0.5 if target is None else target, POOLED)
    if target is None:
        whole = (*banded.above, *banded.not_distinguishable, *banded.below)
        compared = tuple(sorted(whole, key=lambda one: one.name))
        banded = Bands((), compared, (), banded.left_out)
    lines = {
        band: tuple(
            BandLine(one.key, one.sample.n, one.sample.mean or 0.0, one.interval)
            for one in getattr(banded, band)
        )
        for band in ("above", "not_distinguishable", "below", "left_out")
    }
    n = len(all_now)
    costs = standard_costs(held_standards, of)
    compliance = axes[Axis.STANDARD].mean
    around = None if compliance is None else Funnel(compliance, POOLED)
    ranked = [line for band in ("above", "not_distinguishable", "below") for line in lines[band]]
    allowed = rank_bands([line.interval for line in ranked if line.interval])
    ranks = {line.branch.code: rank for line, rank in zip(ranked, allowed, strict=True)}
    lines = {
        name: tuple(replace(line, ranks=ranks.get(line.branch.code)) for line in band)
        for name, band in lines.items()
    }
    summary = NetworkMonth(
        scope=None,
        month=OCTOBER,
        series=series(of),
        axes=axes,
        trends={
            Axis.STANDARD: trend(random, max(n, 2), mean, 0.78, target, axes[Axis.STANDARD]) if n else (),
            Axis.EXPERIENCE: trend(random, max(n, 2), 0.74, 0.75, target and 0.75, axes[Axis.EXPERIENCE])
            if n
            else (),
        },
        standards=held_standards,
        standard_trends={
            one.standard: trend(random, max(n, 2), one.share or 0.5, (one.share or 0.5) - 0.03, target, one)
            for one in held_standards
        },
        levels=ServiceLevels(n * 12 // 100, n * 63 // 100, n * 20 // 100),
        above=lines["above"],
        undecided=lines["not_distinguishable"],
        below=lines["below"],
        too_few=lines["left_out"],
        without_visits=tuple(without),
        branches=branches,
        branch_target=target,
        outcomes={"closed": 4, "refused": 1} if n else {},
        flagged=n // 9,
        regions=(
            (
                Place("S", "South"),
                axis_figure(Axis.STANDARD, all_now[: n // 2], all_before[: n // 2], target),
            ),
            (
                Place("N", "North"),
                axis_figure(Axis.STANDARD, all_now[n // 2 :], all_before[n // 2 :], target),
            ),
        )
        if n
        else (),
        versions=(1,),
        mix_changed=False,
        data_until=UNTIL,
        findings=findings(axes, held_standards, costs),
        costs=costs,
        funnel=around,
        outside=outside([(here.code, held) for here, _, held in entries], around) if around else {},
        signals=signals(held_standards, lines["left_out"], lines["above"], tuple(without), n // 9),
        left_out={"void": 2, "practice": 1} if n else {},
    )
    return replace(summary, proposals=proposals(summary))


def standard_costs(figures: Sequence[StandardFigure], of: Checklist) -> tuple[Cost, ...]:
    """Give what standards cost where a standard that is met earns all and one that is not earns nothing."""
    section = {item.id: one for one in of.sections for item in one.items}
    return costs_of(
        Earned(
            one.standard,
            section[one.item.id].id,
            section[one.item.id].weight,
            one.asked,
            one.met * one.item.points,
            one.asked * one.item.points,
        )
        for one in figures
        if one.item.axis is Axis.STANDARD and not one.item.trial and not one.item.bonus
    )


def branch(
    n: int = 21,
    *,
    seed: int = 2,
    mean: float = 0.76,
    before: int | None = None,
    of: Checklist | None = None,
    name: str = "Łódź Piotrkowska",
    target: float | None = TARGET,
    per_employee: tuple[int, ...] = (7, 5, 4, 3, 2, 0),
) -> BranchMonth:
    """Give a branch's month of `n` counted visits and one that met a closed door."""
    random = Random(seed)
    of = of or checklist()
    now, last = scores(random, n, mean), scores(random, n if before is None else before, mean + 0.02)
    felt = scores(random, n, 0.7)
    axes = {
        Axis.STANDARD: axis_figure(Axis.STANDARD, now, last, target),
        Axis.EXPERIENCE: axis_figure(Axis.EXPERIENCE, felt, scores(random, len(last), 0.7), target and 0.75),
    }
    held = standards(random, of, n, len(last), target)
    people = tuple(
        employee(random, f"E{index + 1:04}", NAMES[index], visits)
        for index, visits in enumerate(per_employee)
        if visits and n
    )
    return BranchMonth(
        branch=replace(place(0), name=name),
        month=OCTOBER,
        series=series(of),
        axes=axes,
        trends={
            Axis.STANDARD: trend(random, 6, mean, mean + 0.05, target, axes[Axis.STANDARD]) if n else (),
            Axis.EXPERIENCE: trend(random, 6, 0.7, 0.72, target and 0.75, axes[Axis.EXPERIENCE]) if n else (),
        },
        standards=held,
        levels=ServiceLevels(n // 6, n - n // 6 - n // 5, n // 5),
        employees=tuple(sorted(people, key=lambda line: (line.name or line.code).casefold())),
        working=len(people),
        visits=visit_lines(random, now, felt, of.id),
        outcomes={"closed": 1} if n else {},
        flagged=n // 7,
        versions=(1,),
        mix_changed=False,
        names_shown=True,
        data_until=UNTIL,
        findings=findings(axes, held, standard_costs(held, of)),
    )


def employee(random: Random, code: str, name: str | None, n: int) -> EmployeeLine:
    own, felt = sample(scores(random, n, 0.78)), sample(scores(random, n, 0.7))
    few = n < 5
    interval = None if few else mean_interval(own, POOLED)
    span = (date(2026, 10, 2), date(2026, 10, 2 + n))
    return EmployeeLine(code, name, n, own.mean, felt.mean, interval, OCTOBER, OCTOBER, span, few)


def visit_lines(random: Random, now: Sequence[int], felt: Sequence[int], of: str) -> tuple[VisitLine, ...]:
    lines = [
        VisitLine(
            UUID(int=index + 1), date(2026, 10, 1) + timedelta(days=index % 30), of, 1, "mystery_shopping",
            "store", "completed", "sent", True, False, False, compliance, felt[index], index % 7 == 3,
            random.choice(("low", "standard", "standard", "wow")), (NAMES[index % len(NAMES)],),
        )
        for index, compliance in enumerate(now)
    ]  # fmt: skip
    if now:
        shut = replace(
            lines[0], uuid=UUID(int=999), outcome="closed", counted=False, compliance=None, experience=None
        )
        lines.append(replace(shut, service_level=None, employees=(), flagged=False, day=date(2026, 10, 31)))
    return tuple(sorted(lines, key=lambda line: line.day))


def quotes(n: int, of: Checklist | None = None) -> tuple[QuoteLine, ...]:
    """Give `n` released quotes on the questions of a checklist in turn, a timed one first."""
    items = [item for item in (of or checklist()).items if item.scored]
    first = next(at for at, item in enumerate(items) if isinstance(item.rule, Duration))
    items = items[first:] + items[:first]
    return tuple(
        QuoteLine(
            f"Nobody looked up for {number + 1} minute.", item, item.standard or item.id, "store", False,
            date(2026, 10, 2) + timedelta(days=number % 28), place(0),
        )
        for number in range(n)
        for item in [items[number % len(items)]]
    )  # fmt: skip

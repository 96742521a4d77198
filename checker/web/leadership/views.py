"""The network's and a region's month: find, permit, ask the summary, show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from checker.charts.model import State
from checker.problem import not_found
from checker.reports import branches_part, claims, signals_part
from checker.standards.faults import N_
from checker.store import branches, people
from checker.summaries.choices import network_choices, region_choices
from checker.summaries.network import network_month
from checker.summaries.values import BandLine, NetworkMonth
from checker.web import charts_for, plans
from checker.web.choosing import Chosen, choose, this_month
from checker.web.clock import now
from checker.web.findings import asks_for_experience, in_order, sides
from checker.web.leadership.room import bp
from checker.web.session import me, signed_in
from checker.web.store import current_store

Answer = str | AnyResponse

SHOWN = 20
"""Branches of a band on the page unless the address asks for all of them."""

MOST = 500
"""Branches of a band on the page when it does; a network may have thousands, and the report lists them."""


@bp.get("/network")
@signed_in("network.read")
def network() -> Answer:
    """The whole network's month; for somebody who looks after regions or branches alone, the way to those."""
    store, person = current_store(), me()
    if not branches.sees_network(store, person_id=person.id):
        return _own_regions()
    last = this_month()
    chosen = choose(network_choices(store, last=last), last=last)
    if chosen is None:
        return render_template("leadership/nothing.html", region=None)
    summary = network_month(
        store, series_id=chosen.series.id, month=chosen.month, person_id=person.id, now=now()
    )
    return render_template("leadership/network.html", **network_page(summary, chosen))


def _own_regions() -> Answer:
    """The one region, the list of regions, or the branches named for the person."""
    store = current_store()
    _, regions = people.scopes(store, me().id)
    if len(regions) == 1:
        return redirect(f"/regions/{quote(regions[0])}", 303)
    if not regions:
        return redirect("/branches", 303)
    rows = [branches.find_region(store, code) for code in regions]
    return render_template("leadership/regions.html", regions=[row for row in rows if row is not None])


@bp.get("/regions/<path:code>")
@signed_in("network.read")
def region(code: str) -> Answer:
    """A region's month."""
    store, person = current_store(), me()
    row = branches.find_region_for(store, code, person_id=person.id)
    if row is None:
        raise not_found(N_("There is no such region among those you look after."))
    last = this_month()
    chosen = choose(region_choices(store, row["id"], last=last), last=last)
    if chosen is None:
        return render_template("leadership/nothing.html", region=row)
    summary = network_month(
        store,
        series_id=chosen.series.id,
        month=chosen.month,
        region_code=code,
        person_id=person.id,
        now=now(),
    )
    return render_template("leadership/network.html", **network_page(summary, chosen))


# --- what the page shows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Banded:
    """A branch in a band, with its interval drawn."""

    line: BandLine
    strip: Markup


@dataclass(frozen=True, slots=True)
class Band:
    """Branches of which the same can be said; `asked` for or not, `more` of them are not on the page."""

    state: State
    title: str
    lines: tuple[Banded, ...]
    count: int
    asked: bool

    @property
    def more(self) -> int:
        """How many the page leaves out."""
        return self.count - len(self.lines)


def network_page(summary: NetworkMonth, chosen: Chosen) -> dict[str, object]:
    """What the page of the network or a region shows."""
    words = charts_for.here()
    checklist = summary.series.checklist
    lead, rest = in_order(summary.findings)
    return {
        "summary": summary,
        "sees_network": branches.sees_network(current_store(), person_id=me().id),
        "chosen": chosen,
        "checklist": checklist,
        "experience": asks_for_experience(checklist),
        "words": words,
        "claims": claims,
        "headline": claims.sentences(lead, checklist, words),
        "findings": claims.sentences(rest, checklist, words),
        "waits": charts_for.waits(summary),
        "sides": sides(summary.standards),
        "bands": bands(summary),
        "scale": charts_for.band_scale(summary),
        "signals": [claims.signal(one, checklist, words) for one in summary.signals],
        "costs": [one for one in summary.costs if one.cost > 0],
        "parted": signals_part.parted(summary),
        "funnel": charts_for.funnel(summary),
        "funnel_says": branches_part.funnel_says(summary, words),
        "both_axes": charts_for.both_axes(summary),
        "elsewhere": charts_for.waits_elsewhere(summary),
        "ranks": branches_part.ranks,
        "compared": len(summary.above) + len(summary.undecided) + len(summary.below),
        "regions": charts_for.regions(summary),
        "standards": charts_for.standards(summary.standards, summary),
        "multiples": charts_for.multiples(summary),
        "counts": [
            (figure, charts_for.counts(figure, claims.item_name(figure.item, checklist, words)))
            for figure in charts_for.counted(summary)
        ],
        "levels": charts_for.levels(summary),
        "trends": charts_for.trends(summary),
        "planning": plans.planning(summary, chosen),
    }


def bands(summary: NetworkMonth) -> list[Band]:
    """The bands that hold a branch, those who need help last."""
    words = charts_for.here()
    target = summary.branch_target
    if target is None:
        middle = words.gettext("No target is set; by name")
    else:
        middle = words.gettext("Not distinguishable from the target, by name")
    found = [
        _band(
            summary, "above", words.gettext("Above target, by the lower end of the interval"), summary.above
        ),
        _band(summary, "open", middle, summary.undecided),
        _band(
            summary, "below", words.gettext("Below target, by the upper end of the interval"), summary.below
        ),
        _band(summary, "none", words.gettext("Fewer than 5 visits, too few to compare"), summary.too_few),
    ]
    return [band for band in found if band.count]


def _band(summary: NetworkMonth, state: State, title: str, lines: Sequence[BandLine]) -> Band:
    scale, target = charts_for.band_scale(summary), summary.branch_target
    asked = request.args.get("band") == state
    shown = lines[: MOST if asked else SHOWN]
    drawn = tuple(Banded(line, charts_for.strip(line, state, scale, target)) for line in shown)
    return Band(state, title, drawn, len(lines), asked)

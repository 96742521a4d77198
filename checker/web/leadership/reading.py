"""A report as a page: its blocks as they were composed, its charts drawn, its tables to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import render_template

from checker.reports.reading import Charts, Pictured, Reading
from checker.web import charts_for
from checker.web.charts_for import Shown
from checker.web.leadership.room import bp


def reading_address(**chosen: str) -> str:
    """Where a report can be read: `month`, `scope`, `series`, `language` and `audience` as in the form."""
    return f"/reports/read?{urlencode(chosen)}"


bp.add_app_template_global(reading_address)


def reading_page(
    reading: Reading, *, made_from: Mapping[str, str] | None = None, back: str = "/reports", pdf: str = ""
) -> str:
    """The page, in the language that is spoken. The PDF is behind `pdf`, or is made from the same choices."""
    return render_template(
        "leadership/reading.html",
        reading=reading,
        charts=_charts(reading),
        made_from=made_from,
        back=back,
        pdf=pdf,
    )


def _charts(reading: Reading) -> dict[str, Shown]:
    """Every chart, by its place on the page."""
    pictured: list[Pictured] = []
    for part in reading.parts:
        for block in part.blocks:
            if isinstance(block, Charts):
                pictured += block.charts
    return {one.ident: _shown(one) for one in pictured}


def _shown(one: Pictured) -> Shown:
    """A chart, known by the heading it stands under, or else by its own title."""
    drawn = charts_for.of_report(one.chart, one.ident, half=one.half)
    return replace(drawn, title=one.under or drawn.title)

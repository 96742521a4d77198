"""What shoppers wrote, picked by a stated rule and released by a person."""

from checker.charts.model import State
from checker.reports import claims
from checker.reports.page import Quote, Report
from checker.standards.model import Checklist
from checker.summaries.values import NetworkMonth, QuoteLine
from checker.words import Words

_STATES: dict[str, State] = {"gap": "below", "loss": "below", "best": "none", "": "none"}


def quotes(report: Report, summary: NetworkMonth, words: Words) -> None:
    """Set the month's three quotes side by side, each with why it is one of them."""
    if not summary.quotes:
        return
    with report.together():
        report.section(
            words.gettext("What shoppers wrote"),
            words.gettext(
                "At most three, by rule: on a standard that is certainly below its target, on one that has "
                "certainly fallen, and on the one met most often. Released by a person, names and numbers "
                "left out; one visit each"
            ),
        )
        report.quotes(
            [Quote(one.text, _source(one, summary.series.checklist, words), _STATES[one.chosen_for])
             for one in summary.quotes]
        )  # fmt: skip


def _source(one: QuoteLine, checklist: Checklist, words: Words) -> str:
    why = {
        "gap": words.gettext("below its target"),
        "loss": words.gettext("fell"),
        "best": words.gettext("met most often"),
        "": "",
    }[one.chosen_for]
    name = claims.standard_named(one.standard, checklist, words)
    parts = (name, why, claims.channel_name(one.channel, words), one.branch.name if one.branch else "")
    return ", ".join(part for part in parts if part)

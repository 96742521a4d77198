"""What a person may choose from when a report is wanted: places, copies, checklists."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import SelectChoice

from checker.access import may
from checker.reports.naming import METHODS
from checker.store import branches, people
from checker.store.connection import Row
from checker.summaries.choices import SeriesChoice, network_choices
from checker.web.choosing import this_month
from checker.web.session import me
from checker.web.store import current_store
from checker.web.texts import said_plainly

NETWORK = "network"


def report_scopes() -> list[SelectChoice]:
    """The network, regions and branches this person may report on."""
    store, person = current_store(), me()
    found = []
    if may(person, "network.read"):
        whole = branches.sees_network(store, person_id=person.id)
        if whole:
            found.append(SelectChoice(NETWORK, _("Whole network"), optgroup=_("Network")))
        found += [_scope("region", row, _("Regions")) for row in _regions(whole=whole)]
    rows = branches.list_for(store, person_id=person.id)
    return found + [_scope("branch", row, _("Branches")) for row in rows]


def many_scopes() -> list[SelectChoice]:
    """What becomes many reports: offered to who may see more than one place."""
    store, person = current_store(), me()
    many = _("Many reports at once")
    found = []
    if len(branches.list_for(store, person_id=person.id)) > 1:
        found.append(SelectChoice("branches", _("All branches"), optgroup=many))
    if may(person, "network.read"):
        whole = branches.sees_network(store, person_id=person.id)
        for row in _regions(whole=whole):
            label = _("All branches of %(region)s", region=row["name"])
            found.append(SelectChoice(f"branches:{row['code']}", label, optgroup=many))
        if found:
            label = _("Everything: network, regions and branches")
            found.append(SelectChoice("all", label, optgroup=many))
    return found


def _scope(kind: str, row: Row, group: str) -> SelectChoice:
    return SelectChoice(f"{kind}:{row['code']}", f"{row['name']} · {row['code']}", optgroup=group)


def _regions(*, whole: bool) -> list[Row]:
    store = current_store()
    if whole:
        return branches.list_regions(store)
    _codes, regions = people.scopes(store, me().id)
    return [row for code in regions if (row := branches.find_region(store, code)) is not None]


def audiences() -> list[SelectChoice]:
    """Whose eyes a branch's report is for: one's own, or the staff room's; the office may choose from all."""
    manager = SelectChoice("manager", _("the branch’s manager, with names"))
    leadership = SelectChoice("leadership", _("leadership, with codes"))
    meeting = SelectChoice("meeting", _("the staff room, without anybody"))
    own = {"manager": [manager], "leadership": [leadership]}.get(me().role, [leadership, manager])
    return [*own, meeting]


def every_series() -> tuple[SeriesChoice, ...]:
    """What reports can be over."""
    return network_choices(current_store(), last=this_month())


def series_key(series: SeriesChoice) -> str:
    """A series as an option's value."""
    return f"{series.checklist}-{series.method}"


def series_name(series: SeriesChoice) -> str:
    """A series in words."""
    title = said_plainly(series.title, series.languages)
    return f"{title} ({_(METHODS[series.method])})"

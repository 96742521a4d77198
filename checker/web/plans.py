"""The actions of a place on its page: the form for another one, and the standards that ask for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice

from checker.access import may
from checker.standards.model import Checklist
from checker.standards.statistics import Verdict
from checker.store import checklists
from checker.store.connection import Store
from checker.summaries.values import BranchMonth, NetworkMonth
from checker.web.choosing import Chosen
from checker.web.entries import choice_field, day_field, lines_field, words_field
from checker.web.session import me
from checker.web.store import current_store
from checker.web.texts import said_plainly

NAMED = 5
"""For how many standards below target the page offers to plan an action."""


class ActionForm(FlaskForm):
    """An action to plan or to change."""

    what = lines_field(_l("What will be done"), rows=2)
    owner = words_field(
        _l("Owner"),
        _l("A function or a team. It is printed as you type it, also for leadership: name no employee."),
        autocomplete="off",
    )
    due_on = day_field(_l("Done by"))
    measured_by = words_field(
        _l("Measured by"),
        _l("How you will see whether it worked: a figure, a count, a date."),
        autocomplete="off",
    )
    standard = choice_field(_l("About the standard"), none=_l("No single standard"))


class CloseForm(FlaskForm):
    """An action to close."""

    state = choice_field(
        _l("What became of it"),
        choices=[SelectChoice("done", _l("It was done")), SelectChoice("dropped", _l("It was dropped"))],
    )
    outcome = lines_field(
        _l("Outcome"), _l("What came of it, measured as planned. It is printed in the next report."), rows=2
    )


@dataclass(frozen=True, slots=True)
class Planning:
    """Where the person plans another action of the place being shown, and about which standards first."""

    path: str
    query: str
    form: ActionForm
    below: tuple[tuple[str, str], ...]
    """(standard, its words) of those below their target beyond doubt."""

    def address(self, standard: str = "") -> str:
        """The form's own page, where `standard` is chosen already."""
        more = urlencode({"standard": standard}) if standard else ""
        return f"{self.path}/new-action?{self.query}{'&' if more else ''}{more}"


def may_plan(*, branch: bool) -> bool:
    """Whether the person plans at branches, or else in regions and for the network, where they may look."""
    return may(me(), "action.plan") and may(me(), "branch.plan" if branch else "network.read")


def planning(summary: BranchMonth | NetworkMonth, chosen: Chosen) -> Planning | None:
    """What the page of the summary offers to plan; None to who may not."""
    if not may_plan(branch=isinstance(summary, BranchMonth)):
        return None
    checklist = summary.series.checklist
    form = ActionForm(formdata=None)
    form.standard.choices = _of(checklist)
    below = [
        (one.standard, said_plainly(one.item.text, checklist.languages))
        for one in summary.standards
        if one.verdict is Verdict.BELOW and not one.item.trial
    ]
    return Planning(chosen.path, chosen.to("").lstrip("?"), form, tuple(below[:NAMED]))


def fill_choices(form: ActionForm, store: Store, *, checklist: str | None, held: str | None = None) -> None:
    """Offer the standards of a checklist (by its id), or of every one in use; always the one `held`."""
    version = checklists.current(store, checklist) if checklist else None
    if version is not None:
        offered = _of(version.checklist)
    else:
        every = [one.checklist for one in checklists.list_current(store)]
        offered = [one for each in every for one in _of(each, said_plainly(each.title, each.languages))]
    if held and all(one.value != held for one in offered):
        found = checklists.standards_in_use(store).get(held)
        said = said_plainly(found[0].text, found[1].languages) if found else held
        offered.append(SelectChoice(held, said, optgroup=_("Other")))
    form.standard.choices = offered


def suggested(standard: str) -> Mapping[str, str]:
    """What the form may say before somebody types: only how a standard is measured, never what to do."""
    store = current_store()
    if standard not in checklists.standards_in_use(store):
        return {}
    measure = _("Share of visits that meet the standard")
    return {"standard": standard, "measured_by": measure}


def _of(checklist: Checklist, group: str | None = None) -> list[SelectChoice]:
    found: dict[str, str] = {}
    for item in checklist.items:
        if item.scored:
            found.setdefault(item.standard or item.id, said_plainly(item.text, checklist.languages))
    return [SelectChoice(standard, said, optgroup=group) for standard, said in found.items()]

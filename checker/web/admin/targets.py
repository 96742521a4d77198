"""Targets: what a score or a standard should reach, from which month on; earlier months keep theirs."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.remove_target import remove_target
from checker.actions.set_target import set_target
from checker.problem import not_found
from checker.sheets.taking import number_of
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import checklists, targets
from checker.store.connection import Store
from checker.store.targets import COMPLIANCE, EXPERIENCE
from checker.web.admin.choices import branch_choices, checklist_choices, region_choices
from checker.web.admin.room import KEY, Answer, bp, choice_field, refused, today, words_field
from checker.web.clock import now
from checker.web.language import language
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.web.texts import said_plainly


class TargetForm(FlaskForm):
    """A target to set."""

    measure = choice_field(_l("What should reach it"))
    percent = words_field(_l("Target in percent"), inputmode="decimal", autocomplete="off")
    valid_from = words_field(
        _l("From which month on"),
        _l("As in 2026-10. Earlier months keep what held in them."),
        type="month",
        placeholder="2026-10",
    )
    checklist = choice_field(_l("On which checklist"), none=_l("Every checklist"))
    region = choice_field(_l("In which region"), none=_l("The whole network"))
    branch = choice_field(
        _l("At which branch"),
        _l("Choose a region or a branch, or neither for all."),
        none=_l("Every branch"),
    )


@bp.get("/targets")
@signed_in("target.change")
def list_targets() -> Answer:
    """Every target, and a form for another one."""
    first = Month.of(today())
    return targets_page(TargetForm(formdata=None, measure=COMPLIANCE, valid_from=str(first)))


def targets_page(form: TargetForm) -> str:
    """The list with the form as it is."""
    store = current_store()
    measures = measure_choices(store)
    form.measure.choices = measures
    form.checklist.choices = checklist_choices(store)
    form.region.choices = region_choices(store)
    form.branch.choices = branch_choices(store)
    names = {code: words for group in measures.values() for code, words in group}
    rows = targets.list_for(store, DEFAULT_PROGRAMME)
    return render_template("admin/targets.html", form=form, rows=rows, names=names)


def measure_choices(store: Store) -> dict[str, list[tuple[str, str]]]:
    """The axes, and each standard that a checklist in use measures, by the words of its first item that
    speaks the person's language.
    """
    standards = {
        standard: said_plainly(item.text, checklist.languages)
        for standard, (item, checklist) in checklists.standards_in_use(store, language()).items()
    }
    by_words = sorted(standards.items(), key=lambda choice: choice[1].casefold())
    return {
        _("Scores"): [(COMPLIANCE, _("Compliance")), (EXPERIENCE, _("Experience"))],
        _("Standards: share of visits that meet it"): by_words,
    }


@bp.post("/targets")
@signed_in("target.change")
def post_target() -> Answer:
    """Set a target; the same measure, place and month again replaces it."""
    form = TargetForm()
    status = refused(form, lambda: _set(form))
    if status:
        return targets_page(form), status
    flash(_("The target is set."), "good")
    return redirect("/admin/targets", 303)


def _set(form: TargetForm) -> None:
    percent = number_of(form.percent.data.strip().rstrip("%").strip().replace(",", "."))
    try:
        month = Month.parse(form.valid_from.data.strip())
    except Refused as refusal:
        faults = [Fault(one.code, "valid_from", one.text, one.details) for one in refusal.faults]
        raise Refused(faults) from None
    set_target(
        current_store(),
        measure=form.measure.data,
        percent=Decimal(-1) if percent is None else percent,  # refused like any other that is none
        valid_from=month,
        checklist=form.checklist.data or None,
        region=form.region.data or None,
        branch=form.branch.data or None,
        by=me().id,
        now=now(),
    )


@bp.post(f"/targets/{KEY}/remove")
@signed_in("target.change")
def drop_target(key: int) -> Answer:
    """Take a target away that was set by mistake."""
    if not any(row["id"] == key for row in targets.list_for(current_store(), DEFAULT_PROGRAMME)):
        raise not_found(N_("There is no such target; it may be removed already."))
    remove_target(current_store(), target_id=key, by=me().id, now=now())
    flash(_("The target is removed."), "good")
    return redirect("/admin/targets", 303)

"""Regions: listed, added, renamed, retired and brought back."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.add_region import add_region
from checker.actions.change_region import change_region
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import regions
from checker.store.connection import Row
from checker.web.admin.listing import searched
from checker.web.admin.room import Answer, bp, flag_field, refused, words_field
from checker.web.clock import now
from checker.web.session import me, signed_in
from checker.web.store import current_store


class RegionForm(FlaskForm):
    """A new region."""

    code = words_field(_l("Code"), _l("Short and lasting, such as N or NORTH. It cannot change later."))
    name = words_field(_l("Name"))


class ChangeRegionForm(FlaskForm):
    """A region that is there."""

    name = words_field(_l("Name"))
    retired = flag_field(_l("Retired"), _l("No longer offered where a region is chosen; its figures stay."))


@bp.get("/regions")
@signed_in("branch.change")
def list_regions() -> Answer:
    """Every region, and a form for another one."""
    return regions_page(RegionForm(formdata=None))


def regions_page(form: RegionForm) -> str:
    """The list with the form as it is."""
    listing = searched(regions.list_all(current_store()), "code", "name")
    return render_template("admin/regions.html", listing=listing, form=form)


@bp.post("/regions")
@signed_in("branch.change")
def post_region() -> Answer:
    """Add a region."""
    form = RegionForm()
    status = refused(
        form,
        lambda: add_region(
            current_store(), code=form.code.data.strip(), name=form.name.data, by=me().id, now=now()
        ),
    )
    if status:
        return regions_page(form), status
    flash(_("The region %(name)s is added.", name=form.name.data), "good")
    return redirect("/admin/regions", 303)


@bp.route("/regions/<path:code>", methods=["GET"])
@signed_in("branch.change")
def region(code: str) -> Answer:
    """One region's form."""
    row = _find(code)
    return region_page(
        row, ChangeRegionForm(formdata=None, name=row["name"], retired=bool(row["retired_at"]))
    )


@bp.post("/regions/<path:code>")
@signed_in("branch.change")
def put_region(code: str) -> Answer:
    """Rename, retire or bring back a region."""
    row, form = _find(code), ChangeRegionForm()
    status = refused(
        form,
        lambda: change_region(
            current_store(),
            code=code,
            name=form.name.data,
            retired=form.retired.data,
            by=me().id,
            now=now(),
        ),
    )
    if status:
        return region_page(row, form), status
    flash(_("The region %(name)s is saved.", name=form.name.data), "good")
    return redirect("/admin/regions", 303)


def region_page(row: Row, form: ChangeRegionForm) -> str:
    """The page with the form as it is."""
    return render_template("admin/region.html", row=row, form=form)


def _find(code: str) -> Row:
    row = regions.find(current_store(), code)
    if row is None:
        raise not_found(N_("There is no such region."))
    return row

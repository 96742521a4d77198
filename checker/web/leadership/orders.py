"""Many reports at once: ordered with the form of one, followed while they are made, fetched as a ZIP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask import Response, abort, current_app, redirect, render_template, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.access import may
from checker.actions.find_order import find_order
from checker.actions.resume_order import resume_order
from checker.actions.stop_order import stop_order
from checker.config import Settings
from checker.jobs.orders import folder_of, jobs_of
from checker.jobs.plan import Job
from checker.jobs.queue import knock
from checker.problem import Problem
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import branches, checklists, orders
from checker.store.connection import Row
from checker.web.clock import now
from checker.web.language import NAMES
from checker.web.leadership.offered import audiences, every_series, series_key
from checker.web.leadership.reading import reading_address
from checker.web.leadership.room import bp
from checker.web.problems import words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.web.texts import said_plainly

Answer = str | AnyResponse

STATES = {
    "waiting": N_("waiting"),
    "running": N_("being made"),
    "done": N_("done"),
    "stopped": N_("stopped"),
    "failed": N_("given up"),
}

SHOWN = 60
"""Files with a link of their own on the page; all of them are in the ZIP."""


@dataclass(frozen=True, slots=True)
class Line:
    """An order in words."""

    row: Row
    month: Month
    scope: str
    state: str
    uuid: UUID

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.row["state"] in ("waiting", "running")


def own_orders(limit: int) -> list[Line]:
    """The person's newest orders."""
    return [line_of(row) for row in orders.list_for(current_store(), person_id=me().id, limit=limit)]


def line_of(row: Row) -> Line:
    """An order in the person's language."""
    month = Month.from_int(row["month"])
    return Line(row, month, _scope(row["scope"]), _(STATES[row["state"]]), UUID(bytes=row["uuid"]))


def _scope(scope: str) -> str:
    kind, _colon, code = scope.partition(":")
    if kind == "all":
        return str(_("Everything: network, regions and branches"))
    if not code:
        return str(_("All branches"))
    region = branches.find_region(current_store(), code)
    return str(_("All branches of %(region)s", region=region["name"] if region else code))


# --- pages --------------------------------------------------------------------------------------------------


@bp.get("/reports/orders/<uuid:uuid>")
@signed_in("report.read")
def order(uuid: UUID) -> Answer:
    """How far an order has come; when it is over, its files and what could not be made."""
    row = _find(uuid)
    store, line = current_store(), line_of(row)
    files = [] if line.open else _files(row)
    named = _places() if files else {}
    keys = {one.id: series_key(one) for one in every_series()}
    return render_template(
        "leadership/order.html",
        line=line,
        language_name=NAMES[row["language"]],
        checklist=_checklist(row["checklist"]),
        audience={one.value: one.label for one in audiences()}[row["audience"]],
        before=orders.count_before(store, row["id"]) if row["state"] == "waiting" else 0,
        failures=[
            (one["file"], words_of(one["text"], one["details"])) for one in orders.failures(store, row["id"])
        ],
        files=[(job.file, _label(job, named), _page(row, job, keys)) for job, _path in files[:SHOWN]],
        more=max(0, len(files) - SHOWN),
        count=len(files),
        days=_settings().report_days,
    )


@bp.get("/reports/orders/<uuid:uuid>/<name>.pdf")
@signed_in("report.read")
def order_file(uuid: UUID, name: str) -> Answer:
    """One of an order's files."""
    held = {job.file: path for job, path in _files(_find(uuid))}
    path = held.get(f"{name}.pdf")
    if path is None:
        abort(404)
    return send_file(path, mimetype="application/pdf", as_attachment=True, download_name=path.name)


@bp.get("/reports/orders/<uuid:uuid>/reports.zip")
@signed_in("report.read")
def order_zip(uuid: UUID) -> Answer:
    """All files of an order, packed while they are sent."""
    row = _find(uuid)
    files = _files(row)
    if not files:
        abort(404)
    response = Response(zipped([path for _job, path in files]), mimetype="application/zip")
    name = f"checker-{Month.from_int(row['month'])}-{row['language']}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.post("/reports/orders/<uuid:uuid>/stop")
@signed_in("report.read")
def stop(uuid: UUID) -> Answer:
    """Stop it; what is made stays."""
    _find(uuid)
    stop_order(current_store(), uuid, by=me().id, now=now())
    return redirect(f"/reports/orders/{uuid}", 303)


@bp.post("/reports/orders/<uuid:uuid>/resume")
@signed_in("report.read")
def resume(uuid: UUID) -> Answer:
    """Let it go on."""
    _find(uuid)
    resume_order(current_store(), uuid, by=me().id, now=now())
    knock(_settings(), "make_reports")
    return redirect(f"/reports/orders/{uuid}", 303)


# --- what stands behind them --------------------------------------------------------------------------------


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["checker.settings"])


def _find(uuid: UUID) -> Row:
    """One's own order, while one may still have such copies."""
    row = find_order(current_store(), uuid, by=me().id)
    if row["audience"] not in {one.value for one in audiences()}:
        abort(404)
    return row


def _files(row: Row) -> list[tuple[Job, Path]]:
    """The files there are, of reports that the person may have today."""
    try:
        jobs = jobs_of(current_store(), row, now=now())
    except Problem:
        return []
    folder = folder_of(_settings().instance, row["uuid"])
    return [(job, path) for job in jobs if (path := folder / job.file).is_file()]


def _places() -> dict[str, str]:
    store = current_store()
    found = {f"branch {row['code']}": row["name"] for row in branches.list_for(store, person_id=me().id)}
    if may(me(), "network.read"):
        found |= {f"region {row['code']}": row["name"] for row in branches.list_regions(store)}
    return found


def _label(job: Job, named: dict[str, str]) -> str:
    """What a file is about."""
    if job.branch is not None:
        return f"{named.get(f'branch {job.branch}', '')} · {job.branch}"
    if job.region is not None:
        return f"{named.get(f'region {job.region}', '')} · {job.region}"
    return str(_("Whole network"))


def _page(row: Row, job: Job, keys: Mapping[int, str]) -> str:
    """Where a file's report can be read as a page, with today's figures."""
    scope = "network"
    if job.branch is not None:
        scope = f"branch:{job.branch}"
    elif job.region is not None:
        scope = f"region:{job.region}"
    return reading_address(
        month=str(Month.from_int(row["month"])),
        scope=scope,
        series=keys[job.series_id],
        language=row["language"],
        audience=row["audience"],
    )


def _checklist(code: str) -> str:
    version = checklists.current(current_store(), code)
    return str(said_plainly(version.checklist.title, version.checklist.languages)) if version else code


class _Sent:
    """What a ZIP is written to: bytes that are handed on and forgotten."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        self._held += content
        return len(content)

    def flush(self) -> None:
        """Nothing lies anywhere else."""

    def taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def zipped(paths: list[Path]) -> Iterator[bytes]:
    """Pack files into a ZIP, one after another, never holding more than one; PDFs are packed already.

    A file that is swept meanwhile is left out.
    """
    sent = _Sent()
    with ZipFile(cast(IO[bytes], sent), "w", ZIP_STORED) as whole:
        for path in paths:
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            whole.writestr(ZipInfo(path.name), content)
            yield sent.taken()
    yield sent.taken()

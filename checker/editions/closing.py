"""A month is closed: its figures are frozen, its files drawn from them, and both kept with the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from checker.actions.edition_entry import find_draft, release_faults, require, today
from checker.actions.keep_edition_file import keep_edition_file
from checker.actions.redraw_edition import redraw_edition
from checker.actions.release_edition import Drawn, release_edition
from checker.editions.drawing import Again, draw, draw_again, drawn_again, program, reading
from checker.editions.names import without_names
from checker.editions.reading import audiences, read_snapshot, read_summary
from checker.editions.since import since_released
from checker.editions.snapshot import FORMAT, Audience, Snapshot, Summary, read, write
from checker.problem import Problem, not_found
from checker.reports.reading import Reading
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row, Store
from checker.summaries.editions import decisions
from checker.summaries.look import look
from checker.summaries.values import Correction, EditionText

TRIES = 3


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures of a month at one moment: nothing came in while they were read."""

    snapshot: Snapshot
    latest: tuple[int, int]


def release(
    store: Store, uuid: UUID, *, changes: int, languages: Sequence[str], by: int | None, now: datetime
) -> None:
    """Close a month: freeze its figures, draw a file in each language for each reader, and keep it all.

    Raises Refused for what a decision still lacks, Problem like `find_draft`, and "edition.busy" while
    visits come in faster than the figures are read.
    """
    draft = find_draft(store, uuid, changes=changes)
    require(release_faults(draft["decisions"], today(now)))
    frozen = freeze(store, draft, released_on=today(now), now=now)
    published = editions.published(store)
    content = write(frozen.snapshot, published)
    release_edition(
        store,
        uuid,
        changes=changes,
        snapshot=content,
        format=FORMAT,
        latest=frozen.latest,
        files=_files(store, draft, read(content, published), languages),
        by=by,
        now=now,
    )


def freeze(store: Store, edition: Row, *, released_on: date | None, now: datetime) -> Frozen:
    """The figures of an edition's month as they are now, with its words and what is to be corrected."""
    for _ in range(TRIES):
        latest = editions.latest(store)
        copies: dict[Audience, Summary] = {
            audience: without_names(store, read_summary(store, edition, audience=audience, now=now))
            for audience in audiences(edition)
        }
        said = _text(store, edition, copies["leadership"], released_on=released_on, now=now)
        if editions.latest(store) == latest:
            return Frozen(Snapshot(said, copies, look(store)), latest)
    text = N_("Visits are coming in just now. Nothing was released; try again in a minute.")
    raise Problem("edition.busy", 503, text)


def _text(
    store: Store, edition: Row, summary: Summary, *, released_on: date | None, now: datetime
) -> EditionText:
    return EditionText(
        n=edition["n"],
        foreword=edition["foreword"],
        decisions=decisions(edition),
        released_on=released_on,
        corrections=_corrections(store, edition, summary, now),
    )


def _corrections(store: Store, edition: Row, summary: Summary, now: datetime) -> tuple[Correction, ...]:
    """What an edition has to correct: the one before it, and the report of the month before."""
    found = []
    if before := _newest(store, edition, edition["month"], before=edition["n"]):
        found.append(since_released(store, before, now=now, today=summary))
    if last_month := _newest(store, edition, int(Month.from_int(edition["month"]).previous())):
        found.append(since_released(store, last_month, now=now))
    return tuple(one for one in found if one)


def _newest(store: Store, edition: Row, month: int, *, before: int = editions.BEYOND) -> Row | None:
    return editions.newest_released(
        store,
        series_id=edition["series_id"],
        month=month,
        region_id=edition["region_id"],
        branch_id=edition["branch_id"],
        before=before,
    )


def _files(store: Store, edition: Row, snapshot: Snapshot, languages: Sequence[str]) -> list[Drawn]:
    files = []
    for language in dict.fromkeys(languages):
        for audience in audiences(edition):
            sheet = draw(store, snapshot, language=language, audience=audience)
            files.append(Drawn(language, audience, sheet.content, sheet.names, program()))
    return files


# --- drafts and reports of today ----------------------------------------------------------------------------


def preview(store: Store, edition: Row, *, language: str, audience: Audience, now: datetime) -> bytes:
    """A draft's file as it would be sent now."""
    frozen = freeze(store, edition, released_on=None, now=now)
    return draw(store, frozen.snapshot, language=language, audience=audience).content


def preview_reading(
    store: Store, edition: Row, *, language: str, audience: Audience, now: datetime
) -> Reading:
    """The same to be read on a screen."""
    frozen = freeze(store, edition, released_on=None, now=now)
    return reading(store, frozen.snapshot, language=language, audience=audience)


def text_for(store: Store, summary: Summary, *, now: datetime) -> EditionText | None:
    """The words of the newest released edition for a month as it is read today, with what changed since; None
    where none is released.
    """
    edition = editions.newest_of(
        store,
        series_id=summary.series.id,
        month=int(summary.month),
        region=getattr(getattr(summary, "scope", None), "code", None),
        branch=getattr(getattr(summary, "branch", None), "code", None),
    )
    if edition is None:
        return None
    correction = since_released(store, edition, now=now, today=summary)
    return EditionText(
        n=edition["n"],
        foreword=edition["foreword"],
        decisions=decisions(edition),
        released_on=correction.released_on,
        corrections=(correction,) if correction else (),
    )


# --- files of a released edition ----------------------------------------------------------------------------


def add_language(store: Store, edition: Row, *, language: str, by: int | None, now: datetime) -> None:
    """Draw a released edition in another language and keep the files."""
    files = _files(store, edition, read_snapshot(store, edition), [language])
    keep_edition_file(store, UUID(bytes=edition["uuid"]), files=files, by=by, now=now)


def again(store: Store, edition: Row, *, language: str, audience: Audience, now: datetime) -> Again:
    """Draw a file that was sent once more. Raises Problem "not_found" for one that is not kept."""
    file = _kept(store, edition, language, audience)
    return _again(store, read_snapshot(store, edition), file, today(now))


def again_reading(store: Store, edition: Row, *, language: str, audience: Audience, now: datetime) -> Reading:
    """The same to be read on a screen; where the file would be another than what was sent, it says so."""
    file, snapshot = _kept(store, edition, language, audience), read_snapshot(store, edition)
    sheet = draw(store, snapshot, language=language, audience=audience)
    said = drawn_again(snapshot, sheet, sent_hash=file["sent_hash"], names=file["names"], on=today(now))
    return reading(store, said, language=language, audience=audience)


def _kept(store: Store, edition: Row, language: str, audience: Audience) -> Row:
    file = editions.find_file(store, edition["id"], language=language, audience=audience)
    if file is None:
        raise not_found(N_("There is no such file of this edition."))
    return file


def put_names_right(store: Store, edition: Row, *, by: int | None, now: datetime) -> int:
    """Draw those files again that hold a name which was changed or erased meanwhile, in place of the kept
    ones; returns how many there were.
    """
    snapshot = read_snapshot(store, edition)
    files = []
    for row in editions.files(store, edition["id"]):
        drawn = _again(store, snapshot, row, today(now))
        if drawn.names != row["names"]:
            files.append(Drawn(row["language"], row["audience"], drawn.content, drawn.names, program()))
    if files:
        redraw_edition(store, UUID(bytes=edition["uuid"]), files=files, by=by, now=now)
    return len(files)


def _again(store: Store, snapshot: Snapshot, file: Row, on: date) -> Again:
    return draw_again(
        store,
        snapshot,
        language=file["language"],
        audience=file["audience"],
        sent_hash=file["sent_hash"],
        names=file["names"],
        on=on,
    )

"""A month is closed: what was sent stays, is drawn again to the same bytes, and corrections are stated."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

from checker.actions.begin_edition import begin_edition
from checker.actions.change_edition import change_edition
from checker.actions.discard_edition import discard_edition
from checker.actions.review_visit import review_visit
from checker.actions.undo_import import undo_import
from checker.actions.verify_store import verify
from checker.editions import drawing
from checker.editions.closing import add_language, again, preview, put_names_right, release, text_for
from checker.editions.proposing import of_branch, proposed
from checker.editions.reading import kept_file, read_snapshot, read_summary
from checker.editions.since import since_released
from checker.problem import Problem
from checker.reports.edition_part import correction
from checker.standards.faults import Refused
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.store import editions, trail, visits
from checker.summaries.values import Finding, NetworkMonth
from checker.words import words_for
from tests.editions.making_closing import ASKED, CLOSED, OCTOBER, Closing
from tests.making_store import POOR, publish_desk
from tests.reports import making

LATER = CLOSED + timedelta(days=9)


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def bytes_of(closing: Closing, edition: dict, language: str = "en", audience: str = "leadership") -> bytes:
    file = editions.find_file(closing.shop.store, edition["id"], language=language, audience=audience)
    assert file is not None
    return bytes(file["content"])


def decide(closing: Closing, uuid: UUID, decision: str, *, now=LATER) -> None:
    row = visits.find(closing.shop.store, uuid)
    assert row is not None
    by = closing.shop.people["rea"]
    review_visit(closing.shop.store, row, decision=decision, reason="It was not ours.", by=by, now=now)


# --- released -------------------------------------------------------------------------------------------


def test_a_released_edition_keeps_words_figures_and_bytes(closing: Closing):
    edition = closing.close("en", "fi")
    assert edition["released_at"] == int(CLOSED.timestamp())
    kept = editions.files(closing.shop.store, edition["id"])
    assert [(one["language"], one["audience"]) for one in kept] == [
        ("en", "leadership"),
        ("fi", "leadership"),
    ]
    for one in kept:
        content = bytes_of(closing, edition, one["language"])
        assert one["hash"] == one["sent_hash"] == sha256(content).hexdigest()
        assert one["program"] == drawing.program()
    said = text_of(bytes_of(closing, edition))
    assert "October was the month of the new greeting." in said
    assert "Edition 1, released on 3 Nov 2026." in said
    for what, measured_by, owner, _ in ASKED:
        assert what in said and measured_by in said and owner in said
    assert "20 Nov 2026" in said
    lines = trail.newest(closing.shop.store, 2)
    assert [line["act"] for line in lines] == ["edition.release", "edition.begin"]


def test_a_branch_has_a_file_for_its_manager_and_one_for_leadership(closing: Closing):
    edition = closing.close(branch="B1")
    manager = text_of(bytes_of(closing, edition, audience="manager"))
    leadership = text_of(bytes_of(closing, edition))
    assert "Evelina" in manager and "Annunziata" in manager
    assert "Evelina" not in leadership and "Annunziata" not in leadership


def test_a_snapshot_holds_no_name(closing: Closing):
    """Neither an employee's nor the words by which a shopper described one."""
    edition = closing.close(branch="B1")
    content, _ = editions.snapshot(closing.shop.store, edition["id"])
    assert b"E1" in content and b"=E1" in content and b"?served_by" in content
    for name in (b"Evelina", b'"Ed"', b"Annunziata"):
        assert name not in content


def test_where_codes_stand_for_people_a_file_has_codes_and_no_descriptions(closing: Closing):
    """The programme's attribution is "code": then the manager's copy has no name to be erased either."""
    store = closing.shop.store
    publish_desk(store)
    for day in (2, 3):
        closing.send(
            day,
            checklist="desk",
            employees={"greeter": {"code": "E1"}, "cashier": {"described": "badge: Annunziata"}},
            answers={"hello": "yes", "bill": "no"},
        )
    with store.write():
        store.db.execute("UPDATE programme SET attribution = 'code'")
    desk = int(store.value("SELECT max(id) FROM series"))
    uuid = begin_edition(
        store, series_id=desk, month=OCTOBER, branch="B1", decisions=ASKED, by=None, now=CLOSED
    )
    release(store, uuid, changes=0, languages=["en"], by=None, now=CLOSED)
    said = text_of(bytes_of(closing, closing.edition(uuid), audience="manager"))
    assert "E1" in said and "name erased" not in said
    assert "Evelina" not in said and "Annunziata" not in said


@pytest.mark.parametrize("place", [{}, {"region": "north"}, {"branch": "B1"}])
def test_the_same_program_draws_the_same_bytes_again(closing: Closing, place: dict[str, str]):
    edition = closing.close("en", "de", **place)
    for file in editions.files(closing.shop.store, edition["id"]):
        drawn = again(
            closing.shop.store, edition, language=file["language"], audience=file["audience"], now=LATER
        )
        assert drawn.reason == ""
        assert drawn.content == bytes_of(closing, edition, file["language"], file["audience"])


AGAIN = """
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID
from checker.editions.closing import again
from checker.store import editions
from checker.store.connection import open_store

store = open_store(Path(sys.argv[1]))
edition = editions.find(store, UUID(sys.argv[2]))
drawn = again(store, edition, language="en", audience="manager", now=datetime(2027, 1, 1, tzinfo=UTC))
print(sha256(drawn.content).hexdigest(), repr(drawn.reason))
"""


def test_another_process_draws_the_same_bytes_again(closing: Closing):
    edition = closing.close(branch="B1")
    closing.send(20, now=LATER)  # what comes later is none of its business
    command = [sys.executable, "-c", AGAIN, str(closing.shop.store.path), str(UUID(bytes=edition["uuid"]))]
    home = Path(__file__).parents[2]
    for seed in ("1", "2"):
        said = subprocess.run(
            command, cwd=home, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        assert said.split() == [sha256(bytes_of(closing, edition, audience="manager")).hexdigest(), "''"]


def test_another_program_says_that_it_drew_again(closing: Closing, monkeypatch: pytest.MonkeyPatch):
    edition = closing.close()
    store = closing.shop.store
    with store.write():
        # As if an earlier program had drawn other bytes.
        store.db.execute("UPDATE edition_file SET program = 'earlier', sent_hash = x'00'")
    assert put_names_right(store, edition, by=None, now=LATER) == 0
    drawn = again(store, edition, language="en", audience="leadership", now=LATER)
    assert drawn.reason == "version"
    assert "Drawn again on 12 Nov 2026 from the same figures by another version" in text_of(drawn.content)
    assert bytes_of(closing, edition) != drawn.content  # what was sent stays


def test_a_released_edition_stays_as_it_is(closing: Closing):
    edition = closing.close()
    uuid = UUID(bytes=edition["uuid"])
    entered = {"foreword": "Other words", "decisions": ASKED, "by": None, "now": LATER}
    for act in (
        lambda: change_edition(closing.shop.store, uuid, changes=0, **entered),
        lambda: discard_edition(closing.shop.store, uuid, changes=0, by=None, now=LATER),
        lambda: release(closing.shop.store, uuid, changes=0, languages=["en"], by=None, now=LATER),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.code == "edition.released"


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE edition SET snapshot = x'00'", "The snapshot"),
        ("UPDATE edition SET hash = x'00'", "The snapshot"),
        ("UPDATE edition_file SET content = x'00'", "en leadership"),
    ],
)
def test_what_is_damaged_is_found(closing: Closing, damage: str, what: str):
    edition = closing.close()
    store = closing.shop.store
    assert verify(store) == []
    with store.write():
        store.db.execute(damage)
    found = [(one.code, one.place, one.details["what"]) for one in verify(store)]
    assert found == [("verify.edition_changed", f"edition {UUID(bytes=edition['uuid'])}", what)]


@pytest.mark.parametrize("damage", ["UPDATE edition SET snapshot = x'00'", "UPDATE edition SET hash = x'00'"])
def test_damaged_figures_are_not_drawn_from(closing: Closing, damage: str):
    edition = closing.close()
    with closing.shop.store.write():
        closing.shop.store.db.execute(damage)
    with pytest.raises(Problem, match="is damaged"):
        read_snapshot(closing.shop.store, edition)


def test_a_damaged_file_is_not_handed_out_as_what_was_sent(closing: Closing):
    edition, store = closing.close(), closing.shop.store
    assert kept_file(store, edition, language="en", audience="leadership") == bytes_of(closing, edition)
    with store.write():
        store.db.execute("UPDATE edition_file SET content = substr(content, 1, 2000)")
    with pytest.raises(Problem, match="is damaged"):
        kept_file(store, edition, language="en", audience="leadership")


def test_another_language_is_drawn_from_the_same_figures(closing: Closing):
    edition = closing.close()
    closing.send(20, answers=dict(POOR), now=LATER)
    add_language(closing.shop.store, edition, language="pl", by=None, now=LATER)
    add_language(closing.shop.store, edition, language="pl", by=None, now=LATER)
    kept = editions.files(closing.shop.store, edition["id"])
    assert [one["language"] for one in kept] == ["en", "pl"]
    n = text_of(bytes_of(closing, edition, "pl"))
    assert "n\u00a0=\u00a012" in n or "n = 12" in n


# --- drafts ---------------------------------------------------------------------------------------------


def test_a_draft_is_begun_once(closing: Closing):
    assert closing.begin() == closing.begin()
    assert closing.begin(branch="B1") != closing.begin()


def test_a_month_that_runs_is_not_closed(closing: Closing):
    with pytest.raises(Problem) as refused:
        closing.begin(month=Month(2026, 11))
    assert refused.value.code == "edition.not_over"


def test_a_month_that_runs_at_its_branch_is_not_closed(closing: Closing):
    """In Los Angeles October ends seven hours later than in UTC, and its last evening is visited."""
    early = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    with closing.shop.store.write():
        closing.shop.store.db.execute("UPDATE branch SET zone = 'America/Los_Angeles' WHERE code = 'B1'")
    with pytest.raises(Problem, match="2026-10 is not over yet"):
        closing.begin(branch="B1", now=early)
    closing.begin(branch="B1", now=early + timedelta(hours=6))
    closing.begin(branch="B2", now=early)


def test_nobody_writes_over_somebody_elses_draft(closing: Closing):
    uuid = closing.begin()
    entered = {"foreword": "Mine", "decisions": ASKED, "by": None, "now": CLOSED}
    assert change_edition(closing.shop.store, uuid, changes=0, **entered) == 1
    with pytest.raises(Problem) as refused:
        change_edition(closing.shop.store, uuid, changes=0, **{**entered, "foreword": "Theirs"})
    assert refused.value.code == "edition.changed"
    assert closing.edition(uuid)["foreword"] == "Mine"


def test_every_fault_of_a_draft_is_told_at_its_place(closing: Closing):
    uuid = closing.begin()
    with pytest.raises(Refused) as refused:
        change_edition(
            closing.shop.store,
            uuid,
            changes=0,
            foreword="x" * 601,
            decisions=[("", "", "Somebody", ""), ("y" * 501, "x" * 501, "z" * 121, "soon")],
            by=None,
            now=CLOSED,
        )
    assert {(one.code, one.place) for one in refused.value.faults} == {
        ("edition.too_long", "foreword"),
        ("edition.what_missing", "what_1"),
        ("edition.too_long", "what_2"),
        ("edition.too_long", "measured_by_2"),
        ("edition.too_long", "owner_2"),
        ("day.shape", "due_on_2"),
    }


@pytest.mark.parametrize(
    ("decisions", "faults"),
    [
        ([], {("edition.no_decision", "what_1")}),
        ([("Do it", "", "", "2026-12-01")], {("edition.owner_missing", "owner_1")}),
        ([("Do it", "", "Who", "")], {("edition.day_missing", "due_on_1")}),
        ([("Do it", "", "Who", "2026-11-02")], {("edition.past", "due_on_1")}),
    ],
)
def test_a_release_asks_for_owner_and_day(closing: Closing, decisions, faults):
    uuid = closing.begin()
    change_edition(closing.shop.store, uuid, changes=0, foreword="", decisions=decisions, by=None, now=CLOSED)
    with pytest.raises(Refused) as refused:
        release(closing.shop.store, uuid, changes=1, languages=["en"], by=None, now=CLOSED)
    assert {(one.code, one.place) for one in refused.value.faults} == faults
    assert closing.edition(uuid)["released_at"] is None


def test_a_draft_can_be_looked_at_and_thrown_away(closing: Closing):
    uuid = closing.begin()
    said = text_of(
        preview(closing.shop.store, closing.edition(uuid), language="en", audience="leadership", now=CLOSED)
    )
    assert "Draft of edition 1, not released." in said
    discard_edition(closing.shop.store, uuid, changes=0, by=None, now=CLOSED)
    assert editions.find(closing.shop.store, uuid) is None


def test_a_branch_is_proposed_what_fell_and_what_lies_below():
    """Falls first; a standard that does both is named once."""
    summary = making.branch(60)
    names = [one.standard for one in summary.standards[:3]]
    found = (
        Finding("axis_below"),
        Finding("standard_below", standard=names[0], share=0.5, target=0.9, n=60),
        Finding("standard_below", standard=names[1], share=0.6, target=0.9, n=60),
        Finding("standard_fell", standard=names[1], share=0.6, difference=-0.2, n=60),
        Finding("standard_fell", standard=names[2], share=0.7, difference=-0.1, n=60),
    )
    chosen = of_branch(replace(summary, findings=found))
    assert [(one.kind, one.standard) for one in chosen] == [
        ("mend_fall", names[1]),
        ("mend_fall", names[2]),
        ("mend_cost", names[0]),
    ]
    said = proposed(replace(summary, findings=found), words_for("en"))
    assert len(said) == 3 and all(what and measure and not owner for what, measure, owner, _ in said)


# --- what changed since ------------------------------------------------------------------------------------


def test_nothing_changed(closing: Closing):
    edition = closing.close()
    assert not since_released(closing.shop.store, edition, now=LATER)
    assert correction(since_released(closing.shop.store, edition, now=LATER), None, words_for("en")) == ()


def test_a_late_visit_is_stated_with_figures_then_and_now(closing: Closing):
    edition = closing.close()
    sent = read_snapshot(closing.shop.store, edition).summary.axes[Axis.STANDARD]
    closing.send(20, answers=dict(POOR), now=LATER)
    found = since_released(closing.shop.store, edition, now=LATER)
    assert (found.arrived, found.taken_in, found.left_out, found.corrected) == (1, 0, 0, 0)
    compliance = found.moved[0]
    assert compliance.item is None and compliance.axis is Axis.STANDARD
    assert (compliance.n_sent, compliance.n) == (sent.n, sent.n + 1) == (12, 13)
    assert compliance.share_sent == sent.mean
    today = read_summary(closing.shop.store, edition, audience="leadership", now=LATER)
    assert isinstance(today, NetworkMonth)
    assert compliance.share == today.axes[Axis.STANDARD].mean
    said = correction(found, today.series.checklist, words_for("en"))
    assert said[:2] == (
        "Since edition 1 for October 2026 was released on 3 Nov 2026:",
        "1 visit arrived.",
    )
    assert any(
        one.startswith("Compliance is now ") and "13) instead of " in one and "12)." in one for one in said
    )


def test_late_visits_are_stated_where_others_were_taken_back(closing: Closing):
    """They got the keys of those that were taken back with an import, and passed for visits of that time."""
    edition, store = closing.close(), closing.shop.store
    with store.write():
        batch = store.add("batch", {"kind": "visits", "file_name": "wrong.csv", "at": 0})
        store.db.execute("UPDATE visit SET batch_id = :id WHERE id > :last - 2", {"id": batch, "last": 12})
    assert undo_import(store, batch, by=None, now=LATER).removed == 2
    closing.send(20, now=LATER)
    closing.send(21, now=LATER)
    found = since_released(store, closing.edition(UUID(bytes=edition["uuid"])), now=LATER)
    assert found.arrived == 2


def test_visits_of_other_months_and_places_are_no_correction(closing: Closing):
    north = closing.close(region="north")
    branch = closing.close(branch="B1")
    closing.send(20, "B3", now=LATER)
    closing.shop.send(visited_at="2026-11-05T10:00:00+02:00", now=LATER)
    assert not since_released(closing.shop.store, north, now=LATER)
    assert not since_released(closing.shop.store, branch, now=LATER + timedelta(days=2))
    closing.send(21, "B2", now=LATER)
    assert since_released(closing.shop.store, north, now=LATER).arrived == 1


def test_a_void_and_its_taking_back_are_told_by_what_holds_now(closing: Closing):
    uuid = closing.send(15)
    edition = closing.close()
    decide(closing, uuid, "void")
    found = since_released(closing.shop.store, edition, now=LATER)
    assert (found.arrived, found.taken_in, found.left_out) == (0, 0, 1)
    decide(closing, uuid, "restore")
    assert not since_released(closing.shop.store, edition, now=LATER)


def test_a_visit_that_was_left_out_counts_again(closing: Closing):
    uuid = closing.send(15)
    decide(closing, uuid, "exclude", now=CLOSED - timedelta(days=1))
    edition = closing.close()
    decide(closing, uuid, "include")
    found = since_released(closing.shop.store, edition, now=LATER)
    assert (found.arrived, found.taken_in, found.left_out) == (0, 1, 0)


def test_a_visit_that_is_not_revealed_yet_is_no_correction_of_its_branch(closing: Closing):
    edition = closing.close(branch="B1")
    closing.send(20, now=LATER)
    assert not since_released(closing.shop.store, edition, now=LATER)
    assert since_released(closing.shop.store, edition, now=LATER + timedelta(days=1)).arrived == 1


def test_the_next_edition_states_its_corrections_and_the_first_stays(closing: Closing):
    first = closing.close()
    sent = bytes_of(closing, first)
    closing.send(20, answers=dict(POOR), now=LATER)
    second = closing.close(now=LATER)
    assert (first["n"], second["n"]) == (1, 2)
    said = text_of(bytes_of(closing, second))
    assert "Since edition 1 for October 2026 was released on 3 Nov 2026: 1 visit arrived." in said
    assert "Edition 2, released on 12 Nov 2026." in said
    assert bytes_of(closing, first) == sent


def test_the_next_month_states_the_corrections_of_the_last(closing: Closing):
    closing.close()
    closing.send(20, now=LATER)
    for day in range(1, 7):
        closing.shop.send(visited_at=f"2026-11-0{day}T10:00:00+02:00", now=LATER)
    december = CLOSED.replace(month=12, day=2)
    uuid = closing.begin(month=Month(2026, 11), now=december)
    drawn = preview(
        closing.shop.store, closing.edition(uuid), language="en", audience="leadership", now=december
    )
    assert "Since edition 1 for October 2026 was released on 3 Nov 2026: 1 visit arrived." in text_of(drawn)


def test_a_report_of_today_carries_the_words_of_the_edition(closing: Closing):
    edition = closing.close()
    today = read_summary(closing.shop.store, edition, audience="leadership", now=LATER)
    text = text_for(closing.shop.store, today, now=LATER)
    assert text is not None
    assert (text.n, text.released_on, text.corrections) == (1, date(2026, 11, 3), ())
    assert text.decisions[0].what == ASKED[0][0]
    branch = read_summary(closing.shop.store, {**edition, "branch": "B1"}, audience="leadership", now=LATER)
    assert text_for(closing.shop.store, branch, now=LATER) is None


# --- erased names ------------------------------------------------------------------------------------------


def forget(closing: Closing, code: str) -> None:
    with closing.shop.store.write():
        closing.shop.store.change("employee", closing.shop.employees[code], {"name": ""})


def test_an_erased_name_leaves_the_file_and_it_is_said(closing: Closing):
    edition = closing.close(branch="B1")
    store = closing.shop.store
    before = {one["audience"]: one for one in editions.files(store, edition["id"])}
    assert put_names_right(store, edition, by=None, now=LATER) == 0
    forget(closing, "E1")
    drawn = again(store, edition, language="en", audience="manager", now=LATER)
    assert drawn.reason == "erased"
    assert put_names_right(store, edition, by=None, now=LATER) == 1
    said = text_of(bytes_of(closing, edition, audience="manager"))
    assert "Evelina" not in said and "(name erased)" in said
    assert "Drawn again on 12 Nov 2026 from the same figures: names were erased since it was sent." in said
    after = {one["audience"]: one for one in editions.files(store, edition["id"])}
    assert after["leadership"] == before["leadership"]
    assert after["manager"]["sent_hash"] == before["manager"]["hash"] != after["manager"]["hash"]
    assert after["manager"]["redrawn_at"] == int(LATER.timestamp())
    # Once is enough, until the next name goes.
    assert put_names_right(store, edition, by=None, now=LATER + timedelta(days=3)) == 0
    forget(closing, "E2")
    assert put_names_right(store, edition, by=None, now=LATER + timedelta(days=3)) == 1


def test_a_description_that_is_gone_is_erased_too(closing: Closing):
    edition = closing.close(branch="B1")
    with closing.shop.store.write():
        closing.shop.store.db.execute("UPDATE visit_employee SET described = NULL")
    assert put_names_right(closing.shop.store, edition, by=None, now=LATER) == 1
    assert "Annunziata" not in text_of(bytes_of(closing, edition, audience="manager"))


def test_a_name_that_was_changed_is_said(closing: Closing, monkeypatch: pytest.MonkeyPatch):
    edition = closing.close(branch="B1")
    with closing.shop.store.write():
        closing.shop.store.change("employee", closing.shop.employees["E1"], {"name": "Eva Example"})
    drawn = again(closing.shop.store, edition, language="en", audience="manager", now=LATER)
    assert drawn.reason == "names"
    assert "Eva Example" in text_of(drawn.content)
    # Another program draws other bytes in any case, and still finds that the name is another one.
    monkeypatch.setattr(drawing, "program", lambda: "later")
    assert put_names_right(closing.shop.store, edition, by=None, now=LATER) == 1
    said = text_of(bytes_of(closing, edition, audience="manager"))
    assert "Eva Example" in said and "Evelina" not in said
    assert "names were changed since it was sent." in said


def test_names_that_changed_places_are_put_right(closing: Closing):
    """The same names stood in the file, so nothing seemed to have changed."""
    edition = closing.close(branch="B1")
    shop = closing.shop
    with shop.store.write():
        shop.store.change("employee", shop.employees["E1"], {"name": "Ed"})
        shop.store.change("employee", shop.employees["E2"], {"name": "Evelina Alder"})
    assert again(shop.store, edition, language="en", audience="manager", now=LATER).reason == "names"
    assert put_names_right(shop.store, edition, by=None, now=LATER) == 1

"""Assignments expire by themselves; what was made all the same is received."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner

from checker.actions.begin_visit import Plan, begin_visit
from checker.actions.expire_assignments import expire_assignments
from checker.actions.save_draft import save_draft
from checker.actions.tidy import tidy
from checker.cli import group
from checker.problem import Problem
from checker.store import assignments, photo_files, settings, trail
from tests.making_store import Shop
from tests.picturing import picture

DUE = date(2026, 10, 20)


def assign(shop: Shop, *, state: str = "accepted", branch: str = "B1", report_by: date = DUE) -> UUID:
    uuid = uuid4()
    row = {
        "uuid": uuid.bytes,
        "programme_id": 1,
        "branch_id": shop.store.value("SELECT id FROM branch WHERE code = :code", {"code": branch}),
        "checklist_id": shop.store.value("SELECT id FROM checklist WHERE code = 'shop'"),
        "shopper_id": shop.people["sam"],
        "visit_from": "2026-10-01",
        "visit_to": report_by.isoformat(),
        "report_by": report_by.isoformat(),
        "state": state,
        "state_at": 0,
        "created_at": 0,
    }
    with shop.store.write():
        shop.store.add("assignment", row)
    return uuid


def state(shop: Shop, uuid: UUID) -> str:
    held = assignments.find(shop.store, uuid)
    assert held is not None
    return str(held["state"])


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize("before", ["planned", "accepted"])
def test_it_expires_when_the_report_is_late_by_more_than_the_grace(shop: Shop, before: str):
    uuid = assign(shop, state=before)
    assert expire_assignments(shop.store, grace_days=14, now=noon(date(2026, 11, 3))) == 0
    assert state(shop, uuid) == before
    now = noon(date(2026, 11, 4))
    assert expire_assignments(shop.store, grace_days=14, now=now) == 1
    assert state(shop, uuid) == "expired"
    line = trail.newest(shop.store)[0]
    assert (line["act"], line["thing"], line["person"]) == ("assignment.expire", str(uuid), None)
    assert line["at"] == int(now.timestamp())
    written = len(trail.newest(shop.store))
    assert expire_assignments(shop.store, grace_days=14, now=now) == 0
    assert len(trail.newest(shop.store)) == written


@pytest.mark.parametrize("over", ["done", "declined", "cancelled", "expired"])
def test_what_is_over_stays_as_it_is(shop: Shop, over: str):
    uuid = assign(shop, state=over)
    assert expire_assignments(shop.store, grace_days=0, now=noon(date(2027, 10, 1))) == 0
    assert state(shop, uuid) == over


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 3, 10, tzinfo=UTC)),  # the day begins 14 hours before UTC's
        ("Europe/Helsinki", datetime(2026, 11, 3, 22, tzinfo=UTC)),
        ("Pacific/Niue", datetime(2026, 11, 4, 11, tzinfo=UTC)),
    ],
)
def test_days_are_those_of_the_branch(shop: Shop, zone: str, first: datetime):
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET zone = :zone WHERE code = 'B1'", {"zone": zone})
    assign(shop)
    assert expire_assignments(shop.store, grace_days=14, now=first - timedelta(seconds=1)) == 0
    assert expire_assignments(shop.store, grace_days=14, now=first) == 1


def test_a_visit_that_comes_later_makes_it_done(shop: Shop):
    uuid = assign(shop)
    assert expire_assignments(shop.store, grace_days=14, now=noon(date(2026, 11, 4))) == 1
    shop.send(assignment=str(uuid))
    assert state(shop, uuid) == "done"


def test_a_draft_begun_keeps_working(shop: Shop):
    uuid = assign(shop, state="planned")
    plan = Plan(id=uuid4(), shopper_id=shop.people["sam"], assignment=uuid)
    draft = begin_visit(shop.store, plan, now=noon(DUE))
    assert expire_assignments(shop.store, grace_days=14, now=noon(date(2026, 11, 4))) == 1
    again = Plan(id=uuid4(), shopper_id=shop.people["sam"], assignment=uuid)
    assert begin_visit(shop.store, again, now=noon(date(2026, 11, 5))) == draft
    save_draft(
        shop.store,
        draft,
        shopper_id=shop.people["sam"],
        typed={"tidy": ["yes"]},
        device="tablet",
        base=0,
        now=noon(date(2026, 11, 5)),
    )
    shop.send(id=str(draft), assignment=str(uuid))
    assert state(shop, uuid) == "done"


# --- once a day ---------------------------------------------------------------------------------------------


def test_of_many_who_ask_within_a_day_one_puts_in_order(shop: Shop):
    now = noon(date(2026, 11, 4))
    assert tidy(shop.store, grace_days=14, now=now, when_due=True) is not None
    late = assign(shop)
    assert tidy(shop.store, grace_days=14, now=now + timedelta(hours=23), when_due=True) is None
    assert state(shop, late) == "accepted"
    assert tidy(shop.store, grace_days=14, now=now + timedelta(hours=24), when_due=True) is not None
    assert state(shop, late) == "expired"
    back = now - timedelta(days=30)
    assert tidy(shop.store, grace_days=14, now=back, when_due=True) is not None, "a clock set right"


def test_who_fails_leaves_it_to_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    def broken(*_given: object, **_named: object) -> int:
        raise Problem("store.busy", 503, "busy")

    now = noon(date(2026, 11, 4))
    late = assign(shop)
    with monkeypatch.context() as patched:
        patched.setattr("checker.actions.tidy.expire_assignments", broken)
        with pytest.raises(Problem):
            tidy(shop.store, grace_days=14, now=now, when_due=True)
    assert settings.get(shop.store, "tidied_at") is None
    tidy(shop.store, grace_days=14, now=now + timedelta(hours=1), when_due=True)
    assert state(shop, late) == "expired"


def test_the_command_does_it_at_once_and_says_what_it_did(shop: Shop):
    late = assign(shop, report_by=date(2026, 10, 1))
    file = photo_files.path_of(shop.store, photo_files.write(shop.store, picture(9, 9)))
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    os.utime(file, (yesterday, yesterday))
    run = CliRunner().invoke(group(), ["--instance", str(shop.store.path.parent), "tidy"])
    assert run.exit_code == 0, run.output
    assert run.output == "Assignments expired: 1. Files taken away: 1.\n"
    assert state(shop, late) == "expired"
    assert not file.exists()

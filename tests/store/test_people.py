"""People and what belongs to them, as they are stored."""

from __future__ import annotations

from checker.store import limits, people, settings
from checker.store.connection import Store
from tests import people as cast


def test_everybody_is_listed_with_what_they_look_at(network: Store):
    for person in cast.CAST.values():
        person(network)
    rows = {row["email"]: row for row in people.list_all(network)}
    assert len(rows) == 7
    mara, eve = rows["mara@example.org"], rows["eve@example.org"]
    assert (mara["branches"], mara["regions"], mara["has_password"]) == ("B001 B002", "", 1)
    assert (eve["employee"], eve["branches"]) == ("E0001", "")
    assert "password_hash" not in mara
    assert [row["name"] for row in people.list_all(network, role="manager")] == ["Bo Brook", "Mara Moor"]


def test_an_address_is_found_whatever_its_capitals(network: Store):
    cast.sam(network)
    assert people.find_by_email(network, "SAM@EXAMPLE.ORG")["name"] == "Sam Shore"
    assert people.find_by_email(network, "sam@example.com") is None


def test_a_count_lasts_its_time_and_then_begins_anew(store: Store):
    assert [limits.hit(store, "a", hits=1, now=at, seconds=60) for at in (0.0, 1.0, 59.9)] == [1, 2, 3]
    assert limits.count(store, "a", now=59.9) == 3
    assert limits.expires_at(store, "a") == 60.0
    assert limits.count(store, "a", now=60.0) == 0
    assert limits.hit(store, "a", hits=1, now=60.0, seconds=60) == 1


def test_counts_that_are_over_are_forgotten(store: Store):
    limits.hit(store, "a", hits=1, now=0.0, seconds=60)
    limits.hit(store, "b", hits=1, now=61.0, seconds=60)
    assert [row["key"] for row in store.rows("SELECT key FROM rate_limit")] == ["b"]
    limits.forget(store, "b")
    assert limits.expires_at(store, "b") is None
    limits.hit(store, "c", hits=2, now=0.0, seconds=60)
    assert limits.forget_all(store) == 1


def test_a_setting_keeps_any_plain_value(store: Store):
    assert settings.get(store, "organisation") is None
    assert settings.get(store, "organisation", "none") == "none"
    for value in ("Łódź Örebro", [{"a": 1}], None, False):
        with store.write():
            settings.put(store, "organisation", value)
        assert settings.get(store, "organisation", "default") == value

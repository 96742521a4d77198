"""A checklist version is published once and never changed again (SC-12)."""

from __future__ import annotations

import pytest

from checker.problem import Problem
from checker.standards.canonical import digest
from checker.store import checklists, trail
from tests.making_store import GOOD, NEAT, Shop, publish


def test_it_is_frozen_with_its_hash_and_items(shop: Shop) -> None:
    version = checklists.find(shop.store, "shop", 1)
    assert version is not None
    assert version.hash.hex() == digest(version.checklist.definition)
    assert list(version.item_ids) == [item.id for item in version.checklist.items]
    assert trail.newest(shop.store, 1)[0]["thing"] == "shop 1"


def test_the_same_again_changes_nothing(shop: Shop) -> None:
    publish(shop.store)
    assert shop.store.value("SELECT count(*) FROM checklist_version") == 1
    assert len(trail.newest(shop.store)) == 1


def test_other_content_under_its_number_is_refused(shop: Shop) -> None:
    with pytest.raises(Problem) as problem:
        publish(shop.store, 1, NEAT)
    assert (problem.value.code, problem.value.status) == ("checklist.other_content", 409)


def test_a_number_below_the_newest_is_refused(shop: Shop) -> None:
    publish(shop.store, 3, NEAT)
    with pytest.raises(Problem) as problem:
        publish(shop.store, 2, NEAT)
    assert problem.value.code == "checklist.older"


def test_visits_on_an_older_version_are_still_taken_and_keep_their_score(shop: Shop) -> None:
    before = shop.visit(shop.send())
    publish(shop.store, 2, NEAT)
    late = shop.visit(shop.send(version=1))
    newest = shop.visit(shop.send(version=2, answers={**GOOD, "neat": "no"}))
    assert (before["version_id"], late["version_id"]) == (1, 1)
    assert (late["compliance"], newest["compliance"]) == (1_000_000, 1_000_000 * 4 // 5)

"""A visit is begun once, however often and from wherever the button is pressed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest

from checker.actions.begin_visit import Plan, begin_visit
from checker.problem import Problem
from checker.store.connection import open_store
from tests.making_store import Shop

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


def test_two_taps_at_the_same_moment_begin_one_visit(shop: Shop):
    """Each thread looks whether the visit is there, sees that it is not, and only then stands in line."""
    taps = 6
    plan = Plan(id=uuid4(), shopper_id=shop.people["sam"], branch="B1", checklist="shop")
    together = Barrier(taps)

    def tap(_number: int) -> object:
        store = open_store(shop.store.path)
        try:
            together.wait()
            return begin_visit(store, plan, now=NOON)
        finally:
            store.close()

    with ThreadPoolExecutor(taps) as pool:
        assert set(pool.map(tap, range(taps))) == {plan.id}
    assert shop.store.value("SELECT count(*) FROM draft") == 1
    assert shop.store.value("SELECT count(*) FROM trail WHERE act = 'visit.begin'") == 1


def test_an_id_that_somebody_else_began_is_taken(shop: Shop):
    plan = Plan(id=uuid4(), shopper_id=shop.people["sam"], branch="B1", checklist="shop")
    begin_visit(shop.store, plan, now=NOON)
    theirs = Plan(id=plan.id, shopper_id=shop.people["ada"], branch="B1", checklist="shop")
    with pytest.raises(Problem) as refused:
        begin_visit(shop.store, theirs, now=NOON)
    assert (refused.value.code, refused.value.status) == ("visit.id_taken", 409)

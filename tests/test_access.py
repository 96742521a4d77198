"""Who may do what."""

from __future__ import annotations

import pytest

from checker.access import HOMES, MAY, ROLES, home_for, may
from checker.store.people import Person
from checker.web.menu import ENTRIES, ROLE_NAMES


def person(role: str) -> Person:
    return Person(1, "a@example.org", "A", role, "en", None)


def test_every_role_stands_in_every_table():
    assert set(MAY) == set(HOMES) == set(ROLES) == set(ROLE_NAMES)


def test_nobody_may_do_what_is_not_in_the_table():
    assert not may(None, "branch.read")
    assert not any(may(person(role), "world.rule") for role in ROLES)


@pytest.mark.parametrize("role", ["manager", "employee", "leadership"])
def test_who_works_in_branches_never_learns_who_the_shopper_was(role):
    assert not may(person(role), "shopper.know")
    assert not may(person(role), "assignment.plan")


def test_names_of_employees_stay_with_manager_reviewer_and_admin():
    assert {role for role in ROLES if may(person(role), "employee.name")} == {"manager", "reviewer", "admin"}


def test_only_a_shopper_sends_and_only_reviewer_and_admin_decide():
    assert {role for role in ROLES if may(person(role), "visit.send")} == {"shopper"}
    assert {role for role in ROLES if may(person(role), "visit.review")} == {"reviewer", "admin"}


def test_what_only_an_administrator_may():
    acts = (
        "person.change",
        "data.import",
        "data.export",
        "token.issue",
        "checklist.publish",
        "setting.change",
    )
    for act in acts:
        assert {role for role in ROLES if may(person(role), act)} == {"admin"}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_finds_their_first_page_in_the_menu(role):
    paths = [entry.path for entry in ENTRIES if may(person(role), entry.act)]
    assert home_for(person(role)) in paths

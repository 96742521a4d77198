"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.config import Settings
from checker.passwords import LONGEST, Passwords, faults_in
from tests import people


def codes(password: str, *, email: str = "sam@example.org", name: str = "Sam Shore") -> list[str]:
    return [fault.code for fault in faults_in(password, email=email, name=name, least=12)]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password.short"),
        ("x" * (LONGEST + 1), "password.long"),
        ("Password1234", "password.common"),
        ("!!password!!", "password.common"),
        ("qwertyuiop123", "password.common"),
        ("123456789012", "password.common"),
        ("987654321098", "password.common"),
        ("aaaaaaaaaaaa", "password.common"),
        ("abababababab", "password.common"),
        ("my name is shore", "password.own_name"),
        ("SHORE rocks today", "password.own_name"),
    ],
)
def test_what_is_guessed_first_is_refused(password, code):
    assert codes(password) == [code]


@pytest.mark.parametrize(
    "password",
    ["nine quiet lamps", "kaksitoista merkkiä", "zażółć gęślą jaźń", "x7#kQ9!mZ2@p", "   many blanks"],
)
def test_length_is_enough(password):
    assert codes(password) == []


def test_a_short_name_forbids_nothing():
    assert codes("same old sample", name="Sam", email="sam@example.org") == []


def test_the_part_before_the_at_is_a_name_too():
    assert codes("harbourmaster rules", email="harbourmaster@example.org", name="X") == ["password.own_name"]


@given(st.text(min_size=1, max_size=60))
def test_only_the_password_itself_fits(password):
    kept = people.passwords()
    stored = kept.hash(password)
    assert kept.fits(password, stored)
    assert not kept.fits(password + "x", stored)
    assert not kept.fits(password, None)
    assert not kept.fits(password, "no hash at all")


def test_real_settings_keep_the_floor_of_argon2id():
    passwords = Passwords(Settings(instance=Path()))
    assert passwords.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.outdated(people.password_hash())
    assert not passwords.outdated(passwords.hash("x"))

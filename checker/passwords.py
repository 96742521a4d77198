"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from checker.config import Settings
from checker.standards.faults import N_, Fault

LONGEST = 256
"""Characters; beyond that hashing would be work for nothing."""

COMMON = frozenset(
    """
    password passwort passphrase salasana haslo parola motdepasse contrasena letmein welcome willkommen
    tervetuloa iloveyou qwerty qwertyuiop qwertyuiopasdf asdfghjkl asdfghjklasdf zxcvbnm qazwsxedc qazwsx
    azerty qwertz qwertzuiop abc abcd abcdef abcdefgh abcdefghijkl admin administrator administrators root
    superuser user guest login signin changeme default secret topsecret master monkey dragon sunshine princess
    football baseball superman batman trustnoone whatever computer internet freedom shadow mysteryshopper
    mysteryshopping shopper checker checklist manager testtest testing testpassword passwordpassword
    hallohallo hellohello
    """.split()  # noqa: SIM905
)
"""Words that stand alone, or with digits and signs around them, in every list of leaked passwords."""


RUNS = ("0123456789" * 26, "9876543210" * 26)
"""Digits in order, as long as the longest password."""


def faults_in(password: str, *, email: str, name: str, least: int) -> list[Fault]:
    """Everything that speaks against a password; length counts, kinds of characters do not."""
    if len(password) < least:
        text = N_("Use at least %(least)s characters. A few words in a row are easy to remember.")
        return [Fault("password.short", "password", text, {"least": least})]
    if len(password) > LONGEST:
        text = N_("Use at most %(most)s characters.")
        return [Fault("password.long", "password", text, {"most": LONGEST})]
    if is_common(password):
        text = N_("Many people use this password, so it is guessed first. Choose something of your own.")
        return [Fault("password.common", "password", text)]
    if holds_own_name(password, email=email, name=name):
        text = N_("Leave your name and e-mail address out of the password.")
        return [Fault("password.own_name", "password", text)]
    return []


def is_common(password: str) -> bool:
    """Whether it is among the first a guesser tries: a common word amid digits, a run, few characters."""
    letters = re.sub(r"[\W\d_]+", "", password.casefold())
    return letters in COMMON or len(set(password)) < 5 or any(password in run for run in RUNS)


def holds_own_name(password: str, *, email: str, name: str) -> bool:
    """Whether a part of the person's name or address, four letters or more, stands in it."""
    parts = re.split(r"[\W_]+", f"{name} {email.partition('@')[0]}".casefold())
    return any(part in password.casefold() for part in parts if len(part) >= 4)


class Passwords:
    """Keeps passwords as Argon2id hashes, with the cost the settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self.least = settings.password_length
        self._hasher = PasswordHasher(
            time_cost=settings.password_passes,
            memory_cost=settings.password_memory_kib,
            parallelism=settings.password_lanes,
        )
        # Checked in place of the hash nobody has, so that an unknown address takes as long as a known one.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to store."""
        return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Whether it is the password behind `stored`; as slow without one as with one."""
        try:
            self._hasher.verify(stored or self._nobody, password[:LONGEST])
        except (VerifyMismatchError, InvalidHashError):
            return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

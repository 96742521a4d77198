"""A password is set; every session of the person ends with the old one."""

from __future__ import annotations

from datetime import datetime

from checker.passwords import Passwords, faults_in
from checker.problem import Problem, not_found
from checker.standards.faults import N_, Fault, Refused
from checker.store import invitations, people, sessions, trail
from checker.store.connection import Row, Store
from checker.store.people import Person, person_of
from checker.tokens import token_hash


def set_password(
    store: Store, *, person_id: int, password: str, passwords: Passwords, by: int | None, now: datetime
) -> None:
    """Set a person's password. Raises Refused with everything that speaks against it."""
    held = people.find(store, person_id)
    if held is None:
        raise not_found(N_("There is no such person."))
    hashed = hash_sound(held, password, passwords)
    with store.write():
        keep(store, person_id, hashed, by=by, at=int(now.timestamp()))


def change_own_password(
    store: Store, *, person_id: int, old: str, password: str, passwords: Passwords, now: datetime
) -> None:
    """Set one's own password, knowing the old one. Raises Refused."""
    held = people.find(store, person_id)
    if held is None or not passwords.fits(old, held["password_hash"]):
        raise Refused([Fault("password.wrong", "old", N_("This is not your present password."))])
    hashed = hash_sound(held, password, passwords)
    with store.write():
        keep(store, person_id, hashed, by=person_id, at=int(now.timestamp()))


def accept_invitation(
    store: Store, *, token: str, password: str, passwords: Passwords, now: datetime
) -> Person:
    """Set a password by a one-time link and use the link up.

    Raises Problem "invitation.over" (404) when it does not work (any more), Refused with what speaks against
    the password; the link still works then.
    """
    at = int(now.timestamp())
    held = invitations.find(store, token_hash(token), now=at)
    if held is None:
        raise link_is_over()
    hashed = hash_sound(held, password, passwords)
    with store.write():
        if not invitations.use(store, token_hash(token), at=at):  # another was quicker with the same link
            raise link_is_over()
        keep(store, held["id"], hashed, by=held["id"], at=at)
    return person_of(held)


def link_is_over() -> Problem:
    """The answer to a link that was used, has run out, or never was."""
    text = N_(
        "This link does not work any more: each works once and for a few days. "
        "Ask your administrator for a new one."
    )
    return Problem("invitation.over", 404, text)


def hash_sound(held: Row, password: str, passwords: Passwords) -> str:
    """The hash of a password nothing speaks against; slow on purpose, so never inside a transaction."""
    faults = faults_in(password, email=held["email"], name=held["name"], least=passwords.least)
    if faults:
        raise Refused(faults)
    return passwords.hash(password)


def keep(store: Store, person_id: int, hashed: str, *, by: int | None, at: int) -> None:
    """Store the hash, end what was begun with the old password, and leave a line in the trail."""
    store.change("person", person_id, {"password_hash": hashed})
    sessions.end_all(store, person_id)
    trail.add(store, person_id=by, act="password.set", thing=f"person {person_id}", at=at)

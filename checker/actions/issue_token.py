"""A program gets a key to the API, or loses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_, Fault, Refused
from checker.store import people, tokens, trail
from checker.store.connection import Store
from checker.tokens import fresh_token

SCOPES = (
    "visits:write",
    "visits:read",
    "scores:read",
    "branches:read",
    "employees:read",
    "checklists:read",
    "actions:read",
)


def issue_token(
    store: Store,
    *,
    name: str,
    person_id: int,
    scopes: Iterable[str],
    by: int,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a key that may do what `scopes` say and sees what the person sees; returned now or never.

    Raises Refused, the place being the field's name.
    """
    scopes, name = sorted(set(scopes)), " ".join(name.split())
    faults = []
    if not name or len(name) > 100:
        text = N_("Name the program that will use the key, in at most 100 characters.")
        faults.append(Fault("token.name", "name", text))
    if not scopes:
        faults.append(
            Fault("token.scopes_missing", "scopes", N_("Choose at least one thing the program may do."))
        )
    for scope in scopes:
        if scope not in SCOPES:
            text = N_("There is no scope “%(scope)s”. Choose from: %(scopes)s.")
            faults.append(Fault("token.scope", "scopes", text, {"scope": scope, "scopes": ", ".join(SCOPES)}))
    if faults:
        raise Refused(faults)
    token, hashed = fresh_token()
    at = int(now.timestamp())
    with store.write():
        held = people.find(store, person_id)
        if held is None or held["disabled_at"] is not None:
            raise not_found(N_("There is no such person."))
        token_id = tokens.add(
            store,
            name=name,
            token_hash=hashed,
            person_id=person_id,
            scopes=scopes,
            at=at,
            by=by,
            expires_at=None if expires_at is None else int(expires_at.timestamp()),
        )
        trail.add(
            store,
            person_id=by,
            act="token.issue",
            thing=f"token {token_id}",
            at=at,
            details={"scopes": scopes},
        )
    return token


def revoke_token(store: Store, *, token_id: int, by: int, now: datetime) -> None:
    """End a key; it is refused from the next request on."""
    at = int(now.timestamp())
    with store.write():
        if not tokens.revoke(store, token_id, at=at):
            raise not_found(N_("There is no such key, or it has ended already."))
        trail.add(store, person_id=by, act="token.revoke", thing=f"token {token_id}", at=at)

"""Who is asking: the key a program shows, what it may do, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, g, request
from limits import parse

from checker.problem import Problem
from checker.standards.faults import N_
from checker.store import tokens
from checker.store.people import Person, person_of
from checker.tokens import token_hash
from checker.web.clock import timestamp
from checker.web.limits import Pace, limit_of
from checker.web.store import current_store


@dataclass(frozen=True, slots=True)
class Caller:
    """The person a key stands for, and what the key may do."""

    token_id: int
    person: Person
    scopes: frozenset[str]


def caller() -> Caller:
    """Who is asking; only after `require`."""
    return cast(Caller, g.caller)


def has(scope: str) -> bool:
    """Whether the key may do this too."""
    return scope in caller().scopes


def require(scope: str) -> None:
    """Let in a key that lives and has the scope.

    Raises Problem "token.missing", "token.unknown" (401), "token.pace" (429), "token.scope" (403).
    """
    g.caller = _find_caller()
    _mind_the_pace(g.caller)
    if scope not in g.caller.scopes:
        g.challenge = f'Bearer realm="Checker", error="insufficient_scope", scope="{scope}"'
        text = N_("This key may not do that; it would need the scope %(scope)s.")
        raise Problem("token.scope", 403, text, {"scope": scope})


def _find_caller() -> Caller:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        g.challenge = 'Bearer realm="Checker"'
        text = N_("Send your key with the request: Authorization: Bearer, then the key.")
        raise Problem("token.missing", 401, text)
    row = tokens.find(current_store(), token_hash(given.token), now=timestamp())
    if row is None:
        g.challenge = 'Bearer realm="Checker", error="invalid_token"'
        text = N_("This key is unknown, revoked or over. Ask an administrator for a new one.")
        raise Problem("token.unknown", 401, text)
    return Caller(row["token_id"], person_of(row), frozenset(row["scopes"].split()))


# --- how fast -----------------------------------------------------------------------------------------------


def _mind_the_pace(who: Caller) -> None:
    pace: Pace | None = current_app.extensions.get("checker.pace")
    if pace is None:
        pace = Pace(parse(limit_of("requests_per_key")))
        current_app.extensions["checker.pace"] = pace
    wait_s = pace.wait_s(who.token_id, at=timestamp())
    if wait_s:
        g.retry_after = wait_s
        text = N_("This key asks too often: at most %(limit)s. Wait %(seconds)s seconds, then go on.")
        raise Problem("token.pace", 429, text, {"limit": str(pace.limit), "seconds": wait_s})


# --- what a refusal adds ------------------------------------------------------------------------------------


def add_headers(response: Response) -> Response:
    """Say with a refusal which key it takes (RFC 6750), or when to come again."""
    if "challenge" in g:
        response.headers["WWW-Authenticate"] = g.challenge
    if "retry_after" in g:
        response.headers["Retry-After"] = str(g.retry_after)
    return response

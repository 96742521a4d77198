"""A tablet as the server sees it: it reports, keeps its shopper's day, seals visits and sends them."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask
from uuid6 import uuid7
from werkzeug.test import TestResponse

from checker.store.people import Person
from checker.tokens import visit_token
from tests import sealed
from tests.browsing import Browser, signed_in_as
from tests.making_store import GOOD

AGENT = "Mozilla/5.0 (Linux; Android 14) Chrome/130 Safari/537"

REPORT = {"version": "abc123", "born": "first", "unsent": 0, "drafts": 0}


@dataclass
class Tablet:
    """A browser with what its scripts keep."""

    browser: Browser
    day: dict[str, Any] = field(default_factory=dict)
    spki: bytes = b""

    def contact(self, **said: Any) -> TestResponse:
        """Report, as a worker does that has no page and no form token."""
        headers = {"X-CSRFToken": "none", "User-Agent": AGENT}
        return self.browser.post("/tablet/contact", json={**REPORT, **said}, headers=headers)

    def fetch(self) -> dict[str, Any]:
        """Report, and keep the day."""
        answer = self.contact()
        assert answer.status_code == 200, answer.text
        self.spki = b64decode(answer.get_json()["key"]["spki"])
        answer = self.browser.get("/tablet/day")
        assert answer.status_code == 200, answer.text
        self.day = answer.get_json()
        return self.day

    def seal(self, body: dict[str, Any], *, about: str | None = None, **said: Any) -> bytes:
        """A visit as it is sealed at Send; what is `said` of the upload overrules what is true."""
        key, uuid = b64decode(self.day["upload"]["key"]), UUID(body["id"])
        true = {name: self.day["upload"][name] for name in ("device", "person")}
        true["token"] = visit_token(key, uuid)
        return sealed.seal(self.spki, sealed.visit_content({**true, **said}, body), about or f"visit {uuid}")

    def send(self, body: dict[str, Any], **rest: Any) -> TestResponse:
        """Seal a visit and send it, with nobody signed in."""
        return deliver(self.browser.application, body["id"], self.seal(body), **rest)


def deliver(app: Flask, visit: str, content: bytes, **headers: str) -> TestResponse:
    """Send something sealed from wherever it is, without a cookie."""
    client = Browser(app, app.response_class, use_cookies=False)
    return client.post(
        f"/tablet/visits/{visit}",
        data=content,
        content_type="application/octet-stream",
        headers={"Checker-Protocol": "1", "X-CSRFToken": "none", **headers},
    )


def tablet_of(app: Flask, person: Person) -> Tablet:
    """A tablet on which this shopper has signed in, and which keeps their day."""
    made = Tablet(signed_in_as(app, person, agent=AGENT))
    made.fetch()
    return made


def body(**changes: Any) -> dict[str, Any]:
    """A visit of the checklist `shop`."""
    return {
        "id": str(uuid7()),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": "2026-10-14T12:00:00+03:00",
        "answers": dict(GOOD),
        **changes,
    }

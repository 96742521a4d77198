"""A test client that does what a browser's pages do: it sends the form token with every change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from checker.store.people import Person
from checker.web.session import cookie_name, start_session

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


class Browser(FlaskClient):
    """Sends `X-CSRFToken` unless the test sets that header, or sends a `csrf_token` field, itself."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make a request and read the whole answer."""
        kwargs.setdefault("buffered", True)
        headers = dict(kwargs.get("headers") or {})
        own = "X-CSRFToken" in headers or "csrf_token" in (kwargs.get("data") or {})
        if kwargs.get("method", "GET") in CHANGING and not own:
            base = {"base_url": kwargs["base_url"]} if "base_url" in kwargs else {}
            answer = super().open("/session", method="GET", **base)
            headers["X-CSRFToken"] = answer.get_json()["csrf_token"]
            if "base_url" in kwargs and kwargs["base_url"].startswith("https:"):
                headers.setdefault("Referer", kwargs["base_url"] + "/")
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)


def signed_in_as(app: Flask, person: Person, *, agent: str = "Test browser") -> Browser:
    """A browser in which this person is signed in."""
    client = Browser(app, app.response_class, use_cookies=True)
    with app.test_request_context("/", headers={"User-Agent": agent}):
        response = app.make_response("")
        start_session(person, response)
        name = cookie_name()
    value = next(
        header.split("=", 1)[1].split(";", 1)[0]
        for header in response.headers.getlist("Set-Cookie")
        if header.startswith(f"{name}=")
    )
    client.set_cookie(name, value, domain="localhost")
    return client


class Clock:
    """The application's clock, which stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """This moment."""
        return self.moment

    def pass_by(self, **time: float) -> None:
        """Let time pass: `pass_by(minutes=5)`."""
        self.moment += timedelta(**time)

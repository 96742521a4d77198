"""Signing in and out, setting a password, one's own account."""

from __future__ import annotations

import pytest
from flask import Flask

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser


def sign_in(client: Browser, email: str, password: str = people.PASSWORD, **fields: str):
    return client.post("/login", data={"email": email, "password": password, **fields})


@pytest.mark.parametrize("name", people.CAST)
def test_everybody_signs_in_and_reaches_a_page_of_their_own(
    app: Flask, store: Store, client: Browser, name: str
):
    person = people.CAST[name](store)
    answer = sign_in(client, person.email.upper())
    assert answer.status_code == 303
    assert client.get("/session").get_json()["person"]["name"] == person.name
    assert person.name in client.get("/account").text

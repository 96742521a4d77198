"""People from a sheet: each new one gets a link that works once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from checker.actions.import_users import import_users
from checker.actions.importing import ImportResult
from checker.store import invitations, people
from checker.store.connection import Store
from checker.tokens import token_hash
from tests.actions.sheets import counts, said, sheet

NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)

FOUR = """
    email,name,role,branches,regions,language,employee
    sam@example.org,Sam Stone,shopper,,,en,
    mara@example.org,Mara Moor,Manager,B001; B002,,fi,
    lena@example.org,Lena Lund,leadership,,R1,,
    eve@example.org,Eve Elm,employee,,,,E0001
"""


def take(store: Store, text: str, *, dry_run: bool = False) -> ImportResult:
    return import_users(store, sheet(text), days=7, by=None, now=NOW, dry_run=dry_run)


def test_everybody_new_gets_a_link_that_works(network: Store) -> None:
    result = take(network, FOUR)
    assert counts(result) == (4, 0, 0, 0)
    assert [(link.email, link.name) for link in result.links][1] == ("mara@example.org", "Mara Moor")
    for link in result.links:
        token = link.path.removeprefix("/welcome/")
        found = invitations.find(network, token_hash(token), now=int(NOW.timestamp()))
        assert found is not None
        assert found["email"] == link.email
        later = int((NOW + timedelta(days=8)).timestamp())
        assert invitations.find(network, token_hash(token), now=later) is None


def test_scopes_language_and_employee_are_kept(network: Store) -> None:
    take(network, FOUR)
    mara = people.find_by_email(network, "mara@example.org")
    lena = people.find_by_email(network, "LENA@example.org")
    eve = people.find_by_email(network, "eve@example.org")
    assert mara is not None
    assert lena is not None
    assert eve is not None
    assert people.scopes(network, mara["id"]) == (("B001", "B002"), ())
    assert people.scopes(network, lena["id"]) == ((), ("R1",))
    assert (mara["role"], mara["language"], lena["language"], eve["employee"]) == (
        "manager",
        "fi",
        "en",
        "E0001",
    )


def test_again_changes_nobody_and_gives_no_link(network: Store) -> None:
    take(network, FOUR)
    again = take(network, FOUR.replace("B001; B002", "B002 | B001").replace("sam@", "Sam@"))
    assert (counts(again), again.links, again.batch_id) == ((0, 0, 4, 0), (), None)


def test_only_what_the_sheet_has_is_changed(network: Store) -> None:
    take(network, FOUR)
    result = take(network, "email,branches\nmara@example.org,B001")
    assert (counts(result), result.links) == ((0, 1, 0, 0), ())
    mara = people.find_by_email(network, "mara@example.org")
    assert mara is not None
    assert people.scopes(network, mara["id"]) == (("B001",), ())
    assert mara["name"] == "Mara Moor"


def test_a_dry_run_gives_no_links(network: Store) -> None:
    result = take(network, FOUR, dry_run=True)
    assert (counts(result), result.links) == ((4, 0, 0, 0), ())
    assert people.list_all(network) == []
    assert network.value("SELECT count(*) FROM invitation") == 0


def test_refusals(network: Store) -> None:
    result = take(
        network,
        """
        email,name,role,branches,regions,language,employee
        ann,Ann,shopper,,,,
        ben@example.org,,shopper,,,,
        cid@example.org,Cid,boss,,,,
        dee@example.org,Dee,manager,,,,
        eli@example.org,Eli,manager,B999,R9,sv,
        fay@example.org,Fay,employee,,,,E9
        gus@example.org,Gus,shopper,B001,,,
        hal@example.org,Hal,shopper,,,,
        HAL@example.org,Hal,shopper,,,,
        """,
    )
    assert said(result) == [
        (2, "email", "person.email"),
        (3, "name", "person.name"),
        (4, "role", "person.role"),
        (5, "branches", "person.scope_missing"),
        (6, "language", "person.language"),
        (6, "branches", "person.branch"),
        (6, "regions", "person.region"),
        (7, "employee", "person.employee"),
        (8, "branches", "person.scope_unused"),
        (10, "email", "person.twice"),
    ]
    assert [link.email for link in result.links] == ["hal@example.org"]

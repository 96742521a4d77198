"""People are added, changed, disabled, invited; every fault at once, every write whole."""

from __future__ import annotations

import json

import pytest

from checker.actions.add_person import add_person
from checker.actions.change_person import change_person
from checker.actions.disable_person import disable_person, enable_person
from checker.actions.invite_person import invite_person
from checker.actions.issue_token import issue_token, revoke_token
from checker.actions.set_password import accept_invitation, set_password
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.store import branches, people, tokens, trail
from checker.store.connection import Store
from checker.tokens import token_hash
from tests import people as cast


def add(store: Store, now, **entry):
    whole = {
        "email": "nia@example.org",
        "name": "Nia North",
        "role": "shopper",
        "by": None,
        "now": now,
        **entry,
    }
    return add_person(store, **whole)


def faults(refused) -> dict[str, str]:
    return {fault.place: fault.code for fault in refused.value.faults}


def seen_by(store: Store, person_id: int) -> list[str]:
    return sorted(row["code"] for row in branches.list_for(store, person_id=person_id))


def test_a_person_is_added_as_entered(network: Store, now):
    ada = cast.ada(network)
    key = add(
        network,
        now,
        email=" Nia@Example.org ",
        name="  Nia   North ",
        role="manager",
        branches=["B001", " B001 ", ""],
        regions=["R2"],
        by=ada.id,
    )
    row = people.find(network, key)
    assert (row["email"], row["name"], row["role"]) == ("Nia@Example.org", "Nia North", "manager")
    assert people.scopes(network, key) == (("B001",), ("R2",))
    assert seen_by(network, key) == ["B001", "B003"]
    assert row["password_hash"] is None
    line = trail.newest(network)[0]
    assert (line["act"], line["thing"], line["person"]) == ("person.add", f"person {key}", "Ada Ash")
    assert "Nia" not in json.dumps(line), "the trail holds no names"


def test_everything_wrong_is_said_at_once_and_nothing_is_stored(network: Store, now):
    cast.sam(network)
    before = network.value("SELECT count(*) FROM person")
    with pytest.raises(Refused) as refused:
        add(
            network,
            now,
            email="no address",
            name=" ",
            role="king",
            language="xx",
            branches=["B9"],
            regions=["R9"],
            employee="E9",
        )
    assert faults(refused) == {
        "email": "person.email",
        "name": "person.name",
        "role": "person.role",
        "language": "person.language",
        "branches": "person.branch",
        "regions": "person.region",
        "employee": "person.employee",
    }
    assert network.value("SELECT count(*) FROM person") == before


@pytest.mark.parametrize(
    ("entry", "place", "code"),
    [
        ({"email": "SAM@example.org"}, "email", "person.email_taken"),
        ({"role": "manager"}, "branches", "person.scope_missing"),
        ({"role": "shopper", "branches": ["B001"]}, "branches", "person.scope_unused"),
        ({"role": "admin", "regions": ["R1"]}, "regions", "person.scope_unused"),
        ({"role": "employee"}, "employee", "person.employee_missing"),
        ({"email": "a\n@example.org"}, "email", "person.email"),
    ],
)
def test_what_would_mean_nothing_is_refused(network: Store, now, entry, place, code):
    cast.sam(network)
    with pytest.raises(Refused) as refused:
        add(network, now, **entry)
    assert faults(refused) == {place: code}


def test_leadership_without_a_scope_sees_everything_with_one_only_that(network: Store, now):
    assert seen_by(network, add(network, now, role="leadership")) == ["B001", "B002", "B003"]
    assert seen_by(network, add(network, now, email="r@example.org", role="leadership", regions=["R2"])) == [
        "B003"
    ]


def test_a_change_takes_the_old_scopes_away(network: Store, now):
    mara = cast.mara(network)
    change_person(
        network,
        person_id=mara.id,
        email=mara.email,
        name="Mara Moss",
        role="manager",
        regions=["R2"],
        by=None,
        now=now,
    )
    assert seen_by(network, mara.id) == ["B003"]
    line = trail.newest(network)[0]
    assert line["act"] == "person.change"
    assert json.loads(line["details"]) == {"changed": ["name", "scopes"]}


def test_a_refused_change_leaves_everything_as_it_was(network: Store, now):
    cast.sam(network)
    mara = cast.mara(network)
    with pytest.raises(Refused):
        change_person(
            network,
            person_id=mara.id,
            email="sam@example.org",
            name="M",
            role="manager",
            branches=["B003"],
            by=None,
            now=now,
        )
    assert cast.mara(network) == mara
    assert seen_by(network, mara.id) == ["B001", "B002"]


def test_a_person_who_is_not_there_is_not_changed(network: Store, now):
    with pytest.raises(Problem) as refused:
        change_person(
            network, person_id=999, email="x@example.org", name="X", role="shopper", by=None, now=now
        )
    assert refused.value.status == 404


def test_somebody_can_always_administer(network: Store, now):
    ada = cast.ada(network)
    for attempt in (
        lambda: disable_person(network, person_id=ada.id, by=ada.id, now=now),
        lambda: change_person(
            network, person_id=ada.id, email=ada.email, name=ada.name, role="shopper", by=ada.id, now=now
        ),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.code == "person.last_admin"
    other = add(network, now, role="admin")
    disable_person(network, person_id=ada.id, by=ada.id, now=now)
    with pytest.raises(Problem, match="only administrator"):
        disable_person(network, person_id=other, by=None, now=now)
    assert people.find(network, ada.id)["disabled_at"] is not None


def test_an_employee_s_progress_is_seen_by_one_person(network: Store, now):
    eve = cast.eve(network)
    with pytest.raises(Refused) as refused:
        add(network, now, role="employee", employee="E0001")
    assert faults(refused) == {"employee": "person.employee_taken"}
    assert "eve@example.org" in str(refused.value)
    change_person(
        network,
        person_id=eve.id,
        email=eve.email,
        name="Eve Ash",
        role="employee",
        employee="E0001",
        by=None,
        now=now,
    )
    disable_person(network, person_id=eve.id, by=None, now=now)
    add(network, now, role="employee", employee="E0001")


def test_disabling_twice_is_disabling_once(network: Store, now):
    sam = cast.sam(network)
    for _ in range(2):
        disable_person(network, person_id=sam.id, by=None, now=now)
    assert [line["act"] for line in trail.newest(network)].count("person.disable") == 1
    for _ in range(2):
        enable_person(network, person_id=sam.id, by=None, now=now)
    assert people.find(network, sam.id)["disabled_at"] is None


def test_a_password_with_a_fault_is_not_stored(network: Store, now):
    sam = cast.sam(network)
    with pytest.raises(Refused) as refused:
        set_password(
            network, person_id=sam.id, password="short", passwords=cast.passwords(), by=None, now=now
        )
    assert faults(refused) == {"password": "password.short"}
    assert people.find(network, sam.id)["password_hash"] == cast.password_hash()


def test_two_with_the_same_link_set_one_password(network: Store, now, monkeypatch):
    """Both found the link alive; the second to write comes too late."""
    from checker.store import invitations

    sam = cast.sam(network)
    token = invite_person(network, person_id=sam.id, days=7, by=None, now=now).rsplit("/", 1)[1]
    found = invitations.find(network, token_hash(token), now=int(now.timestamp()))
    entry = {"token": token, "passwords": cast.passwords(), "now": now}
    accept_invitation(network, password="the first one wins", **entry)
    first = people.find(network, sam.id)["password_hash"]
    monkeypatch.setattr(invitations, "find", lambda *_, **__: found)
    with pytest.raises(Problem) as refused:
        accept_invitation(network, password="the second is late", **entry)
    assert refused.value.code == "invitation.over"
    assert people.find(network, sam.id)["password_hash"] == first


def test_a_key_stands_for_its_person_until_it_ends(network: Store, now):
    ada, at = cast.ada(network), int(now.timestamp())
    key = issue_token(
        network,
        name=" till  7 ",
        person_id=ada.id,
        scopes=["visits:write", "scores:read"],
        by=ada.id,
        now=now,
    )
    row = tokens.find(network, token_hash(key), now=at)
    assert (row["email"], row["scopes"]) == (ada.email, "scores:read visits:write")
    assert tokens.find(network, token_hash(key + "x"), now=at) is None
    assert [line["name"] for line in tokens.list_all(network)] == ["till 7"]
    assert "token_hash" not in tokens.list_all(network)[0]
    revoke_token(network, token_id=row["token_id"], by=ada.id, now=now)
    assert tokens.find(network, token_hash(key), now=at) is None
    with pytest.raises(Problem):
        revoke_token(network, token_id=row["token_id"], by=ada.id, now=now)


def test_a_key_runs_out_and_dies_with_its_person(network: Store, now):
    from datetime import timedelta

    ada, sam, at = cast.ada(network), cast.sam(network), int(now.timestamp())
    entry = {"name": "till", "person_id": sam.id, "scopes": ["visits:write"], "by": ada.id, "now": now}
    short = issue_token(network, **entry, expires_at=now + timedelta(hours=1))
    long = issue_token(network, **entry)
    assert tokens.find(network, token_hash(short), now=at + 3599) is not None
    assert tokens.find(network, token_hash(short), now=at + 3600) is None
    disable_person(network, person_id=sam.id, by=ada.id, now=now)
    assert tokens.find(network, token_hash(long), now=at) is None


def test_a_key_without_name_or_known_scope_is_not_made(network: Store, now):
    ada = cast.ada(network)
    for scopes, code in (([], "token.scopes_missing"), (["all"], "token.scope")):
        with pytest.raises(Refused) as refused:
            issue_token(network, name=" ", person_id=ada.id, scopes=scopes, by=ada.id, now=now)
        assert faults(refused) == {"name": "token.name", "scopes": code}

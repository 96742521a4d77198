"""A network with one of everything: one's own, another's, nobody's; every address can be asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pysqlite3 import dbapi2 as sqlite3
from werkzeug.test import TestResponse

from checker import create_app
from checker.actions.add_mailing import add_mailing
from checker.actions.begin_edition import begin_edition
from checker.actions.change_organisation import change_organisation
from checker.actions.close_action import close_action
from checker.actions.invite_person import invite_person
from checker.actions.issue_token import SCOPES, issue_token
from checker.actions.keep_photo import keep_photo
from checker.actions.mailing_entry import MailingEntry
from checker.actions.order_reports import order_reports
from checker.actions.plan_action import plan_action
from checker.actions.review_visit import review_visit
from checker.actions.save_checklist_draft import save_checklist_draft
from checker.actions.send_mail import try_mailing
from checker.actions.submit_visit import Sender, Way, submit_visit
from checker.editions.closing import release
from checker.jobs.orders import Workshop, work_off
from checker.problem import Problem
from checker.standards.month import Month
from checker.store import visits
from checker.store.connection import Store, open_store
from checker.store.people import Person
from checker.store.upgrade import create_or_migrate
from checker.summaries.look import look
from checker.web.look import mark_of
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.conftest import NOW
from tests.making_store import CHECKLIST, GOOD, publish
from tests.picturing import picture
from tests.web import shopping
from tests.web.administering import hand_in, pending

VISITED = datetime.fromisoformat("2026-10-12T13:37:41+03:00")
"""When visits began: a minute that stands nowhere else, so that it is noticed where it does not belong."""

RECEIVED = VISITED + timedelta(hours=2, minutes=20)
SCENARIO = "You look for a velvet umbrella."
DESCRIBED = "badge: Annunziata"
PHOTO = picture()


@dataclass
class World:
    """The application with everybody signed in; `things` are ids and codes by what they are called."""

    app: Flask
    store: Store
    clock: Clock
    browsers: dict[str, Browser] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    """Each browser's form token."""

    def __post_init__(self) -> None:
        self._cookies: dict[str, dict[Any, Any]] = {}
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._watch = sqlite3.connect(str(self.store.path))
        self._others = sqlite3.connect(str(self.store.path))

    def keep(self) -> None:
        """Remember the database and every browser's cookies as they are, for `restore`."""
        for name, browser in self.browsers.items():
            self.forms[name] = browser.get("/session").get_json()["csrf_token"]
            self._cookies[name] = dict(browser._cookies)  # type: ignore[attr-defined]
        self._others.backup(self._kept)

    def restore(self) -> None:
        """Put everything back as it was when it was kept."""
        self._kept.backup(self._others)
        for name, cookies in self._cookies.items():
            self.browsers[name]._cookies = dict(cookies)  # type: ignore[attr-defined]

    def writes(self) -> int:
        """A number that changes with every transaction that changed anything."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        tables = self._watch.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {table: self._watch.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables}

    def close(self) -> None:
        """Close every connection."""
        for connection in (self._kept, self._watch, self._others):
            connection.close()
        self.app.extensions["checker.stores"].close()
        self.store.close()

    def ask(self, who: str, method: str, path: str, **rest: Any) -> TestResponse:
        """What a person's browser is answered; a change carries the form's token."""
        if method not in ("GET", "HEAD"):
            rest["headers"] = {"X-CSRFToken": self.forms[who], **rest.get("headers", {})}
        return self.browsers[who].open(path, method=method, **rest)

    def program(self, token: str | None, method: str, path: str, **rest: Any) -> TestResponse:
        """What a program is answered that shows this key."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        return client.open(path, method=method, headers=headers, buffered=True, **rest)


def world(folder: Path) -> World:
    """The network of `tests.network` with a second shopper, leadership of one region, one of everything."""
    create_or_migrate(folder / "checker.sqlite", folder)
    store = open_store(folder / "checker.sqlite")
    clock = Clock(NOW)
    app = create_app(folder, TESTING=True, CLOCK=clock, **people.CHEAP)
    app.test_client_class = Browser
    made = World(app, store, clock)
    cast = _cast(store)
    publish(store)
    version = shopping.publish(store)
    made.browsers = {name: signed_in_as(app, person) for name, person in cast.items()}
    made.browsers["nobody"] = Browser(app, app.response_class, use_cookies=True)
    _visits(made, cast)
    for name, owner in (("mine", cast["sam"]), ("theirs", cast["sid"])):
        assignment = shopping.assign(store, owner, version, scenario=SCENARIO, state="planned")
        made.things[f"{name}_assignment"] = str(assignment)
        draft = _draft(made, "sam" if name == "mine" else "sid")
        made.things |= {f"{name}_draft": str(draft), f"{name}_copy": _copy(store, draft)}
    _office(made, cast["ada"])
    _actions(made)
    _editions(made)
    _order(made, cast["lee"])
    _mailing(made, cast["ada"])
    report = {"version": "1", "born": "1", "unsent": 0, "drafts": 0}
    made.browsers["sid"].post("/tablet/contact", json=report)
    made.things["device"] = str(store.value("SELECT max(id) FROM device"))
    for name, person in cast.items():
        if name != "dora":
            made.tokens[name] = issue_token(
                store, name=name, person_id=person.id, scopes=SCOPES, by=cast["ada"].id, now=NOW
            )
    for scope in SCOPES:
        made.tokens[scope] = issue_token(
            store, name=scope, person_id=cast["ada"].id, scopes=[scope], by=cast["ada"].id, now=NOW
        )
    made.tokens["dora"] = issue_token(
        store, name="dora", person_id=cast["dora"].id, scopes=SCOPES, by=cast["ada"].id, now=NOW
    )
    with store.write():  # her sessions and keys are left in place: that she is disabled must be enough
        store.change("person", cast["dora"].id, {"disabled_at": int(NOW.timestamp())})
    change_organisation(store, accent="#6A1B9A", logo=picture(kind="PNG"), by=None, now=NOW)
    made.things["look"] = mark_of(look(store))
    made.keep()
    return made


def _cast(store: Store) -> dict[str, Person]:
    cast = {name: person(store) for name, person in people.CAST.items()}
    someone = people.someone
    cast["sid"] = someone(store, "sid@example.org", "Sid Stone", "shopper")
    cast["reg"] = someone(store, "reg@example.org", "Reg Rock", "leadership", regions=["R1"])
    cast["dora"] = someone(store, "dora@example.org", "Dora Dale", "admin")
    return cast


def _visits(made: World, cast: dict[str, Person]) -> None:
    eve: dict[str, Any] = {"employees": {"served_by": {"code": "E0001"}}}
    for name in ("photo", "late_photo", "no_photo"):
        made.things[name] = sha256(PHOTO if name == "photo" else name.encode()).hexdigest()
    listed = [{"item": "tidy", "sha256": made.things[name]} for name in ("photo", "late_photo")]
    pictured = {**eve, "photos": listed}
    made.things["seen"] = send(made, cast["sam"], **pictured)
    with pytest.raises(Problem, match="Both are kept"):
        send(made, cast["sam"], **pictured, id=made.things["seen"], answers={**GOOD, "tidy": "no"})
    made.things["unseen"] = send(made, cast["sam"], received=NOW - timedelta(minutes=5), **pictured)
    made.things["elsewhere"] = send(
        made, cast["sid"], branch="B003", employees={"served_by": {"code": "E0003"}}, photos=listed
    )
    made.things["colleague"] = send(made, cast["sid"], employees={"served_by": {"code": "E0002"}})
    made.things["described"] = send(made, cast["sid"], employees={"served_by": {"described": DESCRIBED}})
    made.things["practice"] = send(made, cast["sam"], practice=True, **pictured)
    for name in ("seen", "unseen", "elsewhere", "practice"):
        visit = UUID(made.things[name])
        keep_photo(made.store, visit, made.things["photo"], PHOTO, by=None, now=RECEIVED)
    for name, decision in (("void", "void"), ("returned", "return")):
        made.things[name] = send(made, cast["sam"], **eve)
        row = visits.find(made.store, UUID(made.things[name]))
        assert row is not None
        review_visit(
            made.store, row, decision=decision, reason="Look again.", by=cast["rea"].id, now=RECEIVED
        )
    made.things["none"] = str(uuid4())


def send(made: World, shopper: Person, *, received: datetime = RECEIVED, **changes: Any) -> str:
    """Send a visit and give its id."""
    body = {
        "id": str(uuid4()),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": VISITED.isoformat(),
        "answers": dict(GOOD),
        **changes,
    }
    return str(
        submit_visit(made.store, body, sender=Sender(Way.API, shopper.id, shopper.id), now=received).id
    )


def _draft(made: World, who: str) -> UUID:
    draft = shopping.begin(made.browsers[who])
    shopping.fill(made.browsers[who], draft, do="save")
    return draft


def _copy(store: Store, draft: UUID) -> str:
    key = store.value("SELECT id FROM draft WHERE uuid = :uuid", {"uuid": draft.bytes})
    row = {"draft_id": key, "device": "tablet", "base_sequence": 0, "kept_at": int(NOW.timestamp())}
    with store.write():
        return str(store.add("draft_copy", {**row, "body": json.dumps({"typed": {}})}))


def _actions(made: World) -> None:
    """An open action of a branch, a region and the network, and a closed one."""
    asked = {"what": "Smile.", "owner": "All", "due_on": "2026-11-01", "measured_by": "Visits"}
    places: dict[str, dict[str, Any]] = {
        "branch_action": {"branch": "B001"},
        "closed_action": {"branch": "B001"},
        "region_action": {"region": "R1"},
        "other_action": {"region": "R2"},
        "network_action": {},
    }
    for name, place in places.items():
        made.things[name] = str(plan_action(made.store, **asked, **place, by=None, now=NOW))
    closed = UUID(made.things["closed_action"])
    close_action(made.store, closed, state="done", outcome="They smile.", by=None, now=NOW)


def _editions(made: World) -> None:
    """A closed month of the network, both regions and two branches, and a draft of a branch and of all."""
    shop = made.store.value(
        "SELECT series.id FROM series JOIN checklist ON checklist.id = series.checklist_id "
        "WHERE checklist.code = 'shop' AND method = 'mystery_shopping'"
    )
    closed = datetime.fromisoformat("2026-11-03T09:00:00+00:00")
    places: dict[str, dict[str, Any]] = {
        "network_edition": {},
        "region_edition": {"region": "R1"},
        "other_edition": {"region": "R2"},
        "branch_edition": {"branch": "B001"},
        "elsewhere_edition": {"branch": "B003"},
    }
    asked = [("Smile.", "Visits", "All", "2026-12-01")]
    for name, place in places.items():
        report = {"series_id": shop, "decisions": asked, "by": None, "now": closed, **place}
        uuid = begin_edition(made.store, month=Month(2026, 10), **report)
        release(made.store, uuid, changes=0, languages=["en"], by=None, now=closed)
        made.things[name] = str(uuid)
        if name in ("network_edition", "branch_edition"):
            draft = begin_edition(made.store, month=Month(2026, 9), **report)
            made.things[name.replace("edition", "draft")] = str(draft)


def _order(made: World, lee: Person) -> None:
    """Many reports that Lee ordered and that are made."""
    uuid = order_reports(
        made.store,
        month=Month(2026, 10),
        series_id=made.store.value("SELECT id FROM series WHERE method = 'mystery_shopping'"),
        scope="all",
        language="en",
        audience="leadership",
        by=lee.id,
        now=NOW,
    )
    work_off(made.store, Workshop(made.store.path.parent, 1, clock=lambda: NOW))
    made.things["lees_order"] = str(uuid)


def _mailing(made: World, ada: Person) -> None:
    """A mailing of Ada's, and a mail that waits."""
    entry = MailingEntry("Board", "boss@example.org", 2, 8, "Europe/Helsinki", "en")
    key = add_mailing(made.store, entry, by=ada.id, now=NOW)
    try_mailing(made.store, key, ada.email, by=ada.id, now=NOW)
    made.things["mailing"] = str(key)
    made.things["mail"] = str(made.store.value("SELECT max(id) FROM mail"))


def _office(made: World, ada: Person) -> None:
    """What administrators keep: a draft of a checklist, a target, an import done, one that waits, a link."""
    store, browser = made.store, made.browsers["ada"]
    source = CHECKLIST.replace("VERSION", "2")
    made.things["checklist_draft"] = str(
        save_checklist_draft(store, source=source, name="shop.yaml", by=ada.id, now=NOW)
    )
    sheet = "code,name,region,region_name,zone\n%s,Quay,R1,North,Europe/Helsinki\n"
    upload = hand_in(browser, "/admin/imports/branches", sheet % "B009", "b.csv")
    browser.post(f"/admin/imports/pending/{pending(upload.text)}")
    made.things["batch"] = str(store.value("SELECT max(id) FROM batch"))
    upload = hand_in(browser, "/admin/imports/branches", sheet % "B010", "b.csv")
    made.things["upload"] = pending(upload.text)
    answer = browser.post(
        "/admin/targets", data={"measure": "compliance", "percent": "85", "valid_from": "2026-01"}
    )
    assert answer.status_code == 303, answer.text
    made.things["target"] = str(store.value("SELECT max(id) FROM target"))
    made.things["employment"] = str(store.value("SELECT min(id) FROM employment"))
    for name in ("sam", "eve"):
        email = {"email": f"{name}@example.org"}
        made.things[f"{name}_key"] = str(store.value("SELECT id FROM person WHERE email = :email", email))
    issue_token(store, name="old", person_id=ada.id, scopes=SCOPES, by=ada.id, now=NOW)
    made.things["token"] = str(store.value("SELECT max(id) FROM api_token"))
    path = invite_person(store, person_id=int(made.things["eve_key"]), days=7, by=ada.id, now=NOW)
    made.things["invitation"] = path.rsplit("/", 1)[1]
    made.things["session"] = store.value(
        "SELECT lower(hex(token_hash)) FROM session WHERE person_id = :key", {"key": made.things["sam_key"]}
    )

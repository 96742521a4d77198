"""A visit as it is sent: read whole or refused with every fault, written back, hashed the same everywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards import model
from checker.standards.answers import LONGEST_TEXT
from checker.standards.body import (
    CONTEXT,
    MOST_EVENTS,
    MOST_PHOTOS,
    Channel,
    Clock,
    Event,
    Method,
    Outcome,
    Place,
    Purpose,
    Sent,
    SentPhoto,
    ServedBy,
    ServiceLevel,
    Subject,
    manifest_hash,
    misfits,
    read_envelope,
    to_body,
)
from checker.standards.canonical import canonical
from checker.standards.faults import Refused
from checker.standards.model import Photo, Role
from tests.standards.drawing import JSON
from tests.standards.making import checklist, item

CASES = json.loads((Path(__file__).parent.parent / "cases" / "body.json").read_text("utf-8"))["cases"]
VISIT = "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f"
HASH = "ab" * 32
AT = "2026-10-14T12:05:03.250+03:00"
LEAST = {
    "id": VISIT,
    "checklist": "store_visit",
    "version": 1,
    "branch": "B001",
    "visited_at": "2026-10-01T14:05:00+03:00",
}


def refused(body: object) -> list[tuple[str, str]]:
    """(place, code) of every fault."""
    with pytest.raises(Refused) as caught:
        read_envelope(body)
    assert all(str(fault) for fault in caught.value.faults)
    return [(fault.place, fault.code.removeprefix("body.")) for fault in caught.value.faults]


def refused_with(**fields: object) -> list[tuple[str, str]]:
    return refused({**LEAST, **fields})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_shared_hashes(case):
    assert canonical(case["body"]).decode("utf-8") == case["canonical"]
    assert manifest_hash(case["body"]) == case["sha256"]


def test_the_least_that_is_a_visit():
    sent = read_envelope(LEAST)
    assert sent == Sent(
        id=VISIT,
        checklist="store_visit",
        version=1,
        branch="B001",
        visited_at=datetime(2026, 10, 1, 11, 5, tzinfo=UTC),
        programme="main",
        employees={},
        assignment=None,
        method=Method.MYSTERY_SHOPPING,
        channel=Channel.STORE,
        subject=Subject.OWN,
        purpose=Purpose.PLANNED,
        practice=False,
        outcome=Outcome.COMPLETED,
        reason="",
        service_level=None,
        context={},
        photos=(),
        answers={},
        revises=None,
    )
    assert sent.visited_at.utcoffset() == timedelta(hours=3)


def test_everything_a_visit_can_say():
    said = {
        "programme": "winter",
        "employees": {
            "greeter": {"code": "E0001"},
            "cashier": {"described": " badge: Anna "},
            "adviser": None,
        },
        "assignment": VISIT.upper(),
        "method": "observation",
        "channel": "phone",
        "subject": "competitor",
        "purpose": "paired",
        "practice": True,
        "outcome": "recognised",
        "reason": "They knew my name.\r\n",
        "service_level": "low",
        "context": {"busy": False, "customers_waiting": 0, "emotion_after": "calm", "scenario": " "},
        "photos": [{"item": "shelf", "sha256": HASH.upper()}],
        "answers": {"greeted": {"value": "yes", "note": "warm"}},
        "revises": HASH,
    }
    sent = read_envelope({**LEAST, **said})
    assert sent.employees == {
        "greeter": ServedBy(code="E0001"),
        "cashier": ServedBy(described="badge: Anna"),
        "adviser": None,
    }
    assert sent.assignment == VISIT
    assert (sent.method, sent.channel, sent.subject) == ("observation", "phone", "competitor")
    assert (sent.purpose, sent.practice, sent.outcome) == ("paired", True, "recognised")
    assert (sent.reason, sent.service_level) == ("They knew my name.", "low")
    assert sent.context == {"busy": False, "customers_waiting": 0, "emotion_after": "calm"}
    assert sent.photos == (SentPhoto("shelf", HASH),)
    assert sent.answers == {"greeted": {"value": "yes", "note": "warm"}}
    assert sent.revises == HASH


def test_null_is_left_out():
    absent = dict.fromkeys(set(Sent.__dataclass_fields__) - set(LEAST))
    assert read_envelope({**LEAST, **absent}) == read_envelope(LEAST)
    assert read_envelope({**LEAST, "context": dict.fromkeys(CONTEXT)}) == read_envelope(LEAST)


def test_every_fault_is_named_in_the_order_of_the_visit():
    assert refused(
        {"id": "7", "version": 0, "visited_at": "yesterday", "chanel": "store", "outcome": "closed"}
    ) == [
        ("chanel", "unknown_key"),
        ("id", "uuid"),
        ("checklist", "missing"),
        ("version", "count"),
        ("branch", "missing"),
        ("visited_at", "datetime"),
        ("reason", "reason_missing"),
    ]


@pytest.mark.parametrize("body", [None, [], "visit", 7, True])
def test_a_visit_is_an_object(body):
    assert refused(body) == [("", "shape")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", "01928f6e5b3a7c419f0d2a6b8c1d4e5f", "uuid"),
        ("id", 7, "uuid"),
        ("assignment", "A-17", "uuid"),
        ("programme", "", "code"),
        ("branch", "B001 ", "code"),
        ("branch", "B\n001", "code"),
        ("branch", "B" * 65, "code"),
        ("branch", 1, "code"),
        ("version", "1", "count"),
        ("version", True, "count"),
        ("version", 1.5, "float"),
        ("method", "spying", "choice"),
        ("channel", "Store", "choice"),
        ("subject", "theirs", "choice"),
        ("purpose", ["planned"], "choice"),
        ("outcome", "", "choice"),
        ("service_level", "WOW", "choice"),
        ("practice", "no", "flag"),
        ("practice", 0, "flag"),
        ("reason", 7, "text"),
        ("reason", "x" * (LONGEST_TEXT + 1), "too_long"),
        ("visited_at", "2026-10-01T14:05:00", "datetime"),
        ("visited_at", 1_790_000_000, "datetime"),
        ("revises", "ab", "hash"),
        ("employees", ["E0001"], "shape"),
        ("context", "busy", "shape"),
        ("photos", {"item": "shelf"}, "shape"),
        ("answers", [], "shape"),
        ("photos", [{"item": "shelf", "sha256": HASH}] * 2, "twice"),
        ("photos", [{"item": f"i{n}", "sha256": HASH} for n in range(MOST_PHOTOS + 1)], "too_many"),
        ("answers", {f"i{n}": "yes" for n in range(501)}, "too_many"),
        ("events", {"entered": AT}, "shape"),
        ("events", [{"event": "entered", "at": AT}] * (MOST_EVENTS + 1), "too_many"),
        ("clock", "ahead", "clock"),
        ("clock", {"ahead": 3}, "clock"),
    ],
)
def test_what_a_field_refuses(field, value, code):
    assert refused_with(**{field: value}) == [(field, code)]


@pytest.mark.parametrize(
    ("value", "place", "code"),
    [
        ("E0001", "employees.served_by", "employee"),
        ({}, "employees.served_by", "employee"),
        ({"code": "E1", "described": "x"}, "employees.served_by", "employee"),
        ({"name": "Eve"}, "employees.served_by", "employee"),
        ({"code": ""}, "employees.served_by.code", "code"),
        ({"code": None}, "employees.served_by.code", "code"),
        ({"described": "  "}, "employees.served_by.described", "employee"),
    ],
)
def test_who_served_is_a_code_or_a_description(value, place, code):
    assert refused_with(employees={"served_by": value}) == [(place, code)]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("scenario", 7, "text"),
        ("planned_purchase", True, "text"),
        ("expectations_before", ["quick"], "text"),
        ("emotion_after", "x" * 4001, "too_long"),
        ("first_visit", "yes", "flag"),
        ("purchase_made", 1, "flag"),
        ("busy", "no", "flag"),
        ("customers_waiting", -1, "count"),
        ("customers_waiting", True, "count"),
        ("announced_reply_minutes", "30", "count"),
        ("announced_reply_minutes", 10**6, "count"),
        ("weather", "rain", "unknown_key"),
    ],
)
def test_the_context_has_known_keys_each_of_its_kind(key, value, code):
    assert refused_with(context={key: value}) == [(f"context.{key}", code)]


def test_the_context_is_the_designs():
    assert list(CONTEXT) == [
        "scenario",
        "planned_purchase",
        "expectations_before",
        "first_visit",
        "purchase_made",
        "busy",
        "customers_waiting",
        "emotion_after",
        "announced_reply_minutes",
    ]


def test_photos_are_named_one_by_one():
    photos = [{"item": "shelf"}, "x", {"item": "", "sha256": HASH}, {"item": "shelf", "sha256": "x"}]
    assert refused_with(photos=photos) == [
        ("photos.0", "photo"),
        ("photos.1", "photo"),
        ("photos.2.item", "code"),
        ("photos.3.sha256", "hash"),
    ]


WHERE = {"lat": "60.1699", "lon": "-24.9384", "accuracy_m": 12}


def test_a_photo_may_say_when_and_where_it_was_taken():
    photos = [
        {"item": "shelf", "sha256": HASH, "taken_at": AT, "place": WHERE},
        {"item": "door", "sha256": HASH, "taken_at": None, "place": {"lat": "-90", "lon": "180"}},
    ]
    assert read_envelope({**LEAST, "photos": photos}).photos == (
        SentPhoto("shelf", HASH, datetime.fromisoformat(AT), Place("60.1699", "-24.9384", 12)),
        SentPhoto("door", HASH, None, Place("-90", "180")),
    )


def test_every_mistake_of_a_photo_has_its_place():
    photos = [
        {"item": "shelf", "sha256": HASH, "taken_at": "noon", "place": "here"},
        {"item": "shelf", "sha256": "x", "place": {"lat": "91", "lon": "E24", "accuracy_m": -1}},
        {"item": "door", "sha256": HASH, "place": {"lat": 60, "lon": "24.9384", "height": 3}},
        {"item": "door", "sha256": HASH, "camera": "back"},
    ]
    assert refused_with(photos=photos) == [
        ("photos.0.taken_at", "datetime"),
        ("photos.0.place", "place"),
        ("photos.1.sha256", "hash"),
        ("photos.1.place.lat", "degrees"),
        ("photos.1.place.lon", "degrees"),
        ("photos.1.place.accuracy_m", "count"),
        ("photos.2.place", "place"),
        ("photos.3", "photo"),
    ]
    again = {"item": "shelf", "sha256": HASH}
    assert refused_with(photos=[again, {**again, "taken_at": AT}]) == [("photos", "twice")]


def test_events_and_the_devices_clock():
    said = {
        "events": [
            {"event": "entered", "at": AT},
            {"event": "wait.stop", "at": "2026-10-14T12:05:30+03:00", "estimated": True},
            {"event": "call.busy", "at": AT, "estimated": None},
        ],
        "clock": {"ahead_ms": -1234, "checked_at": AT},
    }
    sent = read_envelope({**LEAST, **said})
    assert sent.events == (
        Event("entered", datetime.fromisoformat(AT)),
        Event("wait.stop", datetime.fromisoformat("2026-10-14T12:05:30+03:00"), estimated=True),
        Event("call.busy", datetime.fromisoformat(AT)),
    )
    assert sent.clock == Clock(-1234, datetime.fromisoformat(AT))
    never = read_envelope({**LEAST, "clock": {"ahead_ms": None, "checked_at": None}})
    assert never.clock == Clock() == read_envelope({**LEAST, "clock": {}}).clock


def test_every_mistake_of_an_event_has_its_place():
    events = [
        {"event": "Entered", "at": "12:05"},
        {"event": "entered", "at": AT, "estimated": "yes"},
        {"event": "entered"},
        "entered",
        {"event": "x" * 61, "at": AT},
    ]
    assert refused_with(events=events, clock={"ahead_ms": True, "checked_at": 7}) == [
        ("events.0.event", "event_id"),
        ("events.0.at", "datetime"),
        ("events.1.estimated", "flag"),
        ("events.2", "event"),
        ("events.3", "event"),
        ("events.4.event", "event_id"),
        ("clock.ahead_ms", "milliseconds"),
        ("clock.checked_at", "datetime"),
    ]
    assert refused_with(clock={"ahead_ms": 1.5}) == [("clock.ahead_ms", "float")]


def test_what_says_nothing_new_keeps_its_bytes():
    """A hash that has a receipt stays the same for ever: newer keys are absent where nothing is said."""
    photos = [{"item": "shelf", "sha256": HASH}]
    body = to_body(read_envelope({**LEAST, "photos": photos, "answers": {"greeted": "yes"}}))
    assert manifest_hash(body) == "0dc3e7cd9809e9f3e67806eb931049735be6b42f4fb5285cbad2726a3e689519"
    later = to_body(read_envelope({**LEAST, "events": [{"event": "entered", "at": AT}], "clock": {}}))
    assert later.keys() - body.keys() == {"events", "clock"}


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.COMPLETED])
def test_what_was_not_completed_needs_a_reason(outcome):
    """SC-06: a reason, not items."""
    assert refused_with(outcome=outcome.value) == [("reason", "reason_missing")]
    assert refused_with(outcome=outcome.value, reason=" ") == [("reason", "reason_missing")]
    assert (
        read_envelope({**LEAST, "outcome": outcome.value, "reason": "Shut for stocktaking"}).outcome
        is outcome
    )


def test_a_correction_needs_a_reason():
    """SC-12"""
    assert refused_with(revises=HASH) == [("reason", "reason_missing")]
    assert read_envelope({**LEAST, "revises": HASH, "reason": "Wrong till"}).revises == HASH


@pytest.mark.parametrize(
    ("answers", "place", "code"),
    [
        ({"a": 25.4}, "answers.a", "float"),
        ({"a": {"value": float("nan")}}, "answers.a.value", "float"),
        ({"a": {"note": "\ud800"}}, "answers.a.note", "characters"),
        ({"\udc00": "yes"}, "answers.", "characters"),
        ({"a": 2**53}, "answers.a", "too_large"),
        ({"a": ["x", [1.0]]}, "answers.a.1.0", "float"),
        ({"a": [[[[[[[[]]]]]]]]}, "answers.a.0.0.0.0.0.0.0", "too_deep"),
        ({"a": b"yes"}, "answers.a", "json"),
        ({7: "yes"}, "answers.7", "characters"),
    ],
)
def test_what_cannot_be_hashed_is_refused(answers, place, code):
    assert refused_with(answers=answers) == [(place, code)]


def test_roles_and_photos_fit_their_checklist():
    made = checklist(item("shelf", "photo"), roles=(Role("greeter"), Role("cashier")))
    sent = read_envelope(
        {
            **LEAST,
            "employees": {"greeter": None, "served_by": None},
            "photos": [{"item": "shelf", "sha256": HASH}, {"item": "shelves", "sha256": HASH}],
        }
    )
    assert [(fault.place, fault.code) for fault in misfits(sent, made)] == [
        ("employees.served_by", "body.unknown_role"),
        ("photos.1.item", "body.unknown_item"),
    ]


def test_events_fit_their_checklist():
    made = checklist(
        item("greeting_time", "duration"),
        item("greeted"),
        events=(model.Event("entered", {"en": "Came in"}),),
    )
    said = ["entered", "greeting_time.start", "greeting_time.stop", "call.busy", "call.no_answer"]
    wrong = ["paid", "greeted.start", "greeting_time.end", "call.dropped", "greeting_time"]
    sent = read_envelope({**LEAST, "events": [{"event": event, "at": AT} for event in said + wrong]})
    assert [(fault.place, fault.code) for fault in misfits(sent, made)] == [
        (f"events.{place}.event", "body.unknown_event") for place in range(5, 10)
    ]


def test_photos_keep_what_their_item_asks_for_and_are_not_too_many():
    made = checklist(
        item("shelf", Photo(most=2, keep=("time",))), item("door", Photo(keep=("place",))), item("greeted")
    )
    both = {"taken_at": AT, "place": WHERE}
    photos = [
        {"item": "shelf", "sha256": HASH, **both},
        {"item": "door", "sha256": HASH, **both},
        {"item": "greeted", "sha256": HASH},
        *({"item": "shelf", "sha256": f"{n:064}"} for n in range(3)),
    ]
    faults = misfits(read_envelope({**LEAST, "photos": photos}), made)
    assert [(fault.place, fault.code) for fault in faults] == [
        ("photos.0.place", "body.not_kept"),
        ("photos.1.taken_at", "body.not_kept"),
        ("shelf", "body.too_many_photos"),
    ]


CODES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20)
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 2),
    max_value=datetime(2999, 12, 30),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
PLACES = st.builds(
    Place, st.integers(-89, 89).map("{}.5".format), st.just("-179.25"), st.none() | st.integers(0, 99)
)
PHOTOS = st.lists(
    st.builds(SentPhoto, CODES, HASHES, st.none() | MOMENTS, st.none() | PLACES),
    max_size=3,
    unique_by=lambda photo: (photo.item, photo.sha256),
)
VISITS = st.builds(
    Sent,
    id=st.uuids().map(str),
    checklist=CODES,
    version=st.integers(1, 999),
    branch=CODES,
    visited_at=MOMENTS,
    programme=CODES,
    employees=st.dictionaries(
        CODES,
        st.one_of(
            st.none(),
            st.builds(ServedBy, code=CODES),
            st.builds(ServedBy, described=TEXTS.filter(bool)),
        ),
        max_size=3,
    ),
    assignment=st.none() | st.uuids().map(str),
    method=st.sampled_from(Method),
    channel=st.sampled_from(Channel),
    subject=st.sampled_from(Subject),
    purpose=st.sampled_from(Purpose),
    practice=st.booleans(),
    outcome=st.sampled_from(Outcome),
    reason=TEXTS.map("r{}".format),
    service_level=st.none() | st.sampled_from(ServiceLevel),
    context=st.fixed_dictionaries(
        {},
        optional={
            "busy": st.booleans(),
            "customers_waiting": st.integers(0, 99),
            "scenario": TEXTS.filter(bool),
        },
    ),
    photos=PHOTOS.map(tuple),
    events=st.lists(
        st.builds(Event, st.sampled_from(["entered", "wait.start"]), MOMENTS, st.booleans()), max_size=3
    ).map(tuple),
    clock=st.none() | st.builds(Clock, st.none() | st.integers(-(10**9), 10**9), st.none() | MOMENTS),
    answers=st.dictionaries(CODES, st.sampled_from(["yes", 3, "25.4", {"na": True}, ["a"]]), max_size=4),
    revises=st.none() | HASHES,
)


@given(VISITS)
def test_what_is_written_reads_the_same(sent):
    body = to_body(sent)
    again = read_envelope(json.loads(canonical(body)))
    assert again == sent
    assert manifest_hash(to_body(again)) == manifest_hash(body)


FIELDS = [*Sent.__dataclass_fields__, "x"]


@given(st.one_of(JSON, st.dictionaries(st.sampled_from(FIELDS), JSON)))
def test_any_json_is_read_or_refused(body):
    try:
        sent = read_envelope(body)
    except Refused as refusal:
        assert refusal.faults
        assert str(refusal).encode("utf-8")
    else:
        assert read_envelope(to_body(sent)) == sent


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_is_accepted_can_be_hashed(fields):
    """A body that is read has a manifest hash: a receipt can always be given."""
    body = {**LEAST, **fields}
    try:
        read_envelope(body)
    except Refused:
        return
    manifest_hash(body)

"""Checklist files and stored definitions: what they say, and that it reads back as itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.standards.canonical import canonical, digest
from checker.standards.faults import Refused
from checker.standards.model import (
    POINT,
    WHOLE,
    Axis,
    Band,
    Choice,
    Condition,
    Count,
    Duration,
    Event,
    Graded,
    Level,
    Multi,
    Number,
    Photo,
    Role,
    Scale,
)
from checker.standards.parse import read_definition, read_yaml, schema, warnings
from tests.standards.definitions import definitions
from tests.standards.kiosk import CHOSEN, KIOSK, SCORED, faults, kiosk, read_item, refusal, with_item


def test_a_small_file_says_what_it_says_and_the_defaults_fill_the_rest() -> None:
    checklist = kiosk()
    greeted, note = checklist.items
    assert (checklist.id, checklist.version, checklist.languages) == ("kiosk", 1, ("en",))
    assert (checklist.channel, checklist.sector, checklist.roles) == ("store", "", (Role("served_by"),))
    assert (checklist.critical_cap, checklist.bonus_cap, checklist.weighted) == (None, True, False)
    assert (greeted.points, greeted.axis, greeted.level) == (2 * POINT, Axis.STANDARD, Level.EMPLOYEE)
    assert (greeted.required, greeted.na_allowed, greeted.standard, greeted.role) == (
        True,
        True,
        "greeted",
        "served_by",
    )
    assert (note.scored, note.required, note.na_allowed) == (False, False, False)


def test_yes_and_no_are_words_as_yaml_1_2_has_it() -> None:
    text = with_item("id: why_not\ntype: text\ntext: {en: no}\nwhen: {greeted: [no, na]}")
    item = read_yaml(text, "kiosk.yaml").item["why_not"]
    assert item.text == {"en": "no"}
    assert item.when == (Condition("greeted", ("no", "na")),)


def test_the_keys_of_the_whole_checklist() -> None:
    text = (
        KIOSK.replace(
            "sections:",
            "sector: food\nchannel: phone\ntotal: 2\ncritical_cap: 59.5\nbonus_cap: none\nsections:",
        )
        .replace("languages:", "roles: [greeter, {id: cashier, title: {en: Cashier}}]\nlanguages:")
        .replace("    items:", "    weight: 2.5\n    items:")
    )
    checklist = read_yaml(text, "kiosk.yaml")
    assert checklist.roles == (Role("greeter"), Role("cashier", {"en": "Cashier"}))
    assert checklist.item["greeted"].role == "greeter"
    assert (checklist.critical_cap, checklist.bonus_cap) == (595_000, False)
    assert (checklist.sector, checklist.channel) == ("food", "phone")
    assert checklist.sections[0].weight == 25_000


def test_a_duration_and_its_tolerance() -> None:
    """SC-03"""
    item = f"id: wait\ntype: duration\ntarget_s: 20\nlimit_s: 30\n{SCORED}"
    assert read_item(item).rule == Duration(20, 30, WHOLE // 2, 1, 3)
    assert read_item(item + "\nat_limit: 0.25\ntolerance_s: {tapped: 2}").rule == Duration(
        20, 30, 250_000, 2, 3
    )
    text = with_item(item + "\ntolerance_s: {tapped: 0}").replace(
        "sections:", "tolerance_s: {estimated: 5}\nsections:"
    )
    assert read_yaml(text, "kiosk.yaml").item["wait"].rule == Duration(20, 30, WHOLE // 2, 0, 5)


@pytest.mark.parametrize(
    ("lines", "rule", "points"),
    [
        ("type: count\nmax: 3", Count(3, 3), 4),
        ("type: count\nmax: 3\nmet_at: 2", Count(3, 2), 4),
        ("type: scale", Scale(4), 4),
        (
            "type: scale\nmet_at: 3\nscale_labels: quality",
            Scale(3, {"en": "very poor"}, {"en": "excellent"}),
            4,
        ),
        (
            "type: scale\nscale_labels: {low: {en: bad}, high: {en: good}}",
            Scale(4, {"en": "bad"}, {"en": "good"}),
            4,
        ),
        ("type: graded\nmet_at: 0.8", Graded(800_000), 4),
        (
            "type: number\nmin: -2.5\nmax: 40\nbands: [{share: 1}]",
            Number(Decimal("-2.5"), Decimal(40), (Band(None, WHOLE),)),
            4,
        ),
    ],
)
def test_the_types_and_their_defaults(lines: str, rule: object, points: int) -> None:
    """SC-04, SC-05"""
    item = read_item(f"id: asked\n{lines}\n{SCORED}")
    assert (item.rule, item.points) == (rule, points * POINT)


def test_a_choice_is_worth_its_best_option_and_met_by_it() -> None:
    """SC-05"""
    item = read_item(f"id: shelf\ntype: choice\n{CHOSEN}")
    assert isinstance(item.rule, Choice)
    assert (item.points, item.rule.met) == (2 * POINT, frozenset({"all"}))
    assert [option.points for option in item.rule.options] == [20_000, 5_000, 0]
    assert read_item(f"id: shelf\ntype: choice\npoints: 2\nmet: [all, some]\n{CHOSEN}").rule.met == {
        "all",
        "some",
    }


def test_a_multi_is_worth_all_its_options_or_the_cap_it_names() -> None:
    """SC-05"""
    item = read_item(f"id: shelf\ntype: multi\n{CHOSEN}")
    assert isinstance(item.rule, Multi)
    assert (item.points, item.rule.met_at) == (25_000, WHOLE)
    assert read_item(f"id: shelf\ntype: multi\npoints: 1.5\nmet_at: 0.5\n{CHOSEN}").points == 15_000


EVENTS = KIOSK.replace(
    "sections:",
    "events:\n  - {id: entered, text: {en: Came in}}\n  - {id: met, text: {en: Was greeted}}\nsections:",
)
"""The kiosk with two events, on lines 6 and 7."""
TIMED = f"id: wait\ntype: duration\ntarget_s: 20\nlimit_s: 30\n{SCORED}"


def test_events_and_a_time_between_two_of_them() -> None:
    checklist = read_yaml(with_item(f"{TIMED}\nfrom: entered\nuntil: met", EVENTS), "kiosk.yaml")
    assert checklist.events == (Event("entered", {"en": "Came in"}), Event("met", {"en": "Was greeted"}))
    assert checklist.item["wait"].rule == Duration(20, 30, start="entered", stop="met")
    assert checklist.event_ids == {"entered", "met", "wait.start", "wait.stop"}
    assert kiosk().events == ()


@pytest.mark.parametrize(
    ("lines", "text", "found"),
    [
        ("from: entered", EVENTS, (26, "definition.ends")),
        ("until: met", EVENTS, (26, "definition.ends")),
        ("from: met\nuntil: met", EVENTS, (27, "definition.ends")),
        ("from: enterd\nuntil: met", EVENTS, (26, "definition.event")),
        ("from: entered\nuntil: Met", EVENTS, (27, "definition.id")),
    ],
)
def test_the_ends_of_a_time_are_two_events(lines: str, text: str, found: tuple[int, str]) -> None:
    assert found in faults(with_item(f"{TIMED}{lines}", text))


def test_a_fault_of_an_end_says_what_to_do() -> None:
    wrong = refusal(with_item(f"{TIMED}from: enterd\nuntil: met", EVENTS))
    assert wrong == "kiosk.yaml:26: “enterd” is no event of this checklist. There is: entered."
    without = refusal(with_item(f"{TIMED}from: entered\nuntil: met"))
    assert "The checklist has no events; list them at the top: events: [{id: entered, text: …}]." in without
    alone = refusal(with_item(f"{TIMED}from: entered", EVENTS))
    assert alone == "kiosk.yaml:26: “from” needs “until” beside it: a time has a beginning and an end."
    other = refusal(with_item("id: sign\ntype: photo\ntext: {en: x}\nfrom: entered", EVENTS))
    assert other == "kiosk.yaml:21: “from” does not belong to the type photo but to: duration."


def test_an_event_is_named_once_and_has_its_words() -> None:
    assert faults(EVENTS.replace("id: met", "id: entered")) == [(7, "definition.twice")]
    assert faults(EVENTS.replace("text: {en: Came in}", "text: {fi: Tuli}")) == [
        (6, "definition.language_extra"),
        (6, "definition.text_missing"),
    ]
    many = "".join(f"  - {{id: e{n}, text: {{en: x}}}}\n" for n in range(21))
    assert faults(KIOSK.replace("sections:", f"events:\n{many}sections:")) == [(5, "definition.too_many")]


def test_what_a_photo_takes_and_keeps() -> None:
    photo = "id: sign\ntype: photo\ntext: {en: x}\n"
    assert read_item(photo).rule == Photo(gallery=True, most=5, keep=())
    asked = read_item(photo + "gallery: false\nmost: 2\nkeep: [place, time]")
    assert asked.rule == Photo(gallery=False, most=2, keep=("time", "place"))
    wrong = "gallery: sometimes\nmost: 21\nkeep: [time, time]"
    assert faults(with_item(photo + wrong)) == [
        (18, "definition.flag"),
        (19, "definition.whole"),
        (20, "definition.twice"),
    ]


def test_the_definition_of_what_is_new_leaves_defaults_out() -> None:
    """A version published before there were events keeps its digest."""
    assert digest(kiosk().definition) == "9bedffae0aeb9ba80129697afe3868f239843af6b44e2ea8111e97830b346bf2"
    item = f"{TIMED}from: entered\nuntil: met"
    photo = "id: sign\ntype: photo\ntext: {en: x}\ngallery: true\nmost: 5"
    checklist = read_yaml(with_item(photo, with_item(item, EVENTS)), "kiosk.yaml")
    definition: Any = checklist.definition
    assert definition["events"][0] == {"id": "entered", "text": {"en": "Came in"}}
    assert definition["sections"][0]["items"][1]["from"] == "entered"
    assert definition["sections"][0]["items"][2] == {"id": "sign", "type": "photo", "text": {"en": "x"}}
    assert read_definition(json.loads(canonical(definition))) == checklist


@pytest.mark.parametrize(
    ("written", "units"), [("0.25", 2_500), ("0.0001", 1), ("2.50", 25_000), ("'2'", 20_000), ("0", 0)]
)
def test_points_are_exact_decimals(written: str, units: int) -> None:
    """SC-01"""
    assert kiosk("points: 2", f"points: {written}").items[0].points == units


# --- definitions ------------------------------------------------------------------------------------------


def test_a_definition_names_places_by_their_path() -> None:
    definition = json.loads(canonical(kiosk().definition))
    definition["sections"][0]["items"][0]["points"] = "a lot"
    definition["sections"][0]["items"][1]["id"] = "greeted"
    with pytest.raises(Refused) as refused:
        read_definition(definition)
    assert [(fault.place, fault.code) for fault in refused.value.faults] == [
        ("sections[0].items[0].points", "definition.number"),
        ("sections[0].items[1].id", "definition.twice"),
    ]
    assert "first at sections[0].items[0].id" in str(refused.value)


def test_a_float_is_refused_because_decimals_are_strings() -> None:
    definition = json.loads(canonical(kiosk().definition))
    definition["sections"][0]["items"][0]["points"] = 0.25
    with pytest.raises(Refused, match="float"):
        read_definition(definition)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points: 2", "points: 2.0"),
        ("level: employee", "level: employee\n        required: true\n        critical: false"),
        ("level: employee", "level: employee\n        role: served_by\n        standard: greeted"),
        ("sections:", "channel: store\nbonus_cap: 100\ntotal: 2\nroles: [served_by]\nsections:"),
        ("{en: Kiosk}", '{"en": " Kiosk "}'),
        ("id: kiosk\nversion: 1", "version: 1\nid: kiosk  # the small one"),
    ],
)
def test_what_says_the_same_is_the_same_version(old: str, new: str) -> None:
    assert digest(kiosk(old, new).definition) == digest(kiosk().definition)


def test_any_change_of_meaning_is_another_version() -> None:
    changed = {
        digest(kiosk(old, new).definition)
        for old, new in [
            ("", ""),
            ("points: 2", "points: 2.5"),
            ("said hello", "greeted"),
            ("level: employee", "level: employee\n        critical: true"),
            ("level: employee", "level: employee\n        na_allowed: false"),
            ("sections:", "bonus_cap: none\nsections:"),
            ("version: 1", "version: 2"),
        ]
    }
    assert len(changed) == 7


@settings(max_examples=150, deadline=None)
@given(definitions())
def test_a_definition_reads_back_as_itself(definition: dict[str, Any]) -> None:
    """The digest of a version never moves: canonical JSON read again gives the same checklist and digest."""
    checklist = read_definition(definition)
    again = read_definition(json.loads(canonical(checklist.definition)))
    assert again == checklist
    assert digest(again.definition) == digest(checklist.definition)
    assert warnings(again) == warnings(checklist)


@settings(max_examples=50, deadline=None)
@given(definitions())
def test_both_readers_have_one_rule_set(definition: dict[str, Any]) -> None:
    """JSON is YAML, so a definition is a file too."""
    text = json.dumps(definition, ensure_ascii=False, indent=1)
    assert read_yaml(text, "same.yaml") == read_definition(definition)


@settings(max_examples=50, deadline=None)
@given(definitions())
def test_what_is_read_is_valid_by_the_schema(definition: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    assert [error.message for error in validator.iter_errors(definition)] == []
    assert [
        error.message for error in validator.iter_errors(dict(read_definition(definition).definition))
    ] == []


WORDS = ["en", "na", "text", "duration", "choice", "number", "item_0", "context.busy", "1e999999999"]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["en", "na", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_definition_is_read_or_refused_and_nothing_else_happens(data: st.DataObject) -> None:
    definition = data.draw(definitions())
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(definition, data.draw)
    try:
        read_definition(definition)
    except Refused as refused:
        assert all(fault.code.startswith("definition.") and str(fault) for fault in refused.faults)


def spoil(whole: Any, draw: Callable[[Any], Any]) -> None:
    """Replace or delete one part, anywhere."""
    while True:
        steps = list(whole) if isinstance(whole, dict) else list(range(len(whole)))
        if not steps:
            return
        step = draw(st.sampled_from(steps))
        if isinstance(whole[step], dict | list) and draw(st.booleans()):
            whole = whole[step]
        elif draw(st.booleans()):
            del whole[step]
            return
        else:
            whole[step] = draw(anything)
            return

"""MAP.yaml: what may stand in it, and every fault with its line."""

from __future__ import annotations

from decimal import Decimal
from textwrap import dedent

import pytest

from checker.sheets.mapping import SheetMap, heading_faults, read_map
from checker.sheets.reading import read_sheet
from checker.standards.faults import Refused
from checker.standards.parse import read_yaml
from tests.making_store import CHECKLIST, DESK

SHOP = read_yaml(CHECKLIST.replace("VERSION", "1"), "shop.yaml")

SMALLEST = """\
external_id: No
branch: Shop
visited_at: Date
items:
  tidy: Tidy?
  greeting_time: Greeting
  smile: Smile?
  three_yes: Yeses
  welcome_felt: Welcome
  try_out: New
"""


def read(text: str) -> SheetMap:
    return read_map(dedent(text), "map.yaml", SHOP)


def refused(text: str) -> list[tuple[str, str]]:
    """(place, code) of every fault; each has words that can be filled in."""
    with pytest.raises(Refused) as caught:
        read(text)
    assert all(str(fault) for fault in caught.value.faults)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def test_the_smallest_map() -> None:
    sheet_map = read(SMALLEST)
    assert (sheet_map.external_id, sheet_map.branch.column, sheet_map.moment.column) == ("No", "Shop", "Date")
    assert sheet_map.items["tidy"].column == "Tidy?"
    assert sheet_map.items["tidy"].empty == "leave"
    assert (sheet_map.tolerance, sheet_map.method, sheet_map.channel) == (
        Decimal("0.02"),
        "mystery_shopping",
        "store",
    )
    assert sheet_map.places["Greeting"] == "map.yaml:6"


def test_words_of_one_item_come_before_those_of_all() -> None:
    sheet_map = read(
        SMALLEST.replace("tidy: Tidy?", "tidy: {column: Tidy?, values: {OK: no}, empty: na}")
        + "values: {OK: yes, ' Not  OK ': no}\nempty: na\n"
    )
    assert sheet_map.items["tidy"].values == {"ok": "no", "not ok": "no"}
    assert sheet_map.items["smile"].values == {"ok": "yes", "not ok": "no"}
    assert sheet_map.items["tidy"].empty == "na"
    assert sheet_map.items["smile"].empty == "leave"  # the checklist does not allow n/a there


def test_published_figures_are_of_axes_and_sections() -> None:
    sheet_map = read(SMALLEST + "published: {standard: Total, welcome: W, feeling/experience: F}\n")
    assert [(one.measure, one.axis, one.section) for one in sheet_map.published] == [
        ("standard", "standard", None),
        ("welcome", "standard", "welcome"),
        ("feeling/experience", "experience", "feeling"),
    ]


def test_roles_have_columns_of_their_own() -> None:
    desk = read_yaml(DESK, "desk.yaml")
    text = "external_id: No\nbranch: Shop\nvisited_at: Date\nitems: {hello: H, bill: B}\n"
    one = read_map(text + "employee: Who\n", "map.yaml", desk)
    assert {role: served.source.column for role, served in one.served.items()} == {"greeter": "Who"}
    both = read_map(
        text + "employee:\n  cashier: Till\n  greeter: {column: Door, as: described}\n", "m", desk
    )
    assert {role: (served.source.column, served.described) for role, served in both.served.items()} == {
        "cashier": ("Till", False),
        "greeter": ("Door", True),
    }


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("map.yaml:1", "definition.record")]),
        ("external_id: [", [("map.yaml:1", "yaml.broken")]),
        (
            "external_id: {}\nbranch: true\nvisitd_at: Date\nitems: {}\n",
            [
                ("map.yaml:1", "map.heading"),
                ("map.yaml:1", "definition.missing"),
                ("map.yaml:2", "map.heading"),
                ("map.yaml:3", "definition.unknown_key"),
                *[("map.yaml:4", "map.item_missing")] * 6,
            ],
        ),
        (SMALLEST + "  tidi: X\n", [("map.yaml:11", "map.unknown_item")]),
        (SMALLEST.replace("  smile: Smile?\n", ""), [("map.yaml:4", "map.item_missing")]),
        (SMALLEST + "values: {Ja: true}\n", [("map.yaml:11", "map.word")]),
        (SMALLEST + "values:\n  Ja: yes\n  JA: no\n", [("map.yaml:13", "map.word_twice")]),
        (
            SMALLEST.replace("Tidy?", "{column: T, values: {A: yes, B: often}}"),
            [("map.yaml:5", "map.no_answer")],
        ),
        (
            SMALLEST.replace("Smile?", "{column: T, empty: na}"),
            [("map.yaml:7", "map.na_forbidden")],
        ),
        (
            SMALLEST.replace("visited_at: Date", "visited_at: {column: Wave, dates: {One: 2026-13-01}}"),
            [("map.yaml:3", "map.date")],
        ),
        (
            SMALLEST.replace("visited_at: Date", 'visited_at: {column: D, format: "%d.%m."}'),
            [("map.yaml:3", "map.format")],
        ),
        (
            SMALLEST.replace(
                "visited_at: Date", 'visited_at: {column: D, format: "%Y-%m-%d", dates: {A: 2026-01-01}}'
            ),
            [("map.yaml:3", "map.two_ways")],
        ),
        (
            SMALLEST.replace("visited_at: Date", 'visited_at: {column: D, time: {column: T, format: "%H"}}'),
            [("map.yaml:3", "map.format")],
        ),
        (
            SMALLEST + "outcome: {column: End, values: {Shut: shut, '': closed}}\n",
            [("map.yaml:11", "map.outcome"), ("map.yaml:11", "map.outcome_empty")],
        ),
        (SMALLEST + "employee: {cashier: Till}\n", [("map.yaml:11", "map.unknown_role")]),
        (
            SMALLEST + "published: {total: T, feeling/felt: F}\n",
            [("map.yaml:11", "map.unknown_measure")] * 2,
        ),
        (SMALLEST + "published: {feeling: F}\n", [("map.yaml:11", "map.which_axis")]),
        (SMALLEST + "ignore: [Greeting, Weather]\n", [("map.yaml:11", "map.used_and_ignored")]),
        (
            SMALLEST + "service_level: {column: S, values: {A: great}}\n",
            [("map.yaml:11", "map.service_level")],
        ),
        (SMALLEST + "method: spying\n", [("map.yaml:11", "definition.word")]),
    ],
)
def test_every_fault_has_its_line(text: str, faults: list[tuple[str, str]]) -> None:
    assert refused(text) == faults


def test_a_section_with_one_axis_needs_no_axis_named_but_a_trial_counts_as_its_own() -> None:
    """`feeling` holds a trial item of the other axis, so its name alone is not enough."""
    assert refused(SMALLEST + "published: {feeling: F}\n") == [("map.yaml:11", "map.which_axis")]


def test_map_and_sheet_must_name_the_same_columns() -> None:
    sheet = read_sheet(b"No,Shop,Dat,Tidy?,Greeting,Smile?,Yeses,Welcome,New,Weather,Total\n", "sheet.csv")
    sheet_map = read(SMALLEST + "ignore: [Weather, Moon]\npublished: {standard: Sum}\n")
    faults = list(heading_faults(sheet, sheet_map))
    assert [(fault.place, fault.code) for fault in faults] == [
        ("map.yaml:3", "map.no_column"),
        ("map.yaml:12", "map.no_column"),
        ("sheet.csv, column C", "map.unlisted_column"),
        ("sheet.csv, column K", "map.unlisted_column"),
    ]
    assert "Did you mean “Dat”?" in str(faults[0])

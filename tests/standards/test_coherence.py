"""Every fault a definition can have, each with its line."""

from __future__ import annotations

import pytest

from checker.standards.model import POINT
from checker.standards.parse import read_yaml
from tests.standards.kiosk import KIOSK, OPTIONS, SCORED, faults, refusal, with_item


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1\n", "", [(1, "definition.missing")]),
        ("version: 1", "version: 0", [(2, "definition.whole")]),
        ("version: 1", "version: 1.5", [(2, "definition.whole")]),
        ("id: kiosk", "id: The kiosk", [(1, "definition.id")]),
        ("id: kiosk", f"id: {'k' * 61}", [(1, "definition.id")]),
        ("id: kiosk", "id: café", [(1, "definition.id")]),
        ("languages: [en]", "languages: []", [(4, "definition.empty")]),
        ("languages: [en]", "languages: en", [(4, "definition.list")]),
        ("languages: [en]", "languages: [English]", [(4, "definition.language")]),
        ("languages: [en]", "languages: [en, en]", [(4, "definition.twice")]),
        ("title: {en: Kiosk}", "title: Kiosk", [(3, "definition.texts")]),
        ("title: {en: Kiosk}", "title: {en: 1984}", [(3, "definition.text")]),
        ("title: {en: Kiosk}", "title: {en: ''}", [(3, "definition.text_missing")]),
        ("title: {en: Kiosk}", "title: {en: Kiosk, fi: Kioski}", [(3, "definition.language_extra")]),
        ("title: {en: Kiosk}", f"title: {{en: {'x' * 2001}}}", [(3, "definition.text_long")]),
        ("sections:", "chanel: store\nsections:", [(5, "definition.unknown_key")]),
        ("sections:", "channel: shop\nsections:", [(5, "definition.word")]),
        ("sections:", "bonus_cap: 90\nsections:", [(5, "definition.bonus_cap")]),
        ("sections:", "bonus_cap: true\nsections:", [(5, "definition.bonus_cap")]),
        ("sections:", "critical_cap: 101\nsections:", [(5, "definition.range")]),
        ("sections:", "roles: [seller, seller]\nsections:", [(5, "definition.twice")]),
        ("sections:", "tolerance_s: 3\nsections:", [(5, "definition.record")]),
        ("type: yes_no_na", "type: yes_no", [(10, "definition.word")]),
        ("        type: yes_no_na\n", "", [(9, "definition.missing")]),
        ("points: 2", "points: two", [(11, "definition.number")]),
        ("points: 2", "points: -1", [(11, "definition.range")]),
        ("points: 2", "points: 0.00001", [(11, "definition.places")]),
        ("points: 2", "points: 1e3", [(11, "definition.number")]),
        ("points: 2", "points: true", [(11, "definition.number")]),
        ("points: 2", "points:", [(11, "definition.number")]),
        ("        points: 2\n", "", [(9, "definition.missing")]),
        ("        axis: standard\n", "", [(9, "definition.missing")]),
        ("        level: employee\n", "", [(9, "definition.missing")]),
        ("axis: standard", "axis: comfort", [(12, "definition.word")]),
        ("level: employee", "level: employee\n        critical: maybe", [(14, "definition.flag")]),
        ("level: employee", "level: employee\n        pillar: joy", [(14, "definition.word")]),
        ("level: employee", "level: employee\n        role: cook", [(14, "definition.role")]),
        ("level: employee", "level: branch\n        role: served_by", [(14, "definition.role")]),
        ("level: employee", "level: employee\n        met_at: 3", [(14, "definition.foreign_key")]),
        (
            "text: {en: What else?}",
            "text: {en: What else?}\n        points: 1",
            [(18, "definition.foreign_key")],
        ),
        ("        text: {en: What else?}\n", "", [(15, "definition.missing")]),
        ("id: note", "id: greeted", [(15, "definition.twice")]),
        ("sections:", "total: 3\nsections:", [(5, "definition.total")]),
        ("    items:", "    weight: heavy\n    items:", [(8, "definition.number")]),
        ("    items:", "    weight: 0\n    items:", [(8, "definition.weights")]),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in KIOSK
    assert faults(KIOSK.replace(old, new, 1)) == expected


def item_fault(lines: str) -> tuple[int, str]:
    """The one fault of an item added at line 15, its line counted from the item's first."""
    [(line, code)] = faults(with_item(lines))
    return line - 14, code


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("type: duration\nlimit_s: 30", (1, "missing")),
        ("type: duration\ntarget_s: 40\nlimit_s: 30", (3, "order")),
        ("type: duration\ntarget_s: 20.5\nlimit_s: 30", (3, "whole")),
        ("type: duration\ntarget_s: 20\nlimit_s: 30\nat_limit: 1.5", (5, "range")),
        ("type: duration\ntarget_s: 20\nlimit_s: 90000", (4, "whole")),
        ("type: count", (1, "missing")),
        ("type: count\nmax: 3\nmet_at: 4", (4, "order")),
        ("type: count\nmax: 0", (3, "whole")),
        ("type: scale\ncritical: true", (3, "critical")),
        ("type: scale\nmet_at: 6", (3, "whole")),
        ("type: scale\nscale_labels: fine", (3, "word")),
        ("type: scale\nscale_labels: {low: {en: bad}}", (3, "missing")),
        ("type: graded\nbonus: true\ntrial: true", (3, "bonus")),
        ("type: graded\nbonus: true\ncritical: true", (4, "critical")),
        ("type: graded\ntrial: true\ncritical: true", (4, "critical")),
        ("type: graded\nmet_at: 80", (3, "range")),
        ("type: number\nmin: 2\nmax: 1\nbands: [{share: 1}]", (3, "order")),
        ("type: number\nbands: [{up_to: 5, share: 1}, {up_to: 5, share: 0}]", (3, "bands")),
        ("type: number\nbands: [{share: 1}, {up_to: 5, share: 0}]", (3, "bands")),
        ("type: number\nbands: [{up_to: 5, share: 0.5}]", (3, "bands")),
        ("type: number\nbands: [{up_to: 5}]", (3, "missing")),
        ("type: number\nbands: []", (3, "empty")),
        ("type: choice", (1, "missing")),
        ("type: choice\noptions: []", (3, "empty")),
    ],
)
def test_a_fault_of_one_type_is_named(lines: str, expected: tuple[int, str]) -> None:
    points = "" if "choice" in lines else "points: 1\n"
    rest = f"{points}axis: standard\nlevel: branch\ntext: {{en: x}}\n"
    assert item_fault(f"id: asked\n{lines}\n{rest}") == (expected[0], f"definition.{expected[1]}")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("type: number\npoints: 1", (3, "unscored")),
        ("type: number\nna_allowed: true", (3, "unscored")),
        ("type: number\nmet_at: 1", (3, "unscored")),
        ("type: number\ncritical: true", (3, "critical")),
        ("type: photo\ncritical: true", (3, "foreign_key")),
        ("type: graded\naxis: standard\nlevel: branch\npoints: 0", (5, "points")),
        ("type: yes_no_na\naxis: standard\nlevel: branch\npoints: 0\nbonus: true", (6, "bonus")),
        (f"type: choice\naxis: standard\nlevel: branch\npoints: 3\n{OPTIONS}", (5, "points")),
        (f"type: choice\naxis: standard\nlevel: branch\nmet: [al]\n{OPTIONS}", (5, "met")),
        (f"type: multi\naxis: standard\nlevel: branch\npoints: 3\n{OPTIONS}", (5, "points")),
        (f"type: multi\naxis: standard\nlevel: branch\n{OPTIONS.replace('none_', 'never')}", (8, "option")),
        (f"type: multi\naxis: standard\nlevel: branch\n{OPTIONS.replace('some', 'all')}", (7, "twice")),
        ("type: choice\naxis: standard\nlevel: branch\noptions: [{id: a, text: {en: a}}]", (1, "met")),
    ],
)
def test_a_fault_of_points_and_options_is_named(lines: str, expected: tuple[int, str]) -> None:
    assert item_fault(f"id: asked\n{lines}\ntext: {{en: x}}") == (expected[0], f"definition.{expected[1]}")


def test_all_faults_come_at_once_in_the_order_of_the_lines() -> None:
    text = (
        KIOSK.replace("version: 1", "version: one")
        .replace("points: 2", "points: 2.00005")
        .replace("text: {en: The employee said hello.}", "text: {fi: Työntekijä tervehti.}")
        .replace("type: text", "type: text\n        kritical: true")
        .replace("id: door", "id: door\n    id: floor")
    )
    assert faults(text) == [
        (2, "definition.whole"),
        (7, "yaml.twice"),
        (12, "definition.places"),
        (15, "definition.language_extra"),
        (15, "definition.text_missing"),
        (18, "definition.unknown_key"),
    ]


def test_a_misspelt_key_is_told_its_nearest() -> None:
    text = KIOSK.replace("points: 2", "point: 2")
    assert "kiosk.yaml:11: There is no key “point” here. Did you mean “points”?" in refusal(text)


def test_a_declared_total_that_differs_says_both_figures() -> None:
    """SC-01: one real sheet declares 101 for 100."""
    text = KIOSK.replace("points: 2", "points: 100").replace("sections:", "total: 101\nsections:")
    assert "total says 101, but the points of the items add up to 100" in refusal(text)


def test_bonus_and_trial_items_stand_outside_the_total() -> None:
    """SC-01, SC-10, SC-13"""
    more = "type: graded\npoints: 5\naxis: standard\nlevel: branch\ntext: {en: x}"
    for flag in ("bonus", "trial"):
        text = with_item(f"id: extra\n{more}\n{flag}: true").replace("sections:", "total: 2\nsections:")
        assert read_yaml(text, "kiosk.yaml").item["extra"].points == 5 * POINT


def test_weights_stand_on_every_section_or_on_none() -> None:
    """SC-09"""
    second = KIOSK[KIOSK.index("  - id: door") :].replace("door", "till").replace("greeted", "thanked")
    text = KIOSK.replace("    items:", "    weight: 2\n    items:") + second.replace("id: note", "id: remark")
    assert faults(text) == [(19, "definition.weights")]
    weighted = text.replace("id: till\n", "id: till\n    weight: 0\n")
    assert [section.weight for section in read_yaml(weighted, "kiosk.yaml").sections] == [20_000, 0]


def test_a_language_without_ready_words_is_told_to_write_its_own() -> None:
    text = with_item(f"id: felt\ntype: scale\nscale_labels: degree\n{SCORED}")
    text = text.replace("en:", "sv:").replace("[en]", "[sv]")
    assert "“degree” has no words in: sv. Write your own" in refusal(text)


def test_a_section_without_items_and_a_file_without_sections_are_refused() -> None:
    top = KIOSK[: KIOSK.index("sections:")]
    assert faults(top) == [(1, "definition.missing")]
    assert faults(f"{top}sections: []\n") == [(5, "definition.empty")]
    assert faults(f"{top}sections:\n  - id: door\n    title: {{en: Door}}\n") == [(6, "definition.missing")]
    assert faults(f"{top}sections:\n  - id: door\n    title: {{en: Door}}\n    items: []\n") == [
        (8, "definition.empty")
    ]


def test_more_items_than_a_visit_can_answer_are_refused() -> None:
    def section(name: str, count: int) -> str:
        items = [f"      - {{id: {name}_{number}, type: text, text: {{en: x}}}}\n" for number in range(count)]
        return f"  - id: {name}\n    title: {{en: x}}\n    items:\n{''.join(items)}"

    top = KIOSK[: KIOSK.index("  - id: door")]
    assert len(read_yaml(top + section("a", 250) + section("b", 250), "kiosk.yaml").items) == 500
    assert faults(top + section("a", 250) + section("b", 251)) == [(5, "definition.too_many")]

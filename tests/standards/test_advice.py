"""Warnings before a checklist is published."""

from __future__ import annotations

import pytest

from checker.standards.parse import read_yaml, warnings
from tests.standards.kiosk import GREETED, KIOSK, SCORED, kiosk, with_item


def codes(text: str) -> list[tuple[str, str]]:
    return [
        (fault.place, fault.code.removeprefix("advice.")) for fault in warnings(read_yaml(text, "kiosk.yaml"))
    ]


def test_a_good_checklist_has_no_warnings() -> None:
    assert codes(KIOSK) == []


@pytest.mark.parametrize(
    "lines",
    [
        "type: yes_no_na\naxis: experience\nlevel: employee",
        "type: yes_no_na\naxis: standard\nlevel: branch",
        "type: graded\naxis: standard\nlevel: employee",
    ],
)
def test_items_that_share_a_standard_but_differ_are_pointed_out(lines: str) -> None:
    text = with_item(f"id: hello\nstandard: greeted\npoints: 1\ntext: {{en: x}}\n{lines}")
    assert codes(text) == [("hello", "standard_differs")]


def test_standards_are_compared_across_checklists() -> None:
    other = kiosk("id: kiosk", "id: stall", text=KIOSK.replace("level: employee", "level: branch"))
    assert warnings(kiosk(), [kiosk()]) == ()
    [fault] = warnings(other, [kiosk()])
    assert fault.place == "greeted"
    assert "“greeted” in kiosk measures the standard “greeted” too, but differs in: level." in str(fault)


def test_another_limit_is_another_measure() -> None:
    wait = f"type: duration\ntarget_s: 1\nstandard: wait\n{SCORED}"
    text = with_item(f"id: second\nlimit_s: 40\n{wait}", with_item(f"id: first\nlimit_s: 30\n{wait}"))
    assert codes(text) == [("second", "standard_differs")]


def test_more_than_30_scored_items_are_pointed_out() -> None:
    def of(count: int) -> str:
        return KIOSK.replace(
            GREETED, "".join(GREETED.replace("greeted", f"greeted_{n}") for n in range(count))
        )

    assert codes(of(30)) == []
    assert codes(of(31)) == [("", "many_items")]


@pytest.mark.parametrize(
    ("first", "second", "never"),
    [
        ("greeted: no", "greeted: yes", True),
        ("greeted: no", "greeted: [no, na]", False),
        ("context.customers_waiting: {min: 3}", "context.customers_waiting: {max: 2}", True),
        ("context.customers_waiting: {min: 3}", "context.customers_waiting: {max: 3}", False),
        ("context.customers_waiting: {min: 3}", "context.customers_waiting: [1, 2]", True),
        ("context.customers_waiting: {min: 3}", "context.customers_waiting: [2, 3]", False),
    ],
)
def test_an_item_nobody_is_ever_asked_is_pointed_out(first: str, second: str, never: bool) -> None:
    """SC-11: what its parent needs, it needs too."""
    text = with_item(f"id: parent\ntype: yes_no_na\nwhen: {{{first}}}\n{SCORED}")
    text = with_item(f"id: child\ntype: text\ntext: {{en: x}}\nwhen: {{parent: yes, {second}}}", text)
    assert codes(text) == ([("child", "never_asked")] if never else [])


def test_a_scale_without_words_and_an_axis_of_bonus_alone_are_pointed_out() -> None:
    text = with_item(f"id: felt\ntype: scale\nbonus: true\n{SCORED}")
    assert codes(text) == [("felt", "bonus_alone"), ("felt", "scale_words")]


def test_a_role_that_would_be_shown_by_its_id_is_pointed_out() -> None:
    titled = "roles: [{id: seller, title: {en: Seller}}, served_by]"
    assert codes(KIOSK.replace("sections:", f"{titled}\nsections:")) == []
    assert codes(KIOSK.replace("sections:", "roles: [seller]\nsections:")) == [("", "role_words")]


def test_a_checklist_without_a_scored_item_is_pointed_out() -> None:
    assert codes(KIOSK.replace(GREETED, "")) == [("", "nothing_scored")]

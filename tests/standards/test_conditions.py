"""What may stand in `when`."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checker.standards.body import CONTEXT
from checker.standards.faults import Refused
from checker.standards.model import Condition
from checker.standards.parse import read_yaml
from tests.standards.kiosk import CHOSEN, KIOSK, faults, read_item, with_item

PARENTS = (
    """\
id: waited
type: duration
target_s: 20
limit_s: 30
points: 1
axis: standard
level: branch
text: {en: x}
""",
    """\
id: yeses
type: count
max: 3
na_allowed: false
points: 1
axis: standard
level: branch
text: {en: x}
""",
    f"""\
id: shelf
type: choice
{CHOSEN}""",
    """\
id: remark
type: text
text: {en: x}
""",
)


def asked_when(when: str) -> str:
    """The kiosk's file with items of several types, and one that is asked only `when`."""
    text = KIOSK
    for lines in (*PARENTS, f"id: asked\ntype: text\ntext: {{en: x}}\nwhen:\n  {when}"):
        text = with_item(lines, text)
    return text


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("greting: no", "when_subject"),
        ("asked: x", "when_subject"),
        ("note: x", "when_subject"),
        ("busy: yes", "when_subject"),
        ("context.bussy: yes", "when_subject"),
        ("context.busy: often", "when_value"),
        ("context.customers_waiting: many", "when_value"),
        ("context.busy: {min: 1}", "when_value"),
        ("greeted: maybe", "when_value"),
        ("greeted: true", "when_value"),
        ("greeted: never", "when_value"),
        ("greeted: {min: 1}", "when_value"),
        ("greeted: {}", "when_empty"),
        ("greeted: []", "when_empty"),
        ("greeted: {least: 1}", "unknown_key"),
        ("waited: 20", "when_value"),
        ("waited: na", "when_value"),
        ("waited: {min: 30, max: 20}", "when_range"),
        ("yeses: 4", "when_value"),
        ("yeses: 1.5", "when_value"),
        ("yeses: na", "when_value"),
        ("yeses: {min: 4}", "when_value"),
        ("yeses: {min: 1.2, max: 1.8}", "when_value"),
        ("shelf: half", "when_value"),
        ("shelf: na", "when_value"),
        ("remark: x", "when_type"),
    ],
)
def test_a_condition_that_cannot_hold_is_refused(when: str, code: str) -> None:
    """SC-11: only earlier items or the context, and only answers that can be given."""
    text = asked_when(when)
    line = text[: text.index("        when:")].count("\n") + 2
    assert faults(text) == [(line, f"definition.{code}")]


def test_a_condition_may_name_n_a_never_and_ranges() -> None:
    text = asked_when(
        "{yeses: {min: 0.5}, greeted: [no, na], waited: never, context.customers_waiting: {max: 2}, "
        "context.scenario: return}"
    ).replace("when:\n         ", "when:")
    assert read_yaml(text, "kiosk.yaml").item["asked"].when == (
        Condition("context.customers_waiting", maximum=Decimal(2)),
        Condition("context.scenario", ("return",)),
        Condition("greeted", ("no", "na")),
        Condition("waited", ("never",)),
        Condition("yeses", minimum=Decimal("0.5")),
    )


@pytest.mark.parametrize("key", CONTEXT)
def test_every_part_of_the_context_can_be_a_condition(key: str) -> None:
    accepted = 0
    for said in ("yes", "7", "anything"):
        try:
            read_item(f"id: asked\ntype: text\ntext: {{en: x}}\nwhen: {{context.{key}: {said}}}")
        except Refused:
            continue
        accepted += 1
    assert accepted in (1, 3)

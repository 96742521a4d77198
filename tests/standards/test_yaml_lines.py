"""Files that cannot be read as a checklist at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.faults import Refused
from checker.standards.parse import read_yaml
from checker.standards.yaml_lines import LARGEST_FILE
from tests.standards.kiosk import KIOSK, faults, kiosk


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", (0, "yaml.empty")),
        ("# nothing yet\n", (0, "yaml.empty")),
        ("kiosk", (1, "definition.record")),
        ("- kiosk", (1, "definition.record")),
        ("id: [kiosk\n", (2, "yaml.broken")),
        ("id: kiosk\n\ttitle: x\n", (2, "yaml.broken")),
        ("id: kiosk\ntitle: a: b\n", (2, "yaml.broken")),
        ("id: kiosk\ntitle: \x07\n", (2, "yaml.character")),
        ('id: "\\U99999999"', (1, "yaml.broken")),
        (b"id: kiosk\ntitle: \xe4\n", (2, "yaml.encoding")),
        ("id: kiosk".encode("utf-16"), (1, "yaml.encoding")),
        (KIOSK + "---\nid: other\n", (18, "yaml.documents")),
        ("? [a]\n: b\n", (1, "yaml.key")),
        ("[" * 100_000, (1, "yaml.too_deep")),
        ("a: [" + "1," * 60_000 + "]", (1, "yaml.too_large")),
        ("a: 1\n" * 60_000, (50_000, "yaml.too_large")),
        ("x" * (LARGEST_FILE + 1), (0, "yaml.too_large")),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_checklist_is_refused(source: str | bytes, expected: tuple[int, str]) -> None:
    with pytest.raises(Refused) as refused:
        read_yaml(source, "kiosk.yaml")
    fault = refused.value.faults[-1]
    line = fault.place.removeprefix("kiosk.yaml").removeprefix(":")
    assert (int(line or 0), fault.code) == expected


def test_aliases_are_not_followed_so_a_bomb_stays_small() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    assert {code for _, code in faults(bomb)} >= {"yaml.alias"}
    assert faults(KIOSK.replace("{en: What else?}", "*same")) == [(17, "yaml.alias")]


def test_tags_are_refused() -> None:
    assert faults(KIOSK.replace("id: kiosk", "id: !!python/name:os.system kiosk")) == [(1, "yaml.tag")]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    text = KIOSK.replace("\n", "\r\n")
    assert read_yaml(b"\xef\xbb\xbf" + text.encode(), "kiosk.yaml") == kiosk()
    assert faults(text.replace("points: 2", "points: two")) == [(11, "definition.number")]


@given(st.text() | st.binary())
def test_whatever_is_no_checklist_is_refused_and_nothing_else_happens(source: str | bytes) -> None:
    with pytest.raises(Refused):
        read_yaml(source, "any.yaml")

"""The canonical bytes and the digest of plain values."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.canonical import canonical, digest

SAFE = 2**53 - 1
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_by_utf_16_units_and_nothing_is_added() -> None:
    """RFC 8785, 3.2.3: the euro sign sorts before a smiling face, which sorts before a ligature."""
    value = {"\ufb01": 1, "\U0001f600": [True, None], "€": "x", "a": -5}
    assert canonical(value) == '{"a":-5,"€":"x","\U0001f600":[true,null],"\ufb01":1}'.encode()


def test_the_digest_is_the_sha_256_of_those_bytes() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(plain)
def test_canonical_json_reads_back_and_is_stable(value: object) -> None:
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data


@given(plain)
def test_canonical_json_is_what_another_implementation_writes(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # the strategy makes no others


@pytest.mark.parametrize("letter", [chr(code) for code in (*range(0x30), 0x5C, 0x7F, 0x2028, 0xFFFF)])
def test_letters_that_must_be_escaped_are_and_no_others(letter: str) -> None:
    assert canonical({letter: letter}) == rfc8785.dumps({letter: letter})


def test_a_float_is_refused_because_decimals_are_strings() -> None:
    with pytest.raises(ValueError, match=r"25\.4 is a float; decimals are strings"):
        canonical({"answers": [{"basket": 25.4}]})


@pytest.mark.parametrize(
    "value", [Decimal("1.5"), (1, 2), b"x", {1: "x"}, 2**53, "\ud800", {"\udfff": 1}, {"a", "b"}]
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_bottomless_nesting_is_refused() -> None:
    value: object = 1
    for _ in range(5_000):
        value = [value]
    with pytest.raises(ValueError, match="nested"):
        canonical(value)

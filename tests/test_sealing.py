"""What is sealed is opened by its key, about its own thing alone; the cases that seal.js is tested with."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.problem import Problem
from checker.sealing import FILE, SealKey, fresh_pem, key_from, open_sealed, seal_key
from checker.tokens import read_renewal, renewal_token, same, upload_key, visit_token
from tests import sealed

CASES = sealed.cases()
KEYS = key_from(sealed.case_pem(CASES))
OTHER = key_from(fresh_pem())
ABOUT = "visit 0199e000-0000-7000-8000-000000000001"
SEALED = sealed.seal(KEYS.spki, b"what was said", ABOUT)


def code(keys: SealKey, content: bytes, about: str = ABOUT) -> str:
    with pytest.raises(Problem) as refused:
        open_sealed(keys, content, about)
    return f"{refused.value.status} {refused.value.code}"


@pytest.mark.parametrize("case", CASES["samples"], ids=lambda case: case["about"])
def test_samples_are_opened(case: dict[str, str]):
    assert open_sealed(KEYS, b64decode(case["sealed"]), case["about"]) == b64decode(case["content"])


def test_the_key_is_named_by_its_hash():
    assert CASES["key_id"] == KEYS.id == hashlib.sha256(b64decode(CASES["spki"])).hexdigest()[:16]


@pytest.mark.parametrize("case", CASES["tokens"], ids=lambda case: case["person"])
def test_tokens_are_derived_as_the_contract_says(case: dict[str, str]):
    words = f"upload {case['device']} {case['person']}".encode()
    key = hmac.digest(case["secret"].encode(), words, "sha256")
    assert (
        key == b64decode(case["key"]) == upload_key(case["secret"], UUID(case["device"]), int(case["person"]))
    )
    assert hmac.digest(key, case["visit"].encode(), "sha256").hex() == case["token"]
    assert visit_token(key, UUID(case["visit"])) == case["token"]


def test_what_is_about_something_else_stays_shut():
    assert code(KEYS, SEALED, "visit 0199e000-0000-7000-8000-000000000002") == "422 tablet.unreadable"


def test_another_key_is_told_from_damage():
    assert code(OTHER, SEALED) == "409 tablet.other_key"
    with pytest.raises(Problem) as refused:
        open_sealed(OTHER, SEALED, ABOUT)
    assert refused.value.details == {"key": OTHER.id}


def test_every_byte_counts():
    """One bit turned over, at the mark, in the key's id, the wrapped key, the iv, the content, the tag."""
    for position in (0, 3, 4, 11, 12, 200, 395, 396, 407, 408, len(SEALED) - 1):
        turned = bytearray(SEALED)
        turned[position] ^= 1
        wanted = "409 tablet.other_key" if 4 <= position < 12 else "422 tablet.unreadable"
        assert code(KEYS, bytes(turned)) == wanted, position


@pytest.mark.parametrize("length", [0, 3, 4, 11, 12, 395, 396, 407, 408, 423, len(SEALED) - 1])
def test_what_is_cut_is_unreadable(length: int):
    assert code(KEYS, SEALED[:length]) == "422 tablet.unreadable"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_nothing_else_is_opened_and_nothing_breaks(junk: bytes):
    assert code(KEYS, junk) == "422 tablet.unreadable"
    assert code(KEYS, SEALED[:12] + junk) == "422 tablet.unreadable"


def test_an_aes_key_of_another_length_is_no_key():
    public = KEYS.private.public_key()
    wrapped = public.encrypt(os.urandom(16), sealed.OAEP)
    assert code(KEYS, SEALED[:12] + wrapped + SEALED[396:]) == "422 tablet.unreadable"


def test_the_key_is_made_once_for_the_owner_alone(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: seal_key(tmp_path).id, range(8)))
    assert len(set(made)) == 1
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert seal_key(tmp_path).id == made[0]


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_said_and_never_replaced(tmp_path: Path, content: bytes):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(Problem) as refused:
        seal_key(tmp_path)
    assert refused.value.code == "tablet.key_damaged"
    assert (tmp_path / FILE).read_bytes() == content


# --- a tablet's words ---------------------------------------------------------------------------------------

DEVICE = UUID("0199e000-0000-7000-8000-00000000000d")


def renewal(device: UUID = DEVICE, revocations: int = 0, person: int = 7, password: str = "hash") -> str:
    return renewal_token("s", device, revocations=revocations, person_id=person, password_hash=password)


def test_a_renewal_changes_with_all_it_depends_on():
    other = UUID("0199e000-0000-7000-8000-00000000000e")
    words = {renewal(), renewal(other), renewal(revocations=1), renewal(person=8), renewal(password="new")}
    assert len(words) == 5
    assert renewal() == renewal()
    assert read_renewal(renewal()) == (DEVICE, 7)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", f"{DEVICE}", f"{DEVICE}.x.y", f"{DEVICE}.-1.y", f"{DEVICE}.{'9' * 40}.y", "a.7.b"],
)
def test_a_broken_renewal_names_nobody(token: str):
    assert read_renewal(token) is None


def test_words_are_compared_whatever_they_hold():
    assert same("a", "a") and not same("a", "b") and not same("a", "\ud800")

"""What tablets seal to this server, so that it travels without its shopper: the key, and how it is opened.

A sealed thing is b"CHK1", the key's id (8 bytes), an AES-256 key under RSA-OAEP-SHA256 (384 bytes), an iv (12
bytes), and the AES-GCM ciphertext with its tag. What it is about ("visit <uuid>") is authenticated with it,
so that nothing can be passed off as something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from checker.config import made_once
from checker.problem import Problem
from checker.standards.faults import N_

FILE = "tablet-key.pem"
"""The key's file in the instance folder. Without it nothing that waits on tablets can be read."""

BITS = 3072
MARK = b"CHK1"
ID_BYTES = 8
IV_BYTES = 12
KEY_BYTES = 32

OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@dataclass(frozen=True, slots=True)
class SealKey:
    """The server's key pair: `spki` is what tablets seal to, `id` how they name it."""

    private: rsa.RSAPrivateKey
    spki: bytes
    id: str


def seal_key(instance: Path) -> SealKey:
    """The key of this instance; made at the first use."""
    return key_from(made_once(instance / FILE, fresh_pem))


def fresh_pem() -> bytes:
    """A new key pair, as its file holds it."""
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def key_from(pem: bytes) -> SealKey:
    """The key in a file. Raises Problem "tablet.key_damaged"."""
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise _key_damaged() from error
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size != BITS:
        raise _key_damaged()
    spki = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SealKey(private, spki, sha256(spki).hexdigest()[: 2 * ID_BYTES])


def open_sealed(keys: SealKey, sealed: bytes, about: str) -> bytes:
    """What was sealed, when it is about this.

    Raises Problem "tablet.other_key" (409) for what was sealed to a key we do not have, "tablet.unreadable"
    (422) for everything else that cannot be opened.
    """
    wrapped_from = len(MARK) + ID_BYTES
    iv_from = wrapped_from + BITS // 8
    content_from = iv_from + IV_BYTES
    if not sealed.startswith(MARK) or len(sealed) < content_from:
        raise _unreadable()
    if sealed[len(MARK) : wrapped_from].hex() != keys.id:
        text = N_("This was sealed for another server, or before this one was set up anew. Seal it again.")
        raise Problem("tablet.other_key", 409, text, {"key": keys.id})
    try:
        key = keys.private.decrypt(sealed[wrapped_from:iv_from], OAEP)
        if len(key) != KEY_BYTES:
            raise _unreadable()
        return AESGCM(key).decrypt(sealed[iv_from:content_from], sealed[content_from:], about.encode())
    except (ValueError, InvalidTag) as error:
        raise _unreadable() from error


def _unreadable() -> Problem:
    text = N_("This was changed or cut on its way and cannot be read. Send it again from the tablet.")
    return Problem("tablet.unreadable", 422, text)


def _key_damaged() -> Problem:
    text = N_("%(file)s is no key of Checker. Put it back from a backup; tablets seal their visits to it.")
    return Problem("tablet.key_damaged", 500, text, {"file": FILE})

"""What a tablet does to seal something to the server, for tests."""

from __future__ import annotations

import os
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def sealed(spki: bytes, content: bytes, about: str) -> bytes:
    """`content` sealed to the key with this public part."""
    public = serialization.load_der_public_key(spki)
    assert isinstance(public, rsa.RSAPublicKey)
    key, iv = AESGCM.generate_key(256), os.urandom(12)
    wrapped = public.encrypt(key, OAEP)
    mark = b"CHK1" + sha256(spki).digest()[:8]
    return mark + wrapped + iv + AESGCM(key).encrypt(iv, content, about.encode())

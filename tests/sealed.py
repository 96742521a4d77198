"""What a tablet does before it sends: tokens, seals. `python -m tests.sealed` rewrites the shared cases."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from checker.sealing import BITS, MARK, OAEP, fresh_pem, key_from
from checker.standards.canonical import canonical
from checker.tokens import upload_key, visit_token

CASES = Path(__file__).parent / "cases" / "seal.json"

VISIT = UUID("0199e000-0000-7000-8000-000000000001")
DEVICE = UUID("0199e000-0000-7000-8000-00000000000d")
PHOTO = sha256(b"a photo").hexdigest()


def seal(spki: bytes, content: bytes, about: str) -> bytes:
    """Seal to a public key as seal.js does."""
    public = serialization.load_der_public_key(spki)
    assert isinstance(public, rsa.RSAPublicKey) and public.key_size == BITS
    key, iv = AESGCM.generate_key(256), os.urandom(12)
    hidden = AESGCM(key).encrypt(iv, content, about.encode())
    return MARK + sha256(spki).digest()[:8] + public.encrypt(key, OAEP) + iv + hidden


def upload(secret: str, device: UUID, person: int, visit: UUID) -> dict[str, str]:
    """What shows who sends a visit from which device."""
    token = visit_token(upload_key(secret, device, person), visit)
    return {"device": str(device), "person": str(person), "token": token}


def visit_content(said: dict[str, str], body: Any) -> bytes:
    """What is sealed of a visit."""
    return json.dumps({"upload": said, "body": canonical(body).decode()}).encode()


def cases() -> dict[str, Any]:
    """The cases as they are stored."""
    read: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
    return read


def case_pem(held: dict[str, Any]) -> bytes:
    """The key of the cases as its file would hold it."""
    private = serialization.load_der_private_key(b64decode(held["pkcs8"]), password=None)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def make_cases() -> dict[str, Any]:
    """New cases with a new key: samples of everything that is sealed, and tokens as they are derived."""
    keys = key_from(fresh_pem())
    pkcs8 = keys.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret, person = "the secret of these cases", 7
    said = upload(secret, DEVICE, person, VISIT)
    contents = {
        f"visit {VISIT}": visit_content(said, {"id": str(VISIT), "note": "Ääkköset, żółć, 👩\u200d👧"}),
        f"photo {VISIT} {PHOTO}": b"\xff\xd8\xff\xe0 a photo \x00\xff\xd9",
        "vault key": json.dumps(
            {"person": str(person), "key": b64encode(bytes(range(32))).decode()}
        ).encode(),
        f"draft {VISIT}": json.dumps({"upload": said, "draft": {"id": str(VISIT), "typed": {}}}).encode(),
    }
    return {
        "about": "Seals and tokens as Python makes and reads them; seal.js opens and makes the same. "
        "The key is for tests alone. Written by `python -m tests.sealed`.",
        "pkcs8": b64encode(pkcs8).decode(),
        "spki": b64encode(keys.spki).decode(),
        "key_id": keys.id,
        "samples": [
            {
                "about": about,
                "content": b64encode(content).decode(),
                "sealed": b64encode(seal(keys.spki, content, about)).decode(),
            }
            for about, content in contents.items()
        ],
        "tokens": [
            {
                "secret": secret,
                "device": str(DEVICE),
                "person": str(number),
                "key": b64encode(upload_key(secret, DEVICE, number)).decode(),
                "visit": str(VISIT),
                "token": visit_token(upload_key(secret, DEVICE, number), VISIT),
            }
            for number in (person, 123456789)
        ],
    }


if __name__ == "__main__":
    CASES.write_text(json.dumps(make_cases(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

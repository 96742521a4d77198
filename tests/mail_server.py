"""A real mail server in a process of its own: takes mail into a folder, refuses by the recipient's name.

`later…@` is refused for now as long as the file `later` is in the folder, `never…@` for good; `drops…@` gets
the connection cut after the message; `rude…@` is taken, and the goodbye answered with an error. From
`stranger…@` it takes nothing.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.serving import free_port

PATIENCE_S = 30
USER, PASSWORD = "checker", "nine quiet lamps"  # noqa: S105 - of the server in this file


class Takes:
    """What the server does with what it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:  # noqa: N802
        if address.startswith("stranger"):
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:  # noqa: N802
        if address.startswith("never"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later") and (self.folder / "later").exists():
            return "451 4.7.1 Greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        number = len(list(self.folder.glob("*.eml")))
        (self.folder / f"{number:03}-{envelope.rcpt_tos[0]}.eml").write_bytes(envelope.content)
        if envelope.rcpt_tos[0].startswith("drops"):
            server.transport.abort()
        return "250 2.0.0 Taken"

    async def handle_QUIT(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        return "421 Not like this" if any(self.folder.glob("*rude*")) else "221 Bye"


def authenticate(_server: Any, _session: Any, _envelope: Any, _by: str, data: LoginPassword) -> AuthResult:
    known = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


async def serve(port: int, folder: Path, *, secured: bool) -> None:
    context = None
    if secured:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def made() -> SMTP:
        if not secured:
            return SMTP(Takes(folder))
        return SMTP(
            Takes(folder),
            tls_context=context,
            require_starttls=True,
            authenticator=authenticate,
            auth_required=True,
        )

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", port)
    await server.serve_forever()


@dataclass
class MailServer:
    """The server, as a test sees it."""

    folder: Path
    secured: bool = False
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        if self.secured:
            certificate(self.folder)
        call = [sys.executable, "-m", "tests.mail_server", str(self.port), str(self.folder)]
        self.running = subprocess.Popen([*call, "secured"] if self.secured else call)
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                smtplib.SMTP("127.0.0.1", self.port, timeout=5).quit()
                return
            except OSError:
                assert time.monotonic() < give_up, "the mail server does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def taken(self) -> list[EmailMessage]:
        """Every message, in the order they came."""
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found


def certificate(folder: Path) -> None:
    """A certificate of 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    packed = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(packed)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), secured="secured" in sys.argv))

"""One message handed to the mail server: taken, refused for now, refused for good, or nobody knows."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from checker.actions.mailing_entry import EMAIL
from checker.config import Settings
from checker.problem import Problem
from checker.standards.faults import N_

LONGEST = 400
"""Letters kept of what a server says."""

SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it, and the server's words or ours."""

    state: Literal["sent", "later", "refused", "unknown"]
    said: str


def check(settings: Settings) -> None:
    """Raise Problem "mail.none" where no mail server is set, "mail.settings" where its settings cannot be."""
    if not settings.smtp_host or not settings.mail_from:
        text = N_("No mail can be sent: the settings smtp_host and mail_from are empty.")
        raise Problem("mail.none", 503, text)
    if settings.smtp_security not in SECURITIES:
        text = N_("The setting smtp_security is “%(given)s”; it can be starttls, tls or none.")
        raise Problem("mail.settings", 503, text, {"given": settings.smtp_security})
    if not EMAIL.fullmatch(settings.mail_from):
        text = N_("The setting mail_from is “%(given)s”; give an address alone, such as reports@example.org.")
        raise Problem("mail.settings", 503, text, {"given": settings.mail_from})


def deliver(settings: Settings, message: EmailMessage, recipient: str) -> Answer:
    """Hand a message to the server for one recipient.

    "later": nothing was taken, and trying again may help. So it is with every refusal before the recipient is
    named: it is about our settings or the server. "unknown": the connection broke after the message had begun
    to go.
    """
    try:
        server = _connected(settings)
        try:
            _said(*server.mail(settings.mail_from))
            return _handed_over(server, message, recipient)
        finally:
            _leave(server)
    except (smtplib.SMTPException, OSError, UnicodeError) as fault:
        return Answer("later", _words(fault))


def _handed_over(server: smtplib.SMTP, message: EmailMessage, recipient: str) -> Answer:
    try:
        _said(*server.rcpt(recipient))
        try:
            code, words = server.data(message.as_bytes())
        except (smtplib.SMTPServerDisconnected, OSError) as broken:
            return Answer("unknown", _words(broken))
        return Answer("sent", _said(code, words))
    except smtplib.SMTPResponseException as refusal:
        state: Literal["later", "refused"] = "refused" if 500 <= refusal.smtp_code < 600 else "later"
        return Answer(state, _words(refusal))


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; what goes wrong there changes nothing about the message."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    """Open the connection, secured and signed in as the settings say."""
    host, port, timeout = settings.smtp_host, settings.smtp_port, settings.smtp_timeout
    trusted = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user:
            server.login(settings.smtp_user, _password(settings))
        else:
            server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: Settings) -> str:
    if settings.smtp_password_file:
        return Path(settings.smtp_password_file).read_text(encoding="utf-8").strip()
    return settings.smtp_password


def _said(code: int, words: bytes) -> str:
    """What the server says; its refusal as an exception."""
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)
    return _clean(f"{code} {words.decode('utf-8', 'replace')}")


def _words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        said = fault.smtp_error
        return _clean(
            f"{fault.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
        )
    return _clean(str(fault) or type(fault).__name__)


def _clean(words: str) -> str:
    return " ".join(words.split())[:LONGEST]

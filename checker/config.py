"""Every setting: its name, its default and what it means."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from threading import get_ident
from typing import Any

from checker.problem import Problem
from checker.standards.faults import N_

LANGUAGES = ("en", "fi", "de", "pl", "ro")
"""The languages a person may choose; pages speak those that have a translation, else English."""

HOME = Path(__file__).resolve().parent.parent / "instance"


def setting(default: Any, meaning: str) -> Any:
    """A setting's default, with one line that says what it is for."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the person who runs Checker may decide.

    Each comes from, in this order: an argument, the variable CHECKER_<NAME>, `config.toml` in the instance
    folder, the default here.
    """

    instance: Path
    database: str = setting("checker.sqlite", "File name of the database in the instance folder.")
    public_url: str = setting("", "Address people reach Checker at; printed links begin with it.")
    https: bool = setting(
        False, "Reached over HTTPS even where the request does not say so: secure cookies, HSTS."
    )
    trusted_hosts: tuple[str, ...] = setting(
        (), "Host names answered to; empty: any. A leading dot takes subdomains."
    )
    proxy_hops: int = setting(
        0, "How many reverse proxies stand in front, whose X-Forwarded headers are believed."
    )
    language: str = setting(
        "en", "Language of a page when neither the person nor the browser names one we have."
    )
    zone: str = setting("UTC", "Time zone of moments that belong to no branch, such as a sign-in.")
    session_idle_minutes: int = setting(120, "Without a click for so long, office people sign in again.")
    session_hours: int = setting(24, "After so many hours office people sign in again in any case.")
    shopper_idle_minutes: int = setting(12 * 60, "The same for shoppers, whose tablet waits between visits.")
    shopper_hours: int = setting(14 * 24, "After so many hours shoppers sign in again in any case.")
    invitation_days: int = setting(7, "How long a link to set a password works.")
    password_length: int = setting(12, "Least number of characters in a password.")
    password_memory_kib: int = setting(19_456, "Memory one password check takes (Argon2id m).")
    password_passes: int = setting(2, "Passes over that memory (Argon2id t).")
    password_lanes: int = setting(1, "Lanes of a password check (Argon2id p).")
    tries_per_account: str = setting("10 per 15 minutes", "Sign-in tries for one account.")
    tries_per_address: str = setting(
        "100 per 15 minutes", "Sign-in tries from one address; a branch shares one."
    )
    requests_per_key: str = setting(
        "6000 per minute", "Requests one key of the API may make of one server process."
    )
    expire_days: int = setting(14, "An assignment whose report is late by more days than this expires.")
    report_days: int = setting(7, "Reports ordered on a page can be fetched for so many days.")
    smtp_host: str = setting("", "Mail server that takes our mail; empty: no mail is sent.")
    smtp_port: int = setting(587, "Its port.")
    smtp_security: str = setting("starttls", "starttls, tls from the first byte, or none.")
    smtp_user: str = setting("", "Who signs in to it; empty: nobody.")
    smtp_password: str = setting("", "The password; rather as CHECKER_SMTP_PASSWORD or in a file.")
    smtp_password_file: str = setting("", "File that holds the password and nothing else.")
    smtp_timeout: int = setting(30, "It is waited for so many seconds.")
    mail_from: str = setting("", "Address that mail comes from, such as reports@example.org.")
    upload_mb: int = setting(16, "Largest request taken, in MiB.")
    unsent_mb: int = setting(128, "Largest file of a tablet's unsent visits and photos taken, in MiB.")

    @property
    def database_path(self) -> Path:
        """Where the database is."""
        return self.instance / self.database

    @property
    def backup_dir(self) -> Path:
        """Where the copy goes that is made before the database is changed by a new version."""
        return self.instance / "backups"


def load(
    instance: Path | None = None, environ: Mapping[str, str] | None = None, **arguments: object
) -> Settings:
    """Read the settings.

    `instance` is the folder that holds database, photos and `config.toml`; without one CHECKER_INSTANCE
    counts, then the project's own `instance/`. Raises Problem "settings.unknown" or "settings.wrong" with the
    place of the mistake.
    """
    environ = os.environ if environ is None else environ
    folder = Path(instance or environ.get("CHECKER_INSTANCE") or HOME).resolve()
    known = {entry.name: entry for entry in fields(Settings) if entry.name != "instance"}
    chosen: dict[str, object] = {}
    file = folder / "config.toml"
    for name, value in read_toml(file).items():
        if name not in known:
            raise Problem(
                "settings.unknown",
                500,
                N_("%(place)s: there is no such setting."),
                {"place": f"{file}, {name}"},
            )
        chosen[name] = fit(value, known[name].default, place=f"{file}, {name}")
    for name, entry in known.items():
        variable = f"CHECKER_{name.upper()}"
        if variable in environ:
            chosen[name] = from_words(environ[variable], entry.default, place=variable)
    return Settings(instance=folder, **{**chosen, **arguments})  # type: ignore[arg-type]


def read_toml(file: Path) -> dict[str, object]:
    """The settings file's content; nothing when there is none."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong(str(file), str(error)) from error


def fit(value: object, default: object, *, place: str) -> object:
    """A value from TOML as its setting has it."""
    if (
        isinstance(default, tuple)
        and isinstance(value, list)
        and all(isinstance(word, str) for word in value)
    ):
        return tuple(value)
    if type(value) is not type(default):
        raise wrong(place, f"{value!r} ({type(default).__name__} expected)")
    return value


def from_words(words: str, default: object, *, place: str) -> object:
    """A value from an environment variable as its setting has it; several words stand with commas between."""
    if isinstance(default, bool):
        truth = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        if words.strip().lower() not in truth:
            raise wrong(place, f"{words!r} (yes or no expected)")
        return truth[words.strip().lower()]
    if isinstance(default, int):
        try:
            return int(words)
        except ValueError as error:
            raise wrong(place, f"{words!r} (whole number expected)") from error
    if isinstance(default, tuple):
        return tuple(word.strip() for word in words.split(",") if word.strip())
    return words


def wrong(place: str, what: str) -> Problem:
    """The refusal of a setting that cannot be read."""
    return Problem(
        "settings.wrong", 500, N_("%(place)s cannot be used: %(what)s."), {"place": place, "what": what}
    )


def secret_key(instance: Path) -> str:
    """The key that signs cookies and forms: made once, kept in the instance folder, for its owner's eyes."""
    return made_once(instance / "secret_key", lambda: secrets.token_hex(32).encode()).decode().strip()


def made_once(file: Path, make: Callable[[], bytes]) -> bytes:
    """What a file of the instance folder holds, made now if there is none; on the disk before it is used."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}.{get_ident()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(make())
            handle.flush()
            os.fsync(descriptor)
        try:
            os.link(fresh, file)  # fails when another worker was first: what it made counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return file.read_bytes()

"""The command line: exit codes, words instead of tracebacks, the same under Flask."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
from click.testing import CliRunner, Result

from checker import create_app
from checker.actions.publish_checklist import publish_checklist
from checker.cli import commands, group
from checker.store import checklists, settings
from checker.store import people as people_store
from checker.store.connection import Store
from tests import people
from tests.serving import free_port
from tests.test_checklists import FILES, VERSION_1, first_version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(instance: Path):
    def run_(*words: str, **kwargs) -> Result:
        return CliRunner().invoke(group(), ["--instance", str(instance), *words], **kwargs)

    return run_


def every(command: click.Command, name: str = ""):
    yield name or "checker", command
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from every(below, f"{name} {below.name}".strip())


def test_every_command_says_what_it_does():
    for name, command in every(group()):
        assert command.help, name


def test_init_makes_a_database_and_a_link_for_the_first_administrator(tmp_path: Path):
    runner = CliRunner()
    words = ["--instance", str(tmp_path / "new"), "init", "--admin", "ada@example.org"]
    first = runner.invoke(group(), words)
    assert first.exit_code == 0, first.output
    path = re.search(r"http://127\.0\.0\.1:8000(/welcome/\S+)", first.output).group(1)
    assert "store_visit 2: published" in first.output
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0, "the folder is for its owner's eyes"

    app = create_app(tmp_path / "new", TESTING=True, **people.CHEAP)
    assert "ada@example.org" in app.test_client().get(path).text
    app.extensions["checker.stores"].close()

    again = runner.invoke(group(), words)
    assert again.exit_code == 0 and "up to date" in again.output
    assert path not in again.output, "a new link, because the first was not used"


def test_init_brings_the_new_version_of_a_shipped_checklist(run, store: Store):
    """A visit on the first version keeps it; the next one is asked by the second."""
    held = {}
    for file in FILES:
        version = publish_checklist(store, first_version(file), by=None, now=datetime.now(UTC))
        held[file.stem] = version.hash.hex()
    assert held == VERSION_1
    said = run("init").output
    for code, digest in VERSION_1.items():
        newest = checklists.current(store, code).checklist.version
        assert newest == (1 if code == "b2b_service" else 2)
        assert f"{code} {newest}: published" in said
        assert checklists.find(store, code, 1).hash.hex() == digest


def test_init_leaves_an_administrator_with_a_password_alone(run, store: Store):
    people.ada(store)
    answer = run("init", "--admin", "ada@example.org")
    assert answer.exit_code == 0 and "/welcome/" not in answer.output
    assert store.value("SELECT count(*) FROM invitation") == 0
    people.sam(store)
    other = run("init", "--admin", "sam@example.org")
    assert other.exit_code == 1 and "as shopper" in other.stderr


def test_a_person_is_added_with_scopes_and_a_link(run, network: Store):
    answer = run(
        "user", "add", "nia@example.org", "--role", "manager", "--branch", "B001", "--branch", "B002"
    )
    assert answer.exit_code == 0, answer.output
    assert "/welcome/" in answer.stdout
    row = people_store.find_by_email(network, "nia@example.org")
    assert row["name"] == "nia"
    assert people_store.scopes(network, row["id"]) == (("B001", "B002"), ())


def test_what_is_refused_is_said_line_by_line_and_ends_with_one(run, network: Store):
    answer = run("user", "add", "nonsense", "--role", "manager", "--region", "R9")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["email", "regions"]
    assert "Traceback" not in answer.output
    assert run("user", "disable", "nobody@example.org").exit_code == 1


def test_half_a_new_person_is_not_left_behind(run, network: Store, monkeypatch):
    from checker.commands import user

    def broken(*_: object, **__: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(user, "invite_person", broken)
    assert isinstance(run("user", "add", "nia@example.org", "--role", "shopper").exception, OSError)
    assert people_store.find_by_email(network, "nia@example.org") is None


@pytest.mark.parametrize(
    "words",
    [["user", "add"], ["user", "add", "a@b", "--role", "king"], ["nothing"], ["serve", "--port", "x"]],
)
def test_wrong_usage_ends_with_two(run, words):
    assert run(*words).exit_code == 2


def test_a_command_without_a_database_says_what_to_do(tmp_path: Path):
    answer = CliRunner().invoke(group(), ["--instance", str(tmp_path), "user", "list"])
    assert answer.exit_code == 1 and "init" in answer.stderr


def test_a_wrong_setting_is_said_in_words(tmp_path: Path):
    (tmp_path / "config.toml").write_text("colour = 1")
    answer = CliRunner().invoke(group(), ["--instance", str(tmp_path), "user", "list"])
    assert answer.exit_code == 1 and "colour" in answer.stderr


def test_a_password_is_set_by_link_or_here(run, store: Store):
    sam = people.sam(store)
    assert "/welcome/" in run("user", "passwd", sam.email).stdout
    asked = run("user", "passwd", sam.email, "--ask", input="seven grey pebbles\nseven grey pebbles\n")
    assert asked.exit_code == 0 and "pebbles" not in asked.output
    assert people_store.find(store, sam.id)["password_hash"] != people.password_hash()
    short = run("user", "passwd", sam.email, "--ask", input="short\nshort\n")
    assert short.exit_code == 1 and "at least 12" in short.stderr


def test_people_are_listed_and_disabled(run, store: Store):
    people.ada(store)
    people.mara(store)
    assert run("user", "disable", "mara@example.org").exit_code == 0
    lines = run("user", "list").stdout.splitlines()
    assert lines == [
        "ada@example.org   admin       Ada Ash",
        "mara@example.org  manager     Mara Moor  (B001 B002; disabled)",
    ]
    assert run("user", "list", "--role", "shopper").stdout == ""
    last = run("user", "disable", "ada@example.org")
    assert last.exit_code == 1 and "only administrator" in last.stderr


def test_flask_offers_the_same_commands(instance: Path, store: Store):
    app = create_app(instance, **people.CHEAP)
    assert {command.name for command in commands()} <= set(app.cli.commands)
    people.ada(store)
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["user", "list"])
    assert listed.exit_code == 0 and "Ada Ash" in listed.stdout
    refused = runner.invoke(args=["user", "disable", "nobody@example.org"])
    assert refused.exit_code == 1 and "Traceback" not in refused.output


# --- the server -----------------------------------------------------------------------------------------


@pytest.fixture
def serving(instance: Path, store: Store, tmp_path: Path):
    """Start `serve`; gives the cookie its sign-in page sets and what it printed. It stops after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def serve(*words: str, scheme: str = "http") -> tuple[str, str]:
        port = free_port()
        command = [sys.executable, "-m", "checker", "--instance", str(instance), "serve", "--workers", "1"]
        printed = tmp_path / "printed"
        with printed.open("wb") as out:
            server = subprocess.Popen([*command, "--port", str(port), *words], cwd=ROOT, stdout=out)
        started.append(server)
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        for _ in range(200):
            try:
                with urlopen(f"{scheme}://127.0.0.1:{port}/login", context=trust) as answer:  # noqa: S310 - ours
                    assert b"Sign in" in answer.read()
                    return answer.headers["Set-Cookie"], printed.read_text()
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.1)
        raise AssertionError("the server did not answer")

    yield serve
    for server in started:
        server.terminate()
        assert server.wait(timeout=30) == 0


def test_serve_answers_and_names_the_demo_logins(serving, store: Store):
    with store.write():
        login = {"role": "manager", "email": "m@example.org", "password": "for all"}
        settings.put(store, "demo_logins", [login])
    cookie, printed = serving()
    assert cookie.startswith("checker-form=")
    assert "http://127.0.0.1:" in printed
    assert "manager     m@example.org  for all" in printed


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_serve_speaks_tls_itself(serving, tmp_path: Path):
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    make = ["openssl", *shlex.split(words), "-keyout", key, "-out", cert]
    subprocess.run(make, check=True, capture_output=True)
    cookie, printed = serving("--tls-cert", cert, "--tls-key", key, scheme="https")
    assert cookie.startswith("__Host-checker-form=") and "Secure" in cookie
    assert "https://127.0.0.1:" in printed


def test_serve_refuses_before_it_starts(run, tmp_path: Path, instance: Path):
    (instance / "checker.sqlite").unlink()
    answer = run("serve")
    assert answer.exit_code == 1 and "init" in answer.stderr
    cert = tmp_path / "cert.pem"
    cert.write_text("")
    assert run("serve", "--tls-cert", str(cert)).exit_code == 2


def test_serve_refuses_what_is_no_certificate(run, tmp_path: Path, store: Store):
    cert = tmp_path / "cert.pem"
    cert.write_text("%PDF")
    answer = run("serve", "--tls-cert", str(cert), "--tls-key", str(cert))
    assert answer.exit_code == 1
    assert "are no certificate with its key" in answer.stderr
    assert "Checker is at" not in answer.output


def test_serve_tells_no_address_that_another_program_has(instance: Path, store: Store, tmp_path: Path):
    with socket.socket() as other, (tmp_path / "out").open("wb") as out:
        other.bind(("127.0.0.1", 0))
        other.listen()
        command = [sys.executable, "-m", "checker", "--instance", str(instance), "serve"]
        command += ["--port", str(other.getsockname()[1])]
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        with server.stderr as said:
            assert any("Connection in use" in line for line in said)
            server.kill()
        server.wait(timeout=30)
    assert (tmp_path / "out").read_text() == ""

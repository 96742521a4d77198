"""The real server in a process of its own, to be asked by many at once and killed at any moment."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import people

PATIENCE_S = 30
"""How long a server may take to answer; a busy machine is no fault."""


@dataclass
class Served:
    """A server over an instance. `twin` names a broken one of `tests.twins`, to see that a test notices."""

    instance: Path
    port: int
    twin: str = ""
    workers: int = 2
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, as the leader of a group of its own, and wait until it answers."""
        program = ["-m", "tests.twins", self.twin] if self.twin else ["-m", "checker"]
        cheap = {f"CHECKER_{name.upper()}": str(value) for name, value in people.CHEAP.items()}
        options = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        self.running = subprocess.Popen(
            [sys.executable, *program, *options],
            env={**os.environ, **cheap, "CHECKER_INSTANCE": str(self.instance)},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        give_up = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert self.running.poll() is None, "the server ended before it answered"
            assert time.monotonic() < give_up, "the server does not answer"
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self) -> None:
        """End all of it at once, as when the power fails."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait(timeout=PATIENCE_S)
            self.running = None

    def end(self) -> int:
        """End it as a service manager does; give its exit code."""
        assert self.running is not None
        self.running.terminate()
        code = self.running.wait(timeout=PATIENCE_S)
        self.running = None
        return code

    def kill_a_worker(self) -> None:
        """End one of its processes; the others go on."""
        assert self.running is not None
        children = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """Status and JSON of an answer. Raises OSError or HTTPException where none comes."""
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            door.request(method, path, None if body is None else json.dumps(body), headers)
            answer = door.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            door.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

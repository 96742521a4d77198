"""A connection that breaks where a test says: so many bytes into a request, or into its reply."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field

PIECE = 65536


@dataclass
class Proxy:
    """Stands before a server on a port of its own and hands on what passes, until it is told to cut."""

    to_port: int
    cut_request_after: int | None = None
    cut_reply_after: int | None = None
    marks: tuple[bytes, ...] = (b"POST /tablet/visits/",)
    """Only requests that begin so are counted and cut; the rest passes."""
    seen: int = 0
    cuts: int = 0
    listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Pump both ways over one connection; each request of it is looked at by itself."""
        try:
            server = socket.create_connection(("127.0.0.1", self.to_port))
        except OSError:
            client.close()
            return
        counted = {"on": False, "up": 0, "down": 0}

        def cut() -> None:
            self.cuts += 1
            for end in (client, server):
                with contextlib.suppress(OSError):  # a reset, as when the network is gone
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def pump(source: socket.socket, sink: socket.socket, way: str) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(PIECE):
                    if way == "up" and data.split(b" ", 1)[0] in (b"GET", b"POST", b"PUT"):
                        counted.update(on=data.startswith(self.marks), up=0, down=0)
                        self.seen += counted["on"]
                    limit = self.cut_request_after if way == "up" else self.cut_reply_after
                    if counted["on"] and limit is not None and counted[way] + len(data) > limit:
                        sink.sendall(data[: max(0, limit - counted[way])])
                        cut()
                        return
                    counted[way] += len(data)
                    sink.sendall(data)
            for end in (client, server):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        up = threading.Thread(target=pump, args=(client, server, "up"), daemon=True)
        up.start()
        pump(server, client, "down")
        up.join()
        client.close()
        server.close()

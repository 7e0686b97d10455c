"""A mail server for tests: takes mail on loopback and can stop in the middle of it."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Self


class MailServer:
    """Speaks as much SMTP as a sender needs; `taken` is what it answered for.

    `stop_at` names a mail by a word in it and a moment: "before" it is taken, or
    "after" that and before the answer. Then `stopped` is set, and nothing goes on
    until `go_on` is.
    """

    def __init__(self, stop_at: tuple[str, str] = ("", "")) -> None:
        self.taken: list[Message] = []
        self.stop_at = stop_at
        self.stopped, self.go_on = threading.Event(), threading.Event()
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), self._conversation()
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [mail["Message-ID"] for mail in self.taken]

    def _pause(self, data: bytes, moment: str) -> bool:
        """Stop here if this is the mail and the moment; whether it did."""
        word, when = self.stop_at
        if when != moment or word.encode() not in data:
            return False
        self.stop_at = ("", "")
        self.stopped.set()
        self.go_on.wait(timeout=60)
        return True

    def _conversation(self) -> type[socketserver.StreamRequestHandler]:
        server = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    self._talk()
                except OSError:
                    return  # the sender was killed

            def _talk(self) -> None:
                self.wfile.write(b"220 test\r\n")
                while line := self.rfile.readline():
                    word = line.split()[0].upper() if line.split() else b""
                    if word == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        self._take()
                    elif word == b"QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    else:
                        self.wfile.write(b"250 ok\r\n")

            def _take(self) -> None:
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                data = b"".join(lines)
                if server._pause(data, "before"):
                    return  # it never answered for this one
                server.taken.append(message_from_bytes(data))
                server._pause(data, "after")
                self.wfile.write(b"250 taken\r\n")

        return Conversation

"""How whoever leads a search and those who search talk: queues, here or to a process.

A searcher runs in a thread (repeatable, no second process) or in a Python process of
its own, started as a module rather than by ``multiprocessing``, so that it does not
matter what ``__main__`` is, nor whether the caller is a thread or a daemon. Messages
are tuples whose first item says what they are. A process whose leader dies reads the
end of its input and ends.
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any, Protocol

from ortools.sat.python import cp_model

Message = tuple[Any, ...]
HEAD = struct.Struct("!Q")
LAST_WAIT = 1.5
"""Seconds that a searcher gets to end before its leader goes on without it."""


class _Parts(list[bytes]):
    """Parts of a pickle. Between two of them other threads have their turn: made in one
    go, the facts of ten regions keep everybody waiting for a second."""

    def write(self, part: bytes) -> None:
        self.append(bytes(part))


def write_message(stream: IO[bytes], message: Message) -> None:
    """One message: its length and its pickle."""
    body = _Parts()
    pickle.Pickler(body, protocol=pickle.HIGHEST_PROTOCOL).dump(message)
    stream.write(HEAD.pack(sum(map(len, body))))
    stream.writelines(body)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message; ``None`` at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (size,) = HEAD.unpack(head)
    body = stream.read(size)
    if len(body) < size:
        return None
    message: Message = pickle.loads(body)  # noqa: S301 - only our own process writes it
    return message


class Line:
    """A searcher's end: tells its leader, hears from it, knows when to stop."""

    def __init__(self, tell: Callable[[Message], None]) -> None:
        self.tell = tell
        self.heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self._engine: cp_model.CpSolver | None = None

    def hear(self) -> list[Message]:
        """Messages that came since the last time."""
        found = []
        while True:
            try:
                found.append(self.heard.get_nowait())
            except queue.Empty:
                return found

    def watch(self, engine: cp_model.CpSolver) -> None:
        """Let a stop reach this engine too."""
        self._engine = engine
        if self.stopped.is_set():
            engine.parameters.max_time_in_seconds = 0.01

    def stop(self) -> None:
        self.stopped.set()
        if self._engine is not None:
            self._engine.stop_search()


class Helper(Protocol):
    """The leader's end of one searcher."""

    def send(self, message: Message) -> None: ...

    def close(self) -> None: ...


Work = Callable[[Line], None]


class ThreadHelper:
    """A searcher in a thread of this process."""

    def __init__(self, number: int, inbox: queue.Queue[Message], work: Work) -> None:
        self.line = Line(lambda message: inbox.put((number, *message)))
        self._thread = threading.Thread(
            target=guarded, args=(work, self.line), name="search", daemon=True
        )
        self._thread.start()

    def send(self, message: Message) -> None:
        self.line.heard.put(message)

    def close(self) -> None:
        """Stop. What cannot be stopped at once (a model half built) ends by itself."""
        latest = time.monotonic() + LAST_WAIT
        while self._thread.is_alive() and time.monotonic() < latest:
            self.line.stop()
            self._thread.join(0.05)


class ProcessHelper:
    """A searcher in a process of its own, given its work by the first message."""

    def __init__(self, number: int, inbox: queue.Queue[Message]) -> None:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(one for one in sys.path if one)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scheduling.solver.search.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        for target, args in ((self._read, (number, inbox)), (self._write, ())):
            threading.Thread(target=target, args=args, daemon=True).start()

    def _read(self, number: int, inbox: queue.Queue[Message]) -> None:
        stream = self._process.stdout
        while stream is not None:
            try:
                message = read_message(stream)
            except (OSError, ValueError):
                message = None
            if message is None:
                inbox.put((number, "gone"))
                return
            inbox.put((number, *message))

    def _write(self) -> None:
        stream = self._process.stdin
        while stream is not None:
            message = self._outbox.get()
            if message is None:
                return
            try:
                write_message(stream, message)
            except (OSError, ValueError):
                return

    def send(self, message: Message) -> None:
        self._outbox.put(message)

    def close(self) -> None:
        """End the process: nothing it still does is wanted."""
        self._outbox.put(None)
        self._process.terminate()
        try:
            self._process.wait(LAST_WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # the other end is gone and something was unsent
                    continue


def guarded(work: Work, line: Line) -> None:
    """Do the work and tell the leader when it is over, or what went wrong."""
    try:
        work(line)
    except Exception:  # noqa: BLE001 - told to the leader, who decides
        line.tell(("failed", traceback.format_exc()))
    else:
        line.tell(("over",))

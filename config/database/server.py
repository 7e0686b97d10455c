"""A private PostgreSQL, shared by all programs of one checkout.

Who counts the users? The kernel: every program holds a shared lock on one file for
as long as it lives, so a program killed with -9 drops out by itself. Whoever ends
and can turn its lock into an exclusive one was the last, and stops the server. A
second lock (the gate) lets one program at a time start or stop it.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.database import cluster

DATABASE = "gem"
THROWAWAY_PREFIX = "gem-test-"


@dataclass(frozen=True)
class Address:
    """Where a server listens: a socket directory, the port in its name, a role."""

    host: str
    port: int
    user: str


class PrivateServer:
    """One data directory and the server on it; starts late, stops with the last."""

    def __init__(self, data_dir: Path, *, throwaway: bool = False) -> None:
        self.data_dir = data_dir
        self.throwaway = throwaway
        self._held: int | None = None
        self._pid = 0
        self._thread_lock = threading.Lock()
        self._address: Address | None = None

    def ensure_running(self) -> Address:
        """Address of the running server, started now if need be.

        Raises cluster.ServerError, with the server's own last words, when it does
        not start.
        """
        with self._thread_lock:
            # A forked child inherits the parent's lock; it takes one of its own, so
            # that the parent's end does not pull the server from under it.
            if self._address is None or self._pid != os.getpid():
                self._address = self._join()
            return self._address

    def leave(self) -> None:
        """Give up this program's share; stop the server when it was the last."""
        with self._thread_lock:
            if self._held is None or self._pid != os.getpid():
                return
            with self._gate():
                if _only_holder(self._held):
                    cluster.stop(self.data_dir)
                os.close(self._held)
                self._held = self._address = None
            if self.throwaway:
                shutil.rmtree(self.data_dir.parent, ignore_errors=True)

    def _join(self) -> Address:
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with self._gate():
            users = os.open(self._lock_path("users"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                socket_dir = cluster.start(self.data_dir, throwaway=self.throwaway)
                cluster.ensure_database(socket_dir, DATABASE)
            except BaseException:
                os.close(users)
                raise
        self._held, self._pid = users, os.getpid()
        atexit.register(self.leave)
        return Address(host=str(socket_dir), port=cluster.PORT, user=cluster.ROLE)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        gate = os.open(self._lock_path("gate"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _lock_path(self, name: str) -> Path:
        return self.data_dir.with_name(f"{self.data_dir.name}.{name}.lock")


def sweep_throwaways() -> None:
    """Stop and remove the servers of test runs that were killed."""
    for home in Path(tempfile.gettempdir()).glob(f"{THROWAWAY_PREFIX}*"):
        handles: list[int] = []
        try:
            # The gate first: a run that is starting this moment holds it.
            for name in ("gate", "users"):
                handles.append(os.open(home / f"data.{name}.lock", os.O_RDWR))
                if not _only_holder(handles[-1]):
                    break
            else:
                cluster.stop(home / "data")
                shutil.rmtree(home, ignore_errors=True)
        except OSError:
            continue  # someone else's, or gone meanwhile
        finally:
            for handle in handles:
                os.close(handle)


def _only_holder(handle: int) -> bool:
    """Whether no other program holds the lock on this open file; takes it if so."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_servers: dict[str, PrivateServer] = {}


def private_server(*, data_dir: str, throwaway: bool) -> PrivateServer:
    """The server of `data_dir` in this program; a throwaway one has its own place."""
    key = data_dir or "throwaway"
    if key not in _servers:
        if throwaway:
            sweep_throwaways()
            home = Path(tempfile.mkdtemp(prefix=THROWAWAY_PREFIX))
            _servers[key] = PrivateServer(home / "data", throwaway=True)
        else:
            _servers[key] = PrivateServer(Path(data_dir))
    return _servers[key]

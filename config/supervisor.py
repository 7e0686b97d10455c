"""Keeps a few child programs running and ends them together.

For the small installation on one machine only; a grown one has systemd or a
container platform do this.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

LINUX = sys.platform == "linux"
_GRACE_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1


class Supervisor:
    """Child programs by name; the first that ends, or a signal, ends them all."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = False

    def start(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str]
    ) -> None:
        """Start a child; it gets a terminate signal when we are killed ourselves.

        From the first child on Ctrl-C and terminate only set `asked_to_stop`.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        self.children[name] = subprocess.Popen(  # noqa: S603 (our own commands)
            command,
            env=dict(environment),
            # Its own group: Ctrl-C reaches us alone, and we end them in order.
            start_new_session=True,
            # No threads run here yet, so the call between fork and exec is safe.
            preexec_fn=_end_with_parent if LINUX else None,  # noqa: PLW1509
        )

    def run(self) -> int:
        """Wait for a child to end or for Ctrl-C/terminate; end all; exit status.

        0 after a signal, 1 when a child ended by itself.
        """
        try:
            while not self.asked_to_stop:
                for name, child in self.children.items():
                    status = child.poll()
                    if status is not None:
                        sys.stderr.write(f"{name} ended with status {status}.\n")
                        return 1
                time.sleep(0.2)
            return 0
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every child to end; kill what has not after 15 seconds."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _end_with_parent() -> None:
    # Linux only: also when this program is killed with -9 no child stays behind.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGTERM)

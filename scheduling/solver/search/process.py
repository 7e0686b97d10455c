"""A searcher's process: reads its work, searches, and ends with its leader.

Started as ``python -m scheduling.solver.search.process``; speaks pickles of our own
over standard input and output, so nothing else may print there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import IO

from scheduling.solver.search.line import (
    Line,
    Message,
    guarded,
    read_message,
    write_message,
)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the leader hears it and ends us
    inward = sys.stdin.buffer
    outward = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    told = threading.Lock()

    def tell(message: Message) -> None:
        with told:
            write_message(outward, message)

    line = Line(tell)
    first = read_message(inward)
    if first is None:
        return
    (work,) = first
    threading.Thread(target=_listen, args=(inward, line), daemon=True).start()
    guarded(work, line)


def _listen(inward: IO[bytes], line: Line) -> None:
    while True:
        message = read_message(inward)
        if message is None:
            os._exit(0)  # the leader is gone: whatever the engine still does is void
        line.heard.put(message)


if __name__ == "__main__":
    main()

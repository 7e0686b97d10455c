"""Work in a thread, while the caller's own thread tells of it and asks whether to stop.

Much of the work is one long step, of this program or of the engine: between two of them
there may be seconds. What a caller is told, and what he answers, is in his own thread.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from scheduling.solver.search.line import LAST_WAIT, Line

TICK = 0.1
Value = TypeVar("Value")


def attend(
    work: Callable[[Line], Value],
    stops: Callable[[], bool],
    otherwise: Value,
    *,
    wait: float = math.inf,
) -> Value:
    """Do work in a thread, and stop its line when told to; its answer.

    ``stops`` is asked first, and then ten times a second, in this thread. Once it says
    so the work has ``wait`` seconds more; when it has not ended by then, the answer is
    ``otherwise``. What the work raises is raised here. What ``stops`` raises stops the
    work, and is raised when it has ended, or a moment later.
    """
    answers: list[Value] = []
    errors: list[BaseException] = []
    line = Line(lambda _: None)

    def run() -> None:
        try:
            answers.append(work(line))
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            errors.append(error)

    if stops():
        line.stop()
    latest = time.monotonic() + wait if line.stopped.is_set() else math.inf
    thread = threading.Thread(target=run, name="engine", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and time.monotonic() < latest:
            thread.join(TICK)
            if stops() and not line.stopped.is_set():
                latest = time.monotonic() + wait
                line.stop()
    except BaseException:
        line.stop()
        thread.join(LAST_WAIT)
        raise
    if errors:
        raise errors[0]
    return answers[0] if answers else otherwise

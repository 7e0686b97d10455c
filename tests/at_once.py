"""Several acts at the same moment, each over a real connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection, connections


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own that start together; return the results."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            results[number] = acts[number]()
        except Exception as fault:  # noqa: BLE001 (handed to the test)
            results[number] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results

"""Keeps the collector of garbage out of the answers of a web process.

By default Python looks at everything that is alive after each few hundred new objects,
and a page of a large region makes ten thousands. Measured on the catalogue of 2,000
groups (`python -m benchmarks.offer catalogue`): the slowest twentieth took 241 ms with
the defaults and 143 ms with these settings, the middle 119 and 110 ms.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 100_000, 50, 100


def settle() -> None:
    """Leave alone what is loaded for good, and look at the rest less often.

    Call it once, when a web process has loaded everything.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

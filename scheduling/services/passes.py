"""Counting, at a release, how often in a row somebody was left out, and naming why.

Nobody is left out three times in a row without a reason that has a name: the database
refuses a row without one. Who is, is shown to the coordinator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scheduling.models import LeftOut, Schedule
from scheduling.selectors.passes import passes_before

NOTHING_ASKED = "nothing"
NOT_FINISHED = "open"
"""Reasons that are no rule: nothing on offer, and nothing known to stand in the way."""


def count_passes(*, schedule: Schedule) -> None:
    """Write for everybody whom a published schedule leaves out how often in a row that
    was, and the reason; four queries."""
    before = passes_before(schedule=schedule)
    rows = list(schedule.left_out.all())
    for row in rows:
        row.passes = before.get(row.registration_id, 0) + 1
        row.named_reason = named_reason(row.reasons)
    LeftOut.objects.bulk_update(rows, ["passes", "named_reason"], batch_size=1000)


def named_reason(reasons: Iterable[Mapping[str, Any]]) -> str:
    """The reason that is kept: what stands in the way of the choice liked best.

    A rule's id, or a word of its own when no rule does.
    """
    found = list(reasons)
    if not found:
        return NOTHING_ASKED
    if not all(reason["rules"] for reason in found):
        return NOT_FINISHED
    return str(found[0]["rules"][0])
